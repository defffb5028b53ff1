package mixup

import (
	"math/rand/v2"
	"testing"
)

// TestPlanSavesFewRows checks how many rows are saved at the same time: where
// each reads at most one other, one; in the k-way form about a quarter of them,
// which are written and still to be read halfway.
func TestPlanSavesFewRows(t *testing.T) {
	const n = 128
	for _, k := range kinds {
		most, ok := map[string]int{
			"permutation":      1,
			"one cycle":        1,
			"any map":          1,
			"all to one":       1,
			"partner first":    1,
			"own partner":      0,
			"unmixed":          0,
			"K=1 permuted":     1,
			"K=3 permutations": n/4 + 10,
		}[k.name]
		if !ok {
			continue
		}
		for seed := range uint64(20) {
			var m Mix
			k.fill(&m, n, rand.New(rand.NewPCG(seed, 1)))
			w := m.sparse()
			var p plan
			p.arrange(&w)
			if p.slots > most {
				t.Errorf("%s, seed %d: %d rows saved, want at most %d", k.name, seed, p.slots, most)
			}
		}
	}
}
