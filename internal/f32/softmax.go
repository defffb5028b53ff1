// Softmax: the exponentials and their sum, and the gradient.

package f32

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
// for len(top) rows of x. The sums are taken in lanes, where the element top[i] adds 0.
// A nil dst is not written. If t is nil, weight is an argument and nothing is added to
// dst. If max is not finite, or if a value is greater than max or NaN, all results for
// this row except weight are undefined.
func Softmax(rest, gap, weight []float64, dst, x, t []float32, top []int, mean float64, b float32) {
	if len(top) == 0 {
		return
	}
	width := len(x) / len(top)
	n := max(1, piece/width)
	for lo := 0; lo < len(top); lo += n {
		safepoint()
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
		e[k] = 1 // kernels may have written anything here
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

// sums are the sums of a row. They are passed by value, because to load a value that
// was just stored in parts would take longer than a short row.
type sums struct{ rest, gap, weight float64 }

// expSumLong is expSum of a row of more than a piece.
func expSumLong(dst, x, t []float32, top int) (s sums) {
	for most := x[top]; ; top -= piece {
		safepoint()
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

// expSumGo writes the exponentials of a piece of a row to dst, unless dst is nil. It
// adds the sum of all of them except that of x[top] to s, and also the Gap unless t is
// nil. If top is not an index of x, it is in another piece. Anything may be written to
// dst[top]. The versions in assembly have an argument ahead. They fetch into the cache
// the values that are so many places ahead, which are needed next.
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
