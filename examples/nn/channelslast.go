// The logits of pixels.

package nn

import "github.com/seed-7466c776/mixup/examples/datasets"

// ChannelsLast brings the channels of each pixel together: images of channels ×
// height × width become images of height × width × channels. It is the last layer
// of a net that classifies every pixel, such as one for segmentation. With a
// channel for each class, what comes out for n images is n × height × width rows
// of logits, one row for each pixel. A loss takes them as if each row were that of
// an image.
type ChannelsLast struct {
	In datasets.Shape
}

// Out returns in.
func (l *ChannelsLast) Out(in int) int { return outSize("channels last", in, l.In, l.In) }

// Params returns none.
func (*ChannelsLast) Params() []*Param { return nil }

// Forward implements [Layer].
func (l *ChannelsLast) Forward(y, x []float32, _ Mode) {
	l.transpose(y, x, l.In.Height*l.In.Width)
}

// Backward implements [Layer].
func (l *ChannelsLast) Backward(dx, dy []float32) {
	l.transpose(dx, dy, l.In.Channels)
}

// transpose sets every image of dst to the transpose of that of src, a matrix with
// rows of cols values. A nil dst is not computed.
func (l *ChannelsLast) transpose(dst, src []float32, cols int) {
	size := l.In.Size()
	for i := range len(dst) / size {
		transpose(row(dst, i, size), row(src, i, size), cols)
	}
}
