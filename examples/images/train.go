// One training run.

package main

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/datasets"
	"github.com/seed-7466c776/mixup/examples/internal/prefetch"
	"github.com/seed-7466c776/mixup/examples/nn"
)

// A plan is what all runs have in common.
type plan struct {
	epochs, batch, hidden int
	rate                  float64

	train, test *datasets.Set
	image       mixup.Image
	norm        mixup.Norm
}

// A result is what one run is about.
type result struct {
	testError     float64       // share of the test images
	trainAccuracy float64       // share of the training images, unmixed
	step          time.Duration // for a step of training
	mixing        float64       // time in which a minibatch is prepared, as a part of step
}

// use sets the images of a plan, to be normalised by the training images' mean
// and standard deviation.
func (p *plan) use(train, test *datasets.Set) {
	mean, std := train.Moments()
	for c := range std {
		if std[c] == 0 {
			std[c] = 1 // a channel without contrast
		}
	}
	g := train.Shape
	p.train, p.test = train, test
	p.image = mixup.Image{Channels: g.Channels, Height: g.Height, Width: g.Width}
	p.norm = mixup.Norm{Mean: mean, Std: std}
}

// perEpoch returns the number of steps of an epoch. What is left when no minibatch
// can be filled any more is left out.
func (p *plan) perEpoch() int { return p.train.Len() / p.batch }

// steps returns the number of steps of a run.
func (p *plan) steps() int { return p.epochs * p.perEpoch() }

// A minibatch is a draw that points at rows of the training images, and what it
// has made of them.
type minibatch struct {
	mixup.Mix
	x    []float32
	time time.Duration // that it took to draw, gather, mix and normalise
}

// mix prepares the minibatches of the steps of a run. Of a seed they have the same
// rows, however s mixes them.
func (p *plan) mix(s mixup.Sampler, seed uint64) func(b *minibatch, step int) error {
	stream := mixup.NewStream(seed, 0)
	s.Src = stream
	order := rand.New(rand.NewPCG(seed, 1))
	rows := order.Perm(p.train.Len())
	epoch := 0 // that rows are in the order of
	values := p.batch * p.train.Shape.Size()
	return func(b *minibatch, step int) error {
		for ; epoch < step/p.perEpoch(); epoch++ {
			order.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		}
		begin := time.Now()
		stream.Seek(uint64(step))
		s.Sample(&b.Mix, p.batch)
		b.Select(rows[step%p.perEpoch()*p.batch:][:p.batch])
		b.x = slices.Grow(b.x[:0], values)[:values]
		b.ApplyBytesTo(b.x, p.train.Pixels, p.image, p.norm)
		b.time = time.Since(begin)
		return nil
	}
}

// pairs returns the results for each sampler and seed, and calls done after every
// step. If a run fails, or ctx is done, the results are those of the seeds before.
func (p *plan) pairs(ctx context.Context, samplers []mixup.Sampler, seeds int, done func()) ([][]result, error) {
	results := make([][]result, len(samplers))
	for seed := range seeds {
		var of []result
		for _, s := range samplers {
			r, err := p.run(ctx, s, uint64(seed), done)
			if err != nil {
				return results, err
			}
			of = append(of, r)
		}
		for i, r := range of {
			results[i] = append(results[i], r)
		}
	}
	return results, nil
}

// run trains a net on minibatches that s mixes, and calls done after every step.
// Runs with the same seed begin with the same weights and gather the same
// minibatches. It returns an error if ctx is done before the last step, or if the
// loss is not a finite number.
func (p *plan) run(ctx context.Context, s mixup.Sampler, seed uint64, done func()) (result, error) {
	classes := p.train.Classes
	dim := p.train.Shape.Size()
	net := nn.Perceptron(rand.NewPCG(seed, 0), dim, p.hidden, p.hidden, classes)
	opt := nn.NewAdam()

	var (
		ce            mixup.CrossEntropy
		grad          = make([]float32, p.batch*classes)
		step          = 0
		steps         = p.steps()
		total, mixing time.Duration
	)
	const goroutines = 1 // as a minibatch takes far less time than a step
	begin := time.Now()
	prepare := func() func(*minibatch, int) error { return p.mix(s, seed) }
	for b, err := range prefetch.Steps(ctx, steps, goroutines, prepare) {
		if err != nil {
			return result{}, err
		}
		loss := ce.Mixed(grad, net.Forward(b.x), &b.Mix, p.train.Labels, classes)
		net.Backward(grad)
		opt.Rate = p.rate * (1 + math.Cos(math.Pi*float64(step)/float64(steps))) / 2
		opt.Step(net.Params())
		if math.IsNaN(loss) {
			return result{}, p.diverged(s, seed)
		}
		mixing += b.time
		total += time.Since(begin)
		done()
		begin = time.Now()
		step++
	}
	if !net.Finite() {
		return result{}, p.diverged(s, seed)
	}
	return result{
		testError:     1 - p.accuracy(net, p.test),
		trainAccuracy: p.accuracy(net, p.train),
		step:          total / time.Duration(steps),
		mixing:        mixing.Seconds() / total.Seconds(),
	}, nil
}

// diverged is the error of a run whose loss is not a number: its net predicts
// nothing.
func (p *plan) diverged(s mixup.Sampler, seed uint64) error {
	return fmt.Errorf("seed %d, α = %v: the loss is NaN, -lr %v is too high", seed, s.Alpha, p.rate)
}

// accuracy returns the share of images that net puts in the right class.
func (p *plan) accuracy(net *nn.Net, set *datasets.Set) float64 {
	const chunk = 1000
	var (
		m     mixup.Mix
		x     = make([]float32, min(chunk, set.Len())*set.Shape.Size())
		right float64
	)
	for i := 0; i < set.Len(); i += chunk {
		part := set.Slice(i, min(i+chunk, set.Len()))
		m.Identity(part.Len())
		x = x[:len(part.Pixels)]
		m.ApplyBytesTo(x, part.Pixels, p.image, p.norm)
		right += float64(part.Len()) * m.Accuracy(net.Predict(x), part.Labels, set.Classes, 1)
	}
	return right / float64(set.Len())
}
