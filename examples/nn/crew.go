// Work on all cores.

package nn

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// A crew does numbered tasks on several goroutines. Who does a task is left to
// chance, so what tasks compute must depend on their numbers alone: then the
// number of cores does not show in the bits.
//
// The zero crew is ready to use, for one call at a time. It allocates nothing
// after the first.
type crew struct {
	task  func(worker, i int)
	count int

	next   atomic.Int64 // the first task that nobody has taken
	joined atomic.Int64 // workers other than the caller
	wait   sync.WaitGroup
	work   func() // made once: a go statement with a method would allocate
}

// share is the number of multiplications that are worth a goroutine: they take
// some ten times as long as to start and to end one.
const share = 1 << 18

// workers returns the number of goroutines that pay for count tasks, which have the
// given number of multiplications in all.
func workers(count, multiplications int) int {
	return max(min(runtime.GOMAXPROCS(0), count, multiplications/share), 1)
}

// do calls task for every i in [0, count), on goroutines with numbers in
// [0, workers).
func (c *crew) do(workers, count int, task func(worker, i int)) {
	if c.work == nil {
		c.work = func() {
			defer c.wait.Done()
			c.tasks(int(c.joined.Add(1)))
		}
	}
	c.task, c.count = task, count
	c.next.Store(0)
	c.joined.Store(0)
	for range workers - 1 {
		c.wait.Add(1)
		go c.work()
	}
	c.tasks(0)
	c.wait.Wait()
}

// tasks does tasks until none is left.
func (c *crew) tasks(worker int) {
	for i := int(c.next.Add(1)) - 1; i < c.count; i = int(c.next.Add(1)) - 1 {
		c.task(worker, i)
	}
}
