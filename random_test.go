package mixup

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"testing"

	//lint:ignore SA1019 callers may still have its sources
	xrand "golang.org/x/exp/rand"
	"gonum.org/v1/gonum/stat/distuv"
)

// A script is a source of given numbers.
type script []uint64

func (s *script) Uint64() uint64 {
	u := (*s)[0]
	*s = (*s)[1:]
	return u
}

// sources are sources of every kind that a caller may have.
var sources = []struct {
	name string
	new  func() rand.Source
}{
	{"nil", func() rand.Source { return nil }},
	{"PCG", func() rand.Source { return rand.NewPCG(1, 2) }},
	{"ChaCha8", func() rand.Source { return rand.NewChaCha8([32]byte{1, 2}) }},
	{"Rand", func() rand.Source { return rand.New(rand.NewPCG(1, 2)) }},
	{"Stream", func() rand.Source { return NewStream(1, 2) }},
	{"exp/Source", func() rand.Source { return xrand.NewSource(1) }},
	{"exp/Rand", func() rand.Source { return xrand.New(xrand.NewSource(1)) }},
	{"exp/PCGSource", func() rand.Source { s := new(xrand.PCGSource); s.Seed(1); return s }},
	{"exp/LockedSource", func() rand.Source { s := new(xrand.LockedSource); s.Seed(1); return s }},
}

// fewer returns n, or a tenth of it in short mode.
func fewer(n int) int {
	if testing.Short() {
		return n / 10
	}
	return n
}

// wantShare checks that an event of probability p happened count times of n. It
// raises a false alarm with a probability below 10⁻⁹, for any n and p: with
// t as here that is Bernstein's inequality.
func wantShare(t *testing.T, what string, count, n int, p float64) {
	t.Helper()
	const log = 21.5 // -ln(½·10⁻⁹) is 21.42
	variance := float64(n) * p * (1 - p)
	limit := log/3 + math.Sqrt(log*log/9+2*log*variance)
	if want := float64(n) * p; !(math.Abs(float64(count)-want) <= limit) {
		t.Errorf("%s: %d of %d, want %.1f ± %.1f", what, count, n, want, limit)
	}
}

// draws returns n draws.
func draws(n int, draw func() float64) []float64 {
	d := make([]float64, n)
	for i := range d {
		d[i] = draw()
	}
	return d
}

// wantCDF checks the distribution of draws at the points x, which are increasing.
func wantCDF(t *testing.T, draws, x []float64, cdf func(x float64) float64) {
	t.Helper()
	if !sort.Float64sAreSorted(x) {
		t.Fatalf("the points are not in order: %v", x)
	}
	count := make([]int, len(x)+1)
	for i, d := range draws {
		if d != d {
			t.Fatalf("draw %d is NaN", i)
		}
		count[sort.SearchFloat64s(x, d)]++
	}
	sum := 0
	for i, x := range x {
		sum += count[i]
		p := cdf(x)
		if !(p >= 0 && p <= 1) {
			t.Fatalf("the reference CDF(%v) = %v", x, p)
		}
		wantShare(t, "draws up to "+formatFloat(x), sum, len(draws), p)
	}
}

// wantMean checks that the mean of f over the draws is within 6.5 standard
// errors of want, which fails by chance once in 10¹⁰.
func wantMean(t *testing.T, what string, draws []float64, f func(x float64) float64, want float64) {
	t.Helper()
	var sum, squares float64
	for _, x := range draws {
		d := f(x) - want
		sum += d
		squares += d * d
	}
	n := float64(len(draws))
	if limit := 6.5 * math.Sqrt(squares) / n; !(math.Abs(sum/n) <= limit) {
		t.Errorf("mean of %s is %v, want %v ± %v", what, want+sum/n, want, limit)
	}
}

// digest returns a hash of the bits of n numbers.
func digest(n int, draw func() float64) uint64 {
	h := fnv.New64a()
	var b [8]byte
	for range n {
		binary.LittleEndian.PutUint64(b[:], math.Float64bits(draw()))
		h.Write(b[:])
	}
	return h.Sum64()
}

func TestUniformEnds(t *testing.T) {
	for _, test := range []struct {
		bits uint64
		want float64
	}{
		{0, 0},
		{1<<11 - 1, 0},
		{1 << 11, 0x1p-53},
		{1 << 63, 0.5},
		{math.MaxUint64, 1 - 0x1p-53},
	} {
		if got := uniform(&script{test.bits}); got != test.want {
			t.Errorf("uniform of bits %#x is %v, want %v", test.bits, got, test.want)
		}
	}
}

