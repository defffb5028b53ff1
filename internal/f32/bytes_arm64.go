//go:build !purego && !race

package f32

//lint:file-ignore U1000 Assembly jumps to these functions: see bytes_asm.go.

// They are declared so that vet can check how they read their arguments.

func scaleBytesNEON(dst []float32, a, next []uint8, ch *Channels, w float32)

func mixBytes2NEON(dst []float32, a, b, nextA, nextB []uint8, ch *Channels, wa, wb float32)

func addScaledBytesNEON(dst []float32, a []uint8, ch *Channels, w float32)
