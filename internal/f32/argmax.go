// The largest value of a row.

package f32

import "math"

// Argmax is
//
//	for i := range top {
//		top[i] = 0
//		for j, v := range row(x, i) {
//			if v > row(x, i)[top[i]] {
//				top[i] = j
//			}
//		}
//	}
//
// for len(top) rows of x. If a row has NaN, its first NaN counts as the largest value.
func Argmax(top []int, x []float32) {
	if len(top) == 0 {
		return
	}
	width := len(x) / len(top)
	if width > piece {
		for i := range top {
			top[i] = argmaxLong(x[i*width:][:width])
		}
		return
	}
	n := piece / width
	for ; len(top) > n; top, x = top[n:], x[n*width:] {
		safepoint()
		argmax(top[:n], x[:n*width], width)
	}
	argmax(top, x, width)
}

// argmaxLong is Argmax of a row that is longer than a piece.
func argmaxLong(x []float32) (top int) {
	most := float32(math.Inf(-1))
	for lo := 0; lo < len(x); lo += piece {
		safepoint()
		var k [1]int
		part := x[lo:min(lo+piece, len(x))]
		argmax(k[:], part, len(part))
		if u := part[k[0]]; !(u <= most) {
			top, most = lo+k[0], u
			if u != u {
				return top
			}
		}
	}
	return top
}

func argmaxGo(top []int, x []float32, width int) {
	for i := range top {
		top[i] = argmaxOf(x[i*width:][:width])
	}
}

func argmaxOf(x []float32) (top int) {
	most := float32(math.Inf(-1))
	j := 0
	for ; j <= len(x)-4; j += 4 {
		v := (*[4]float32)(x[j:])
		if v[0] <= most && v[1] <= most && v[2] <= most && v[3] <= most {
			continue
		}
		for k, u := range v {
			if !(u <= most) {
				top, most = j+k, u
				if u != u {
					return top
				}
			}
		}
	}
	for ; j < len(x); j++ {
		if u := x[j]; !(u <= most) {
			top, most = j, u
			if u != u {
				return top
			}
		}
	}
	return top
}
