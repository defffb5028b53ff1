// Upsampling of images.

package nn

import "github.com/seed-7466c776/mixup/examples/datasets"

// Upsample doubles the height and the width of images, channel by channel: every
// pixel becomes a square of 2 × 2 equal pixels (nearest-neighbour upsampling). It
// brings images back to the size that they had before a [MaxPool], if that was
// even.
type Upsample struct {
	In datasets.Shape
}

// Shape returns the shape of the images that come out.
func (l *Upsample) Shape() datasets.Shape {
	return datasets.Shape{Channels: l.In.Channels, Height: 2 * l.In.Height, Width: 2 * l.In.Width}
}

// Out returns the number of values of the images that come out.
func (l *Upsample) Out(in int) int { return outSize("upsampling", in, l.In, l.Shape()) }

// Params returns none.
func (*Upsample) Params() []*Param { return nil }

// Forward implements [Layer].
func (l *Upsample) Forward(y, x []float32, _ Mode) {
	// Every line of pixels becomes two lines of twice its length, whatever the
	// channel and the image that it belongs to.
	for ; len(x) > 0; x = x[l.In.Width:] {
		upper, lower := l.lines(y)
		for j, v := range x[:l.In.Width] {
			upper[2*j], upper[2*j+1] = v, v
		}
		copy(lower, upper)
		y = y[2*len(upper):]
	}
}

// Backward implements [Layer]. The gradient of a pixel is the sum of those of its
// square.
func (l *Upsample) Backward(dx, dy []float32) {
	for ; len(dx) > 0; dx = dx[l.In.Width:] {
		upper, lower := l.lines(dy)
		for j := range dx[:l.In.Width] {
			dx[j] = upper[2*j] + upper[2*j+1] + lower[2*j] + lower[2*j+1]
		}
		dy = dy[2*len(upper):]
	}
}

// lines returns the first two lines of y, which has those of images that come out.
func (l *Upsample) lines(y []float32) (upper, lower []float32) {
	width := 2 * l.In.Width
	return y[:width], y[width:][:width]
}
