// The sine.

package portable

import "math"

// Sin returns sin(πx/2) for x in [-1, 1]. The error is below 4 ulp.
func Sin(x float64) float64 {
	x = float64(x)
	// Taylor's series up to the power 21. The error is below 2⁻⁵⁹.
	const (
		h   = math.Pi / 2
		c1  = h
		c3  = -c1 * h * h / (2 * 3)
		c5  = -c3 * h * h / (4 * 5)
		c7  = -c5 * h * h / (6 * 7)
		c9  = -c7 * h * h / (8 * 9)
		c11 = -c9 * h * h / (10 * 11)
		c13 = -c11 * h * h / (12 * 13)
		c15 = -c13 * h * h / (14 * 15)
		c17 = -c15 * h * h / (16 * 17)
		c19 = -c17 * h * h / (18 * 19)
		c21 = -c19 * h * h / (20 * 21)
	)
	z := float64(x * x)
	z2 := float64(z * z)
	z4 := float64(z2 * z2)
	z8 := float64(z4 * z4)
	p3 := (c3 + float64(c5*z)) + float64((c7+float64(c9*z))*z2)
	p11 := (c11 + float64(c13*z)) + float64((c15+float64(c17*z))*z2)
	p19 := c19 + float64(c21*z)
	return float64(c1*x) + float64(float64(x*z)*(p3+float64(p11*z4)+float64(p19*z8)))
}
