// The net of experiment segmentation, and a step of its training.

package main

import (
	"math/rand/v2"
	"slices"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/datasets"
	"github.com/seed-7466c776/mixup/examples/nn"
)

// segmentNet returns a U-Net in small, whose output is a row of logits for each
// pixel. An encoder halves the images twice, and a decoder doubles them twice.
// The features of each size in the encoder go to those of the same size in the
// decoder. There are width filters of 3×3 pixels at full size, and twice those
// before at each smaller one.
func segmentNet(image mixup.Image, width, classes int, src rand.Source) *nn.Net {
	shape := func(channels, halved int) datasets.Shape {
		return datasets.Shape{Channels: channels, Height: image.Height >> halved, Width: image.Width >> halved}
	}
	// filters returns a normalised convolution from one number of channels to another.
	filters := func(from, to, halved int) []nn.Layer {
		return append([]nn.Layer{nn.NewConv2D(shape(from, halved), to, 3, 1, src)}, normalized(shape(to, halved))...)
	}
	// below returns inner with a pool before and upsampling behind it.
	below := func(from, to, halved int, inner ...[]nn.Layer) *nn.Skip {
		layers := []nn.Layer{&nn.MaxPool{In: shape(from, halved)}}
		layers = append(layers, slices.Concat(inner...)...)
		layers = append(layers, &nn.Upsample{In: shape(to, halved+1)})
		return nn.NewSkip(shape(from, halved).Size(), layers...)
	}
	w, w2, w4 := width, 2*width, 4*width
	smallest := below(w2, w4, 1, filters(w2, w4, 2), filters(w4, w4, 2))
	smaller := below(w, w2, 0, filters(w, w2, 1), []nn.Layer{smallest}, filters(w2+w4, w2, 1))
	return nn.New(shape(1, 0).Size(), slices.Concat(
		filters(1, w, 0), []nn.Layer{smaller}, filters(w+w2, w, 0),
		[]nn.Layer{nn.NewConv2D(shape(w, 0), classes, 1, 0, src), &nn.ChannelsLast{In: shape(classes, 0)}},
	)...)
}

// predictScenes returns the class with the largest logit for each pixel of s.
func predictScenes(net *nn.Net, s *sceneSet) []int {
	const chunk = 50 // images at a time, to keep memory small
	var (
		classes []int
		m       mixup.Mix
		x       = make([]float32, chunk*s.plane())
	)
	for first := 0; first < s.Len(); first += chunk {
		n := min(chunk, s.Len()-first)
		m.Identity(n)
		m.ApplyBytesTo(x[:n*s.plane()], s.pixels[first*s.plane():][:n*s.plane()], s.image, sceneNorm)
		for logits := range slices.Chunk(net.Predict(x[:n*s.plane()]), s.classes) {
			best := 0
			for class, z := range logits {
				if z > logits[best] {
					best = class
				}
			}
			classes = append(classes, best)
		}
	}
	return classes
}

// A segmentTrainer trains a net on scenes that sampler mixes or cuts, with one draw
// for a minibatch.
type segmentTrainer struct {
	net     *nn.Net
	scenes  *sceneSet
	sampler mixup.CutSampler

	oneHot  []float32 // the masks: a row of classes for each pixel
	cut     mixup.Cut
	pixels  mixup.Mix // leaves the pixels of a minibatch as they are
	x       []float32
	pasted  []int     // masks of a minibatch with boxes
	targets []float32 // soft targets of a minibatch without
	grad    []float32
}

func newSegmentTrainer(net *nn.Net, scenes *sceneSet, sampler mixup.CutSampler) *segmentTrainer {
	t := &segmentTrainer{net: net, scenes: scenes, sampler: sampler}
	t.oneHot = make([]float32, len(scenes.masks)*scenes.classes)
	t.pixels.Identity(len(scenes.masks))
	t.pixels.OneHotTo(t.oneHot, scenes.masks, scenes.classes)
	return t
}

// gradient sets the gradients of the net on a minibatch of those rows, and returns
// the loss: the mean cross-entropy over all pixels.
func (t *segmentTrainer) gradient(rows []int) float64 {
	t.sampler.Sample(&t.cut, len(rows))
	t.cut.Select(rows)
	t.x = resize(t.x, len(rows)*t.scenes.plane())
	t.cut.ApplyBytesTo(t.x, t.scenes.pixels, sceneNorm)
	logits := t.net.Forward(t.x)
	t.grad = resize(t.grad, len(logits))
	loss := t.loss(logits)
	t.net.Backward(t.grad)
	return loss
}

// loss sets grad to the gradient of the loss with respect to logits, a row for
// each pixel of the minibatch, and returns the loss.
func (t *segmentTrainer) loss(logits []float32) float64 {
	var (
		ce      mixup.CrossEntropy
		classes = t.scenes.classes
	)
	if t.cut.Box[0].Empty() {
		// The target of a pixel is the mean of the one-hot classes that the mixed
		// images have there: the mask of a scene is mixed as one long row.
		t.targets = resize(t.targets, len(logits))
		t.cut.Labels.ApplyTo(t.targets, t.oneHot, t.scenes.plane()*classes)
		return ce.Soft(t.grad, logits, t.targets, classes)
	}
	// A pixel of a pasted mask has one class, and its weight is 1.
	t.pasted = resize(t.pasted, len(logits)/classes)
	mixup.Paste(&t.cut, t.pasted, t.scenes.masks, 1)
	t.pixels.Identity(len(t.pasted))
	return ce.Mixed(t.grad, logits, &t.pixels, t.pasted, classes)
}

// resize returns a slice of n elements that reuses buf's memory if it can. The
// elements are unspecified.
func resize[T any](buf []T, n int) []T { return slices.Grow(buf[:0], n)[:n] }
