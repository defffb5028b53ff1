package f32

import (
	"slices"
	"testing"
)

// Copy and Clear do what copy and clear do, in pieces and around their ends.
func TestCopyAndClear(t *testing.T) {
	for _, n := range []int{0, 1, piece - 1, piece, piece + 1, 2 * piece, 3*piece + 5} {
		src, dst := make([]float32, n+1), make([]float32, n+1)
		for i := range src {
			src[i], dst[i] = float32(i+1), -1
		}
		Copy(dst[:n], src)
		if !slices.Equal(dst[:n], src[:n]) || dst[n] != -1 {
			t.Errorf("Copy of %d values differs from copy", n)
		}
		Clear(dst[:n])
		if i := slices.IndexFunc(dst, func(v float32) bool { return v != 0 }); i != n {
			t.Errorf("Clear of %d values: the first that is not 0 is value %d", n, i)
		}
	}
}
