// The Dirichlet distribution: the weights of k-way mixup.

package mixup

import (
	"fmt"
	"math/rand/v2"

	"github.com/seed-7466c776/mixup/internal/random"
)

// A Dirichlet is the Dirichlet distribution of K = len(Alpha) non-negative
// weights that sum to 1. Weight k has the mean Alpha[k]/ΣAlpha. For K = 2 the first
// weight has the distribution Beta(Alpha[0], Alpha[1]). The k-way form of mixup draws
// the weights of a row from Dirichlet(α, …, α).
//
// All parameters must be positive and may have any size. A draw is never NaN, and a
// small weight has full relative precision. If parameters are +Inf, draws are the limit:
// the weights of these parameters are equal, and the others are 0.
//
// A Dirichlet implements gonum's distmv.Rander. It may be used concurrently if its Src
// may; a nil Src may.
type Dirichlet struct {
	Alpha []float64
	Src   rand.Source // nil: the global source of math/rand/v2
}

// Rand writes a draw to dst and returns dst. If dst is nil, Rand allocates a new slice;
// otherwise it allocates nothing. Rand panics, before it writes, if a parameter is
// not positive, if dst is neither nil nor of length len(Alpha), or if dst overlaps
// Alpha.
func (d Dirichlet) Rand(dst []float64) []float64 {
	for k, a := range d.Alpha {
		if !(a > 0) {
			panic(fmt.Sprintf("mixup: Dirichlet: Alpha[%d] = %v, want a number > 0", k, a))
		}
	}
	if dst == nil {
		dst = make([]float64, len(d.Alpha))
	}
	if len(dst) != len(d.Alpha) {
		panic(fmt.Sprintf("mixup: Dirichlet: len(dst) = %d, want len(Alpha) = %d", len(dst), len(d.Alpha)))
	}
	must(disjoint("dst", dst, "Alpha", d.Alpha))
	copy(dst, d.Alpha)
	random.Dirichlet(dst, random.Source(d.Src))
	return dst
}
