// The largest number of values that a kernel handles in a call, and what lets the
// runtime stop a goroutine between two calls.

package f32

// piece is how many values a call of a kernel handles at most. The exported functions
// cut longer slices into pieces, because a goroutine that runs assembly cannot be
// preempted, and a garbage collection, for example, would wait for it. A piece is a
// multiple of block, so that the sum of the pieces is bit-identical to that of the
// whole.
const piece = 1 << 16

// cut divides x, unless it is nil, into its first piece and the rest.
func cut(x []float32) (first, rest []float32) {
	if x == nil {
		return nil, nil
	}
	return x[:piece], x[piece:]
}

// safepoint is where the runtime can stop the goroutine, between the pieces of long
// slices. Nearly all of the time of such a loop is spent in kernels, where the signal
// that asks a goroutine to stop has no effect. But a Go function that calls another
// one first looks whether the goroutine is to stop.
//
//go:noinline
func safepoint() { callee() }

//go:noinline
func callee() {}

// Copy is copy(dst, src), in pieces: the runtime's copy is assembly too.
func Copy[T any](dst, src []T) {
	for ; len(dst) > piece; dst, src = dst[piece:], src[piece:] {
		safepoint()
		copy(dst[:piece], src)
	}
	copy(dst, src)
}

// Clear is clear(x), in pieces.
func Clear[T any](x []T) {
	for ; len(x) > piece; x = x[piece:] {
		safepoint()
		clear(x[:piece])
	}
	clear(x)
}
