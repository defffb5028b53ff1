// The logistic loss with weights for each class.

package f32

import "math"

// LogisticWeighted is
//
//	for j, v := range x {
//		on, off := float32(pos[j]*t[j]), 1-t[j]
//		e, u := exp(-|v|), on
//		if v ≥ 0 {
//			u = off
//		}
//		sum += float32(w[j] * (float32((on+off)*log1p(e)) + float32(u*|v|)))
//		d := float32((on+off)*(e/(1+e))) - u
//		if v ≥ 0 {
//			d = -d
//		}
//		dst[j] = float32(scale * float32(w[j]*d))
//	}
//	return sum
//
// with the sum taken in lanes. It is the binary cross-entropy of logits x and targets t
// with weights, and its derivative times scale. The loss is multiplied by w, and the part
// that belongs to the target 1 also by pos. An infinite v times a u of 0 is 0, and so is
// a w of 0 times anything but NaN. If w or pos is nil, its values are 1. A nil dst is not
// written.
func LogisticWeighted(dst, x, t, w, pos []float32, scale float32) (sum float64) {
	for lo := 0; lo < len(x); lo += block {
		hi := min(lo+block, len(x))
		var s [lanes]float32
		for j := lo; j < hi; j++ {
			weight, on, off := float32(1), t[j], 1-t[j]
			if w != nil {
				weight = w[j]
			}
			if pos != nil {
				on = float32(pos[j] * on)
			}
			loss, slope := logisticSides(x[j], on, off)
			if weight == 0 && loss == loss {
				loss, slope = 0, 0
			}
			s[j%lanes] += float32(weight * loss)
			if dst != nil {
				dst[j] = float32(scale * float32(weight*slope))
			}
		}
		sum += fold(&s)
	}
	return sum
}

// logisticSides returns the loss of any logit v, and its derivative. The target is 1
// with the weight on, and 0 with the weight off.
func logisticSides(v, on, off float32) (loss, slope float32) {
	all := on + off
	if v != v || all != all {
		return v + all, v + all
	}
	// The sign bit selects. There is no branch, because it could not be predicted.
	negative := uint32(int32(math.Float32bits(v)) >> 31)
	u := math.Float32frombits(math.Float32bits(on)&negative | math.Float32bits(off)&^negative)
	e := exp(-abs(v))
	loss = float32(all*log1p(e)) + times(u, abs(v))
	return loss, turn(v, float32(all*(e/(1+e)))-u)
}
