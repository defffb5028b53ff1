// Permutations.

package random

import (
	"math/bits"
	"math/rand/v2"
)

// Permute fills p with a uniform permutation of 0 to len(p)-1.
func Permute(p []int, src rand.Source) {
	// Fisher and Yates's shuffle takes a random number below n, one below n-1,
	// and so on. The high half of a random word times n is below n, and the low
	// half serves as the word for the next number. So one word yields several
	// numbers, as long as their product is small. The numbers are exact once the
	// words are rejected whose last low half, which is the word times the
	// product, is below 2⁶⁴ mod the product: Brackett-Rozinsky and Lemire,
	// "Batched ranged random integer generation", 2024.
	Ascend(p)
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

// Ascend fills p with 0 to len(p)-1.
func Ascend(p []int) {
	for i := range p {
		p[i] = i
	}
}