func TestZigguratLayers(t *testing.T) {
	for _, test := range []struct {
		name string
		z    *ziggurat
		area float64
		f    func(x float64) float64
	}{
		{"exponential", &exponentials, exponentialArea, func(x float64) float64 { return math.Exp(-x) }},
		{"normal", &normals, normalArea, func(x float64) float64 { return math.Exp(-x * x / 2) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			z := test.z
			for i := 1; i <= layers; i++ {
				if !(z.x[i] < z.x[i-1]) || !(z.y[i] > z.y[i-1]) {
					t.Errorf("layer %d ends at (%v, %v), and the one before at (%v, %v)", i, z.x[i], z.y[i], z.x[i-1], z.y[i-1])
				}
				if want := test.f(z.x[i]); !(math.Abs(z.y[i]-want) <= 1e-15) {
					t.Errorf("layer %d begins at height %v, want f(%v) = %v", i, z.y[i], z.x[i], want)
				}
				if i == layers {
					break
				}
				if area := z.x[i] * (z.y[i+1] - z.y[i]); !(math.Abs(area-test.area) <= 1e-14) {
					t.Errorf("layer %d has area %v, want %v", i, area, test.area)
				}
			}
		})
	}
}

// TestZigguratAccepts holds single decisions against the density: what lies under
// it is returned, and nothing else.
func TestZigguratAccepts(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const next = 77 // the layer of the next try, all of which is under f at 0
	for _, test := range []struct {
		name string
		z    *ziggurat
		f    func(x float64) float64
		draw func(src rand.Source) float64
	}{
		{"exponential", &exponentials, func(x float64) float64 { return math.Exp(-x) }, exponential},
		{"normal", &normals, func(x float64) float64 { return math.Exp(-x * x / 2) }, func(src rand.Source) float64 { return math.Abs(normal(src)) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			z, other := test.z, test.draw(&script{next})
			for layer := 1; layer < layers; layer++ {
				for range 50 {
					// A point beside the part that is sure to be under f, or at its edge.
					edge := z.x[layer+1] / z.x[layer]
					at := edge + (1-edge)*(r.Float64()*1.1-0.1)
					if at < 0 {
						continue
					}
					point := uint64(at*(1<<53)) << 11
					if test.name == "normal" {
						point >>= 1 // the top bit is the sign
					}
					point = point&^(layers-1) | uint64(layer)
					height := r.Uint64()
					x, y := at*z.x[layer], z.y[layer]+float64(height>>11)*0x1p-53*(z.y[layer+1]-z.y[layer])
					if math.Abs(y-test.f(x)) < 1e-12 || math.Abs(x-z.x[layer+1]) < 1e-12 {
						continue // too close to call
					}
					want := other
					if x < z.x[layer+1] || y < test.f(x) {
						want = x
					}
					if got := test.draw(&script{point, height, next}); !(math.Abs(got-want) <= 1e-13) {
						t.Fatalf("at (%v, %v) in layer %d: %v, want %v; f is %v", x, y, layer, got, want, test.f(x))
					}
				}
			}
		})
	}
}

func TestExponential(t *testing.T) {
	src := rand.NewPCG(1, 2)
	dist := distuv.Exponential{Rate: 1}
	var x []float64
	for e := 1e-5; e < 13; e *= 1.3 {
		x = append(x, e)
	}
	wantCDF(t, draws(fewer(1_000_000), func() float64 { return exponential(src) }), x, dist.CDF)

	// The least number of all: an exponential must not be zero.
	if got := exponential(&script{layers - 2}); got <= 0 || got > 0x1p-52 {
		t.Errorf("the least draw is %v, want it positive", got)
	}
	// One from the tail of the tail.
	if got, want := exponential(&script{math.MaxUint64 &^ (layers - 1), math.MaxUint64 &^ (layers - 1), 1 << 63}),
		2*exponentialTail+exponential(&script{1 << 63}); got != want {
		t.Errorf("a draw from the tail is %v, want %v", got, want)
	}
}

