// The logistic loss: binary cross-entropy of logits.

package f32

import "math"

// Logistic is
//
//	for j, v := range x {
//		e := exp(-|v|)
//		u := t[j]
//		if v ≥ 0 {
//			u = 1 - u
//		}
//		sum += log1p(e) + float32(u*|v|)
//		d := e/(1+e) - u
//		if v ≥ 0 {
//			d = -d
//		}
//		dst[j] = float32(scale * d)
//	}
//	return sum
//
// with the sum taken in lanes. It is the binary cross-entropy of logits x and targets t,
// and its derivative times scale. An infinite v times a u of 0 is 0. NaN stays NaN, and
// -0 counts as negative. If t is nil, all targets are c. A nil dst is not written.
func Logistic(dst, x, t []float32, c, scale float32) (total float64) {
	for len(x) > piece {
		safepoint()
		var d, u []float32
		d, dst = cut(dst)
		u, t = cut(t)
		total = logisticSum(d, x[:piece], u, c, scale, total)
		x = x[piece:]
	}
	return logisticSum(dst, x, t, c, scale, total)
}

// logisticSumGo adds the Logistic of a piece to a total.
func logisticSumGo(dst, x, t []float32, c, scale float32, total float64) float64 {
	for len(x) > 0 {
		n := min(len(x), block)
		var s [lanes]float32
		j := 0
		for ; j <= n-4; j += 4 {
			v, u := (*[4]float32)(x[j:]), [4]float32{c, c, c, c}
			if t != nil {
				u = *(*[4]float32)(t[j:])
			}
			r0, k0 := reduce(-abs(v[0]))
			r1, k1 := reduce(-abs(v[1]))
			r2, k2 := reduce(-abs(v[2]))
			r3, k3 := reduce(-abs(v[3]))
			q := (*[4]float32)(s[j%lanes&^3:])
			if k0|k1|k2|k3 > maxExp {
				for i, v := range v {
					loss, slope := logistic(v, u[i])
					q[i] += loss
					u[i] = float32(scale * slope)
				}
				if dst != nil {
					*(*[4]float32)(dst[j:]) = u
				}
				continue
			}
			e0, e1, e2, e3 := expOf(r0, k0), expOf(r1, k1), expOf(r2, k2), expOf(r3, k3)
			u[0], u[1], u[2], u[3] = miss(v[0], u[0]), miss(v[1], u[1]), miss(v[2], u[2]), miss(v[3], u[3])
			q[0] += log1p(e0) + float32(u[0]*abs(v[0]))
			q[1] += log1p(e1) + float32(u[1]*abs(v[1]))
			q[2] += log1p(e2) + float32(u[2]*abs(v[2]))
			q[3] += log1p(e3) + float32(u[3]*abs(v[3]))
			if dst != nil {
				d := (*[4]float32)(dst[j:])
				d[0] = float32(scale * turn(v[0], e0/(1+e0)-u[0]))
				d[1] = float32(scale * turn(v[1], e1/(1+e1)-u[1]))
				d[2] = float32(scale * turn(v[2], e2/(1+e2)-u[2]))
				d[3] = float32(scale * turn(v[3], e3/(1+e3)-u[3]))
			}
		}
		for ; j < n; j++ {
			u := c
			if t != nil {
				u = t[j]
			}
			loss, slope := logistic(x[j], u)
			s[j%lanes] += loss
			if dst != nil {
				dst[j] = float32(scale * slope)
			}
		}
		total += fold(&s)
		x = x[n:]
		if t != nil {
			t = t[n:]
		}
		if dst != nil {
			dst = dst[n:]
		}
	}
	return total
}

// logistic returns the loss of any logit v, and its derivative.
func logistic(v, t float32) (loss, slope float32) {
	if v != v {
		return v, v
	}
	e, u := exp(-abs(v)), miss(v, t)
	return log1p(e) + times(u, abs(v)), turn(v, e/(1+e)-u)
}

// log1p returns log(1+e) for e in [0, 1]. The relative error is below 3e-7.
func log1p(e float32) float32 {
	// 2·atanh(s) = 2s·(1 + s²/3 + s⁴/5 + …), where s = e/(2+e) is at most ⅓. The
	// polynomial approximates the series with a relative error of 2e-8.
	s := e / (2 + e)
	z := float32(s * s)
	z2 := float32(z * z)
	p := (log3 + float32(log5*z)) + float32(z2*(log7+float32(log9*z)))
	return (s + s) + float32((s+s)*float32(z*p))
}

const (
	// The coefficients, with the powers of s in their names.
	log3 = 0x1.55554cp-2
	log5 = 0x1.99ad6cp-3
	log7 = 0x1.21249ap-3
	log9 = 0x1.12f598p-3

	signBit = 1 << 31
)

func abs(v float32) float32 { return math.Float32frombits(math.Float32bits(v) &^ signBit) }

// miss returns how far target t is from the class that the sign of v predicts: t if v is
// negative, and otherwise 1-t.
func miss(v, t float32) float32 {
	// There is no branch, because it could not be predicted.
	negative := uint32(int32(math.Float32bits(v)) >> 31)
	return math.Float32frombits(math.Float32bits(t)&negative | math.Float32bits(1-t)&^negative)
}

// turn returns d if v is negative, and otherwise -d.
func turn(v, d float32) float32 {
	return math.Float32frombits(math.Float32bits(d) ^ ^math.Float32bits(v)&signBit)
}
