package mixup

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/seed-7466c776/mixup/internal/random"
	"github.com/seed-7466c776/mixup/internal/random/randomtest"
)

// distmvRander is gonum's distmv.Rander. That package needs another module.
type distmvRander interface{ Rand(dst []float64) []float64 }

var (
	_ distmvRander = Dirichlet{}
	_ distmvRander = (*Dirichlet)(nil)
)

// Rand draws with the parameters and from the source that it has, into dst.
func TestDirichletRand(t *testing.T) {
	alpha := []float64{0.2, 1, 3}
	for _, source := range sources {
		t.Run(source.Name, func(t *testing.T) {
			d := Dirichlet{alpha, source.New()}
			src := source.New()
			dst, want := make([]float64, 3), make([]float64, 3)
			for range 100 {
				if got := d.Rand(dst); &got[0] != &dst[0] || len(got) != 3 {
					t.Fatal("Rand(dst) returns another slice than dst")
				}
				if sum := dst[0] + dst[1] + dst[2]; !(math.Abs(sum-1) <= 0x1p-50) {
					t.Fatalf("weights %v sum to %v", dst, sum)
				}
				if source.Seeded() {
					copy(want, alpha)
					if random.Dirichlet(want, src); !slices.Equal(dst, want) {
						t.Fatalf("a draw is %v, want %v", dst, want)
					}
				}
			}
			if allocs := testing.AllocsPerRun(100, func() { d.Rand(dst) }); allocs != 0 {
				t.Errorf("%v allocations per draw into dst, want 0", allocs)
			}
		})
	}
	if got := (Dirichlet{Src: rand.NewPCG(1, 2)}).Rand(nil); len(got) != 0 {
		t.Errorf("no parameters draw %v", got)
	}
	if got := (Dirichlet{alpha, rand.NewPCG(1, 2)}).Rand(nil); len(got) != 3 || &got[0] == &alpha[0] {
		t.Errorf("Rand(nil) is %v, want three new weights", got)
	}
	if want := []float64{0.2, 1, 3}; !slices.Equal(alpha, want) {
		t.Errorf("Alpha is now %v, want %v", alpha, want)
	}
}

func TestDirichletPanics(t *testing.T) {
	for _, test := range []struct {
		alpha []float64
		want  string
	}{
		{[]float64{1, 0}, "mixup: Dirichlet: Alpha[1] = 0, want a number > 0"},
		{[]float64{-1, 1}, "mixup: Dirichlet: Alpha[0] = -1, want a number > 0"},
		{[]float64{1, math.NaN()}, "mixup: Dirichlet: Alpha[1] = NaN, want a number > 0"},
		{[]float64{1, 1, 1}, "mixup: Dirichlet: len(dst) = 2, want len(Alpha) = 3"},
		{nil, "mixup: Dirichlet: len(dst) = 2, want len(Alpha) = 0"},
	} {
		dst := []float64{7, 7}
		wantPanic(t, test.want, func() { Dirichlet{Alpha: test.alpha}.Rand(dst) })
		if dst[0] != 7 || dst[1] != 7 {
			t.Errorf("dst is now %v", dst)
		}
	}
}

func TestDirichletOverlap(t *testing.T) {
	alpha := []float64{1, 2, 3, 4}
	d := Dirichlet{Alpha: alpha[:3]}
	for _, dst := range [][]float64{alpha[:3], alpha[1:]} {
		wantPanic(t, "mixup: dst and Alpha overlap", func() { d.Rand(dst) })
		if want := []float64{1, 2, 3, 4}; !slices.Equal(alpha, want) {
			t.Fatalf("after the panic Alpha is %v, want %v", alpha, want)
		}
	}
}

// TestDirichletFrozen: see TestBetaFrozen.
func TestDirichletFrozen(t *testing.T) {
	for _, test := range []struct {
		alpha       [3]float64
		short, long uint64
	}{
		{[3]float64{1e-300, 1e-300, 1e-300}, 0xfa3eb59b69293be5, 0x19d17560a2ab1358},
		{[3]float64{0.2, 0.2, 0.2}, 0xd5833961f5fe94a8, 0xce28407bbf66437a},
		{[3]float64{1, 1, 1}, 0xfcc658c4da9d543d, 0xdc471d63d94ae534},
		{[3]float64{8, 8, 8}, 0x98c735f0a26ebe11, 0x34717a151978fc07},
		{[3]float64{0.3, 1, 40}, 0x8a0a486873521139, 0xadcc6fceb1a51f20},
	} {
		t.Run(fmt.Sprint(test.alpha), func(t *testing.T) {
			n, want := 1_000_000, test.long
			if testing.Short() {
				n, want = 100_000, test.short
			}
			d := Dirichlet{test.alpha[:], rand.NewPCG(1, 2)}
			w, k := make([]float64, 3), 2
			got := randomtest.Digest(n, func() float64 {
				if k++; k == 3 {
					d.Rand(w)
					k = 0
				}
				return w[k]
			})
			if got != want {
				t.Errorf("digest of %d weights is %#x, want %#x", n, got, want)
			}
		})
	}
}
