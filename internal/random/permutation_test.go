package random

import (
	"math"
	"math/big"
	"math/rand/v2"
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
