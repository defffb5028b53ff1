//go:build !purego && !race && (amd64 || arm64)

package f32

// The functions of this file are written in assembly, as those of mix_asm.go are.

//go:noescape
func scaleBytes(dst []float32, a, next []uint8, ch *Channels, w float32)

//go:noescape
func mixBytes2(dst []float32, a, b, nextA, nextB []uint8, ch *Channels, wa, wb float32)

//go:noescape
func addScaledBytes(dst []float32, a []uint8, ch *Channels, w float32)
