// Dataset: the decorator of a train.Dataset, and what it is told.

package gomlx

import (
	"cmp"
	"fmt"
	"iter"
	"math"

	"github.com/gomlx/compute/distributed"
	"github.com/gomlx/gomlx/ml/train"
	"github.com/seed-7466c776/mixup"
)

// A Dataset is a [train.Dataset] that yields the minibatches of another one,
// mixed on the host. [Dataset.InGraph] and [Dataset.Map] are datasets that leave
// the mixing to the graph. Only Source must be set; the zero Sampler mixes nothing.
//
// The first axis of every input and label is that of the rows. Inputs are mixed
// in their own type: float16 and bfloat16 are computed in float32 and rounded
// once, float64 is computed in float64. uint8 inputs become float32, by Norm or else
// from 0 to 255, as in the graph.
//
// Labels of float types are mixed like inputs. With CutMix, labels that have the
// height and width of the images, in the place where the images have them, are
// pasted as the images are: those may be of any type, such as segmentation masks.
// Labels of an integer or bool for each row, of shape [n] or [n, 1], are handled
// in one of two ways:
//
//   - If Classes is set, they become soft targets, float32 of shape [n, Classes],
//     for a loss like loss.CategoricalCrossEntropyLogits. Any trainer works.
//   - If Classes is 0, all labels stay as they are, and the draw travels in front
//     of the inputs, as tensors that [NewTrainer] takes away again. Its loss is
//     the weighted sum of the losses for the labels of all terms,
//     λ·loss(ya) + (1-λ)·loss(yb).
//
// Whatever fits none of this is an error of the iteration, and nothing is then mixed.
//
// A tensor in host memory is mixed in place. One on a device is read, mixed into
// a new tensor in host memory, and finalized. The fields must not be changed once
// a Dataset is in use, a Dataset must not be copied, and one iteration must have
// ended before the next one begins.
type Dataset struct {
	Source train.Dataset

	// Sampler draws the mixture of each minibatch. Its Src and Lambda must be nil:
	// draws follow from Seed, rank and step alone.
	Sampler mixup.Sampler

	// CutMix, if not nil, draws instead of Sampler, which must then be zero. The
	// same holds for its Src, Mixup.Src and Mixup.Lambda. Its Image may be left zero.
	CutMix *mixup.CutSampler

	// Draw, if not nil, is called for each minibatch and draws instead of Sampler
	// and CutMix, which must then be zero. See Drawing.
	Draw func(d *Drawing)

	// Inputs lists by number the inputs to mix; the others stay as they are.
	// nil means all inputs. An empty list means none: the model then mixes for
	// itself, by Mix.
	Inputs []int

	// Image is the shape of a row of the inputs, for CutMix and Norm. The zero
	// Image stands for the shape of the inputs, [n, height, width, channels] or
	// [n, length, channels], because channels are last in GoMLX unless it is told
	// otherwise. For channels-first inputs Image must be set, here or in CutMix, and
	// also for [n, 1, width, channels], which looks like one channel that is first.
	Image mixup.Image

	// Norm normalises uint8 inputs that are mixed on the host. With the zero Norm
	// they are numbers from 0 to 255, which the model normalises, as it does those
	// of an evaluation. It is an error if there are no such inputs.
	Norm mixup.Norm

	// Classes, if not 0, is the number of classes of integer labels, which become
	// soft targets. Such labels are in [0, Classes), or mixup.Ignore.
	Classes int

	// Smoothing is the label smoothing of these soft targets, as by mixup.Smooth.
	Smoothing float64

	// Weights is the number of labels, at the end, that are no targets but GoMLX's
	// sample weights (floats) or masks (bool) of the rows, of shape [n]. In the
	// loss, each term has the weight of the row that the term comes from. They
	// need integer labels and Classes = 0. Any other float or bool of shape [n]
	// behind the first label is an error, because losses would take it for such
	// weights: a target has the shape [n, 1].
	Weights int

	// Seed, Rank and Step begin the sequence of draws. Rank numbers the processes
	// of a job from 0; all of them have the same Shards. Step is that of the first
	// minibatch: 0, or for a run that goes on from a checkpoint the number of
	// steps that were made before.
	Seed uint64
	Rank int
	Step uint64

	// Shards is the number of minibatches that make a step, which is the number
	// of shards of a dataset.DistributedAccumulator. 0 means 1. Shard s of process
	// Rank draws from the Stream of rank Rank·Shards + s.
	Shards int

	// Strategy is that of the DistributedAccumulator. It must be set if there are
	// several Shards and the draw travels: with distributed.AutoSharding a graph
	// has the rows of all shards, one after the other, and with distributed.SPMD
	// those of its own shard only.
	Strategy distributed.Strategy

	steps   steps
	drawing Drawing
}

// Name returns the name of the source.
func (d *Dataset) Name() string { return d.Source.Name() }

// ShortName returns the short name of the source, or else the beginning of its
// name.
func (d *Dataset) ShortName() string {
	if s, ok := d.Source.(train.HasShortName); ok {
		return s.ShortName()
	}
	name := d.Name()
	return name[:min(3, len(name))]
}

// Iter iterates over the source and yields its minibatches, mixed. The source
// begins anew with each call, and the steps go on. An error of the source is
// yielded as it is.
func (d *Dataset) Iter() iter.Seq2[train.Batch, error] { return d.iterate(d.onHost) }

