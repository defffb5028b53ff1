package random

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/seed-7466c776/mixup/internal/random/randomtest"
)

func TestPermuteIsUniform(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	count := map[[5]int]int{}
	var p [5]int
	for range 120 * 500 {
		Permute(p[:], r)
		count[p]++
	}
	randomtest.Uniform(t, "permutations of 5", count, 120)

	// Every position of every row of 40, which take several words to draw.
	where := map[[2]int]int{}
	q := make([]int, 40)
	for range 20000 {
		Permute(q, r)
		for i, j := range q {
			where[[2]int{i, j}]++
		}
	}
	randomtest.Uniform(t, "positions of 40 rows", where, 40*40)
}

// The words that Permute rejects are those that would favour some permutations:
// with the product 6 of a draw for 3 rows, words w for which 6·w mod 2⁶⁴ < 4.
func TestPermuteRejects(t *testing.T) {
	sixth := ^uint64(0)/6 + 1 // 6·sixth = 2 mod 2⁶⁴
	for word, rejected := range map[uint64]bool{0: true, sixth: true, 1: false, 2 * sixth: false, 5: false} {
		src := randomtest.Script{word, 1}
		p := make([]int, 3)
		Permute(p, &src)
		if got := len(src) == 0; got != rejected {
			t.Errorf("word %#x: rejected = %v, want %v", word, got, rejected)
		}
	}
}

// slowPermute is Permute by the book: words that favour some permutations are
// rejected, and a word yields one number after the other, each as the whole part of a
// product.
func slowPermute(p []int, src rand.Source) {
	Ascend(p)
	for n := len(p); n > 1; {
		b := batchFrom(n)
		product, two64 := new(big.Int).SetUint64(b.product), new(big.Int).Lsh(big.NewInt(1), 64)
		word := new(big.Int)
		for accepted := false; !accepted; {
			word.SetUint64(src.Uint64())
			low := new(big.Int).Mul(word, product)
			accepted = low.Mod(low, two64).Cmp(new(big.Int).Mod(two64, product)) >= 0
		}
		for ; n > b.end; n-- {
			j, rest := new(big.Int).DivMod(word.Mul(word, big.NewInt(int64(n))), two64, new(big.Int))
			p[n-1], p[j.Int64()] = p[j.Int64()], p[n-1]
			word = rest
		}
	}
}

// Permutations are those of the slow reference, also of more rows than batches has.
func TestPermute(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 40, len(batches) - 1, len(batches), len(batches) + 1, 3000} {
		got, want := make([]int, n), make([]int, n)
		Permute(got, rand.NewPCG(1, uint64(n)))
		slowPermute(want, rand.NewPCG(1, uint64(n)))
		if !slices.Equal(got, want) {
			t.Errorf("%d rows: %v, want %v", n, got, want)
		}
	}
}

// A batch has as many numbers as fit: their product is below 2⁵⁶ unless it is one
// number.
func TestBatches(t *testing.T) {
	for n := 2; n < 2*len(batches); n++ {
		b := batchFrom(n)
		product := big.NewInt(int64(n))
		end := n - 1
		for end > 1 {
			next := new(big.Int).Mul(product, big.NewInt(int64(end)))
			if next.BitLen() > 56 {
				break
			}
			product, end = next, end-1
		}
		if !product.IsUint64() || b.product != product.Uint64() || b.end != end {
			t.Errorf("the batch from %d has the product %d and ends at %d, want %v, %d", n, b.product, b.end, product, end)
		}
		if n < len(batches) && batches[n] != b {
			t.Errorf("batches[%d] is %+v, want %+v", n, batches[n], b)
		}
	}
	// Greater numbers come alone, and their product with the next overflows.
	for _, n := range []int{1 << 28, 1<<28 + 1, 1 << 30, math.MaxInt} {
		alone := n > 1<<28
		if b := batchFrom(n); (b.end == n-1) != alone {
			t.Errorf("the batch from %d is %+v", n, b)
		}
	}
}
