package f32

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

var inf, nan = float32(math.Inf(1)), float32(math.NaN())

// lengths are those around the unrolling, the lanes and the blocks of sums.
var lengths = []int{0, 1, 2, 3, 4, 5, 7, 8, 9, 11, 15, 16, 17, 19, 20, 23, 31, 32, 33, 63, 64, 65, 100, 127, 240, 251, 255, 256, 257, 260, 271, 272, 273, 300, 511, 512, 513, 768, 1000}

// slowSum is a sum in lanes, with zeros behind the last term.
func slowSum(terms []float32) (sum float64) {
	for len(terms) > 0 {
		var s [block]float32
		terms = terms[copy(s[:], terms):]
		for j := lanes; j < block; j++ {
			s[j%lanes] += s[j]
		}
		for half := lanes / 2; half > 0; half /= 2 {
			for j := range half {
				s[j] += s[j+half]
			}
		}
		sum += float64(s[0])
	}
	return sum
}

// normal returns n normal values of the given standard deviation, which start at
// any place in their memory.
func normal(n int, deviation float64, r *rand.Rand) []float32 {
	x := make([]float32, n+8)[r.IntN(8):]
	for i := range x {
		x[i] = float32(deviation * r.NormFloat64())
	}
	return x[:n:n]
}

// wantBits checks that got and want are the same bits, or both NaN.
func wantBits(t *testing.T, what string, got, want []float32) {
	t.Helper()
	for i, w := range want {
		if g := got[i]; math.Float32bits(g) != math.Float32bits(w) && (g == g || w == w) {
			t.Fatalf("%s: value %d of %d is %v (%#08x), want %v (%#08x)", what, i, len(want), g, math.Float32bits(g), w, math.Float32bits(w))
		}
	}
}

// wantSum checks that got and want are the same bits, or both NaN.
func wantSum(t *testing.T, what string, n int, got, want float64) {
	t.Helper()
	if math.Float64bits(got) != math.Float64bits(want) && (got == got || want == want) {
		t.Fatalf("%s of %d values is %v (%#016x), want %v (%#016x)", what, n, got, math.Float64bits(got), want, math.Float64bits(want))
	}
}

func TestSum(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range lengths {
		x := normal(n, 1, r)
		wantSum(t, "Sum", n, Sum(x), slowSum(x))
	}
	if got := Sum([]float32{1, nan, 2}); got == got {
		t.Errorf("Sum with a NaN is %v", got)
	}
}

func TestGap(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, n := range lengths {
		x, w := normal(n, 10, r), normal(n, 1, r)
		terms, weighted := make([]float32, n), make([]float32, n)
		for j := range x {
			switch r.IntN(6) {
			case 0:
				w[j] = 0
			case 1:
				w[j], x[j] = 0, -inf
			}
			if w[j] != 0 {
				weighted[j] = w[j] * (5 - x[j])
			}
			terms[j] = 5 - x[j]
		}
		wantSum(t, "Gap", n, Gap(w, x, 5), slowSum(weighted))
		wantSum(t, "Gap without weights", n, Gap(nil, x, 5), slowSum(terms))
	}
}

func TestArgmax(t *testing.T) {
	slow := func(x []float32) int {
		if i := slices.IndexFunc(x, func(v float32) bool { return v != v }); i >= 0 {
			return i
		}
		top := 0
		for j, v := range x {
			if v > x[top] {
				top = j
			}
		}
		return top
	}
	r := rand.New(rand.NewPCG(5, 6))
	values := []float32{-inf, -2, -1, 0, float32(math.Copysign(0, -1)), 1, 2}
	for _, n := range lengths {
		for range 20 {
			// Few values make ties; those of the largest kind come late or never.
			x := make([]float32, n)
			most := 1 + r.IntN(len(values))
			for j := range x {
				x[j] = values[r.IntN(most)]
			}
			if got, want := Argmax(x), slow(x); got != want {
				t.Fatalf("Argmax(%v) is %d, want %d", x, got, want)
			}
			for range min(n, 2) {
				x[r.IntN(n)] = nan
			}
			if got, want := Argmax(x), slow(x); got != want {
				t.Fatalf("Argmax(%v) is %d, want %d", x, got, want)
			}
		}
		x := normal(n, 1, r)
		if got, want := Argmax(x), slow(x); got != want {
			t.Fatalf("Argmax of %d normal values is %d, want %d", n, got, want)
		}
	}
}

func TestExp(t *testing.T) {
	for _, test := range []struct{ d, want float32 }{
		{0, 1},
		{float32(math.Copysign(0, -1)), 1},
		{-0x1p-149, 1},
		{-0x1p-25, 1},
		{-87.68311, 0x1.6a0a64p-127},
		{-87.68312, 0},
		{-88.03, 0},
		{-89, 0},
		{-1e4, 0},
		{-0x1.8p23 * math.Ln2, 0}, // where rounding to an integer wraps around
		{-8.7e6, 0},
		{-math.MaxFloat32, 0},
		{-inf, 0},
	} {
		if got := Exp(test.d); got != test.want {
			t.Errorf("Exp(%v) is %v (%x), want %v", test.d, got, got, test.want)
		}
	}

	// The worst of all float32 is 0.9897 ulp, at -5.858424.
	step := uint32(997)
	if testing.Short() {
		step = 99991
	}
	first, last := math.Float32bits(float32(math.Copysign(0, -1))), math.Float32bits(-87.68311)
	for b := first; b <= last; b += step {
		d := math.Float32frombits(b)
		got, want := float64(Exp(d)), math.Exp(float64(d))
		_, e := math.Frexp(want)
		if ulp := math.Ldexp(1, max(e-24, -149)); !(math.Abs(got-want) < ulp) {
			t.Fatalf("Exp(%v) is %v, want %v: %v ulp", d, got, want, (got-want)/ulp)
		}
	}
}

func TestExpSum(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for _, n := range lengths {
		for _, deviation := range []float64{1, 30, 1e4} {
			x := normal(n, deviation, r)
			for range n / 8 {
				x[r.IntN(n)] = -inf
			}
			top := float32(1.5)
			for _, v := range x {
				top = max(top, v)
			}
			want := make([]float32, n)
			for j, v := range x {
				want[j] = Exp(v - top)
			}
			sum := slowSum(want)

			what := fmt.Sprintf("ExpSum of deviation %v", deviation)
			guarded := normal(n+2, 1, r)
			guards := slices.Clone(guarded)
			copy(guards[1:], want)
			wantSum(t, what, n, ExpSum(guarded[1:n+1:n+1], x, top), sum)
			wantBits(t, what, guarded, guards)
			wantSum(t, what+" without dst", n, ExpSum(nil, x, top), sum)
			wantSum(t, what+" in place", n, ExpSum(x, x, top), sum)
			wantBits(t, what+" in place", x, want)
		}
	}
}

func TestAffine(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for _, n := range lengths {
		a := normal(n, 1, r)
		want := make([]float32, n)
		for i, v := range a {
			want[i] = float32(0.3*v) - 0.7
		}
		guarded := normal(n+2, 1, r)
		guards := slices.Clone(guarded)
		copy(guards[1:], want)
		Affine(guarded[1:n+1], a, 0.3, -0.7)
		wantBits(t, "Affine", guarded, guards)
		Affine(a, a, 0.3, -0.7)
		wantBits(t, "Affine in place", a, want)
	}
}
