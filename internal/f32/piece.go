// The longest piece that a kernel works on.

package f32

// piece is how many values a call of a kernel handles at most. The exported functions
// cut longer slices into pieces, because a goroutine that runs assembly cannot be
// preempted: a garbage collection, for one, would wait for it. A piece is a multiple of
// block, so that sums of pieces add up to the bits of the whole.
const piece = 1 << 16

// cut divides x, unless it is nil, into its first piece and the rest.
func cut(x []float32) (first, rest []float32) {
	if x == nil {
		return nil, nil
	}
	return x[:piece], x[piece:]
}
