// Dirichlet variates.

package random

import (
	"math"
	"math/rand/v2"

	"github.com/seed-7466c776/mixup/internal/portable"
)

// Dirichlet replaces the positive parameters in dst, which may be +Inf, by a draw.
func Dirichlet(dst []float64, src rand.Source) {
	least, greatest := math.Inf(1), 0.
	for _, a := range dst {
		least, greatest = min(least, a), max(greatest, a)
	}
	if math.IsInf(greatest, 1) {
		for k, a := range dst {
			dst[k] = 0
			if a == greatest {
				dst[k] = 1
			}
		}
		normalize(dst)
		return
	}

	// The draw is gamma variates divided by their sum. If all parameters are at least
	// 1, they have no exponents. Otherwise their logarithms are computed, and the
	// greatest one is subtracted.
	if least >= 1 {
		for k, a := range dst {
			dst[k], _ = Gamma(a, src)
		}
		normalize(dst)
		return
	}
	scale := 1.
	if greatest < tiny {
		scale = boost
	}
	greatest = math.Inf(-1)
	for k, a := range dst {
		g, e := Gamma(a*scale, src)
		dst[k] = portable.Log(g) - e
		greatest = max(greatest, dst[k])
	}
	for k, l := range dst {
		dst[k] = portable.Exp(l - greatest)
	}
	normalize(dst)
}

// normalize divides w by its sum.
func normalize(w []float64) {
	// The sum is scaled down because that of the largest numbers might overflow.
	const down = 0x1p-64
	var sum float64
	for _, v := range w {
		sum += float64(v * down)
	}
	for k, v := range w {
		w[k] = float64(v / sum * down)
	}
}
