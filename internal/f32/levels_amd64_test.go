//go:build !purego && !race

package f32

import (
	"os"
	"regexp"
	"testing"

	"golang.org/x/sys/cpu"
)

var switches = []toggle{{"AVX512", &hasAVX512}, {"AVX2", &hasAVX2}}

// TestChosen checks that the processor uses the best kernels that it can.
func TestChosen(t *testing.T) {
	for _, level := range []struct {
		name      string
		can, does bool
	}{
		{"AVX2", cpu.X86.HasAVX2, hasAVX2},
		{"AVX512", cpu.X86.HasAVX2 && cpu.X86.HasAVX512F, hasAVX512},
	} {
		if level.can != level.does {
			t.Errorf("%s: the processor has it = %v, in use = %v", level.name, level.can, level.does)
		}
	}
}

// emulated says whether this is a processor that qemu emulates: the kernel then
// lists other extensions than the instruction CPUID does.
var emulated = func() bool {
	info, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return false
	}
	for flag, has := range map[string]bool{
		"avx2": cpu.X86.HasAVX2, "avx512f": cpu.X86.HasAVX512F, "adx": cpu.X86.HasADX, "rdseed": cpu.X86.HasRDSEED,
	} {
		if regexp.MustCompile(`(?m)^flags.*\b`+flag+`\b`).Match(info) != has {
			return true
		}
	}
	return false
}()
