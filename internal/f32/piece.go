// The largest number of values that a kernel handles in a call.

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
