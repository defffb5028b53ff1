package f32

import (
	"math"
	"math/rand/v2"
	"testing"
)

var inf, nan = float32(math.Inf(1)), float32(math.NaN())

// lengths are those around the registers, the lanes and the blocks of sums.
var lengths = func() (n []int) {
	for i := range 301 {
		n = append(n, i)
	}
	return append(n, 511, 512, 513, 527, 528, 529, 543, 544, 545, 768, 1000)
}()

// values returns n values of all kinds.
func values(n int, r *rand.Rand) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = math.Float32frombits(r.Uint32())
		if i%3 > 0 {
			x[i] = float32(r.NormFloat64())
		}
	}
	return x
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
