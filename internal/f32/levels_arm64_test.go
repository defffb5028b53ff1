//go:build !purego

package f32

import "testing"

// atEachLevel runs a test with each set of kernels that the processor can run.
func atEachLevel(t *testing.T, test func(t *testing.T)) {
	defer func(neon bool) { hasNEON = neon }(hasNEON)
	t.Run("NEON", test)
	hasNEON = false
	t.Run("Go", test)
}
