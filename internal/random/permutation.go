// Permutations.

package random

import (
	"math/bits"
	"math/rand/v2"
)

// Permute fills p with a uniform permutation of 0 to len(p)-1.
func Permute(p []int, src rand.Source) {
	// The shuffle of Fisher and Yates takes a random number below n, one below n-1,
	// and so on. The high half of a random word times n is a number below n, and the
	// low half serves as the word for the next number. In this way one word gives a
	// batch of numbers, as long as the product of their bounds is small. The numbers
	// are exactly uniform if words are rejected whose last low half, which is the word
	// times the product, is below 2⁶⁴ mod the product (Brackett-Rozinsky and Lemire,
	// "Batched ranged random integer generation", 2024).
	Ascend(p)
	for n := len(p); n > 1; {
		var b batch
		if n < len(batches) {
			b = batches[n]
		} else {
			b = batchFrom(n)
		}
		word := src.Uint64()
		if word*b.product < b.product {
			for reject := -b.product % b.product; word*b.product < reject; {
				word = src.Uint64()
			}
		}
		for ; n > b.end; n-- {
			var j uint64
			j, word = bits.Mul64(word, uint64(n))
			p[n-1], p[j] = p[j], p[n-1]
		}
	}
}

// A batch is the numbers that one word gives: one below n, one below n-1, …, one below
// end+1.
type batch struct {
	product uint64 // n·(n-1)·…·(end+1)
	end     int
}

// batchFrom returns the batch that begins at n.
func batchFrom(n int) batch {
	b := batch{uint64(n), n - 1}
	for b.end > 1 {
		hi, lo := bits.Mul64(b.product, uint64(b.end))
		if hi != 0 || lo >= 1<<56 {
			break
		}
		b.product = lo
		b.end--
	}
	return b
}

// batches has the batches for the usual sizes of minibatches.
var batches = func() (b [513]batch) {
	for n := 2; n < len(b); n++ {
		b[n] = batchFrom(n)
	}
	return b
}()

// Ascend fills p with 0 to len(p)-1.
func Ascend(p []int) {
	for i := range p {
		p[i] = i
	}
}
