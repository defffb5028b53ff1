package mixup_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/seed-7466c776/mixup"
)

// TestPipelineBits checks that minibatches come in order and have the bits of a
// plain loop, for any number of goroutines.
func TestPipelineBits(t *testing.T) {
	const steps, batch, dim = 50, 16, 33
	pixels := make([]uint8, 100*dim)
	for i := range pixels {
		pixels[i] = uint8(i * i)
	}
	rows := make([]int, batch)
	for i := range rows {
		rows[i] = i * i % 100
	}
	type minibatch struct {
		mixup.Mix
		x []float32
	}
	start := func() func(b *minibatch, step int) error {
		stream := mixup.NewStream(1, 0)
		s := mixup.Sampler{Alpha: 1, PerSample: true, Src: stream}
		return func(b *minibatch, step int) error {
			stream.Seek(uint64(step))
			s.Sample(&b.Mix, batch)
			b.Select(rows)
			b.x = slices.Grow(b.x[:0], batch*dim)[:batch*dim]
			b.ApplyBytesTo(b.x, pixels, mixup.Image{Channels: 1, Height: 1, Width: dim}, mixup.Norm{})
			return nil
		}
	}
	var want [][]float32
	prepare := start()
	for step := range steps {
		var b minibatch
		if err := prepare(&b, step); err != nil {
			t.Fatal(err)
		}
		want = append(want, b.x)
	}
	for goroutines := 1; goroutines <= 8; goroutines++ {
		step := 0
		for b, err := range prefetch(t.Context(), steps, goroutines, start) {
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(b.x, want[step]) {
				t.Errorf("%d goroutines: step %d: other bits than in a plain loop", goroutines, step)
			}
			step++
		}
		if step != steps {
			t.Errorf("%d goroutines: %d steps, want %d", goroutines, step, steps)
		}
	}
}

// number prepares steps as their numbers, and counts them. What it returns for
// start fails at steps from fails on.
func number(prepared *atomic.Int64, fails int) func() func(b *int, step int) error {
	return func() func(b *int, step int) error {
		return func(b *int, step int) error {
			prepared.Add(1)
			if step >= fails {
				return fmt.Errorf("step %d", step)
			}
			*b = step
			return nil
		}
	}
}

// TestPipelineEnds checks how loops end: after the last step, by break, at the
// first error and by cancellation. In each case synctest fails if a goroutine is
// left behind.
func TestPipelineEnds(t *testing.T) {
	const steps, at, never = 20, 7, 1000
	stop := errors.New("stop")
	for goroutines := 1; goroutines <= 8; goroutines++ {
		for _, tc := range []struct {
			name    string
			fails   int
			inLoop  func(step int, cancel context.CancelCauseFunc) (goOn bool)
			want    int // steps
			wantErr string
		}{
			{"last step", never, func(int, context.CancelCauseFunc) bool { return true }, steps, ""},
			{"break", never, func(step int, _ context.CancelCauseFunc) bool { return step < at-1 }, at, ""},
			{"error", at, func(int, context.CancelCauseFunc) bool { return true }, at, "step 7"},
			{"cancellation", never, func(step int, cancel context.CancelCauseFunc) bool {
				if step == at-1 {
					cancel(stop)
				}
				return true
			}, at, "stop"},
		} {
			t.Run(fmt.Sprintf("%s/goroutines=%d", tc.name, goroutines), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					ctx, cancel := context.WithCancelCause(t.Context())
					defer cancel(nil)
					var prepared atomic.Int64
					var got []int
					var failure error
					for b, err := range prefetch(ctx, steps, goroutines, number(&prepared, tc.fails)) {
						if err != nil {
							failure = err
							continue // nothing comes after it
						}
						got = append(got, *b)
						// Each goroutine has two minibatches, one of which is in use here.
						synctest.Wait()
						if n, want := int(prepared.Load()), min(*b+2*goroutines, steps); n != want {
							t.Errorf("step %d: %d minibatches prepared, want %d", *b, n, want)
						}
						if !tc.inLoop(*b, cancel) {
							break
						}
					}
					for i, step := range got {
						if step != i {
							t.Errorf("steps %v, want all in order", got)
							break
						}
					}
					if len(got) != tc.want {
						t.Errorf("%d steps, want %d", len(got), tc.want)
					}
					if failure == nil && tc.wantErr != "" || failure != nil && failure.Error() != tc.wantErr {
						t.Errorf("error %v, want %q", failure, tc.wantErr)
					}
				})
			})
		}
	}
}
