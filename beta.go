// Beta(α,β), the distribution of mixup's λ.

package mixup

import (
	"fmt"
	"math/rand/v2"

	"github.com/seed-7466c776/mixup/internal/random"
)

// A Beta is the Beta(Alpha, Beta) distribution on [0, 1]. Mixup draws λ from
// Beta(α, α): λ is close to 0 or 1 for a small α, uniform for α = 1, and close to
// ½ for a large α.
//
// Both parameters must be positive and may be of any size. Draws are never NaN, and
// a draw close to 0 keeps its relative precision however small it is. A parameter of
// +Inf means the limit: ½ if both are, and otherwise 1 or 0.
//
// A Beta has the method of gonum's distuv.Rander. It may be used concurrently if its
// Src may, and a nil Src may. Rand allocates nothing.
type Beta struct {
	Alpha, Beta float64
	Src         rand.Source // nil: the global source of math/rand/v2
}

// Rand returns a draw. It panics if a parameter is not positive.
func (b Beta) Rand() float64 {
	if !(b.Alpha > 0) {
		panic(fmt.Sprintf("mixup: Beta: Alpha = %v, want a number > 0", b.Alpha))
	}
	if !(b.Beta > 0) {
		panic(fmt.Sprintf("mixup: Beta: Beta = %v, want a number > 0", b.Beta))
	}
	return random.Beta(b.Alpha, b.Beta, random.Source(b.Src))
}
