// Rows in which values of -Inf are left out: logits of classes that are excluded.

package f32

import "math"

// GapLeft is Gap of those values that are not -Inf, and how many these are:
//
//	for j, v := range x {
//		if v == -Inf {
//			continue
//		}
//		if w[j] != 0 {
//			gap += float32(w[j] * (max - v))
//		}
//		sum += w[j]
//		left++
//	}
//	return gap, sum, left
//
// with the sums taken in lanes, to which what is left out adds 0. A nil w stands
// for ones.
//
// Few rows have such values, and Gap need not look for them: without weights, or
// with weights none of which is 0, it returns a gap of +Inf if there is one. Only
// then is GapLeft needed. (A gap that overflows is +Inf as well: GapLeft returns
// the same.) It is in Go alone.
func GapLeft(w, x []float32, max float32) (gap, sum float64, left int) {
	excluded := float32(math.Inf(-1))
	for len(x) > 0 {
		n := min(len(x), block)
		var s, t [lanes]float32
		for j, v := range x[:n] {
			if v == excluded {
				continue
			}
			u := float32(1)
			if w != nil {
				u = w[j]
			}
			s[j%lanes] += times(u, max-v)
			t[j%lanes] += u
			left++
		}
		gap += fold(&s)
		sum += fold(&t)
		x = x[n:]
		if w != nil {
			w = w[n:]
		}
	}
	return gap, sum, left
}

// GradLeft is
//
//	for j, v := range x {
//		u := float32(b * t[j])
//		if v != -Inf {
//			u += c
//		}
//		dst[j] = float32(a*exp(v-max)) + float32(w[j]*u)
//	}
//
// for a row of Softmax with smoothed targets, whose amount c is not for values
// that are left out. A nil t stands for zeros and a nil w for ones. What is said
// of max at Softmax holds here.
//
// It takes the place of what Softmax writes and what is added to that: dst may be
// x, of which nobody knows afterwards what was -Inf. Call Softmax with a nil dst
// first, for the sums of which a is made. It is in Go alone.
func GradLeft(dst, x, t, w []float32, max, a, b, c float32) {
	excluded := float32(math.Inf(-1))
	for j, v := range x {
		var u float32
		if t != nil {
			u = float32(b * t[j])
		}
		if v != excluded {
			u += c
		}
		if w != nil {
			u = float32(w[j] * u)
		}
		dst[j] = float32(a*exp(v-max)) + u
	}
}
