package random

import (
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
