package f32

import (
	"math"
	"testing"
)

func TestZero(t *testing.T) {
	negative := float32(math.Copysign(0, -1))
	for _, n := range lengths {
		x := make([]float32, n)
		if !Zero(x) {
			t.Fatalf("Zero of %d zeros is false", n)
		}
		for j := range x {
			x[j] = negative
			if !Zero(x) {
				t.Fatalf("Zero of %d zeros, with -0 at %d, is false", n, j)
			}
			for _, v := range []float32{nan, 0x1p-149, -0x1p-149, 1, -inf} {
				x[j] = v
				if Zero(x) {
					t.Fatalf("Zero of %d values, with %v at %d, is true", n, v, j)
				}
			}
			x[j] = 0
		}
	}
}

func BenchmarkZero(b *testing.B) {
	x := make([]float32, 1000)
	b.SetBytes(4000)
	for b.Loop() {
		Zero(x)
	}
}
