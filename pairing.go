// Partners that do not depend on the data: permutations, random and fixed.

package mixup

import (
	"math/rand/v2"

	"github.com/seed-7466c776/mixup/internal/random"
)

// Permute fills partner with a uniform permutation of 0 to len(partner)-1.
//
// A *[rand.Rand] is a source too. A nil src, or a nil *rand.Rand, means the global
// source of math/rand/v2. The same holds for the other pairings.
func Permute(partner []int, src rand.Source) {
	random.Permute(partner, random.Source(src))
}

// Derange fills partner with a uniform derangement of 0 to len(partner)-1: a
// permutation in which no row is its own partner, each with the same probability. If
// there is only one row, it is its own partner. A nil src means the global source of
// math/rand/v2.
func Derange(partner []int, src rand.Source) {
	// Permutations are drawn until one has no fixed point, which one in e has. Each of
	// these has the same probability.
	src = random.Source(src)
	for {
		random.Permute(partner, src)
		if len(partner) < 2 || !hasFixedPoint(partner) {
			return
		}
	}
}

// hasFixedPoint reports whether a row is its own partner.
func hasFixedPoint(partner []int) bool {
	for i, j := range partner {
		if i == j {
			return true
		}
	}
	return false
}

// Flip pairs the rows from the two ends of the minibatch: partner[i] is n-1-i.
// With an odd number of rows the one in the middle is its own partner.
func Flip(partner []int) {
	for i := range partner {
		partner[i] = len(partner) - 1 - i
	}
}

// Roll pairs each row with the one before it, and the first with the last.
func Roll(partner []int) {
	for i := range partner {
		partner[i] = i - 1
	}
	if len(partner) > 0 {
		partner[0] = len(partner) - 1
	}
}
