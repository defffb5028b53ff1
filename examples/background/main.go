// Background prepares minibatches while the net computes: goroutines gather bytes
// from a data set, mix and normalise them, some steps ahead. As a Stream makes
// draws a function of the step, the minibatches do not depend on how many
// goroutines there are. It prints digests of them, and how long the trainer waits.
// Copy the package prefetch too: another module cannot import it.
//
//	go run ./examples/background
package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"log"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/datasets"
	"github.com/seed-7466c776/mixup/examples/internal/prefetch"
)

const (
	side  = 32
	batch = 64
	steps = 60
)

// A minibatch is a draw that points at rows of the data set, and what it made of
// them. Its labels are those of the data set.
type minibatch struct {
	mixup.Mix
	x []float32
}

func main() {
	set, _ := datasets.Drawing{Side: side, Vary: true}.Draw(600, rand.New(rand.NewPCG(1, 0)))
	for _, goroutines := range []int{1, 2, 4} {
		h := fnv.New64a()
		var waited time.Duration
		begin := time.Now()
		start := func() func(*minibatch, int) error { return preparer(set) }
		for b, err := range prefetch.Steps(context.Background(), steps, goroutines, start) {
			if err != nil {
				log.Fatal(err)
			}
			waited += time.Since(begin)
			if err := binary.Write(h, binary.LittleEndian, b.x); err != nil {
				log.Fatal(err)
			}
			time.Sleep(2 * time.Millisecond) // in place of a net: ce.Mixed(grad, net.Forward(b.x), &b.Mix, set.Labels, set.Classes)
			begin = time.Now()
		}
		fmt.Printf("%d goroutines: digest of %d minibatches %016x; a step waited %v on average\n",
			goroutines, steps, h.Sum64(), (waited / steps).Round(time.Microsecond))
	}
}

// preparer returns the function with which one goroutine prepares minibatches. It
// has all that the goroutine needs for itself.
func preparer(set *datasets.Set) func(b *minibatch, step int) error {
	image := mixup.Image{Channels: 3, Height: side, Width: side}
	norm := mixup.Norm{Mean: []float32{0.5, 0.5, 0.5}, Std: []float32{0.25, 0.25, 0.25}}
	mixing, order := mixup.NewStream(1, 0), mixup.NewStream(1, 1)
	s := mixup.Sampler{Alpha: 0.2, Src: mixing}
	rows := make([]int, set.Len())
	values := batch * set.Shape.Size()
	return func(b *minibatch, step int) error {
		mixing.Seek(uint64(step))
		order.Seek(uint64(step))
		mixup.Permute(rows, order)
		s.Sample(&b.Mix, batch)
		b.Select(rows[:batch])
		b.x = slices.Grow(b.x[:0], values)[:values] // its memory is used again
		b.ApplyBytesTo(b.x, set.Pixels, image, norm)
		return nil
	}
}
