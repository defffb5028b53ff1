// Training on images that are shifted, flipped and mixed.

package main

import (
	"math"
	"math/rand/v2"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/nn"
	"github.com/seed-7466c776/mixup/experiments/internal/train"
)

// An imageTraining does the steps of a run in which a net learns from images. A
// step loads a minibatch, mixes it, and learns from it.
type imageTraining struct {
	set      *imageSet
	net      *nn.Net
	border   int              // the largest shift of an image, in pixels
	sampler  mixup.CutSampler // of what is mixed
	shifting *mixup.Stream
	mixing   *mixup.Stream // the source of sampler

	x, grad []float32
	labels  []int
	cut     mixup.Cut
}

// newImageTraining returns the training of net on set in minibatches of up to
// batch images, which are mixed by method m.
func newImageTraining(set *imageSet, net *nn.Net, batch, border int, m imageMethod, seed uint64) *imageTraining {
	mixing := mixup.NewStream(seed, train.Mixing)
	shape := mixup.Image{Channels: set.shape.Channels, Height: set.shape.Height, Width: set.shape.Width}
	return &imageTraining{
		set:      set,
		net:      net,
		border:   border,
		sampler:  m.on(shape, mixing),
		shifting: mixup.NewStream(seed, train.Augmenting),
		mixing:   mixing,
		x:        make([]float32, batch*set.training.Dim),
		grad:     make([]float32, batch*set.training.Classes),
		labels:   make([]int, batch),
	}
}

// streams returns all that steps draw from.
func (t *imageTraining) streams() []*mixup.Stream { return []*mixup.Stream{t.shifting, t.mixing} }

// gradient does a step, after which the optimiser takes its own.
func (t *imageTraining) gradient(s train.Step) float64 {
	t.load(s.Rows)
	t.mix()
	return t.learn()
}

// load makes the minibatch those rows of the training set, shifted and flipped at
// random.
func (t *imageTraining) load(rows []int) {
	data := t.set.training
	t.x, t.grad, t.labels = t.x[:len(rows)*data.Dim], t.grad[:len(rows)*data.Classes], t.labels[:len(rows)]
	r := rand.New(t.shifting)
	for i, row := range rows {
		augment(t.x[i*data.Dim:][:data.Dim], data.X[row*data.Dim:][:data.Dim], t.set.shape, t.border, r)
		t.labels[i] = data.Labels[row]
	}
}

// mix mixes the minibatch.
func (t *imageTraining) mix() {
	t.sampler.Sample(&t.cut, len(t.labels))
	t.cut.Apply(t.x)
}

// learn sets the gradients of the net and returns the loss.
func (t *imageTraining) learn() float64 {
	loss := mixup.CrossEntropy{}.Mixed(t.grad, t.net.Forward(t.x), &t.cut.Labels, t.labels, t.set.training.Classes)
	t.net.Backward(t.grad)
	return loss
}

// cosine returns the factor of the rate when epoch of epochs are done. It falls from
// 1 to 0 along a cosine.
func cosine(epoch float64, epochs int) float64 {
	return (1 + math.Cos(math.Pi*epoch/float64(epochs))) / 2
}