func TestNormal(t *testing.T) {
	src := rand.NewPCG(1, 2)
	var x []float64
	for z := -4.5; z < 4.6; z += 0.25 {
		x = append(x, z)
	}
	wantCDF(t, draws(fewer(1_000_000), func() float64 { return normal(src) }), x, distuv.UnitNormal.CDF)

	// The tail beyond the last layer, for which a draw of that layer is scripted.
	tail := distuv.UnitNormal.CDF(-normalTail)
	for _, sign := range []float64{-1, 1} {
		base := uint64(math.MaxInt64) &^ (layers - 1)
		if sign < 0 {
			base = 1 << 63
		}
		beyond := draws(fewer(100_000), func() float64 { return sign * normal(&after{base, src}) })
		wantCDF(t, beyond, []float64{3.45, 3.5, 3.6, 3.8, 4, 4.2, 4.5}, func(x float64) float64 {
			return 1 - distuv.UnitNormal.CDF(-x)/tail
		})
	}
}

// after is a source that yields first and then what src does.
type after struct {
	first uint64
	src   rand.Source
}

func (a *after) Uint64() uint64 {
	if u := a.first; u != 0 {
		a.first = 0
		return u
	}
	return a.src.Uint64()
}

func TestGamma(t *testing.T) {
	for _, alpha := range []float64{1e-3, 0.1, 0.5, 0.99, 1, 1.01, 2, 8, 1e3, 1e6, 1e18} {
		t.Run(formatFloat(alpha), func(t *testing.T) {
			src := rand.NewPCG(1, 2)
			draw := func() float64 {
				g, e := gamma(alpha, src)
				if !(g >= 0x1p-160 && e >= 0) || alpha >= 1 && e != 0 {
					t.Fatalf("gamma is %v·exp(-%v)", g, e)
				}
				return g * math.Exp(-e)
			}
			n := fewer(300_000)
			if alpha > 1e4 {
				// The CDF is not at hand, but it is nearly normal: the third
				// moment of Wilson and Hilferty's cube root is within 1/(81·α²).
				root := func() float64 { return (math.Cbrt(draw()/alpha) - 1 + 1/(9*alpha)) * 3 * math.Sqrt(alpha) }
				wantCDF(t, draws(n, root), []float64{-4, -3, -2, -1, -0.5, 0, 0.5, 1, 2, 3, 4}, distuv.UnitNormal.CDF)
				return
			}
			dist := distuv.Gamma{Alpha: alpha, Beta: 1}
			var x []float64
			for _, p := range []float64{1e-4, 1e-3, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 0.999, 0.9999} {
				if q := dist.Quantile(p); q > 1e-300 {
					x = append(x, q)
				}
			}
			wantCDF(t, draws(n, draw), x, dist.CDF)
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
		var boost script
		if alpha < 1 {
			d, boost = alpha+1, script{1 << 63}
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
				return normal(&script{z})
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
			if got, _ := gamma(alpha, &s); !(math.Abs(got/(d*v)-1) <= 1e-13) {
				t.Fatalf("for α = %v, x = %v, u = %v: %v, want %v", alpha, first, uniform, got, d*v)
			}
		}
	}
	if tried < 1000 || rejected < 30 {
		t.Errorf("%d cases, %d of them rejected: too few", tried, rejected)
	}
}

// The words that below rejects are those that would favour some numbers: words w
// for which n·w mod 2⁶⁴ < 2⁶⁴ mod n.
func TestBelow(t *testing.T) {
	const third = math.MaxUint64 / 3 // 3·third = 2⁶⁴ - 1
	for _, test := range []struct {
		n        int
		word     uint64
		want     int
		rejected bool
	}{
		{1, 0, 0, false},
		{1, math.MaxUint64, 0, false},
		{2, 0, 0, false},
		{2, 1 << 63, 1, false},
		{3, 0, 0, true},
		{3, 1, 0, false},
		{3, third, 0, false},
		{3, third + 1, 1, false},
		{3, math.MaxUint64, 2, false},
		{math.MaxInt, math.MaxUint64, math.MaxInt - 1, false},
	} {
		src := script{test.word, 1 << 32}
		got := below(test.n, &src)
		if rejected := len(src) == 0; rejected != test.rejected || !rejected && got != test.want {
			t.Errorf("below %d, word %#x: %d, rejected = %v, want %d, %v", test.n, test.word, got, rejected, test.want, test.rejected)
		}
	}
	r := rand.NewPCG(1, 2)
	for _, n := range []int{2, 3, 10, 257} {
		count := map[int]int{}
		for range fewer(1000 * n) {
			count[below(n, r)]++
		}
		wantUniform(t, fmt.Sprintf("below %d", n), count, n)
	}
}
