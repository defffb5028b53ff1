// Who is mixed with whom.

package mixup

import (
	"math/bits"
	"math/rand/v2"
)

// Permute fills partner with a permutation of 0 to len(partner)-1, each with
// the same probability. A [rand.Rand] is a source too. A nil src means the global source of math/rand/v2.
func Permute(partner []int, src rand.Source) {
	permute(partner, source(src))
}

// Derange fills partner with a permutation of 0 to len(partner)-1 in which no
// row is its own partner, each with the same probability. A single row is its
// own partner all the same. A nil src means the global source of math/rand/v2.
func Derange(partner []int, src rand.Source) {
	// A permutation without fixed points, one in e of them, is accepted as it
	// is. So each has the same probability.
	src = source(src)
	for permute(partner, src); len(partner) > 1 && hasFixedPoint(partner); {
		permute(partner, src)
	}
}

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

// permute fills p with a uniform permutation of 0 to len(p)-1.
func permute(p []int, src rand.Source) {
	// Fisher and Yates's shuffle takes a random number below n, one below n-1,
	// and so on. The high half of a random word times n is below n, and the low
	// half serves as the word for the next, so that one word yields as many as
	// their product allows. It is exact once the words whose last low half, which
	// is the word times the product, is below 2^64 mod the product are rejected:
	// Brackett-Rozinsky and Lemire, "Batched ranged random integer generation",
	// 2024.
	ascend(p)
	for n := len(p); n > 1; {
		product, end := uint64(n), n-1
		for end > 1 {
			hi, lo := bits.Mul64(product, uint64(end))
			if hi != 0 || lo >= 1<<56 {
				break
			}
			product = lo
			end--
		}
		word := src.Uint64()
		if word*product < product {
			for reject := -product % product; word*product < reject; {
				word = src.Uint64()
			}
		}
		for ; n > end; n-- {
			var j uint64
			j, word = bits.Mul64(word, uint64(n))
			p[n-1], p[j] = p[j], p[n-1]
		}
	}
}

// ascend fills p with 0 to len(p)-1.
func ascend(p []int) {
	for i := range p {
		p[i] = i
	}
}
