package mixup

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/seed-7466c776/mixup/internal/random"
	"github.com/seed-7466c776/mixup/internal/random/randomtest"
	"gonum.org/v1/gonum/stat/distuv"
)

var (
	_ distuv.Rander = Beta{}
	_ distuv.Rander = (*Beta)(nil)
)

func TestBetaPanics(t *testing.T) {
	nan, src := math.NaN(), rand.NewPCG(1, 2)
	for _, test := range []struct {
		d    Beta
		want string
	}{
		{Beta{0, 1, src}, "mixup: Beta: Alpha = 0, want a number > 0"},
		{Beta{-1, 1, src}, "mixup: Beta: Alpha = -1, want a number > 0"},
		{Beta{nan, 1, src}, "mixup: Beta: Alpha = NaN, want a number > 0"},
		{Beta{1, 0, src}, "mixup: Beta: Beta = 0, want a number > 0"},
		{Beta{1, math.Inf(-1), src}, "mixup: Beta: Beta = -Inf, want a number > 0"},
		{Beta{1, nan, nil}, "mixup: Beta: Beta = NaN, want a number > 0"},
	} {
		wantPanic(t, test.want, func() { test.d.Rand() })
	}
}

// Rand draws with the parameters and from the source that it has.
func TestBetaRand(t *testing.T) {
	for _, p := range [][2]float64{{0.4, 0.4}, {0.2, 5}, {math.Inf(1), 2}} {
		for _, source := range sources {
			t.Run(fmt.Sprint(p, source.Name), func(t *testing.T) {
				d := Beta{p[0], p[1], source.New()}
				src := source.New()
				for range 100 {
					x := d.Rand()
					if !(0 <= x && x <= 1) {
						t.Fatalf("a draw is %v", x)
					}
					if source.Seeded() {
						if want := random.Beta(p[0], p[1], src); x != want {
							t.Fatalf("a draw is %v, want %v", x, want)
						}
					}
				}
				if allocs := testing.AllocsPerRun(100, func() { d.Rand() }); allocs != 0 {
					t.Errorf("%v allocations per draw, want 0", allocs)
				}
			})
		}
	}
}

// TestBetaFrozen holds what a seed means: digests of 10⁵ and of 10⁶ draws,
// which must be the same on every architecture and in every release.
func TestBetaFrozen(t *testing.T) {
	for _, test := range []struct {
		a, b        float64
		short, long uint64
	}{
		{1e-300, 1e-300, 0x5987969a4009285, 0xe937eed251d650c5},
		{1e-3, 1e-3, 0x3b61982d5e586607, 0xc1e4ba780ed582e3},
		{0.1, 0.1, 0xd312ab47df5ef466, 0xd5c04df0402dc7b8},
		{0.2, 0.2, 0x82063981a48e3302, 0xaa9b9fd43386a489},
		{0.4, 0.4, 0x36b6cce140930a77, 0x3fa379ae9f4b738e},
		{1, 1, 0x32fd1cc6e944c2a, 0x7ec217b0324818d5},
		{2, 2, 0xac66630088fefd2, 0xfd02ba3c4ce85bf1},
		{8, 8, 0x88e83d2327c7da06, 0x68d5e7125378d06a},
		{32, 32, 0xdc1da313b9d5821a, 0x6dda42735094f7ac},
		{1e6, 1e6, 0xd157f9d0da0ed05a, 0xdaf4518936e9713e},
		{1e-3, 2e-3, 0x8c5f94dd94331f7a, 0x33f340484734b430},
		{0.2, 0.5, 0x342a4006526a55dc, 0xf672cc31ec191825},
		{2, 5, 0x375ee7b60680535e, 0xe87d069764d8d3a},
		{1, 1e3, 0xf21df05bc818ec38, 0xb390a37beeb5467},
	} {
		t.Run(fmt.Sprintf("alpha=%v/beta=%v", test.a, test.b), func(t *testing.T) {
			n, want := 1_000_000, test.long
			if testing.Short() {
				n, want = 100_000, test.short
			}
			d := Beta{test.a, test.b, rand.NewPCG(1, 2)}
			if got := randomtest.Digest(n, d.Rand); got != want {
				t.Errorf("digest of %d draws is %#x, want %#x", n, got, want)
			}
		})
	}
}
