//go:build !purego

package f32

import (
	"os"
	"regexp"
	"testing"
)

var switches = []toggle{{"AVX512", &hasAVX512}, {"AVX2", &hasAVX2}}

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
