// Products of large minibatches, on several goroutines.

package mixup

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// manyValues is the size of a product that takes several goroutines: 32 MiB,
// which are beyond the last-level cache of most machines. One core alone may not
// use all the bandwidth of the memory then, and starting goroutines takes no
// time in comparison. Below it they gain nothing.
var manyValues = 8 << 20

// A crew computes parts of a product on several goroutines. It is reused, since
// a product allocates nothing.
type crew struct {
	product
	n    int // numbers to be divided into parts
	size int // of a part
	next atomic.Int64
	wait sync.WaitGroup
	help func()
}

var (
	crews = sync.Pool{New: func() any {
		c := new(crew)
		c.help = func() {
			c.work()
			c.wait.Done()
		}
		return c
	}}
	saves = sync.Pool{New: func() any { return new([]float32) }}
)

// workers returns how many goroutines a product of so many values takes.
func workers(values int) int {
	if values < manyValues {
		return 1
	}
	return runtime.GOMAXPROCS(0)
}

// inParallel computes the product in parts of size rows, columns or lines out of n.
func (p product) inParallel(n, size, workers int) {
	c := crews.Get().(*crew)
	c.product, c.n, c.size = p, n, size
	c.next.Store(0)
	c.wait.Add(workers - 1)
	for range workers - 1 {
		go c.help()
	}
	c.work()
	c.wait.Wait()
	c.product = product{}
	crews.Put(c)
}

// work does parts until none is left.
func (c *crew) work() {
	save := saves.Get().(*[]float32)
	for {
		from := int(c.next.Add(1)-1) * c.size
		if from >= c.n {
			break
		}
		c.part(from, min(from+c.size, c.n), save)
	}
	saves.Put(save)
}
