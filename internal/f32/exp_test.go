package f32

import (
	"math"
	"testing"
)

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
		if got := exp(test.d); got != test.want {
			t.Errorf("exp(%v) is %v (%x), want %v", test.d, got, got, test.want)
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
		got, want := float64(exp(d)), math.Exp(float64(d))
		_, e := math.Frexp(want)
		if ulp := math.Ldexp(1, max(e-24, -149)); !(math.Abs(got-want) < ulp) {
			t.Fatalf("exp(%v) is %v, want %v: %v ulp", d, got, want, (got-want)/ulp)
		}
	}
}
