package nn

import (
	"math"
	"slices"
	"testing"
)

// TestReLU wants nothing but +0 where the input is not positive, forwards and
// backwards, and all bits of the rest.
func TestReLU(t *testing.T) {
	const tiny = math.SmallestNonzeroFloat32
	zero := float32(math.Copysign(0, -1))
	x := []float32{-1, -tiny, zero, 0, tiny, 1, math.MaxFloat32, -math.MaxFloat32, float32(math.Inf(1)), float32(math.Inf(-1))}
	dy := []float32{1, 2, 3, 4, -5, zero, 7, 8, tiny, 10}
	y, dx := slices.Clone(dy), slices.Clone(x) // to be overwritten
	l := &ReLU{}
	l.Forward(y, x, Train)
	l.Backward(dx, dy)
	for _, test := range []struct {
		name      string
		got, want []float32
	}{
		{"output", y, []float32{0, 0, 0, 0, tiny, 1, math.MaxFloat32, 0, float32(math.Inf(1)), 0}},
		{"gradient", dx, []float32{0, 0, 0, 0, -5, zero, 7, 0, tiny, 0}},
	} {
		if !slices.EqualFunc(test.got, test.want, func(a, b float32) bool { return math.Float32bits(a) == math.Float32bits(b) }) {
			t.Errorf("%s = %v, want %v", test.name, test.got, test.want)
		}
	}
}
