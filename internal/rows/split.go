// Large products are computed in parts, on several goroutines.

package rows

import (
	"sync"

	"github.com/seed-7466c776/mixup/internal/parallel"
)

// A product is a multiplication that can be computed in parts.
type product interface {
	// part computes the rows, columns or lines of the product from lo to hi-1. What
	// mem holds before is unspecified.
	part(lo, hi int, mem *memory)
}

// A splitter computes products of one type in parts. It keeps the memory for this, so
// that nothing is allocated in steady state.
type splitter[P product] struct{ pool sync.Pool }

// split computes p, which has n rows, columns or lines, in parts of size. On a
// single goroutine it does so in mem.
func (s *splitter[P]) split(p P, n, size, goroutines int, mem *memory) {
	if goroutines <= 1 {
		for lo := 0; lo < n; lo += size {
			p.part(lo, min(lo+size, n), mem)
		}
		return
	}
	b, _ := s.pool.Get().(*blocks[P])
	if b == nil {
		b = new(blocks[P])
		b.compute = b.block
	}
	b.product, b.n, b.size = p, n, size
	parallel.Do((n+size-1)/size, goroutines-1, b.compute)
	var none P
	b.product = none // so that the pool does not keep the minibatch alive
	s.pool.Put(b)
}

// blocks are the parts of one product.
type blocks[P product] struct {
	product P
	n, size int
	compute func(i int) // block, as a value that exists already
}

// block computes part i.
func (b *blocks[P]) block(i int) {
	mem := memories.Get().(*memory)
	b.product.part(i*b.size, min((i+1)*b.size, b.n), mem)
	memories.Put(mem)
}

// memories has the memory in which goroutines compute parts.
var memories = sync.Pool{New: func() any { return new(memory) }}
