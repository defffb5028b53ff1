// One training run.

package main

import (
	"math"
	"math/rand/v2"
	"time"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/datasets"
	"github.com/seed-7466c776/mixup/examples/nn"
)

// A plan is what all runs have in common.
type plan struct {
	epochs, batch, hidden int
	rate                  float64

	classes     int
	train, test images
}

// images are images as the net takes them.
type images struct {
	x      []float32 // a row of dim values for each
	dim    int
	labels []int
}

// A result is what one run is about.
type result struct {
	testError     float64       // share of the test images
	trainAccuracy float64       // share of the training images, unmixed
	step          time.Duration // for a step of training
	mixing        float64       // the part of step in which minibatches were drawn, gathered and mixed
}

// normalize sets the images of a plan, with the training images' mean and
// standard deviation.
func (p *plan) normalize(train, test *datasets.Set) {
	mean, std := train.Moments()
	for c := range std {
		if std[c] == 0 {
			std[c] = 1 // a channel without contrast
		}
	}
	p.classes = train.Classes
	for _, s := range []struct {
		dst *images
		src *datasets.Set
	}{{&p.train, train}, {&p.test, test}} {
		*s.dst = images{make([]float32, len(s.src.Pixels)), s.src.Shape.Size(), s.src.Labels}
		s.src.NormalizeTo(s.dst.x, mean, std)
	}
}

// steps returns the number of steps of a run. What is left of an epoch when
// no minibatch can be filled any more is left out.
func (p *plan) steps() int { return p.epochs * (len(p.train.labels) / p.batch) }

// run trains a net on minibatches that s mixes, and calls done after every
// step. Runs with the same seed begin with the same weights and gather the same
// minibatches.
func (p *plan) run(s mixup.Sampler, seed uint64, done func()) result {
	dim := p.train.dim
	src := rand.NewPCG(seed, 0)
	net := nn.New(dim,
		nn.NewDense(dim, p.hidden, src), &nn.ReLU{},
		nn.NewDense(p.hidden, p.hidden, src), &nn.ReLU{},
		nn.NewDense(p.hidden, p.classes, src))
	opt := nn.NewAdam()
	stream := mixup.NewStream(seed, 0)
	s.Src = stream

	var (
		m             mixup.Mix
		ce            mixup.CrossEntropy
		x             = make([]float32, p.batch*dim)
		grad          = make([]float32, p.batch*p.classes)
		order         = rand.New(rand.NewPCG(seed, 1))
		rows          = order.Perm(len(p.train.labels))
		next          = 0 // of rows
		steps         = p.steps()
		total, mixing time.Duration
	)
	for step := range steps {
		if next+p.batch > len(rows) {
			order.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
			next = 0
		}
		begin := time.Now()
		stream.Seek(uint64(step))
		s.Sample(&m, p.batch)
		m.Select(rows[next : next+p.batch])
		m.ApplyTo(x, p.train.x)
		mixing += time.Since(begin)

		ce.Mixed(grad, net.Forward(x), &m, p.train.labels)
		net.Backward(grad)
		opt.Rate = p.rate * (1 + math.Cos(math.Pi*float64(step)/float64(steps))) / 2
		opt.Step(net.Params())
		total += time.Since(begin)
		next += p.batch
		done()
	}
	return result{
		testError:     1 - accuracy(net, p.test),
		trainAccuracy: accuracy(net, p.train),
		step:          total / time.Duration(steps),
		mixing:        mixing.Seconds() / total.Seconds(),
	}
}

// accuracy returns the share of images that net puts in the right class.
func accuracy(net *nn.Net, set images) float64 {
	const chunk = 1000
	var (
		m     mixup.Mix // the identity
		right float64
	)
	for i := 0; i < len(set.labels); i += chunk {
		n := min(chunk, len(set.labels)-i)
		new(mixup.Sampler).Sample(&m, n)
		logits := net.Predict(set.x[i*set.dim : (i+n)*set.dim])
		right += float64(n) * m.Accuracy(logits, set.labels[i:i+n], 1)
	}
	return right / float64(len(set.labels))
}
