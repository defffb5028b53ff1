// Batch normalisation.

package nn

import (
	"fmt"
	"iter"
	"math"

	"github.com/seed-7466c776/mixup/examples/datasets"
)

// BatchNorm shifts and scales every channel of images to mean 0 and variance 1
// over the pixels of the minibatch, and then by a scale and a shift that are
// learnt (Ioffe and Szegedy 2015, "Batch normalization: accelerating deep network
// training by reducing internal covariate shift"). In [Eval] mode the mean and the
// variance are moving averages of those in training, which move a tenth of the
// way with each minibatch, as PyTorch's do. A minibatch in training must have two
// pixels in each channel.
//
// Rows of features without places are images of shape features×1×1.
type BatchNorm struct {
	Scale, Shift *Param // one for each channel

	in             datasets.Shape
	mean, variance []float32 // moving averages

	x, y, dx, dy []float32 // what tasks work on; x is that of the last Forward
	mode         Mode      // of the last Forward
	center, gain []float32 // of the last Forward: a value v becomes (v-center)·gain

	crew              crew
	forward, backward func(worker, channel int) // made once: method values would allocate
}

// NewBatchNorm returns a layer for images of shape in, with scales of 1 and shifts
// of 0.
func NewBatchNorm(in datasets.Shape) *BatchNorm {
	if min(in.Channels, in.Height, in.Width) <= 0 {
		panic(fmt.Sprintf("nn: batch normalisation of images of %v, want positive numbers", in))
	}
	n := in.Channels
	l := &BatchNorm{
		Scale: newParam(n), Shift: newParam(n), in: in,
		mean: make([]float32, n), variance: make([]float32, n),
		center: make([]float32, n), gain: make([]float32, n),
	}
	fill(l.Scale.Value, 1)
	fill(l.variance, 1)
	l.forward, l.backward = l.forwardChannel, l.backwardChannel
	return l
}

// Out returns in.
func (l *BatchNorm) Out(in int) int { return outSize("batch normalisation", in, l.in, l.in) }

// Params returns the scales and the shifts.
func (l *BatchNorm) Params() []*Param { return []*Param{l.Scale, l.Shift} }

// state implements stateful.
func (l *BatchNorm) state() [][]float32 { return [][]float32{l.mean, l.variance} }

// Forward implements [Layer].
func (l *BatchNorm) Forward(y, x []float32, mode Mode) {
	l.x, l.y, l.mode = x, y, mode
	if pixels := len(x) / l.in.Channels; mode == Train && pixels < 2 {
		panic(fmt.Sprintf("nn: batch normalisation of %d pixel in training, want 2 or more", pixels))
	}
	l.crew.do(workers(l.in.Channels, len(x)), l.in.Channels, l.forward)
}

// planes yields where the pixels of a channel begin and end, image by image, in
// images that have the given number of values together.
func (l *BatchNorm) planes(channel, values int) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		area := l.in.Height * l.in.Width
		for first := channel * area; first < values; first += l.in.Size() {
			if !yield(first, first+area) {
				return
			}
		}
	}
}

func (l *BatchNorm) forwardChannel(_, c int) {
	const epsilon, momentum = 1e-5, 0.1
	mean, variance := float64(l.mean[c]), float64(l.variance[c])
	if l.mode == Train {
		n := float64(len(l.x) / l.in.Channels)
		var sum, squares float64
		for first, end := range l.planes(c, len(l.x)) {
			for _, v := range l.x[first:end] {
				sum += float64(v)
				squares += float64(v) * float64(v)
			}
		}
		mean = sum / n
		variance = max(squares/n-mean*mean, 0)
		l.mean[c] += momentum * (float32(mean) - l.mean[c])
		l.variance[c] += momentum * (float32(variance*n/(n-1)) - l.variance[c])
	}
	l.center[c], l.gain[c] = float32(mean), float32(1/math.Sqrt(variance+epsilon))
	center, scale, shift := l.center[c], l.gain[c]*l.Scale.Value[c], l.Shift.Value[c]
	for first, end := range l.planes(c, len(l.x)) {
		y := l.y[first:end]
		for i, v := range l.x[first:end] {
			y[i] = (v-center)*scale + shift
		}
	}
}

// Backward implements [Layer].
func (l *BatchNorm) Backward(dx, dy []float32) {
	l.dx, l.dy = dx, dy
	l.crew.do(workers(l.in.Channels, len(dy)), l.in.Channels, l.backward)
}

func (l *BatchNorm) backwardChannel(_, c int) {
	center, gain := l.center[c], l.gain[c]
	var sum, product float64 // of dy, and of dy and the normalised x
	for first, end := range l.planes(c, len(l.x)) {
		dy := l.dy[first:end]
		for i, v := range l.x[first:end] {
			sum += float64(dy[i])
			product += float64(dy[i]) * float64((v-center)*gain)
		}
	}
	l.Shift.Grad[c], l.Scale.Grad[c] = float32(sum), float32(product)
	if l.dx == nil {
		return
	}
	// The mean and the variance of a minibatch depend on x, moving averages do not.
	var fromMean, fromVariance float32
	if l.mode == Train {
		n := float64(len(l.x) / l.in.Channels)
		fromMean, fromVariance = float32(sum/n), float32(product/n)
	}
	scale := gain * l.Scale.Value[c]
	for first, end := range l.planes(c, len(l.x)) {
		dx, dy := l.dx[first:end], l.dy[first:end]
		for i, v := range l.x[first:end] {
			dx[i] = scale * (dy[i] - fromMean - (v-center)*gain*fromVariance)
		}
	}
}
