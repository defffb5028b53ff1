// Memory that is kept, so that nothing is allocated in steady state.

package mixup

import "image"

// scratch is memory that a Mix keeps between calls.
type scratch struct {
	plan plan
	save []float32

	start  []int // the transpose
	index  []int
	weight []float32

	lambda []float64 // what a Sampler has drawn
	perm   []int
	box    []image.Rectangle

	pixels pixels // ApplyBytesTo's
}

// resize returns a slice of length n, and s's memory if that is enough. Its
// values are unspecified.
func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
