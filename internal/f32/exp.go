// The exponential function, for softmax and the logistic loss.

package f32

import "math"

// exp returns e^d for d ≤ 0. The error is below 1 ulp. Results below √½·2⁻¹²⁶ become
// 0, and so does NaN.
func exp(d float32) float32 {
	r, k := reduce(d)
	if k > maxExp {
		return 0
	}
	return expOf(r, k)
}

const (
	maxExp = 127

	ln2Hi = 0x1.62e4p-1 // with so few bits that its product with k is exact
	ln2Lo = math.Ln2 - ln2Hi

	// Adding 1.5·2²³ rounds to an integer and leaves it in the low bits. Here the
	// bias of a float32's exponent is added as well.
	expRound = 0x1.8p23 + maxExp

	// The minimax polynomial 1 + r + r²·q(r) has a relative error of 3e-9. The names
	// of its coefficients have the powers of r.
	exp2 = 0x1.fffffcp-2
	exp3 = 0x1.555492p-3
	exp4 = 0x1.5558f2p-5
	exp5 = 0x1.123a2p-7
	exp6 = 0x1.6a23dp-10
)

// reduce returns r and k such that e^d = e^r · 2^(k-127) and |r| ≤ ln(2)/2.
// If 2^(k-127) is smaller than a normal number, k is 0 or larger than maxExp.
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
