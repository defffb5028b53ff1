package mixup

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// wantUniform checks that the counts are uniform over cells by a χ² test that a
// fair draw fails once in 10⁸, if its seed were not fixed.
func wantUniform[K comparable](t *testing.T, what string, count map[K]int, cells int) {
	t.Helper()
	var total, chi2 float64
	for _, c := range count {
		total += float64(c)
	}
	mean := total / float64(cells)
	for _, c := range count {
		chi2 += (float64(c) - mean) * (float64(c) - mean) / mean
	}
	chi2 += mean * float64(cells-len(count)) // the empty cells
	if p := (distuv.ChiSquared{K: float64(cells - 1)}).Survival(chi2); p < 1e-8 || len(count) > cells {
		t.Errorf("%s: %d of %d cells, χ² = %.1f, p = %.2g", what, len(count), cells, chi2, p)
	}
}

func isPermutation(p []int) bool {
	sorted := slices.Sorted(slices.Values(p))
	for i, j := range sorted {
		if i != j {
			return false
		}
	}
	return true
}

func TestPermuteIsUniform(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	count := map[[5]int]int{}
	var p [5]int
	for range 120 * 500 {
		Permute(p[:], r)
		count[p]++
	}
	wantUniform(t, "permutations of 5", count, 120)

	// Every position of every row of 40, which take several words to draw.
	where := map[[2]int]int{}
	q := make([]int, 40)
	for range 20000 {
		Permute(q, r)
		for i, j := range q {
			where[[2]int{i, j}]++
		}
	}
	wantUniform(t, "positions of 40 rows", where, 40*40)
}

func TestDerangeIsUniform(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	count := map[[5]int]int{}
	var p [5]int
	for range 44 * 1000 {
		Derange(p[:], r)
		count[p]++
		for i, j := range p {
			if i == j {
				t.Fatalf("row %d of %v is its own partner", i, p)
			}
		}
	}
	wantUniform(t, "derangements of 5", count, 44)
}

func TestPairings(t *testing.T) {
	for n := range 300 {
		p := make([]int, n)
		for name, draw := range map[string]func([]int, rand.Source){"Permute": Permute, "Derange": Derange} {
			for _, src := range []rand.Source{nil, rand.NewPCG(1, uint64(n))} {
				draw(p, src)
				if !isPermutation(p) {
					t.Fatalf("%s of %d rows: %v is not a permutation", name, n, p)
				}
			}
		}
	}
	for _, test := range []struct {
		name string
		fill func([]int)
		want []int
	}{
		{"Flip", Flip, nil},
		{"Flip", Flip, []int{0}},
		{"Flip", Flip, []int{3, 2, 1, 0}},
		{"Flip", Flip, []int{4, 3, 2, 1, 0}},
		{"Roll", Roll, nil},
		{"Roll", Roll, []int{0}},
		{"Roll", Roll, []int{3, 0, 1, 2}},
		{"Derange", func(p []int) { Derange(p, nil) }, []int{0}},
		{"Derange", func(p []int) { Derange(p, nil) }, []int{1, 0}},
	} {
		got := make([]int, len(test.want))
		test.fill(got)
		if !slices.Equal(got, test.want) {
			t.Errorf("%s of %d rows: %v, want %v", test.name, len(got), got, test.want)
		}
	}
}

// The words that permute rejects are those that would favour some permutations:
// with the product 6 of a draw for 3 rows, words w for which 6·w mod 2⁶⁴ < 4.
func TestPermuteRejects(t *testing.T) {
	sixth := ^uint64(0)/6 + 1 // 6·sixth = 2 mod 2⁶⁴
	for word, rejected := range map[uint64]bool{0: true, sixth: true, 1: false, 2 * sixth: false, 5: false} {
		src := script{word, 1}
		p := make([]int, 3)
		permute(p, &src)
		if got := len(src) == 0; got != rejected {
			t.Errorf("word %#x: rejected = %v, want %v", word, got, rejected)
		}
	}
}

func TestPairingDrawsAreFrozen(t *testing.T) {
	for _, test := range []struct {
		name string
		draw func([]int, rand.Source)
		want uint64
	}{
		{"Permute", Permute, 0xe580e425b2cb71d0},
		{"Derange", Derange, 0x0bfe43008eb7e166},
	} {
		r := rand.New(rand.NewPCG(1, 2))
		h := fnv.New64a()
		for n := range 300 {
			p := make([]int, n)
			test.draw(p, r)
			fmt.Fprint(h, p)
		}
		if got := h.Sum64(); got != test.want {
			t.Errorf("%s: digest %#016x, want %#016x", test.name, got, test.want)
		}
	}
}
