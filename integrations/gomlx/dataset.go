// Package gomlx mixes the minibatches of datasets of GoMLX
// (github.com/gomlx/gomlx), for its training loop.
//
//	ds := &gomlx.Dataset{Source: trainDS, Sampler: mixup.Sampler{Alpha: 0.2}}
//	loss := gomlx.Loss(losses.SparseCategoricalCrossEntropyLogits)
//	trainer := train.NewTrainer(backend, ctx, model, loss, optimizers.Adam().Done(), nil, evalMetrics)
//	metrics, err := train.NewLoop(trainer).RunSteps(ds, 3000)
//
// Datasets for evaluation stay as they are: they are not wrapped, and [Loss]
// takes their labels too.
//
// # Which draw mixes which minibatch
//
// The minibatch that the source yields as number y, counted from 0 and on over
// all epochs, is mixed by what a [mixup.Stream] draws for the seed, the rank and
// the step Step + y. Nothing else has an influence: not how many goroutines call
// Yield, nor what was drawn before. Therefore
//
//   - under GoMLX's datasets.Parallel every minibatch is mixed to the same bits as
//     without it. Parallel does not keep their order, which is its own affair;
//     datasets.ReadAhead keeps it, and a run with ReadAhead is the run without it,
//     bit by bit;
//   - no epoch repeats the draws of another: Reset goes back to the first
//     minibatch of the source, but the step goes on;
//   - a run that goes on from a checkpoint, with the loop's LoopStep for Step,
//     draws what the uninterrupted run draws from there, if the order is kept and
//     the loop has had all that was yielded. (A Parallel that is reset before the
//     end of an epoch throws minibatches away.)
//
// To know y, Yield lets one goroutine at a time into the source, so that the
// source need not be safe for concurrent use. Mixing is concurrent. A source
// that takes long may have a Parallel of its own, inside the Dataset: y is then
// the place in the order in which that Parallel hands the minibatches on, and
// which draw meets which minibatch is as much a matter of chance as that order.
//
// # Many devices
//
// A Dataset goes inside datasets.DistributedAccumulator, which makes a step of as
// many minibatches as there are shards, so that each shard is mixed within
// itself. With Shards set to their number, shard r of step s has the draws of
// rank Rank + r for step s, as if it were the minibatch of a process of its own.
package gomlx

import (
	"errors"
	"fmt"
	"sync"

	"github.com/gomlx/gomlx/pkg/core/tensors"
	"github.com/gomlx/gomlx/pkg/ml/train"
	"github.com/seed-7466c776/mixup"
)

// A Dataset is a [train.Dataset] that yields the minibatches of another one,
// mixed. Of its fields only Source must be set; the zero Sampler mixes nothing.
//
// The first axis of all inputs and labels is that of the rows. Inputs are
// float32. Labels are
//
//   - float32, and mixed like inputs: soft targets, or those of a regression;
//   - integers of shape [n] or [n, 1] while Classes is set: they become soft
//     targets, float32 of shape [n, Classes], for a loss like
//     losses.CategoricalCrossEntropyLogits;
//   - a single tensor of integers of shape [n] or [n, 1] while Classes is 0. It is
//     followed by a tensor of the labels of the rows that these rows are mixed
//     with (K-1 tensors) and one of the weights, float32 of shape [n, K]. For
//     pairs that is ya, yb and a row of λ and 1-λ for each. [Loss] makes a loss of
//     them, and the spec becomes a [Spec].
//
// Anything else is an error of Yield.
//
// A tensor in host memory that the source gives away is mixed in place. One on a
// device, or one that the source keeps (its IsOwnershipTransferred is false), is
// mixed into a new tensor in host memory; a Dataset hence belongs before what
// uploads minibatches, such as datasets.OnDevice. A tensor that occurs twice in a
// minibatch is mixed once. All that a Dataset yields may be finalized.
//
// The methods may be called concurrently. The fields must not be changed after
// the first Yield, nor a Dataset copied.
type Dataset struct {
	Source train.Dataset

	// Sampler draws the mixture of each minibatch. Its Src is not used, and its
	// Lambda must be nil, because that has a source of its own, which no step
	// determines.
	Sampler mixup.Sampler

	// CutMix, if not nil, draws in place of Sampler; its Src and Mixup.Lambda are
	// subject to the same. Inputs are then images of one size, of shape
	// [n, channels, height, width] or, as Layout says, [n, height, width, channels].
	CutMix *mixup.CutSampler
	Layout mixup.Layout

	// Classes, if not 0, is the number of classes of integer labels, which
	// become soft targets. They are in [0, Classes), or mixup.Ignore.
	Classes int

	// Seed, Rank and Step begin the sequence of draws. Rank is 0 in a job of one
	// process. Step is that of the first minibatch: 0, or for a run that goes on
	// from a checkpoint the number of steps that were made before.
	Seed uint64
	Rank int
	Step uint64

	// Shards is the number of minibatches that make a step, each of which has a
	// rank: Rank for the first one, Rank+1 for the second, and so on. 0 means 1.
	Shards int

	mu     sync.Mutex // guards Source and yields
	yields uint64     // how many minibatches Source has yielded

	scratch sync.Pool // of *scratch
}