// InGraph returns a dataset that draws and mixes nothing: the draw travels in
// front of the inputs of each minibatch, which are not touched, nor are the
// labels. A trainer of [NewTrainer] takes the draw and mixes the inputs in the
// graph, on the device where they are. Its loss handles the labels by the rules
// of Dataset.
//
// Inputs and labels are then never read by the host, except the labels of rows
// if Draw is set. uint8 inputs are mixed as float32 numbers from 0 to 255, which
// the model normalises.
func (d *Dataset) InGraph() train.Dataset { return view{d, d.inGraph} }

// A view is another way to iterate over a Dataset.
type view struct {
	*Dataset
	yield func(*batch) (train.Batch, error)
}

func (v view) Iter() iter.Seq2[train.Batch, error] { return v.iterate(v.yield) }

// iterate iterates over the source. Each minibatch is checked, drawn for, and
// made into what is yielded by last.
func (d *Dataset) iterate(last func(*batch) (train.Batch, error)) iter.Seq2[train.Batch, error] {
	return func(yield func(train.Batch, error) bool) {
		if err := d.validate(); err != nil {
			yield(train.Batch{}, err)
			return
		}
		d.steps.begin(d.Step)
		for source, err := range d.Source.Iter() {
			if err != nil {
				yield(source, err)
				return
			}
			b := batch{Dataset: d, Batch: source}
			mixed, err := b.mix(last)
			if err != nil {
				yield(train.Batch{}, fmt.Errorf("gomlx: mixup of dataset %q: %w", d.Name(), err))
				return
			}
			if !yield(mixed, nil) {
				return
			}
		}
	}
}

// image returns the Image that is set, which is zero if it is that of the inputs.
func (d *Dataset) image() mixup.Image {
	if d.CutMix != nil {
		return cmp.Or(d.CutMix.Image, d.Image)
	}
	return d.Image
}

// validate reports what is wrong with the fields of d.
func (d *Dataset) validate() error {
	if err := d.invalid(); err != nil {
		return err
	}
	if d.CutMix == nil {
		return d.Sampler.Validate()
	}
	if d.image() == (mixup.Image{}) {
		return nil // validated when the shape of the inputs is known
	}
	s := *d.CutMix
	s.Image = d.image()
	return s.Validate()
}

// invalid returns what is wrong with the fields that are not the samplers'.
func (d *Dataset) invalid() error {
	none := mixup.Sampler{}
	for _, f := range []struct {
		name  string
		value int
	}{{"Rank", d.Rank}, {"Shards", d.Shards}, {"Classes", d.Classes}, {"Weights", d.Weights}} {
		if f.value < 0 {
			return invalid("%s = %d, want ≥ 0", f.name, f.value)
		}
	}
	for c, mean := range d.Norm.Mean {
		if !(math.Abs(float64(mean)) <= math.MaxFloat32) {
			return invalid("Norm.Mean[%d] = %v, want a finite number", c, mean)
		}
	}
	for c, std := range d.Norm.Std {
		if !(0x1p-100 <= std && std <= 0x1p100) {
			return invalid("Norm.Std[%d] = %v, want a number from 2⁻¹⁰⁰ to 2¹⁰⁰", c, std)
		}
	}
	switch {
	case d.Source == nil:
		return invalid("Source is nil")
	case d.Draw != nil && (d.CutMix != nil || d.Sampler != none):
		return invalid("Draw is set, want neither Sampler nor CutMix beside it")
	case d.CutMix != nil && d.Sampler != none:
		return invalid("CutMix is set, want no Sampler beside it; mixup is CutMix.Mixup")
	case d.Sampler.Src != nil:
		return invalid("Sampler has a Src, which no step determines, want Seed")
	case d.CutMix != nil && (d.CutMix.Src != nil || d.CutMix.Mixup.Src != nil):
		return invalid("CutMix has a Src, which no step determines, want Seed")
	case d.Sampler.Lambda != nil:
		return invalid("Sampler has a Lambda, which no step determines, want Alpha or Draw")
	case d.CutMix != nil && d.CutMix.Mixup.Lambda != nil:
		return invalid("CutMix.Mixup has a Lambda, which no step determines, want Alpha or Draw")
	case d.CutMix != nil && d.Image != (mixup.Image{}) && d.CutMix.Image != (mixup.Image{}) && d.Image != d.CutMix.Image:
		return invalid("Image = %v and CutMix.Image = %v differ", d.Image, d.CutMix.Image)
	case !(0 <= d.Smoothing && d.Smoothing <= 1):
		return invalid("Smoothing = %v, want 0 ≤ Smoothing ≤ 1", d.Smoothing)
	case d.Smoothing > 0 && d.Classes == 0:
		return invalid("Smoothing = %v, want Classes set, as it is for soft targets", d.Smoothing)
	case d.Weights > 0 && d.Classes > 0:
		return invalid("Weights = %d, want Classes = 0: a row of soft targets has one weight, not one for each term", d.Weights)
	case d.Strategy != distributed.None && d.Strategy != distributed.SPMD && d.Strategy != distributed.AutoSharding:
		return invalid("Strategy = %v, want AutoSharding or SPMD, or None without shards", d.Strategy)
	}
	return nil
}

// invalid returns an error of a field.
func invalid(format string, args ...any) error { return fmt.Errorf("gomlx: Dataset: "+format, args...) }
