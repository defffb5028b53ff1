// The bits of exp and log1p, frozen.

package f32

import (
	"math"
	"testing"
)

// TestFunctionsAreFrozen compares digests of the values of exp and log1p, so that
// no coefficient and no rounding changes: they are the same on every architecture,
// whether or not it fuses multiplications and additions.
func TestFunctionsAreFrozen(t *testing.T) {
	step, wantExp, wantLog1p := uint32(97), uint64(0x9f82522f6666b0df), uint64(0x2ae6cb575fd9d00f)
	if testing.Short() { // for emulators
		step, wantExp, wantLog1p = 997, 0xdd8014c894ebd870, 0x5b27936f5db6d3ea
	}
	digest := func(f func(float32) float32, first, last float32) uint64 {
		const prime = 1<<40 + 0x1b3
		h := uint64(14695981039346656037) // FNV-1a, by values in place of bytes
		for b := uint64(math.Float32bits(first)); b <= uint64(math.Float32bits(last)); b += uint64(step) {
			h = (h ^ uint64(math.Float32bits(f(math.Float32frombits(uint32(b)))))) * prime
		}
		return h
	}
	if got := digest(exp, float32(math.Copysign(0, -1)), -inf); got != wantExp {
		t.Errorf("exp of every %dth float32: digest %#x, want %#x", step, got, wantExp)
	}
	if got := digest(log1p, 0, 1); got != wantLog1p {
		t.Errorf("log1p of every %dth float32: digest %#x, want %#x", step, got, wantLog1p)
	}
}
