// Drawing: which step a minibatch has, and what is drawn for it.

package gomlx

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/gomlx/compute/distributed"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/train"
	"github.com/seed-7466c776/mixup"
)

// A Drawing is what a Dataset.Draw function is told of a minibatch and what it
// sets: Mix, or else Cut for CutMix. For Remix it sets LabelMix as well. With its
// own partners, or with mixing that stops at a step, it is for example
//
//	func(d *gomlx.Drawing) {
//		s := mixup.Sampler{Alpha: 0.2, Src: d.Src}
//		if d.Step >= 50000 {
//			s.Alpha = 0
//		}
//		partner := make([]int, d.Rows)
//		mixup.OtherClass(partner, d.Labels, d.Src)
//		s.SamplePairs(&d.Mix, partner)
//	}
//
// With several Shards, a draw that travels must have the same K for all shards of a
// step, and must set Cut and LabelMix for all of them or for none. A K of 1 counts
// as 2.
type Drawing struct {
	Rows  int         // rows of the minibatch
	Step  uint64      // of the minibatch
	Epoch int         // number of the iteration over this Dataset, from 0
	Src   rand.Source // for all that is drawn: it depends on Seed, rank and Step alone

	// Labels has the label of each row, from the first label tensor of an integer
	// for each row; it is nil if there is none. Batch is the minibatch itself,
	// which is not to be changed.
	Labels []int
	Batch  train.Batch

	Mix      mixup.Mix // of inputs and labels
	Cut      mixup.Cut // set instead of Mix, of inputs and labels
	LabelMix mixup.Mix // if set, labels have its weights; its K and Index are those of Mix or Cut
}

// steps counts the steps of a Dataset. A step takes as many minibatches of the
// same shapes as there are shards, as DistributedAccumulator does: it keeps those
// of other shapes apart, and at the end of an iteration it drops a step that
// lacks minibatches.
type steps struct {
	next  uint64            // step that begins next
	done  uint64            // the step after the last complete one
	begun int               // iterations
	open  map[string]*group // of this iteration, by shapes
}

// A group is the minibatches of a step.
type group struct {
	step  uint64
	shard int  // the next one
	form  form // of the first shard's draw, if it travels
}

// A form is what the shapes of a draw's tensors depend on, apart from the rows.
type form struct {
	terms        int
	boxes, remix bool
}

func (f form) String() string {
	s := fmt.Sprintf("%d terms", f.terms)
	if f.boxes {
		s += ", boxes"
	}
	if f.remix {
		s += ", LabelMix"
	}
	return s
}

// begin begins an iteration. The first one begins with the given step.
func (s *steps) begin(first uint64) {
	if s.begun == 0 {
		s.done = first
	}
	s.begun++
	s.next = s.done
	s.open = make(map[string]*group)
}

// take returns the group of a minibatch of the given shapes, and its shard.
func (s *steps) take(shapes string, shards int) (g *group, shard int) {
	g = s.open[shapes]
	if g == nil {
		g = &group{step: s.next}
		s.open[shapes] = g
		s.next++
	}
	shard = g.shard
	g.shard++
	if g.shard == shards {
		delete(s.open, shapes)
		s.done = max(s.done, g.step+1)
	}
	return g, shard
}

// draw draws for b.
func (b *batch) draw() error {
	shards := max(b.Shards, 1)
	b.group, b.shard = b.steps.take(b.shapes(), shards)
	stream := mixup.NewStream(b.Seed, b.Rank*shards+b.shard)
	stream.Seek(b.group.step)
	d := &b.drawing
	d.Mix.Identity(0)
	d.Cut.Identity(0)
	d.LabelMix.Identity(0)
	b.inputMix, b.cut, b.labelMix = &d.Mix, nil, &d.Mix
	switch {
	case b.Draw != nil:
		return b.drawByHand(stream)
	case b.CutMix != nil:
		s := *b.CutMix
		s.Image = b.img
		s.Src = stream
		if err := s.Validate(); err != nil {
			return err
		}
		s.Sample(&d.Cut, b.n)
		b.useCut()
	default:
		s := b.Sampler
		s.Src = stream
		s.Sample(&d.Mix, b.n)
	}
	return nil
}

// useCut makes b's draw that of CutMix.
func (b *batch) useCut() {
	b.cut = &b.drawing.Cut
	b.inputMix, b.labelMix = &b.cut.Labels, &b.cut.Labels
}

