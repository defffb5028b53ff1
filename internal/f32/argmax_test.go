package f32

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

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
	check := func(t *testing.T, x []float32, width int) {
		t.Helper()
		top := make([]int, len(x)/width)
		Argmax(top, x)
		for i, got := range top {
			if want := slow(rowOf(x, i, width)); got != want {
				t.Fatalf("Argmax of row %d of %d, %v, is %d, want %d", i, len(top), rowOf(x, i, width), got, want)
			}
		}
	}
	atEachLevel(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(5, 6))
		values := []float32{-inf, -2, -1, 0, float32(math.Copysign(0, -1)), 1, 2, inf}
		for _, width := range append(lengths[1:], 2047, 2048, 2049, 5000) {
			for range 20 {
				// Few values make ties; those of the largest kind come late or never.
				x := normal(width*(1+r.IntN(3)), 1, r)
				most := 1 + r.IntN(len(values))
				for j := range x {
					x[j] = values[r.IntN(most)]
				}
				check(t, x, width)
				for range 2 {
					x[r.IntN(len(x))] = nan
				}
				check(t, x, width)
			}
			check(t, normal(3*width, 1, r), width)
		}
	})
}
