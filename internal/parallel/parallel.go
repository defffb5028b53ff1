// Package parallel runs the blocks of a piece of work on several goroutines.
//
// Chance decides which goroutine runs which block. To get the same result with every
// number of goroutines, the division into blocks must depend on the work alone, and a
// sum over blocks must be added up in the order of the blocks after [Do] has returned.
package parallel

import (
	"fmt"
	"math"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// Do calls block(0), …, block(n-1), each once and in any order. The calling
// goroutine takes part, with at most helpers goroutines beside it. Do returns when
// all calls have returned.
//
// All concurrent calls of Do together use at most GOMAXPROCS-1 helpers. A call that
// finds no helper left does all its work itself. A program that calls Do on each of
// its goroutines therefore does not start GOMAXPROCS goroutines for each of them.
//
// If a call of block panics, Do panics as well, after the calls that were running
// have returned. The remaining blocks are not run then.
//
// Do allocates nothing in steady state. To profit from this, the caller must not make
// the function block anew for each call: it can keep a method value, for example.
func Do(n, helpers int, block func(i int)) {
	helpers = reserve(min(helpers, n-1))
	if helpers == 0 {
		for i := range n {
			block(i)
		}
		return
	}
	t, _ := teams.Get().(*team)
	if t == nil {
		t = newTeam()
	}
	t.block, t.n = block, int64(n)
	t.refs.Store(int64(helpers) + 1)
	for range helpers {
		go t.help()
	}
	t.work()
	if t.working.Add(closed) != closed {
		<-t.idle
	}
	failure := t.failure.Load()
	t.release()
	if failure != nil {
		panic(*failure)
	}
}

// busy is the number of helpers that were started and have not ended.
var busy atomic.Int64

// reserve reserves at most want helpers and returns how many it got.
func reserve(want int) int {
	if want <= 0 {
		return 0
	}
	limit := int64(runtime.GOMAXPROCS(0) - 1)
	for {
		have := busy.Load()
		got := min(int64(want), limit-have)
		if got <= 0 {
			return 0
		}
		if busy.CompareAndSwap(have, have+got) {
			return int(got)
		}
	}
}

// A team is the goroutines that run the blocks of one call of Do. When the caller finds
// no block left, it waits for the helpers that are at work, but not for those that have
// not started because no core was free. These leave at once when they start. The last
// goroutine to leave returns the team to the pool.
type team struct {
	block   func(i int)
	n       int64
	next    atomic.Int64           // block to run
	failure atomic.Pointer[string] // what the first panic said
	working atomic.Int64           // number of helpers at work, plus closed when it is too late to start
	idle    chan struct{}          // tells the caller that no helper is at work
	refs    atomic.Int64           // number of goroutines that have not left
	help    func()
}

const closed = math.MinInt64

func newTeam() *team {
	t := &team{idle: make(chan struct{}, 1)}
	t.help = t.helper
	return t
}

var teams sync.Pool

// helper is what the goroutine of a helper does.
func (t *team) helper() {
	if t.enter() {
		t.work()
		if t.working.Add(-1) == closed {
			t.idle <- struct{}{}
		}
	}
	busy.Add(-1)
	t.release()
}

// enter reports whether a helper may still start to work.
func (t *team) enter() bool {
	for {
		n := t.working.Load()
		if n < 0 {
			return false
		}
		if t.working.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

// release lets one goroutine leave.
func (t *team) release() {
	if t.refs.Add(-1) > 0 {
		return
	}
	t.block = nil // The pool must not keep what it refers to.
	t.next.Store(0)
	t.failure.Store(nil)
	t.working.Store(0)
	teams.Put(t)
}

// work runs blocks until none is left.
func (t *team) work() {
	defer func() {
		if v := recover(); v != nil {
			// The stack of this goroutine is lost when another one panics for it.
			text := fmt.Sprintf("%v\n\n%s", v, debug.Stack())
			t.failure.CompareAndSwap(nil, &text)
			t.next.Store(t.n)
		}
	}()
	for {
		i := t.next.Add(1) - 1
		if i >= t.n {
			return
		}
		t.block(int(i))
	}
}
