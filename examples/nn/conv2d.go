// The convolution of images.

package nn

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/seed-7466c776/mixup/examples/datasets"
)

// Conv2D slides a square filter for each output channel over images whose
// channels lie one after another, at a stride of one:
//
//	y[o][i][j] = b[o] + Σ W[o][u][v][c] · x[c][i+u-pad][j+v-pad]
//
// where x is zero outside the image. It is a matrix product of the filters and
// the patches of the image that they meet; so are both gradients.
type Conv2D struct {
	Weight *Param // out × side × side × channels
	Bias   *Param // out

	in, out   datasets.Shape
	side, pad int
	x         []float32 // of the last Forward
	y, dx, dy []float32 // what tasks work on
	turned    []float32 // channels × side × side × out: the filters that lead back
	scratch   []scratch // of each worker
	sums      []float32 // of the gradient, for each chunk: Weight, then Bias

	crew              crew
	forward, backward func(worker, i int) // made once: method values would allocate
}

const (
	// chunk is the number of images whose gradients are summed by one goroutine.
	chunk = 8

	// long is the number of values in a filter from which the gradient of filters
	// is a sum of patches, each a row as long as a filter, rather than of dot
	// products over the image, which is short where filters are long.
	long = 64
)

// NewConv2D returns a layer of out filters of side × side pixels, on images of
// shape in with a border of pad zeros on all sides, 0 ≤ pad < side. Half of an
// odd side as pad keeps the size of the images. Weights are drawn as those of
// [NewDense], and biases are zero.
func NewConv2D(in datasets.Shape, out, side, pad int, src rand.Source) *Conv2D {
	l := &Conv2D{
		in:   in,
		out:  datasets.Shape{Channels: out, Height: in.Height + 2*pad - side + 1, Width: in.Width + 2*pad - side + 1},
		side: side,
		pad:  pad,
	}
	if min(in.Channels, in.Height, in.Width, out, l.out.Height, l.out.Width) <= 0 || pad < 0 || pad >= side {
		panic(fmt.Sprintf("nn: %d filters of %d×%d with padding of %d on images of %v, want positive numbers, a padding below the side and filters that fit",
			out, side, side, pad, in))
	}
	inputs := side * side * in.Channels
	l.Weight, l.Bias = newParam(out*inputs), newParam(out)
	normal(l.Weight.Value, math.Sqrt(2/float64(inputs)), src)
	l.forward, l.backward = l.forwardImage, l.backwardChunk
	return l
}

// Shape returns the shape of the images that come out.
func (l *Conv2D) Shape() datasets.Shape { return l.out }

// Out returns the number of values of the images that come out.
func (l *Conv2D) Out(in int) int { return outSize("convolution", in, l.in, l.out) }

// Params returns the weights and the biases.
func (l *Conv2D) Params() []*Param { return []*Param{l.Weight, l.Bias} }

// Forward implements [Layer].
func (l *Conv2D) Forward(y, x []float32, _ Mode) {
	l.x, l.y = x, y
	rows := len(x) / l.in.Size()
	l.crew.do(l.workers(rows, rows), rows, l.forward)
}

func (l *Conv2D) forwardImage(worker, i int) {
	y, area := row(l.y, i, l.out.Size()), l.out.Height*l.out.Width
	c := l.scratch[worker].columns(row(l.x, i, l.in.Size()), l.in, l.out, l.side, l.pad)
	multiply(y, l.Weight.Value, c, len(l.Weight.Value)/l.out.Channels)
	for o, b := range l.Bias.Value {
		plane := row(y, o, area)
		for j := range plane {
			plane[j] += b
		}
	}
}

// Backward implements [Layer].
func (l *Conv2D) Backward(dx, dy []float32) {
	l.dx, l.dy = dx, dy
	if dx != nil {
		l.turn()
	}
	rows := len(dy) / l.out.Size()
	chunks := ceilDiv(rows, chunk)
	weights := len(l.Weight.Value)
	size := weights + len(l.Bias.Value)
	l.sums = resize(l.sums, chunks*size)
	l.crew.do(l.workers(chunks, 2*rows), chunks, l.backward)

	clear(l.Weight.Grad)
	clear(l.Bias.Grad)
	for t := range chunks {
		sum := row(l.sums, t, size)
		add(l.Weight.Grad, sum[:weights])
		add(l.Bias.Grad, sum[weights:])
	}
}