// drawByHand lets the Draw function draw and checks what it has set.
func (b *batch) drawByHand(stream *mixup.Stream) error {
	d := &b.drawing
	labels, err := b.rowLabels()
	if err != nil {
		return err
	}
	d.Rows, d.Step, d.Epoch, d.Src, d.Labels, d.Batch = b.n, b.group.step, b.steps.begun-1, stream, labels, b.Batch
	b.Draw(d)
	d.Batch = train.Batch{}

	validate := d.Mix.Validate
	if d.Cut.Len() > 0 {
		if d.Mix.Len() > 0 {
			return errors.New("the Draw function has set Mix and Cut, want one of them")
		}
		if b.img != (mixup.Image{}) && d.Cut.Image != b.img {
			return fmt.Errorf("the Draw function has set Cut for images of %v, want %v", d.Cut.Image, b.img)
		}
		b.img = d.Cut.Image
		validate = d.Cut.Validate
		b.useCut()
	}
	if n := b.inputMix.Len(); n != b.n {
		return fmt.Errorf("the Draw function has set %d rows, want %d", n, b.n)
	}
	if err := validate(b.n); err != nil {
		return fmt.Errorf("the Draw function has set: %w", err)
	}
	if d.LabelMix.Len() == 0 {
		return nil
	}
	if d.LabelMix.K != b.inputMix.K || !slices.Equal(d.LabelMix.Index, b.inputMix.Index) {
		return errors.New("the Draw function has set another K or Index in LabelMix than for the inputs")
	}
	if err := d.LabelMix.Validate(b.n); err != nil {
		return fmt.Errorf("the Draw function has set LabelMix: %w", err)
	}
	b.labelMix = &d.LabelMix
	return nil
}

// form returns the form of b's draw. It has at least 2 terms, so that a minibatch which
// is not mixed has the shapes of one that is.
func (b *batch) form() form {
	return form{terms: max(b.inputMix.K, 2), boxes: b.cut != nil, remix: b.labelMix != b.inputMix}
}

// travelling returns the tensors of the draw: the index and the weight of each
// term, int32 and float32 of shape [n, k], then for CutMix the boxes, int32 of
// shape [n, 4], and then the weights of labels, if they are others. Rows are counted
// from offset.
func (b *batch) travelling(offset int) []*tensors.Tensor {
	m, form := b.inputMix, b.form()
	k := form.terms
	index := make([]int32, b.n*k)
	for i := range b.n {
		for term := range k {
			index[i*k+term] = int32(offset + m.Index[i*m.K+min(term, m.K-1)])
		}
	}
	weights := func(m *mixup.Mix) *tensors.Tensor {
		weight := make([]float32, b.n*k)
		for i := range b.n {
			copy(weight[i*k:], m.Weight[i*m.K:][:m.K])
		}
		return tensors.FromFlatDataAndDimensions(weight, b.n, k)
	}
	all := []*tensors.Tensor{tensors.FromFlatDataAndDimensions(index, b.n, k), weights(m)}
	if form.boxes {
		box := make([]int32, 0, b.n*4)
		for _, r := range b.cut.Box {
			box = append(box, int32(r.Min.Y), int32(r.Min.X), int32(r.Max.Y), int32(r.Max.X))
		}
		all = append(all, tensors.FromFlatDataAndDimensions(box, b.n, 4))
	}
	if form.remix {
		all = append(all, weights(b.labelMix))
	}
	return all
}

// leavesAll reports whether all mixing of inputs is left to the model, which can
// mix only if the draw travels to it.
func (d *Dataset) leavesAll() bool { return d.Inputs != nil && len(d.Inputs) == 0 }

var errLeft = errors.New("empty Inputs, so that labels alone would be mixed, want InGraph, whose draw travels to the model")

var errNorm = errors.New("mixing in a graph ignores Norm, want Normalize in the model")

// inGraph leaves b to be mixed in a graph. With Classes, the labels are mixed before the
// loss.
func (d *Dataset) inGraph(b *batch) (train.Batch, error) {
	if d.normalises() {
		return train.Batch{}, errNorm
	}
	if d.Classes > 0 {
		if err := b.checkTargets(); err != nil {
			return train.Batch{}, err
		}
	}
	offset, err := b.offset()
	if err != nil {
		return train.Batch{}, err
	}
	return b.travel(offset, b.Batch.Inputs, false), nil
}

// offset returns the number of b's first row in the graph that the draw travels to.
// DistributedAccumulator joins minibatches of equal shapes, those of the draw included.
// It is therefore an error if the shards of a step have draws of different forms.
func (b *batch) offset() (int, error) {
	if b.Shards <= 1 {
		return 0, nil
	}
	if b.Strategy == distributed.None {
		return 0, fmt.Errorf("%d Shards and Strategy None, want AutoSharding or SPMD, as that of the DistributedAccumulator", b.Shards)
	}
	form := b.form()
	if b.shard == 0 {
		b.group.form = form
	}
	if form != b.group.form {
		return 0, fmt.Errorf("shard %d: the Draw function has set %v, want %v, as for shard 0 of the step", b.shard, form, b.group.form)
	}
	if b.Strategy == distributed.SPMD {
		return 0, nil
	}
	return b.shard * b.n, nil
}

// travel returns b with the draw in front of the given inputs, for a trainer. Rows are
// counted from offset. The labels stay as they are.
func (b *batch) travel(offset int, inputs []*tensors.Tensor, mixed bool) train.Batch {
	return train.Batch{
		Spec: Spec{Source: b.Spec, dataset: b.Dataset, img: b.img, draw: true, mixed: mixed,
			boxes: b.cut != nil, remix: b.labelMix != b.inputMix},
		Inputs: append(b.travelling(offset), inputs...),
		Labels: b.Labels,
	}
}
