// Softmax: the largest logit, the exponentials and their sum, the gradient.

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
// for as many rows of x as top is long, except that the first NaN of a row, if
// there is one, is the largest.
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
		argmax(top[:n], x[:n*width], width)
	}
	argmax(top, x, width)
}

// argmaxLong is Argmax of a row of more than a piece.
func argmaxLong(x []float32) (top int) {
	most := float32(math.Inf(-1))
	for lo := 0; lo < len(x); lo += piece {
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

// exp returns e^d for d ≤ 0. The error is below 1 ulp. Results below √½·2⁻¹²⁶
// are 0, and so is that of NaN.
func exp(d float32) float32 {
	r, k := reduce(d)
	if k > maxExp {
		return 0
	}
	return expOf(r, k)
}

const (
	maxExp = 127

	ln2Hi = 0x1.62e4p-1 // few enough bits that a product with k is exact
	ln2Lo = math.Ln2 - ln2Hi

	// Adding 1.5·2²³ rounds to an integer and leaves it in the low bits, here
	// with the bias of a float32's exponent.
	expRound = 0x1.8p23 + maxExp

	// The minimax polynomial 1 + r + r²·q(r) has a relative error of 3e-9. These
	// are the coefficients by the power of r that they belong to.
	exp2 = 0x1.fffffcp-2
	exp3 = 0x1.555492p-3
	exp4 = 0x1.5558f2p-5
	exp5 = 0x1.123a2p-7
	exp6 = 0x1.6a23dp-10
)

// reduce returns r and k such that e^d = e^r · 2^(k-127) and |r| ≤ ln(2)/2.
// If 2^(k-127) were smaller than a normal number k is 0 or larger than maxExp.
func reduce(d float32) (r float32, k uint32) {
	t := float32(d*math.Log2E) + expRound
	k = math.Float32bits(t) ^ 0x4b400000
	t -= expRound
	return (d - float32(t*ln2Hi)) - float32(t*ln2Lo), k
}

// expOf returns e^r · 2^(k-127), or 0 if k is 0.
func expOf(r float32, k uint32) float32 {
	r2 := float32(r * r)
	q := (exp2 + float32(exp3*r)) +
		float32(r2*((exp4+float32(exp5*r))+float32(exp6*r2)))
	return float32((1 + (r + float32(r2*q))) * math.Float32frombits(k<<23))
}

// Softmax is
//
//	for i := range top {
//		max := row(x, i)[top[i]]
//		rest[i] = 0
//		for j, v := range row(x, i) {
//			if j != top[i] {
//				rest[i] += exp(v - max)
//			}
//		}
//		if t != nil {
//			gap[i], weight[i] = Gap(row(t, i), row(x, i), max)
//		}
//		a := float32(weight[i] / (1 + rest[i]) * mean)
//		for j, v := range row(x, i) {
//			row(dst, i)[j] = float32(a*exp(v-max)) + float32(b*row(t, i)[j])
//		}
//	}
//
// for as many rows of x as top is long, with the sums taken in lanes, to which
// max adds 0. A nil dst is not written, and a nil t adds nothing. What becomes of
// a row, but for weight, is not defined if max is not finite, or a value is above
// it or NaN.
func Softmax(rest, gap, weight []float64, dst, x, t []float32, top []int, mean float64, b float32) {
	if len(top) == 0 {
		return
	}
	width := len(x) / len(top)
	n := max(1, piece/width)
	for lo := 0; lo < len(top); lo += n {
		hi := min(lo+n, len(top))
		softmax(rest[lo:hi], gap[lo:hi], weight[lo:hi], rowsOf(dst, lo, hi, width), rowsOf(x, lo, hi, width), rowsOf(t, lo, hi, width), top[lo:hi], width, mean, b)
	}
}

func softmaxRows(rest, gap, weight []float64, dst, x, t []float32, top []int, width int, mean float64, b float32) {
	for i, k := range top {
		row, e, u := x[i*width:][:width], rowOf(dst, i, width), rowOf(t, i, width)
		var s sums
		if width > piece {
			s = expSumLong(e, row, u, k)
		} else {
			s = expSum(e, row, u, row[k], k, len(x), s)
		}
		rest[i] = s.rest
		if u != nil {
			gap[i], weight[i] = s.gap, s.weight
		}
		a := float32(weight[i] / (1 + s.rest) * mean)
		if e == nil {
			continue
		}
		e[k] = 1 // which the kernels may have taken for -Inf
		if u == nil {
			Scale(e, e, a)
		} else {
			Mix2(e, e, u, a, b)
		}
	}
}

// rowOf returns row i of x, and rowsOf the rows from lo to hi, or nil if x is nil.
func rowOf(x []float32, i, width int) []float32 { return rowsOf(x, i, i+1, width) }

func rowsOf(x []float32, lo, hi, width int) []float32 {
	if x == nil {
		return nil
	}
	return x[lo*width : hi*width]
}

// sums are the sums of a row. They are passed by value: to load what was just
// stored in parts would take longer than a short row.
type sums struct{ rest, gap, weight float64 }

// expSumLong is expSum of a row of more than a piece.
func expSumLong(dst, x, t []float32, top int) (s sums) {
	for most := x[top]; ; top -= piece {
		if len(x) <= piece {
			return expSum(dst, x, t, most, top, len(x), s)
		}
		var e, u []float32
		e, dst = cut(dst)
		u, t = cut(t)
		s = expSum(e, x[:piece], u, most, top, piece, s)
		x = x[piece:]
	}
}

// expSumGo writes the exponentials of a piece of a row to dst, unless it is nil,
// and adds the sum of all but x[top]'s, and the Gap unless t is nil, to s. A top
// that is not a number of x is in another piece. expSum may write anything at top.
// Assembly fetches the values that will be needed next, which are so many ahead.
func expSumGo(dst, x, t []float32, most float32, top int, s sums) sums {
	if t != nil {
		s.gap, s.weight = gapGo(t, x, most, s.gap, s.weight)
	}
	for len(x) > 0 {
		n := min(len(x), block)
		var lane [lanes]float32
		j := 0
		for ; j <= n-4; j += 4 {
			v := (*[4]float32)(x[j:])
			a, b, c, d := v[0]-most, v[1]-most, v[2]-most, v[3]-most
			ra, ka := reduce(a)
			rb, kb := reduce(b)
			rc, kc := reduce(c)
			rd, kd := reduce(d)
			if ka|kb|kc|kd <= maxExp {
				a, b, c, d = expOf(ra, ka), expOf(rb, kb), expOf(rc, kc), expOf(rd, kd)
			} else {
				a, b, c, d = exp(a), exp(b), exp(c), exp(d)
			}
			if dst != nil {
				*(*[4]float32)(dst[j:]) = [4]float32{a, b, c, d}
			}
			switch top - j {
			case 0:
				a = 0
			case 1:
				b = 0
			case 2:
				c = 0
			case 3:
				d = 0
			}
			q := (*[4]float32)(lane[j%lanes&^3:])
			q[0] += a
			q[1] += b
			q[2] += c
			q[3] += d
		}
		for ; j < n; j++ {
			e := exp(x[j] - most)
			if dst != nil {
				dst[j] = e
			}
			if j != top {
				lane[j%lanes] += e
			}
		}
		s.rest += fold(&lane)
		x, top = x[n:], top-n
		if dst != nil {
			dst = dst[n:]
		}
	}
	return s
}
