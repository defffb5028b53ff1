package random

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/seed-7466c776/mixup/internal/random/randomtest"
)

func TestDirichletDistribution(t *testing.T) {
	for _, alpha := range [][]float64{
		{1e-3, 1e-3, 1e-3},
		{0.2, 0.2, 0.2},
		{0.4, 0.4, 0.4, 0.4},
		{1, 1, 1},
		{8, 8, 8, 8, 8},
		{1e-3, 1, 3},
		{0.1, 0.3, 2, 5},
		{1e6, 2e6, 3e6},
		{0.3, 2},
	} {
		t.Run(fmt.Sprint(alpha), func(t *testing.T) {
			src := rand.NewPCG(3, 4)
			n, sum := randomtest.Fewer(200_000), 0.
			weights := make([][]float64, len(alpha))
			for k, a := range alpha {
				sum += a
				weights[k] = make([]float64, n)
			}
			pair, product := make([]float64, n), make([]float64, n)
			dst := make([]float64, len(alpha))
			for i := range n {
				copy(dst, alpha)
				Dirichlet(dst, src)
				for k, w := range dst {
					weights[k][i] = w
				}
				pair[i], product[i] = dst[0]+dst[1], dst[0]*dst[1]
			}

			// Each weight is Beta(αₖ, Σα-αₖ).
			identity := func(x float64) float64 { return x }
			for k, a := range alpha {
				rest := sum - a
				randomtest.CDF(t, weights[k], betaPoints(a, rest), func(x float64) float64 { return betaCDF(a, rest, x) })
				randomtest.Mean(t, fmt.Sprintf("weight %d", k), weights[k], identity, a/sum)
			}
			// The first two together are Beta(α₀+α₁, Σα-α₀-α₁).
			if len(alpha) > 2 {
				a, rest := alpha[0]+alpha[1], sum-alpha[0]-alpha[1]
				randomtest.CDF(t, pair, []float64{1e-10, 1e-3, 0.1, 0.3, 0.5, 0.7, 0.9}, func(x float64) float64 { return betaCDF(a, rest, x) })
			}
			randomtest.Mean(t, "the product of two", product, identity, alpha[0]/sum*alpha[1]/(sum+1))
		})
	}
}

// wantWeights checks that w is non-negative and sums to 1 to a few ulps.
func wantWeights(t *testing.T, what string, w []float64) {
	t.Helper()
	var sum float64
	for k, v := range w {
		if !(v >= 0 && v <= 1) {
			t.Errorf("%s: weight %d is %v", what, k, v)
		}
		sum += v
	}
	if limit := float64(len(w)) * 0x1p-52; !(math.Abs(sum-1) <= limit) {
		t.Errorf("%s: the weights sum to %v, want 1 ± %.1e", what, sum, limit)
	}
}

func TestDirichletEverywhere(t *testing.T) {
	sizes := []float64{5e-324, 1e-310, 1e-300, 0x1p-600, 1e-100, 1e-3, 0.5, 1, 2, 1e17, 1e300, math.MaxFloat64, math.Inf(1)}
	src := rand.NewPCG(1, 2)
	w := make([]float64, 3)
	for _, a := range sizes {
		for _, b := range sizes {
			for _, c := range sizes {
				for range 10 {
					w[0], w[1], w[2] = a, b, c
					Dirichlet(w, src)
					wantWeights(t, fmt.Sprintf("Dirichlet(%v, %v, %v) is %v", a, b, c, w), w)
				}
			}
		}
	}
	many := make([]float64, 1000)
	for _, a := range sizes {
		for k := range many {
			many[k] = a
		}
		Dirichlet(many, src)
		wantWeights(t, fmt.Sprintf("Dirichlet(%v, …, %[1]v)", a), many)
	}
}

func TestDirichletLimits(t *testing.T) {
	inf := math.Inf(1)
	for _, test := range []struct{ alpha, want []float64 }{
		{nil, []float64{}},
		{[]float64{0.2}, []float64{1}},
		{[]float64{5e-324}, []float64{1}},
		{[]float64{inf}, []float64{1}},
		{[]float64{inf, inf}, []float64{0.5, 0.5}},
		{[]float64{inf, inf, inf}, []float64{1. / 3, 1. / 3, 1. / 3}},
		{[]float64{inf, 1e300, inf, 1e-300}, []float64{0.5, 0, 0.5, 0}},
		{[]float64{math.MaxFloat64, math.MaxFloat64}, []float64{0.5, 0.5}},
		{[]float64{1e300, 1e300, 2e300}, []float64{0.25, 0.25, 0.5}},
	} {
		got := slices.Clone(test.alpha)
		Dirichlet(got, rand.NewPCG(1, 2))
		for k := range got {
			if got[k] != test.want[k] {
				t.Errorf("Dirichlet(%v) is %v, want %v", test.alpha, got, test.want)
			}
		}
	}

	// All far below any float: one weight of 1, on each in its share.
	for _, alpha := range [][]float64{{5e-324, 15e-324, 30e-324}, {1e-310, 3e-310, 6e-310}, {0x1p-602, 0x3p-602, 0x6p-602}} {
		src := rand.NewPCG(1, 2)
		n, w := randomtest.Fewer(100_000), make([]float64, 3)
		var ones [3]int
		for range n {
			copy(w, alpha)
			Dirichlet(w, src)
			wantWeights(t, "draw", w)
			for k, v := range w {
				if v == 1 {
					ones[k]++
				}
			}
		}
		for k, share := range []float64{0.1, 0.3, 0.6} {
			randomtest.Share(t, fmt.Sprintf("ones of weight %d", k), ones[k], n, share)
		}
	}
}

// TestDirichletQuotient holds the weights against Gₖ/ΣG in 2500 bits.
func TestDirichletQuotient(t *testing.T) {
	for _, alpha := range [][]float64{{1e-3, 2e-3, 3e-3}, {0.01, 1, 5}, {0.2, 0.2, 0.2}, {0.5, 1e6, 2}, {3, 3, 1e300}} {
		for seed := range uint64(50) {
			src := rand.NewPCG(7, seed)
			want := make([]*big.Float, len(alpha))
			sum := new(big.Float).SetPrec(2500)
			exponents := 700. // log g
			for k, a := range alpha {
				g, e := Gamma(a, src)
				want[k] = bigExp(e)
				want[k].Mul(want[k], big.NewFloat(g))
				sum.Add(sum, want[k])
				exponents += e
			}
			got := slices.Clone(alpha)
			Dirichlet(got, rand.NewPCG(7, seed))
			for k := range alpha {
				wantRelative(t, fmt.Sprintf("weight %d for α = %v", k, alpha), got[k], want[k].Quo(want[k], sum), (4*exponents+16)*0x1p-53)
			}
		}
	}
}
