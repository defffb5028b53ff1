// Map: minibatches mixed by a graph of their own.

package gomlx

import (
	"errors"
	"iter"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/ml/dataset"
	"github.com/gomlx/gomlx/ml/train"
)

// Map returns a dataset that mixes each minibatch on the device, by dataset.Map: a
// graph of its own that runs before that of the model. The trainer is GoMLX's, and
// neither model nor loss have to change, as long as the loss takes the labels:
// float labels are mixed, and integers become soft targets, for which Classes must
// be set.
func (d *Dataset) Map(backend compute.Backend) train.Dataset {
	return mapped{d, dataset.Map(backend, view{d, d.forMap}, mixBatch)}
}

type mapped struct {
	*Dataset
	graph train.Dataset
}

// Iter gives the minibatches the spec of the source.
func (m mapped) Iter() iter.Seq2[train.Batch, error] {
	return func(yield func(train.Batch, error) bool) {
		for b, err := range m.graph.Iter() {
			if s, ok := b.Spec.(Spec); ok {
				b.Spec = s.Source
				if b.Spec == nil {
					b.Spec = Spec{dataset: m.Dataset}
				}
			}
			if !yield(b, err) {
				return
			}
		}
	}
}

// forMap leaves b to be mixed by a graph of its own, so that no other shard is in
// it.
func (d *Dataset) forMap(b *batch) (train.Batch, error) {
	switch terms, err := b.hasTerms(); {
	case err != nil:
		return train.Batch{}, err
	case terms:
		return train.Batch{}, errors.New("integer labels and Classes = 0, want Classes set, as Map makes soft targets of them")
	}
	switch {
	case d.leavesAll():
		return train.Batch{}, errLeft
	case d.normalises():
		return train.Batch{}, errNorm
	}
	if err := b.checkTargets(); err != nil {
		return train.Batch{}, err
	}
	return b.travel(0, b.Batch.Inputs, false), nil
}

// mixBatch mixes a minibatch in its graph.
func mixBatch(b dataset.GraphBatch) dataset.GraphBatch {
	d, inputs := b.Spec.(Spec).unpack(b.Inputs)
	b.Inputs = d.inputs(inputs)
	for i, y := range b.Labels {
		b.Labels[i] = d.mixLabels(y)
	}
	return b
}
