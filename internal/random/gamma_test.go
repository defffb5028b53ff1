package random

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/seed-7466c776/mixup/internal/random/randomtest"
	"gonum.org/v1/gonum/stat/distuv"
)

func TestGamma(t *testing.T) {
	for _, alpha := range []float64{1e-3, 0.1, 0.5, 0.99, 1, 1.01, 2, 8, 1e3, 1e6, 1e18} {
		t.Run(format(alpha), func(t *testing.T) {
			src := rand.NewPCG(1, 2)
			draw := func() float64 {
				g, e := Gamma(alpha, src)
				if !(g >= 0x1p-160 && e >= 0) || alpha >= 1 && e != 0 {
					t.Fatalf("gamma is %v·exp(-%v)", g, e)
				}
				return g * math.Exp(-e)
			}
			n := randomtest.Fewer(300_000)
			if alpha > 1e4 {
				// The CDF is not at hand, but it is nearly normal: the third
				// moment of Wilson and Hilferty's cube root is within 1/(81·α²).
				root := func() float64 { return (math.Cbrt(draw()/alpha) - 1 + 1/(9*alpha)) * 3 * math.Sqrt(alpha) }
				randomtest.CDF(t, randomtest.Draws(n, root), []float64{-4, -3, -2, -1, -0.5, 0, 0.5, 1, 2, 3, 4}, distuv.UnitNormal.CDF)
				return
			}
			dist := distuv.Gamma{Alpha: alpha, Beta: 1}
			var x []float64
			for _, p := range []float64{1e-4, 1e-3, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 0.999, 0.9999} {
				if q := dist.Quantile(p); q > 1e-300 {
					x = append(x, q)
				}
			}
			randomtest.CDF(t, randomtest.Draws(n, draw), x, dist.CDF)
		})
	}
}

// TestGammaAccepts holds single decisions against Marsaglia and Tsang's
// condition, without the squeeze.
func TestGammaAccepts(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var tried, rejected int
	for _, alpha := range []float64{1e-3, 0.3, 1.01, 1.5, 2, 8, 1e3, 1e6} {
		d := alpha
		var boost randomtest.Script
		if alpha < 1 {
			d, boost = alpha+1, randomtest.Script{1 << 63}
		}
		d -= 1. / 3
		for range 3000 {
			z, u, z2 := r.Uint64(), r.Uint64(), uint64(1)
			x := func(z uint64) (x float64) {
				defer func() {
					if recover() != nil { // not decided by one number
						x = math.NaN()
					}
				}()
				return Normal(&randomtest.Script{z})
			}
			first, second := x(z), x(z2)
			v := math.Pow(1+first/math.Sqrt(9*d), 3)
			threshold := first*first/2 + d - d*v + d*math.Log(v)
			uniform := 1 - float64(u>>11)*0x1p-53
			if first != first || math.Abs(math.Log(uniform)-threshold) < 1e-9*d {
				continue
			}
			tried++
			if !(math.Log(uniform) < threshold) { // v ≤ 0 included
				rejected++
				v = math.Pow(1+second/math.Sqrt(9*d), 3)
			}
			s := append(slices.Clone(boost), z, u, z2, 1<<63)
			if !(1+first/math.Sqrt(9*d) > 0) { // rejected without a look at u
				s = append(slices.Clone(boost), z, z2, 1<<63)
			}
			if got, _ := Gamma(alpha, &s); !(math.Abs(got/(d*v)-1) <= 1e-13) {
				t.Fatalf("for α = %v, x = %v, u = %v: %v, want %v", alpha, first, uniform, got, d*v)
			}
		}
	}
	if tried < 1000 || rejected < 30 {
		t.Errorf("%d cases, %d of them rejected: too few", tried, rejected)
	}
}
