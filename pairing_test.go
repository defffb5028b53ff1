package mixup

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"testing"
)

func isPermutation(p []int) bool {
	sorted := slices.Sorted(slices.Values(p))
	for i, j := range sorted {
		if i != j {
			return false
		}
	}
	return true
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

// Every pairing draws from every kind of source. A nil *rand.Rand, which the
// pairings took before they took sources, means the global source.
func TestPairingSources(t *testing.T) {
	labels := []int{0, 1, 0, 1, 2, 2, 0, 1}
	y := []float32{0, 1, 2, 3, 4, 5, 6, 7}
	for _, pairing := range []struct {
		name string
		draw func(partner []int, src rand.Source)
	}{
		{"Permute", Permute},
		{"Derange", Derange},
		{"SameClass", func(p []int, src rand.Source) { SameClass(p, labels, src) }},
		{"OtherClass", func(p []int, src rand.Source) { OtherClass(p, labels, src) }},
		{"Nearest", func(p []int, src rand.Source) { Nearest(p, y, 1, 3, src) }},
		{"NearTarget", func(p []int, src rand.Source) { NearTarget(p, y, 1, 2, src) }},
	} {
		for _, source := range sources {
			t.Run(pairing.name+"/"+source.Name, func(t *testing.T) {
				a, b := source.New(), source.New()
				partner, again, first := make([]int, 8), make([]int, 8), make([]int, 8)
				different := 0
				for step := range 50 {
					pairing.draw(partner, a)
					pairing.draw(again, b)
					if source.Seeded() && !slices.Equal(partner, again) {
						t.Fatalf("partners %v and %v from the same seed", partner, again)
					}
					if step == 0 {
						copy(first, partner)
					} else if !slices.Equal(first, partner) {
						different++
					}
					for i, j := range partner {
						if j < 0 || j >= 8 {
							t.Fatalf("row %d: partner %d, want one in [0, 8)", i, j)
						}
					}
				}
				// There are at least 64 pairings of about the same probability.
				if different < 25 {
					t.Errorf("%d of 49 pairings differ from the first", different)
				}
			})
		}
	}
}
