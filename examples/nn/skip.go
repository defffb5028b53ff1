// Skip connections.

package nn

import "fmt"

// Skip puts its input in front of what its inner net makes of it. Of images with
// the same height and width this is a concatenation of channels: the channels of
// the input, then those that come out of the inner net. A net for segmentation
// needs it where the inner net makes images smaller and then larger again, because
// fine detail is lost on that way (Ronneberger et al. 2015, "U-Net: convolutional
// networks for biomedical image segmentation").
type Skip struct {
	inner   *Net
	in, out int       // features that go into the inner net and that come out of it
	dz      []float32 // gradient of the loss with respect to the inner net's output
}

// NewSkip returns a skip connection around the chain of layers for rows of in
// features.
func NewSkip(in int, layers ...Layer) *Skip {
	inner := New(in, layers...)
	return &Skip{inner: inner, in: in, out: inner.width[len(layers)]}
}

// Out returns the sum of in and of the number of features that come out of the
// inner net.
func (l *Skip) Out(in int) int {
	if in != l.in {
		panic(fmt.Sprintf("nn: skip connection is given rows of %d features, want %d", in, l.in))
	}
	return l.in + l.out
}

// Params returns those of the inner net.
func (l *Skip) Params() []*Param { return l.inner.Params() }

// state implements stateful.
func (l *Skip) state() [][]float32 { return l.inner.state() }

// Forward implements [Layer].
func (l *Skip) Forward(y, x []float32, mode Mode) {
	z := l.inner.forward(x, mode)
	for i := range len(x) / l.in {
		to := row(y, i, l.in+l.out)
		copy(to, row(x, i, l.in))
		copy(to[l.in:], row(z, i, l.out))
	}
}

// Backward implements [Layer].
func (l *Skip) Backward(dx, dy []float32) {
	rows := len(dy) / (l.in + l.out)
	l.dz = resize(l.dz, rows*l.out)
	for i := range rows {
		copy(row(l.dz, i, l.out), row(dy, i, l.in+l.out)[l.in:])
	}
	l.inner.BackwardTo(dx, l.dz)
	if dx == nil {
		return
	}
	for i := range rows {
		add(row(dx, i, l.in), row(dy, i, l.in+l.out)[:l.in])
	}
}
