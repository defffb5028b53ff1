// The convolution of images.

package nn

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"

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
	patches   []patches // one for each worker
	sums      []float32 // of the gradient, for each chunk: Weight, then Bias

	crew              crew
	forward, backward func(worker, i int) // made once: method values would allocate
}

const (
	// chunk is the number of images whose gradients are summed by one goroutine.
	chunk = 8

	// short is the number of values in a filter below which gonum's dot products
	// take longer than its sums of scaled rows, which are long whatever the filter.
	short = 64
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
	y, x := row(l.y, i, l.out.Size()), row(l.x, i, l.in.Size())
	area := l.out.Height * l.out.Width
	for o, b := range l.Bias.Value {
		fill(y[o*area:][:area], b)
	}
	w := matrix(l.Weight.Value, len(l.Weight.Value)/l.out.Channels)
	if p := &l.patches[worker]; w.Cols < short {
		gemm(blas.NoTrans, blas.NoTrans, w, p.columns(x, l.in, l.out, l.side, l.pad), 1, matrix(y, area))
	} else {
		gemm(blas.NoTrans, blas.Trans, w, p.rows(x, l.in, l.side, l.pad), 1, matrix(y, area))
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
		patches = &l.patches[worker]
	)
	for i := t * chunk; i < min((t+1)*chunk, len(l.dy)/out); i++ {
		dy := row(l.dy, i, out)
		c := patches.columns(row(l.x, i, in), l.in, l.out, l.side, l.pad)
		gemm(blas.NoTrans, blas.Trans, matrix(dy, area), c, 1, matrix(sum[:weights], inputs))
		for o := range l.out.Channels {
			var s float32
			for _, v := range dy[o*area:][:area] {
				s += v
			}
			sum[weights+o] += s
		}
		if l.dx == nil {
			continue
		}
		// A pixel of the input meets the filters in reverse.
		p := patches.rows(dy, l.out, l.side, l.side-1-l.pad)
		gemm(blas.NoTrans, blas.Trans, matrix(l.turned, p.Cols), p, 0, matrix(row(l.dx, i, in), l.in.Height*l.in.Width))
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

// workers returns the number of goroutines for count tasks, on so many images
// in all, and sees to it that each of them has its patches.
func (l *Conv2D) workers(count, images int) int {
	n := workers(count, images*len(l.Weight.Value)*l.out.Height*l.out.Width)
	for len(l.patches) < n {
		l.patches = append(l.patches, patches{})
	}
	return n
}

// patches lists the patches of an image that a filter meets.
type patches struct {
	padded, matrix []float32
}

// rows returns a matrix with a row for each patch, top to bottom, whose values
// lie in the order of weights.
func (p *patches) rows(x []float32, in datasets.Shape, side, pad int) blas32.General {
	// Channels of a pixel are brought together first: then every patch is a few
	// long runs.
	channels, width := in.Channels, in.Width+2*pad
	p.padded = resize(p.padded, (in.Height+2*pad)*width*channels)
	clear(p.padded)
	for c := range channels {
		for i := range in.Height {
			to := p.padded[((i+pad)*width+pad)*channels+c:]
			for j, v := range x[(c*in.Height+i)*in.Width:][:in.Width] {
				to[j*channels] = v
			}
		}
	}
	height, across := in.Height+2*pad-side+1, width-side+1
	run := side * channels
	p.matrix = resize(p.matrix, height*across*side*run)
	to := p.matrix
	for i := range height {
		for j := range across {
			for u := range side {
				copy(to[:run], p.padded[((i+u)*width+j)*channels:])
				to = to[run:]
			}
		}
	}
	return matrix(p.matrix, side*run)
}

// columns returns the transpose of what rows returns.
func (p *patches) columns(x []float32, in, out datasets.Shape, side, pad int) blas32.General {
	area := out.Height * out.Width
	p.matrix = resize(p.matrix, side*side*in.Channels*area)
	to := p.matrix
	for u := range side {
		for v := range side {
			first, end := max(pad-v, 0), min(in.Width+pad-v, out.Width) // the columns that lie in the image
			for c := range in.Channels {
				for i := range out.Height {
					line := to[:out.Width]
					to = to[out.Width:]
					y := i + u - pad
					if y < 0 || y >= in.Height {
						clear(line)
						continue
					}
					clear(line[:first])
					copy(line[first:end], x[(c*in.Height+y)*in.Width+first+v-pad:])
					clear(line[end:])
				}
			}
		}
	}
	return matrix(p.matrix, area)
}
