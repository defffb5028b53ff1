package loss

import (
	"runtime"
	"sync/atomic"
	"testing"
	"time"
)

// recorder is a loss that records how many parts are computed at a time.
type recorder struct{ running, most *atomic.Int64 }

func (r recorder) part(b *Minibatch, lo, hi int) (sum float64, count int) {
	n := r.running.Add(1)
	for m := r.most.Load(); m < n && !r.most.CompareAndSwap(m, n); m = r.most.Load() {
	}
	for wait := 0; wait < 20 && r.most.Load() < 2; wait++ { // so that another goroutine has time to come
		time.Sleep(time.Millisecond)
	}
	r.running.Add(-1)
	return 0, hi - lo
}

// Minibatches of two times minLogits are shared by two goroutines, and smaller ones
// are computed by the caller's. All rows are computed, whatever their size.
func TestGoroutines(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	logits := make([]float32, 2*minLogits)
	for _, classes := range []int{1, 1000, partLogits, minLogits} {
		for rows, want := range map[int]int64{
			(2*minLogits - 1) / classes:           1,
			(2*minLogits + classes - 1) / classes: 2,
		} {
			if rows*classes > len(logits) {
				logits = make([]float32, rows*classes)
			}
			p, r := new(pool[recorder]), recorder{new(atomic.Int64), new(atomic.Int64)}
			got := p.sum(r, Minibatch{Logits: logits[:rows*classes], Classes: classes, Count: rows})
			if got.count != rows {
				t.Errorf("%d rows of %d classes: %d were computed", rows, classes, got.count)
			}
			if most := r.most.Load(); most != want {
				t.Errorf("%d rows of %d classes: %d goroutines, want %d", rows, classes, most, want)
			}
		}
	}
}

// failing panics in its last part, on whichever goroutine.
type failing struct{}

func (f failing) part(b *Minibatch, lo, hi int) (sum float64, count int) {
	if hi == len(b.Logits)/b.Classes {
		panic("the last part")
	}
	return 0, hi - lo
}

// A panic on any goroutine reaches the caller.
func TestPanicIsNotLost(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	for range 20 {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			new(pool[failing]).sum(failing{}, Minibatch{Logits: make([]float32, 2*minLogits), Classes: 1000, Count: 1})
		}()
	}
}
