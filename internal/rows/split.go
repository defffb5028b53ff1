// Large products are computed in parts, on several goroutines.

package rows

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// A product is a multiplication that can be computed in parts.
type product interface {
	// part computes the rows, columns or lines of the product from lo to hi-1. What
	// mem holds before is unspecified.
	part(lo, hi int, mem *memory)
}

// goroutines returns how many goroutines a product of so many bytes takes, of
// which one is the caller's.
func (l limits) goroutines(bytes int) int {
	if bytes < l.parallel {
		return 1
	}
	return runtime.GOMAXPROCS(0)
}

// A splitter computes products of one type in parts. It keeps the memory for it,
// so that nothing is allocated in steady state.
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
	g, _ := s.pool.Get().(*group[P])
	if g == nil {
		g = new(group[P])
		g.help = func() {
			g.work()
			g.done.Done()
		}
	}
	g.product, g.n, g.size = p, n, size
	g.next.Store(0)
	g.done.Add(goroutines - 1)
	for range goroutines - 1 {
		go g.help()
	}
	g.work()
	g.done.Wait()
	var none P
	g.product = none // so that the pool does not keep the minibatch alive
	s.pool.Put(g)
}

// A group is some goroutines that compute the parts of one product.
type group[P product] struct {
	product P
	n, size int
	next    atomic.Int64 // part
	done    sync.WaitGroup
	help    func()
}

// memories is what the goroutines of all groups work in.
var memories = sync.Pool{New: func() any { return new(memory) }}

// work computes parts until none is left.
func (g *group[P]) work() {
	mem := memories.Get().(*memory)
	for {
		lo := int(g.next.Add(1)-1) * g.size
		if lo >= g.n {
			break
		}
		g.product.part(lo, min(lo+g.size, g.n), mem)
	}
	memories.Put(mem)
}
