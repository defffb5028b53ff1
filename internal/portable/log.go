// Package portable has elementary functions that return the same bits on every
// architecture. Those of package math do not: some architectures have them in
// assembly, and compilers for processors with a fused multiply-add use it unless the
// product is converted explicitly. Here each product is converted. Arguments and
// results are converted too, because otherwise they could be fused where a function
// is inlined.
package portable

import "math"

// ln2Hi is ln 2 truncated to 42 bits, so that its product with the exponent of a
// float64 is exact. ln2Lo is the rest.
const (
	ln2Hi = 0x1.62e42fefa38p-1
	ln2Lo = math.Ln2 - ln2Hi
)

// Log returns the natural logarithm of x, which must be positive, normal and
// finite. The error is below 1 ulp.
func Log(x float64) float64 {
	x = float64(x)
	// x = m·2ᵏ with m in [√½, √2), so that k is zero around x = 1.
	const sqrtHalf = 0x3fe6a09e667f3bcd
	bits := math.Float64bits(x)
	e := int64(bits-sqrtHalf) >> 52
	k := float64(e)
	f := math.Float64frombits(bits-uint64(e)<<52) - 1

	// With s = f/(2+f), log(1+f) = 2·atanh(s) = 2s + s·r, where
	// r = 2s²/3 + 2s⁴/5 + 2s⁶/7 + …, and 2s = f - s·f. The leading f is exact.
	// As s² < 0.0295, the error of ten terms of the series is below 2⁻⁵⁹.
	s := f / (2 + f)
	z := float64(s * s)
	z2 := float64(z * z)
	z4 := float64(z2 * z2)
	z8 := float64(z4 * z4)
	p0 := (2./3 + float64(2./5*z)) + float64((2./7+float64(2./9*z))*z2)
	p4 := (2./11 + float64(2./13*z)) + float64((2./15+float64(2./17*z))*z2)
	p8 := 2./19 + float64(2./21*z)
	r := float64(z * (p0 + float64(p4*z4) + float64(p8*z8)))
	return float64(k*ln2Hi) + (f - (float64(s*(f-r)) - float64(k*ln2Lo)))
}
