package portable

import (
	"encoding/binary"
	"hash/fnv"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// The references are series in numbers of this many bits.
const prec = 200

func bigFloat(x float64) *big.Float { return new(big.Float).SetPrec(prec).SetFloat64(x) }

// bigExp returns e^x.
func bigExp(x *big.Float) *big.Float {
	const halvings = 24
	r := new(big.Float).SetMantExp(x, -halvings)
	sum, term := bigFloat(1), bigFloat(1)
	for i := 1; i < 20; i++ {
		term.Mul(term, r)
		term.Quo(term, bigFloat(float64(i)))
		sum.Add(sum, term)
	}
	for range halvings {
		sum.Mul(sum, sum)
	}
	return sum
}

// bigSin returns sin(πx/2) for |x| ≤ 1.
func bigSin(x float64) *big.Float {
	r, _, err := big.ParseFloat("1.57079632679489661923132169163975144209858469968755291048747229615390820314", 10, prec, big.ToNearestEven)
	if err != nil {
		panic(err)
	}
	r.Mul(r, bigFloat(x))
	r2 := new(big.Float).Mul(r, r)
	sum, term := new(big.Float).Copy(r), new(big.Float).Copy(r)
	for i := 2; i < 60; i += 2 {
		term.Mul(term, r2)
		term.Quo(term, bigFloat(-float64(i)*float64(i+1)))
		sum.Add(sum, term)
	}
	return sum
}

var ln2 = func() *big.Float {
	x, _, err := big.ParseFloat("0.693147180559945309417232121458176568075500134360255254120680009493393621969", 10, prec, big.ToNearestEven)
	if err != nil {
		panic(err)
	}
	return x
}()

// ulps returns how far got is from want, in units of the last place of want.
func ulps(got float64, want *big.Float) float64 {
	w, _ := want.Float64()
	w = math.Abs(w)
	diff, _ := new(big.Float).Sub(bigFloat(got), want).Float64()
	return math.Abs(diff) / (math.Nextafter(w, math.Inf(1)) - w)
}

// grid returns n random numbers from lo to hi, uniform in [lo, hi] or, if log is
// set, in their logarithm.
func grid(n int, lo, hi float64, log bool) []float64 {
	if testing.Short() {
		n /= 10
	}
	r := rand.New(rand.NewPCG(1, 2))
	x := []float64{lo, hi}
	for range n {
		if log {
			x = append(x, lo*math.Exp2(r.Float64()*math.Log2(hi/lo)))
		} else {
			x = append(x, lo+r.Float64()*(hi-lo))
		}
	}
	return x
}

func TestLog(t *testing.T) {
	var worst float64
	for _, x := range [][]float64{
		grid(3000, 0.5, 2, false),
		grid(3000, math.Sqrt2/2, math.Sqrt2, false),
		grid(1000, 1, 1+0x1p-30, false),
		grid(1000, 1-0x1p-30, 1, false),
		grid(1000, 0x1p-1022, 1, true),
		grid(1000, 1, math.MaxFloat64, true),
		{math.Nextafter(1, 0), math.Nextafter(1, 2), math.Sqrt2 / 2, math.Nextafter(math.Sqrt2/2, 0), 2, 0.5},
	} {
		for _, x := range x {
			got := Log(x)
			if x == 1 {
				if got != 0 || math.Signbit(got) {
					t.Errorf("Log(1) = %v, want 0", got)
				}
				continue
			}
			// log(x) is got + log(x·exp(-got)), and that is small.
			r := bigExp(bigFloat(-got))
			r.Mul(r, bigFloat(x))
			r.Sub(r, bigFloat(1))
			want := new(big.Float).Add(bigFloat(got), r)
			u := ulps(got, want)
			worst = max(worst, u)
			if !(u < 1) {
				t.Errorf("Log(%v) = %v, off by %.2f ulp, want < 1", x, got, u)
			}
		}
	}
	t.Logf("largest error %.3f ulp", worst)
}

func TestExp(t *testing.T) {
	var worst float64
	for _, x := range [][]float64{
		grid(3000, -1, 1, false),
		grid(3000, -745, 709.7, false),
		grid(1000, 0x1p-60, 1, true),
		{0, 0x1p-1074, -0x1p-1074, math.Ln2 / 2, -math.Ln2 / 2, -708.39, -708.4, 709.78, -745.13},
	} {
		for _, x := range x {
			got, want := Exp(x), bigExp(bigFloat(x))
			u := ulps(got, want)
			worst = max(worst, u)
			if !(u < 2) {
				t.Errorf("Exp(%v) = %v, off by %.2f ulp, want < 2", x, got, u)
			}
		}
	}
	t.Logf("largest error %.3f ulp", worst)

	for _, test := range []struct{ x, want float64 }{
		{0, 1},
		{-745.2, 0},
		{-746, 0},
		{-1e300, 0},
		{math.Inf(-1), 0},
		{709.79, math.Inf(1)},
		{1e300, math.Inf(1)},
		{math.Inf(1), math.Inf(1)},
	} {
		if got := Exp(test.x); got != test.want {
			t.Errorf("Exp(%v) = %v, want %v", test.x, got, test.want)
		}
	}
}

func TestDecay(t *testing.T) {
	var worstQ, worstP float64
	for _, x := range [][]float64{
		grid(3000, 0, 2, false),
		grid(1000, 0, 1022, false),
		grid(2000, 0x1p-1000, 2, true),
		{0.5, math.Nextafter(0.5, 0), math.Nextafter(0.5, 1), 1, 1.5, 53, 54},
	} {
		for _, x := range x {
			q, p := Decay(x)
			arg := new(big.Float).Mul(ln2, bigFloat(-x))
			wantQ := bigExp(arg)
			wantP := new(big.Float).Sub(bigFloat(1), wantQ)
			if x < 0x1p-60 { // too small for the difference
				wantP.Neg(arg)
			}
			u, v := ulps(q, wantQ), ulps(p, wantP)
			worstQ, worstP = max(worstQ, u), max(worstP, v)
			if !(u < 2) || !(v < 2) {
				t.Errorf("Decay(%v) = %v, %v, off by %.2f and %.2f ulp, want < 2", x, q, p, u, v)
			}
		}
	}
	t.Logf("largest errors %.3f and %.3f ulp", worstQ, worstP)
}

func TestSin(t *testing.T) {
	var worst float64
	for _, x := range [][]float64{
		grid(3000, -1, 1, false),
		grid(1000, 0x1p-53, 1, true),
		{0x1p-1000, 0.5, 1. / 3, math.Nextafter(1, 0)},
	} {
		for _, x := range x {
			got := Sin(x)
			u := ulps(got, bigSin(x))
			worst = max(worst, u)
			if !(u < 4) {
				t.Errorf("Sin(%v) = %v, off by %.2f ulp, want < 4", x, got, u)
			}
			if Sin(-x) != -got {
				t.Errorf("Sin(%v) = %v, want the negative of Sin(%v) = %v", -x, Sin(-x), x, got)
			}
		}
	}
	t.Logf("largest error %.3f ulp", worst)
}

// TestFrozen holds the bits of every function: they are part of what a seed of
// the samplers means.
func TestFrozen(t *testing.T) {
	for _, test := range []struct {
		name   string
		f      func(float64) float64
		lo, hi float64
		want   uint64
	}{
		{"Log", Log, 0x1p-10, 2, 0xa78ed6488567315c},
		{"Log/wide", func(x float64) float64 { return Log(math.Float64frombits(uint64(x * 0x1p52))) }, 1, 2046, 0xa06a7e8398ec9c6},
		{"Exp", Exp, -3, 3, 0xbd204644b3bbd17d},
		{"Exp/wide", Exp, -750, 715, 0xb903ef09dd3db15e},
		{"Decay/q", func(x float64) float64 { q, _ := Decay(x); return q }, 0, 20, 0x3d4e7ab784ee2375},
		{"Decay/p", func(x float64) float64 { _, p := Decay(x); return p }, 0, 20, 0x5fcd7b631a55dde1},
		{"Sin", Sin, -1, 1, 0x5e8ec5c2e87ea27d},
	} {
		t.Run(test.name, func(t *testing.T) {
			const n = 1 << 17 // a power of two, so that the grid has exact bits
			h := fnv.New64a()
			var b [8]byte
			for i := range n {
				x := test.lo + float64((test.hi-test.lo)*((float64(i)+0.5)/n))
				binary.LittleEndian.PutUint64(b[:], math.Float64bits(test.f(x)))
				h.Write(b[:])
			}
			if got := h.Sum64(); got != test.want {
				t.Errorf("digest %#x, want %#x", got, test.want)
			}
		})
	}
}
