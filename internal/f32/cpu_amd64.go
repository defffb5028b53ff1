//go:build !purego

package f32

import "golang.org/x/sys/cpu"

// What the processor can do. Tests turn it off.
var (
	hasAVX512 = cpu.X86.HasAVX512F
	hasAVX2   = cpu.X86.HasAVX2
)
