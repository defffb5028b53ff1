// Sums of many values.

package f32

// Sums are taken in lanes, as vector kernels do in registers. Lane j adds the elements
// j, j+16, j+32, … of a block of 256 values. After each block, the lanes are folded and
// added to a float64 total. Lanes that have no more elements stay as they are.
const (
	lanes = 16
	block = 16 * lanes
)

// fold adds one half of the lanes to the other until one is left.
func fold(s *[lanes]float32) float64 {
	even := ((s[0] + s[8]) + (s[4] + s[12])) + ((s[2] + s[10]) + (s[6] + s[14]))
	odd := ((s[1] + s[9]) + (s[5] + s[13])) + ((s[3] + s[11]) + (s[7] + s[15]))
	return float64(even + odd)
}

// Sum is
//
//	for _, v := range x {
//		sum += v
//	}
//	return sum
//
// with the sum taken in lanes.
func Sum(x []float32) (total float64) {
	for ; len(x) > piece; x = x[piece:] {
		safepoint()
		total = sum(x[:piece], total)
	}
	return sum(x, total)
}

// sumGo adds the sum of x to a total.
func sumGo(x []float32, total float64) float64 {
	for len(x) > 0 {
		n := min(len(x), block)
		full := n &^ (lanes - 1)
		var s [lanes]float32
		for p := 0; p < lanes; p += 8 {
			var s0, s1, s2, s3, s4, s5, s6, s7 float32
			for j := p; j < full; j += lanes {
				v := (*[8]float32)(x[j:])
				s0 += v[0]
				s1 += v[1]
				s2 += v[2]
				s3 += v[3]
				s4 += v[4]
				s5 += v[5]
				s6 += v[6]
				s7 += v[7]
			}
			*(*[8]float32)(s[p:]) = [8]float32{s0, s1, s2, s3, s4, s5, s6, s7}
		}
		for j, v := range x[full:n] {
			s[j] += v
		}
		total += fold(&s)
		x = x[n:]
	}
	return total
}

// Gap is
//
//	for j, v := range x {
//		if w[j] != 0 {
//			gap += float32(w[j] * (max - v))
//		}
//		sum += w[j]
//	}
//	return gap, sum
//
// with the sums taken in lanes. If w is nil, its values are 1.
func Gap(w, x []float32, max float32) (gap, sum float64) {
	if w == nil {
		sum = float64(len(x))
		for ; len(x) > piece; x = x[piece:] {
			safepoint()
			gap = gapOnes(x[:piece], max, gap)
		}
		return gapOnes(x, max, gap), sum
	}
	for ; len(x) > piece; w, x = w[piece:], x[piece:] {
		safepoint()
		gap, sum = gapOf(w[:piece], x[:piece], max, gap, sum)
	}
	return gapOf(w, x, max, gap, sum)
}

// gapGo adds Gap to totals.
func gapGo(w, x []float32, max float32, gap, sum float64) (float64, float64) {
	for len(x) > 0 {
		n := min(len(x), block)
		full := n &^ (lanes - 1)
		var s, t [lanes]float32
		for p := 0; p < lanes; p += 4 {
			var s0, s1, s2, s3, t0, t1, t2, t3 float32
			for j := p; j < full; j += lanes {
				v, u := (*[4]float32)(x[j:]), (*[4]float32)(w[j:])
				s0 += times(u[0], max-v[0])
				s1 += times(u[1], max-v[1])
				s2 += times(u[2], max-v[2])
				s3 += times(u[3], max-v[3])
				t0 += u[0]
				t1 += u[1]
				t2 += u[2]
				t3 += u[3]
			}
			*(*[4]float32)(s[p:]) = [4]float32{s0, s1, s2, s3}
			*(*[4]float32)(t[p:]) = [4]float32{t0, t1, t2, t3}
		}
		for j := full; j < n; j++ {
			s[j-full] += times(w[j], max-x[j])
			t[j-full] += w[j]
		}
		gap += fold(&s)
		sum += fold(&t)
		w, x = w[n:], x[n:]
	}
	return gap, sum
}

// gapOnesGo adds the Gap without weights to a total.
func gapOnesGo(x []float32, max float32, gap float64) float64 {
	for len(x) > 0 {
		n := min(len(x), block)
		full := n &^ (lanes - 1)
		var s [lanes]float32
		for p := 0; p < lanes; p += 4 {
			var s0, s1, s2, s3 float32
			for j := p; j < full; j += lanes {
				v := (*[4]float32)(x[j:])
				s0 += max - v[0]
				s1 += max - v[1]
				s2 += max - v[2]
				s3 += max - v[3]
			}
			*(*[4]float32)(s[p:]) = [4]float32{s0, s1, s2, s3}
		}
		for j, v := range x[full:n] {
			s[j] += max - v
		}
		gap += fold(&s)
		x = x[n:]
	}
	return gap
}

// times returns w·d, and 0 if w is 0, even if d is infinite or NaN.
func times(w, d float32) float32 {
	if w == 0 {
		return 0
	}
	return float32(w * d)
}
