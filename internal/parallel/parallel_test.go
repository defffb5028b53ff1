package parallel

import (
	"fmt"
	"math"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// raced says whether this is a build with the race detector.
var raced bool

// onCores sets GOMAXPROCS until the test is over.
func onCores(t *testing.T, n int) {
	before := runtime.GOMAXPROCS(n)
	t.Cleanup(func() { runtime.GOMAXPROCS(before) })
}

// wantNoneBusy checks that all helpers end, which those may do late that were not
// needed.
func wantNoneBusy(t *testing.T) {
	t.Helper()
	for range 1000 {
		if busy.Load() == 0 {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("%d helpers are still busy, want 0", busy.Load())
}

// Every block runs once, and has run when Do returns.
func TestDo(t *testing.T) {
	for _, cores := range []int{1, 2, 4} {
		onCores(t, cores)
		for _, n := range []int{0, 1, 2, 3, 100} {
			for _, helpers := range []int{-1, 0, 1, 3, 1000} {
				calls := make([]int, n)
				Do(n, helpers, func(i int) { calls[i]++ })
				for i, c := range calls {
					if c != 1 {
						t.Errorf("%d cores, %d helpers: block %d of %d ran %d times", cores, helpers, i, n, c)
					}
				}
			}
		}
	}
	wantNoneBusy(t)
}

// Two blocks that wait for each other are run by two goroutines.
func TestDoUsesSeveralGoroutines(t *testing.T) {
	onCores(t, 2)
	wantNoneBusy(t)
	var meet sync.WaitGroup
	meet.Add(2)
	Do(2, 1, func(int) {
		meet.Done()
		meet.Wait()
	})
}

// Many concurrent calls have GOMAXPROCS-1 helpers together, so that at most three
// blocks more than there are callers run at a time, and in the end all are free.
func TestHelpersOfAllCalls(t *testing.T) {
	onCores(t, 4)
	const callers = 8
	var running, most atomic.Int64
	var wait sync.WaitGroup
	for range callers {
		wait.Go(func() {
			Do(100, 100, func(int) {
				n := running.Add(1)
				for {
					m := most.Load()
					if n <= m || most.CompareAndSwap(m, n) {
						break
					}
				}
				time.Sleep(10 * time.Microsecond)
				running.Add(-1)
			})
		})
	}
	wait.Wait()
	if got := most.Load(); got > callers+3 {
		t.Errorf("%d blocks ran at a time, want at most %d", got, callers+3)
	}
	wantNoneBusy(t)
}

// A panic on any goroutine comes out of Do, after all goroutines have stopped, and
// the next call works.
func TestPanics(t *testing.T) {
	onCores(t, 3)
	for _, helpers := range []int{0, 2} {
		for bad := range 3 {
			t.Run(fmt.Sprintf("helpers=%d/bad=%d", helpers, bad), func(t *testing.T) {
				wantNoneBusy(t)
				var running atomic.Int64
				func() {
					defer func() {
						if v := recover(); !strings.HasPrefix(fmt.Sprint(v), "block 7") {
							t.Errorf("panic %v, want that of block 7", v)
						}
						if n := running.Load(); n != 0 {
							t.Errorf("%d blocks are still running", n)
						}
					}()
					var meet sync.WaitGroup
					meet.Add(helpers + 1)
					Do(3, helpers, func(i int) {
						running.Add(1)
						defer running.Add(-1)
						meet.Done()
						if helpers > 0 { // every goroutine has one block
							meet.Wait()
						}
						if i == bad || helpers == 0 {
							panic("block 7")
						}
						time.Sleep(time.Millisecond)
					})
				}()
				var sum atomic.Int64
				Do(10, helpers, func(i int) { sum.Add(int64(i)) })
				if got := sum.Load(); got != 45 {
					t.Errorf("sum after the panic %d, want 45", got)
				}
			})
		}
	}
	wantNoneBusy(t)
}

// Do allocates nothing in steady state. The pool is emptied now and then, and a
// goroutine may need a new descriptor, so it is the least of several runs.
func TestNoAllocations(t *testing.T) {
	if raced {
		t.Skip("under the race detector sync.Pool drops some of what it is given")
	}
	onCores(t, 3)
	var sum atomic.Int64
	block := func(i int) { sum.Add(int64(i)) }
	for _, helpers := range []int{0, 2} {
		const runs = 100
		least := uint64(math.MaxUint64)
		for try := 0; try < 30 && least > 0; try++ {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			for range runs {
				for busy.Load() > 0 { // so that every call has its helpers
					runtime.Gosched()
				}
				Do(10, helpers, block)
			}
			runtime.ReadMemStats(&after)
			least = min(least, after.Mallocs-before.Mallocs)
		}
		if least > 0 {
			t.Errorf("%d helpers: %d allocations or more in %d calls, want none", helpers, least, runs)
		}
	}
}

func BenchmarkDo(b *testing.B) {
	for _, helpers := range []int{0, 1} {
		b.Run(fmt.Sprintf("helpers=%d", helpers), func(b *testing.B) {
			block := func(int) {}
			for b.Loop() {
				Do(8, helpers, block)
			}
		})
	}
}

// A team that nobody is left in knows nothing of its last call: the pool must keep
// nothing alive, and the next call starts with block 0.
func TestTeamsForget(t *testing.T) {
	text := "failure"
	team := newTeam() // release puts it into the pool, for others to use
	team.block, team.n = func(int) {}, 3
	team.next.Store(3)
	team.working.Store(closed)
	team.failure.Store(&text)
	team.refs.Store(2)
	if team.release(); team.block == nil {
		t.Error("the block is gone while a goroutine is left")
	}
	if team.release(); team.block != nil || team.next.Load() != 0 || team.working.Load() != 0 || team.failure.Load() != nil {
		t.Errorf("the team keeps block %p, next %d, working %d, failure %v, want none",
			team.block, team.next.Load(), team.working.Load(), team.failure.Load())
	}
}
