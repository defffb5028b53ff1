package mixup_test

// Minibatches that are prepared in the background.

import (
	"context"
	"fmt"
	"iter"
	"sync"

	"github.com/seed-7466c776/mixup"
)

// prefetch yields the minibatches of steps 0 to steps-1, in this order. They are prepared
// by the given number of goroutines. Each of them calls start once, and then the function
// that start returns for each of its steps. It is two minibatches ahead at most, and gets
// its two Bs again and again: a B may keep its memory, and is valid until the next one is
// asked for.
//
// The last thing that is yielded may be an error: that of the first step that has
// one, or the cause of ctx being done. When the loop ends, be it by break, all
// goroutines have ended.
func prefetch[B any](ctx context.Context, steps, goroutines int, start func() func(b *B, step int) error) iter.Seq2[*B, error] {
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

// A network is trained on a dataset of bytes. While it computes, the next
// minibatches are gathered, mixed and normalised. As every draw is a function of
// the step, any number of goroutines prepares the minibatches that a plain loop
// would.
func Example_pipeline() {
	const dataset, classes, batch, epochs = 100, 10, 20, 2
	image := mixup.Image{Channels: 3, Height: 2, Width: 2}
	const dim = 3 * 2 * 2
	pixels := make([]uint8, dataset*dim)
	labels := make([]int, dataset) // of the dataset, as Select makes W point to it
	norm := mixup.Norm{Mean: []float32{0.5, 0.5, 0.5}, Std: []float32{0.25, 0.25, 0.25}}

	type minibatch struct {
		mixup.Mix
		x []float32
	}
	start := func() func(b *minibatch, step int) error {
		draws, orders := mixup.NewStream(1, 0), mixup.NewStream(2, 0)
		s := mixup.Sampler{Alpha: 0.2, Src: draws}
		order := make([]int, dataset)
		epoch := -1 // that order is of
		return func(b *minibatch, step int) error {
			if e := step * batch / dataset; e != epoch {
				epoch = e
				orders.Seek(uint64(epoch))
				mixup.Permute(order, orders)
			}
			draws.Seek(uint64(step))
			s.Sample(&b.Mix, batch)
			b.Select(order[step*batch%dataset:][:batch])
			if b.x == nil {
				b.x = make([]float32, batch*dim)
			}
			b.ApplyBytesTo(b.x, pixels, image, norm)
			return nil
		}
	}

	var ce mixup.CrossEntropy
	logits := make([]float32, batch*classes)
	steps := 0
	for b, err := range prefetch(context.Background(), epochs*dataset/batch, 2, start) {
		if err != nil {
			fmt.Println(err)
			return
		}
		// logits = net.Forward(b.x)
		ce.Mixed(nil, logits, &b.Mix, labels, classes)
		steps++
	}
	fmt.Println(steps, "steps")
	// Output: 10 steps
}
