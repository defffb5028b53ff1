//go:build !purego

package f32

import (
	"os"
	"regexp"
	"testing"
)

// atEachLevel runs a test with each set of kernels that the processor can run.
func atEachLevel(t *testing.T, test func(t *testing.T)) {
	avx512, avx2 := hasAVX512, hasAVX2
	defer func() { hasAVX512, hasAVX2 = avx512, avx2 }()
	if hasAVX512 {
		t.Run("AVX512", test)
	}
	if hasAVX512 = false; hasAVX2 {
		t.Run("AVX2", test)
	}
	hasAVX2 = false
	t.Run("Go", test)
}

// TestChosen checks that the best kernels of the processor are in use.
func TestChosen(t *testing.T) {
	info, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		t.Skip("nobody to ask: ", err)
	}
	for _, level := range []struct {
		flag string
		has  bool
	}{{"avx2", hasAVX2}, {"avx512f", hasAVX512}} {
		if listed := regexp.MustCompile(`(?m)^flags.*\b` + level.flag + `\b`).Match(info); listed != level.has {
			t.Errorf("%s: listed = %v, in use = %v", level.flag, listed, level.has)
		}
	}
}
