// The longest piece that a kernel works on.

package f32

// piece is how many values a call of a kernel handles at most: assembly cannot be
// preempted, and a longer call would stop the world for as long as it runs. For sums
// it must be a multiple of block, so that the pieces add up to the bits of the whole:
// hence a constant of its own, beside longest.
const piece = 1 << 16

// cut divides x, unless it is nil, into its first piece and the rest.
func cut(x []float32) (first, rest []float32) {
	if x == nil {
		return nil, nil
	}
	return x[:piece], x[piece:]
}
