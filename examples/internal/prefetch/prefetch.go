// Package prefetch prepares minibatches in the background.
package prefetch

import (
	"context"
	"iter"
	"sync"
)

// Steps yields the minibatches of steps 0 to steps-1, in this order. They are prepared
// by the given number of goroutines. Each of them calls start once, and then the function
// that start returns for each of its steps. It is two minibatches ahead at most, and gets
// its two Bs again and again: a B may keep its memory, and is valid until the next one is
// asked for.
//
// The last thing that is yielded may be an error: that of the first step that has
// one, or the cause of ctx being done. When the loop ends, be it by break, all
// goroutines have ended.
func Steps[B any](ctx context.Context, steps, goroutines int, start func() func(b *B, step int) error) iter.Seq2[*B, error] {
	type result struct {
		b   *B
		err error
	}
	return func(yield func(*B, error) bool) {
		var all sync.WaitGroup
		defer all.Wait()
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()

		free, ready := make([]chan *B, goroutines), make([]chan result, goroutines)
		for g := range goroutines {
			free[g], ready[g] = make(chan *B, 2), make(chan result, 2) // sending never waits
			free[g] <- new(B)
			free[g] <- new(B)
			all.Go(func() {
				prepare := start()
				for step := g; step < steps; step += goroutines {
					select {
					case b := <-free[g]:
						ready[g] <- result{b, prepare(b, step)}
					case <-ctx.Done():
						return
					}
				}
			})
		}
		for step := range steps {
			g := step % goroutines
			var r result
			select {
			case r = <-ready[g]:
			case <-ctx.Done():
			}
			if r.err == nil {
				r.err = context.Cause(ctx) // nil, if ctx is not done
			}
			if r.err != nil {
				yield(nil, r.err)
				return
			}
			if !yield(r.b, nil) {
				return
			}
			free[g] <- r.b
		}
	}
}
