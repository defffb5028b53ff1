// Memory that is kept, so that nothing is allocated in steady state.

package rows

import "github.com/seed-7466c776/mixup/internal/f32"

// Scratch is memory that products keep, so that they allocate nothing once they have
// seen the largest minibatch. The zero Scratch is ready for use. It never refers to a
// minibatch or a matrix. Only one product may use it at a time.
type Scratch struct {
	spans     []span
	transpose transpose
	runs      runOrder
	steps     stepOrder
	boxes     savedBoxes
	saved     memory
}

// copied returns a copy of x.
func (s *Scratch) copied(x []float32) []float32 {
	s.saved.floats = resize(s.saved.floats, len(x))
	f32.Copy(s.saved.floats, x)
	return s.saved.floats
}

// memory is what a goroutine needs to compute parts of a product.
type memory struct {
	floats  []float32
	doubles []float64
	bytes   []uint8
}

// resize returns a slice of length n with unspecified values. It uses the memory of s if
// that is large enough. New memory is at least twice as large as s, because the memory
// that is needed differs from draw to draw, and should soon be enough for all of them.
func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, max(n, 2*cap(s)))
	}
	return s[:n]
}
