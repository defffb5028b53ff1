// Pooling of images.

package nn

import (
	"fmt"
	"math"

	"github.com/seed-7466c776/mixup/examples/datasets"
)

// MaxPool keeps the largest value of every square of 2 × 2 pixels, channel by
// channel. Squares do not overlap; a last row or column that fills none is left
// out.
type MaxPool struct {
	In datasets.Shape

	at   []int32 // where the largest values of the last Forward are in its input
	x, y []float32
	crew crew
	task func(worker, i int) // made once: a method value would allocate
}

// Shape returns the shape of the images that come out.
func (l *MaxPool) Shape() datasets.Shape {
	if min(l.In.Height, l.In.Width) < 2 {
		panic(fmt.Sprintf("nn: pool of images of %v, want a side of 2 at least", l.In))
	}
	return datasets.Shape{Channels: l.In.Channels, Height: l.In.Height / 2, Width: l.In.Width / 2}
}

// Out returns the number of values of the images that come out.
func (l *MaxPool) Out(in int) int { return outSize("pool", in, l.In, l.Shape()) }

// Params returns none.
func (*MaxPool) Params() []*Param { return nil }

// Forward implements [Layer].
func (l *MaxPool) Forward(y, x []float32, _ Mode) {
	if l.task == nil {
		l.task = l.image
	}
	l.x, l.y = x, y
	l.at = resize(l.at, len(y))
	rows := len(x) / l.In.Size()
	l.crew.do(workers(rows, len(x)), rows, l.task)
}

func (l *MaxPool) image(_, image int) {
	out := l.Shape()
	first, width := image*l.In.Size(), l.In.Width
	y, at := row(l.y, image, out.Size()), row(l.at, image, out.Size())
	for c := range out.Channels {
		for i := range out.Height {
			start := first + (c*l.In.Height+2*i)*width
			upper, lower := l.x[start:][:width], l.x[start+width:][:width]
			for j := 0; j < width-1; j += 2 {
				// In an integer, the value is followed by its place.
				best := larger(
					larger(ordered(upper[j])<<2|3, ordered(upper[j+1])<<2|2),
					larger(ordered(lower[j])<<2|1, ordered(lower[j+1])<<2))
				place := 3 - int(best&3)
				where := start + j + place>>1*width + place&1
				y[0], at[0] = l.x[where], int32(where)
				y, at = y[1:], at[1:]
			}
		}
	}
}

// ordered returns an integer for v that orders as v does. With these the largest
// of a square is found without branches, many of which would be mispredicted.
func ordered(v float32) int64 {
	bits := int32(math.Float32bits(v))
	return int64(bits ^ bits>>31&math.MaxInt32)
}

// larger returns the larger one of two integers of 34 bits. The compiler makes a
// branch of max.
func larger(a, b int64) int64 {
	d := a - b
	return a - d&(d>>63)
}

// Backward implements [Layer]. Of equal values the first one has the gradient.
func (l *MaxPool) Backward(dx, dy []float32) {
	if dx == nil {
		return
	}
	clear(dx)
	for i, at := range l.at {
		dx[at] = dy[i]
	}
}
