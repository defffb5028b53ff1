//go:build !purego && !race

package f32

// What the processor can do. Every arm64 processor has NEON, but tests turn it
// off.
var hasNEON = true
