package random

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/seed-7466c776/mixup/internal/random/randomtest"
	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

func format(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// betaCDF is the reference: gonum's regularised incomplete beta function, and
// where that has no digits left the first term of the series at 0 or 1.
func betaCDF(a, b, x float64) float64 {
	switch {
	case a < 1e-9 && b < 1e-9:
		return b / (a + b) // to 700·(a+b), for x that are not subnormal
	case x < 1e-12/max(b, 1):
		return math.Exp(a*math.Log(x) - math.Log(a) - mathext.Lbeta(a, b))
	case 1-x < 1e-12/max(a, 1):
		return 1 - betaCDF(b, a, 1-x)
	}
	return mathext.RegIncBeta(a, b, x)
}

// betaPoints returns where to compare CDFs: at the quantiles of a grid of
// probabilities, and at numbers of every size close to 0 and to 1.
func betaPoints(a, b float64) []float64 {
	x := []float64{1e-300, 1e-200, 1e-100, 1e-50, 1e-20}
	for v := 1e-14; v < 0.5; v *= 10 {
		x = append(x, v)
		if v > 1e-13 { // where the spacing of floats is not yet felt
			x = append(x, 1-v)
		}
	}
	for _, p := range []float64{1e-4, 1e-3, 0.01, 0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95, 0.99, 0.999, 0.9999} {
		if a > 1e-3 && b > 1e-3 {
			if q := (distuv.Beta{Alpha: a, Beta: b}).Quantile(p); q > 1e-300 && q < 1-1e-12 {
				x = append(x, q)
			}
		}
	}
	slices.Sort(x)
	return slices.Compact(x)
}

var betaParameters = [][2]float64{
	{1e-300, 1e-300}, {1e-20, 1e-20}, {1e-5, 1e-5}, {1e-3, 1e-3}, {0.01, 0.01}, {0.1, 0.1}, {0.2, 0.2}, {0.4, 0.4}, {0.7, 0.7},
	{1, 1}, {1.5, 1.5}, {2, 2}, {8, 8}, {32, 32}, {1e3, 1e3}, {1e6, 1e6},
	{1e-300, 3e-300}, {2e-20, 1e-20}, {1e-3, 2e-3}, {0.1, 0.3}, {0.3, 0.1}, {0.2, 5}, {5, 0.2}, {0.9, 1}, {1, 3}, {2, 5}, {50, 0.5}, {1e3, 2}, {1e6, 3e6},
}

func betaName(a, b float64) string {
	if a == b {
		return "alpha=" + format(a)
	}
	return "alpha=" + format(a) + "/beta=" + format(b)
}

func TestBetaDistribution(t *testing.T) {
	for _, p := range betaParameters {
		a, b := p[0], p[1]
		t.Run(betaName(a, b), func(t *testing.T) {
			src := rand.NewPCG(3, 4)
			d := randomtest.Draws(randomtest.Fewer(200_000), func() float64 { return Beta(a, b, src) })
			randomtest.CDF(t, d, betaPoints(a, b), func(x float64) float64 { return betaCDF(a, b, x) })

			mean := a / (a + b)
			variance := mean * (b / (a + b)) / (a + b + 1)
			randomtest.Mean(t, "B", d, func(x float64) float64 { return x }, mean)
			randomtest.Mean(t, "(B-mean)²", d, func(x float64) float64 { return (x - mean) * (x - mean) }, variance)
			if a > 0.06 { // or else log 0 comes up
				randomtest.Mean(t, "log B", d, math.Log, mathext.Digamma(a)-mathext.Digamma(a+b))
			}
		})
	}
}

// bigExp returns exp(-x) with a relative error of about x·2⁻⁵³, but no smallest number.
func bigExp(x float64) *big.Float {
	n, frac := math.Modf(x * math.Log2E)
	z := new(big.Float).SetPrec(2500)
	if n > 1e6 {
		return z
	}
	return z.SetMantExp(z.SetFloat64(math.Exp2(-frac)), -int(n))
}

// wantRelative checks that got is want to a relative error, down to the smallest normal number.
func wantRelative(t *testing.T, what string, got float64, want *big.Float, tolerance float64) {
	t.Helper()
	diff := new(big.Float).Sub(new(big.Float).SetPrec(2500).SetFloat64(got), want)
	limit := new(big.Float).Mul(want, big.NewFloat(tolerance))
	limit.Add(limit, big.NewFloat(0x1p-1074))
	if diff.Abs(diff).Cmp(limit) > 0 {
		t.Errorf("%s is %v, want %s to a relative %.1e", what, got, want.Text('g', 20), tolerance)
	}
}

// TestBetaTail holds the lesser one of B and 1-B against Devroye's formula as
// he wrote it, in 2500 bits.
func TestBetaTail(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	angles := []uint64{0, 1 << 10, 1 << 20, 1 << 40, 1 << 62, math.MaxInt64}
	for range 20 {
		angles = append(angles, r.Uint64()>>1)
	}
	one, half := big.NewFloat(1), big.NewFloat(0.5)
	for _, alpha := range []float64{1e-5, 1e-3, 0.02, 0.03, 0.036, 0.1, 0.2, 0.4, 2, 8, 1e3, 1e6, 1e15} {
		for _, angle := range angles {
			for range 6 {
				bits := make(randomtest.Script, 32)
				for i := range bits {
					bits[i] = r.Uint64()
				}
				bits[0] = angle
				s := bits
				got := Beta(alpha, alpha, &s)
				s = bits[1:]
				e := Exponential(&s)

				q := bigExp(e / alpha)
				p := new(big.Float).SetPrec(2500).SetFloat64(-math.Expm1(-e / alpha))
				sine := math.Sin(math.Pi / 2 * float64(int64(angle)>>10|1) * 0x1p-53)
				z := new(big.Float).SetPrec(2500).SetFloat64(sine)
				z.Mul(z, z).Mul(z, p)
				if q.Sign() > 0 {
					z.Quo(q, z).Add(z, one) // 1 + 1/((U^(-1/α) - 1)·cos²)
					z.Quo(half, z.Sqrt(z))
					z.Sub(half, z)
				} else {
					z.SetInt64(0)
				}
				wantRelative(t, "tail for α = "+format(alpha), got, z, (4*e/alpha+16)*0x1p-53)

				bits[0], s = ^angle, bits
				if mirror := Beta(alpha, alpha, &s); mirror != 1-got {
					t.Errorf("the mirror image of %v is %v, want %v", got, mirror, 1-got)
				}
			}
		}
	}
}

// TestBetaQuotient holds B against G/(G+H) in 2500 bits.
func TestBetaQuotient(t *testing.T) {
	for _, p := range [][2]float64{{1e-3, 2e-3}, {1e-3, 5}, {0.01, 0.02}, {0.1, 0.3}, {0.3, 1}, {2, 3}, {0.5, 1e6}, {1e300, 3}} {
		for _, p := range [][2]float64{p, {p[1], p[0]}} {
			for seed := range uint64(50) {
				src := rand.NewPCG(7, seed)
				g, e := Gamma(p[0], src)
				h, f := Gamma(p[1], src)
				x, y := bigExp(e), bigExp(f)
				if x.Sign() == 0 || y.Sign() == 0 {
					t.Fatalf("exponents %v, %v are too much for the test", e, f)
				}
				x.Mul(x, big.NewFloat(g))
				y.Mul(y, big.NewFloat(h))
				want := x.Quo(x, y.Add(y, x))
				got := Beta(p[0], p[1], rand.NewPCG(7, seed))
				wantRelative(t, betaName(p[0], p[1]), got, want, (4*(e+f)+16)*0x1p-53)
			}
		}
	}
}

// TestBetaEverywhere draws for all pairs of parameters of every size.
func TestBetaEverywhere(t *testing.T) {
	sizes := []float64{5e-324, 1e-310, 1e-300, 0x1p-600, 1e-200, 0x1p-600 * 0.99, 1e-100, 1e-16, 1e-3, 0.5, 1, 2, 1e3, 1e17, 1e100, 1e300, math.MaxFloat64, math.Inf(1)}
	src := rand.NewPCG(1, 2)
	for _, a := range sizes {
		for _, b := range sizes {
			lo, hi := 0., 1.
			switch {
			case a == b && a > 1e16:
				lo, hi = 0.5-1e-7, 0.5+1e-7
			case a/b > 1e30 && a > 1e16:
				lo = 1
			case b/a > 1e30 && b > 1e16:
				hi = 1e-14
			}
			for range 100 {
				if x := Beta(a, b, src); !(x >= lo && x <= hi) {
					t.Errorf("Beta(%v, %v) is %v, want it in [%v, %v]", a, b, x, lo, hi)
				}
			}
		}
	}
}

func TestBetaLimits(t *testing.T) {
	inf := math.Inf(1)
	for _, test := range []struct{ a, b, want float64 }{
		{inf, inf, 0.5},
		{inf, 1e300, 1},
		{inf, 1e-300, 1},
		{2, inf, 0},
		{math.MaxFloat64, math.MaxFloat64, 0.5},
		{math.MaxFloat64, math.MaxFloat64 / 2, 2. / 3},
	} {
		for seed := range uint64(20) {
			if got := Beta(test.a, test.b, rand.NewPCG(1, seed)); !(math.Abs(got-test.want) <= 0x1p-53) {
				t.Errorf("Beta(%v, %v) is %v, want %v", test.a, test.b, got, test.want)
			}
		}
	}

	// Both far below any float: a coin, of the right bias.
	for _, test := range []struct{ a, b float64 }{{5e-324, 5e-324}, {5e-324, 15e-324}, {3e-320, 1e-320}, {0x1p-601, 0x1p-602}} {
		src := rand.NewPCG(1, 2)
		n, ones := randomtest.Fewer(100_000), 0
		for range n {
			switch x := Beta(test.a, test.b, src); x {
			case 0:
			case 1:
				ones++
			default:
				t.Fatalf("Beta(%v, %v) is %v, want 0 or 1", test.a, test.b, x)
			}
		}
		randomtest.Share(t, betaName(test.a, test.b), ones, n, 1/(1+test.b/test.a))
	}
}
