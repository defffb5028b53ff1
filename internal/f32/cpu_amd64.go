//go:build !purego && !race

package f32

import "golang.org/x/sys/cpu"

// What the processor can do: each level asks for every extension that one of its
// kernels uses. Tests turn levels off.
var (
	hasAVX512 = cpu.X86.HasAVX512F && cpu.X86.HasAVX2
	hasAVX2   = cpu.X86.HasAVX2
)