func (l *Conv2D) backwardChunk(worker, t int) {
	weights := len(l.Weight.Value)
	sum := row(l.sums, t, weights+len(l.Bias.Value))
	clear(sum)
	var (
		in, out = l.in.Size(), l.out.Size()
		area    = l.out.Height * l.out.Width
		inputs  = weights / l.out.Channels
		s       = &l.scratch[worker]
	)
	for i := t * chunk; i < min((t+1)*chunk, len(l.dy)/out); i++ {
		dy := row(l.dy, i, out)
		if x := row(l.x, i, in); inputs < long {
			addTransposed(sum[:weights], dy, s.columns(x, l.in, l.out, l.side, l.pad), area)
		} else {
			s.product = resize(s.product, weights)
			multiply(s.product, dy, s.rows(x, l.in, l.side, l.pad), area)
			add(sum[:weights], s.product)
		}
		for o := range l.out.Channels {
			var total float32
			for _, v := range dy[o*area:][:area] {
				total += v
			}
			sum[weights+o] += total
		}
		if l.dx == nil {
			continue
		}
		// A pixel of the input meets the filters in reverse.
		c := s.columns(dy, l.out, l.in, l.side, l.side-1-l.pad)
		multiply(row(l.dx, i, in), l.turned, c, len(l.turned)/l.in.Channels)
	}
}

// turn sets turned: the filters turned by half a turn, with input and output
// exchanged.
func (l *Conv2D) turn() {
	l.turned = resize(l.turned, len(l.Weight.Value))
	outs, ins, pixels := l.out.Channels, l.in.Channels, l.side*l.side
	for o := range outs {
		for p := range pixels {
			for c, w := range l.Weight.Value[(o*pixels+p)*ins:][:ins] {
				l.turned[(c*pixels+pixels-1-p)*outs+o] = w
			}
		}
	}
}

// workers returns the number of goroutines for count tasks that handle the given
// number of images together, and provides scratch for each of them.
func (l *Conv2D) workers(count, images int) int {
	n := workers(count, images*len(l.Weight.Value)*l.out.Height*l.out.Width)
	for len(l.scratch) < n {
		l.scratch = append(l.scratch, scratch{})
	}
	return n
}

// scratch is what a worker works with.
type scratch struct {
	padded, patches, product []float32
}

// columns returns a matrix with a column for each patch of an image of shape in
// that a filter meets, top to bottom, whose values lie in the order of weights.
func (s *scratch) columns(x []float32, in, out datasets.Shape, side, pad int) []float32 {
	area := out.Height * out.Width
	s.patches = resize(s.patches, side*side*in.Channels*area)
	to := s.patches
	for u := range side {
		for v := range side {
			for c := range in.Channels {
				shift(to[:area], row(x, c, in.Height*in.Width), in, out, u-pad, v-pad)
				to = to[area:]
			}
		}
	}
	return s.patches
}

// rows returns the transpose of what columns returns: a row for each patch.
func (s *scratch) rows(x []float32, in datasets.Shape, side, pad int) []float32 {
	// Channels of a pixel are brought together first: then every patch is a few
	// long runs.
	channels, width := in.Channels, in.Width+2*pad
	s.padded = resize(s.padded, (in.Height+2*pad)*width*channels)
	clear(s.padded)
	for c := range channels {
		for i := range in.Height {
			to := s.padded[((i+pad)*width+pad)*channels+c:]
			for j, v := range x[(c*in.Height+i)*in.Width:][:in.Width] {
				to[j*channels] = v
			}
		}
	}
	height, across := in.Height+2*pad-side+1, width-side+1
	run := side * channels
	s.patches = resize(s.patches, height*across*side*run)
	to := s.patches
	for i := range height {
		for j := range across {
			for u := range side {
				copy(to[:run], s.padded[((i+u)*width+j)*channels:])
				to = to[run:]
			}
		}
	}
	return s.patches
}

// shift sets dst, of out's height and width, to the channel src of an image of
// shape in from which it is moved: dst[i][j] = src[i+down][j+right], and zero
// where that lies outside the image.
func shift(dst, src []float32, in, out datasets.Shape, down, right int) {
	top, bottom := max(-down, 0), min(in.Height-down, out.Height) // the rows and columns of dst
	left, end := max(-right, 0), min(in.Width-right, out.Width)   // that lie in the image
	if top >= bottom || left >= end {
		clear(dst)
		return
	}
	clear(dst[:top*out.Width])
	clear(dst[bottom*out.Width:])
	if in.Width == out.Width {
		// All rows are one run, which goes on from the end of a row at the start of
		// the next one.
		first, last := top*out.Width+left, (bottom-1)*out.Width+end
		copy(dst[first:last], src[first+down*in.Width+right:])
	}
	for i := top; i < bottom; i++ {
		line := row(dst, i, out.Width)
		for j := range left {
			line[j] = 0
		}
		if in.Width != out.Width {
			copy(line[left:end], src[(i+down)*in.Width+left+right:])
		}
		for j := end; j < out.Width; j++ {
			line[j] = 0
		}
	}
}