// Name returns the name of the source.
func (d *Dataset) Name() string { return d.Source.Name() }

// ShortName returns the short name of the source, or else what its name begins
// with.
func (d *Dataset) ShortName() string {
	if s, ok := d.Source.(train.HasShortName); ok {
		return s.ShortName()
	}
	name := d.Name()
	return name[:min(3, len(name))]
}

// Reset resets the source. The steps, and so the draws, go on.
func (d *Dataset) Reset() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.Source.Reset()
}

// Yield returns the next minibatch of the source, mixed. What the source returns
// with an error, io.EOF among them, is returned as it is and takes no step.
func (d *Dataset) Yield() (spec any, inputs, labels []*tensors.Tensor, err error) {
	if err := d.validate(); err != nil {
		return nil, nil, nil, err
	}
	spec, inputs, labels, y, err := d.next()
	if err != nil {
		return spec, inputs, labels, err
	}
	s, ok := d.scratch.Get().(*scratch)
	if !ok {
		s = new(scratch)
	}
	defer d.scratch.Put(s)
	b := batch{Dataset: d, scratch: s, inputs: inputs, labels: labels}
	if err := b.check(); err != nil {
		return nil, nil, nil, fmt.Errorf("gomlx: dataset %q: %w", d.Name(), err)
	}
	if inputs, labels, err = b.mix(y); err != nil {
		return nil, nil, nil, fmt.Errorf("gomlx: dataset %q: %w", d.Name(), err)
	}
	if b.terms {
		spec = Spec{spec}
	}
	return spec, inputs, labels, nil
}

// next returns a minibatch of the source and its number.
func (d *Dataset) next() (spec any, inputs, labels []*tensors.Tensor, y uint64, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	spec, inputs, labels, err = d.Source.Yield()
	if err != nil {
		return spec, inputs, labels, 0, err
	}
	y = d.yields
	d.yields++
	return spec, inputs, labels, y, nil
}

// validate reports what is wrong with the fields of d.
func (d *Dataset) validate() error {
	switch {
	case d.Rank < 0:
		return fmt.Errorf("gomlx: Dataset: Rank = %d, want ≥ 0", d.Rank)
	case d.Shards < 0:
		return fmt.Errorf("gomlx: Dataset: Shards = %d, want ≥ 0", d.Shards)
	case d.Classes < 0:
		return fmt.Errorf("gomlx: Dataset: Classes = %d, want ≥ 0", d.Classes)
	case d.CutMix == nil && d.Sampler.Lambda != nil:
		return errors.New("gomlx: Dataset: Sampler has a Lambda, which no step determines, want Alpha")
	case d.CutMix == nil:
		return d.Sampler.Validate()
	case d.CutMix.Mixup.Lambda != nil:
		return errors.New("gomlx: Dataset: CutMix.Mixup has a Lambda, which no step determines, want Alpha")
	case d.Layout != mixup.NCHW && d.Layout != mixup.NHWC:
		return fmt.Errorf("gomlx: Dataset: Layout = %v, want NCHW or NHWC", d.Layout)
	}
	return d.CutMix.Validate()
}

// draw draws into c for minibatch y, which has n rows, of images if they are for
// CutMix. It returns what inputs are mixed by.
func (d *Dataset) draw(c *mixup.Cut, y uint64, n int, img mixup.Image) mixer {
	shards := uint64(max(d.Shards, 1))
	stream := mixup.NewStream(d.Seed, d.Rank+int(y%shards))
	stream.Seek(d.Step + y/shards)
	if d.CutMix == nil {
		s := d.Sampler
		s.Src = stream
		s.Sample(&c.Mix, n)
		return &c.Mix
	}
	s := *d.CutMix
	s.Src = stream
	s.Sample(c, n, img)
	return c
}
