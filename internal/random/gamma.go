// Gamma variates.

package random

import (
	"math"
	"math/rand/v2"

	"github.com/seed-7466c776/mixup/internal/portable"
)

// Gamma draws a Gamma(α, 1) variate for a finite α > 0 and returns it as g·exp(-e),
// because for a small α nearly all variates are below the smallest float64. g is
// between 2⁻¹⁶⁰ and 2¹⁰²⁴. e is 0 if α ≥ 1, and otherwise at least 0 and possibly +Inf.
func Gamma(alpha float64, src rand.Source) (g, e float64) {
	// Marsaglia and Tsang, "A simple method for generating gamma variables",
	// ACM TOMS 26 (2000), with their boost for α < 1: a Gamma(α+1) variate times
	// U^(1/α), which is exp(-E/α) with an exponential E.
	alpha = float64(alpha)
	d := alpha - 1./3
	switch {
	case alpha < 1:
		d = alpha + 2./3
		e = Exponential(src) / alpha
	case alpha == 1:
		return Exponential(src), 0
	}
	c := 1. / 3 / math.Sqrt(d)
	for {
		x := Normal(src)
		y := float64(c * x)
		v := 1 + y
		if v <= 0 {
			continue
		}
		v = float64(v * float64(v*v))
		u := 1 - Uniform(src) // in (0, 1]
		// Their squeeze is u < 1 - 0.0331·x⁴, for the smallest d, which is 2/3. The
		// one here is the same for this d, and tighter for a greater d, so that the
		// rounding errors of 1-v+log v, times d, do not decide.
		w := x * y
		if u < 1-float64(0.1986*float64(w*w)) ||
			portable.Log(u) < float64(0.5*float64(x*x))+float64(d*(1-v+portable.Log(v))) {
			return float64(d * v), e
		}
	}
}
