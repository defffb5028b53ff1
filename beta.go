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
// Both parameters must be positive and may have any size. A draw is never NaN, and a
// small draw has full relative precision. If a parameter is +Inf, draws are the limit:
// 1 if only Alpha is, 0 if only Beta is, and ½ if both are.
//
// A Beta implements gonum's distuv.Rander. It may be used concurrently if its Src may; a
// nil Src may. Rand allocates nothing.
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
