//go:build purego || !(amd64 || arm64)

package f32

import "testing"

// atEachLevel runs a test with each set of kernels that the processor can run.
func atEachLevel(t *testing.T, test func(t *testing.T)) { t.Run("Go", test) }
