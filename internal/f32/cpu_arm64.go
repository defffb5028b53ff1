//go:build !purego

package f32

// What the processor can do, and every one can. Tests turn it off.
var hasNEON = true
