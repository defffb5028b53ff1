// Exponentials.

package portable

import "math"

// Adding shift to a float64 rounds it to an integer, with ties to even, and leaves
// this integer in the lowest bits of the sum.
const shift = 0x1.8p52

// Exp returns e^x. The error is below 2 ulp.
func Exp(x float64) float64 {
	x = float64(x)
	switch {
	case x < -746:
		return 0
	case x > 710:
		return math.Inf(1)
	}
	n := float64(x*math.Log2E) + shift
	k := int64(math.Float64bits(n)<<12) >> 12
	n -= shift
	r := (x - float64(n*ln2Hi)) - float64(n*ln2Lo)
	y := exp2m1(r * math.Log2E)

	// 2ᵏ may be out of range where the result is not: k is -1076 to 1024.
	h := k >> 1
	return float64((1 + y) * pow2(h) * pow2(k-h))
}

// Decay returns 2⁻ᵗ and 1-2⁻ᵗ for t in [0, 1022]. The error of each is below 2 ulp,
// even if it is close to 0.
func Decay(t float64) (q, p float64) {
	t = float64(t)
	n := t + shift
	w := math.Float64frombits((1023 - math.Float64bits(n)) << 52)
	y := float64(w * exp2m1((n-shift)-t))
	return w + y, (1 - w) - y
}

// exp2m1 returns 2^x - 1 for x in [-½, ½].
func exp2m1(x float64) float64 {
	// Taylor's series up to the power 13. The error is below 2⁻⁵⁷.
	const (
		c1  = math.Ln2
		c2  = c1 * math.Ln2 / 2
		c3  = c2 * math.Ln2 / 3
		c4  = c3 * math.Ln2 / 4
		c5  = c4 * math.Ln2 / 5
		c6  = c5 * math.Ln2 / 6
		c7  = c6 * math.Ln2 / 7
		c8  = c7 * math.Ln2 / 8
		c9  = c8 * math.Ln2 / 9
		c10 = c9 * math.Ln2 / 10
		c11 = c10 * math.Ln2 / 11
		c12 = c11 * math.Ln2 / 12
		c13 = c12 * math.Ln2 / 13
	)
	x2 := float64(x * x)
	x4 := float64(x2 * x2)
	x8 := float64(x4 * x4)
	p2 := (c2 + float64(c3*x)) + float64((c4+float64(c5*x))*x2)
	p6 := (c6 + float64(c7*x)) + float64((c8+float64(c9*x))*x2)
	p10 := (c10 + float64(c11*x)) + float64((c12+float64(c13*x))*x2)
	return float64(c1*x) + float64(x2*(p2+float64(p6*x4)+float64(p10*x8)))
}

// pow2 returns 2ᵏ for k in [-1022, 1023].
func pow2(k int64) float64 { return math.Float64frombits(uint64(k+1023) << 52) }
