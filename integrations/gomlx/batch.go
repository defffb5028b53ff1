// Checking and mixing a minibatch.

package gomlx

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/gomlx/gomlx/pkg/core/dtypes"
	"github.com/gomlx/gomlx/pkg/core/shapes"
	"github.com/gomlx/gomlx/pkg/core/tensors"
	"github.com/gomlx/gomlx/pkg/ml/train"
	"github.com/seed-7466c776/mixup"
)

// A batch is a minibatch of the source of a Dataset.
type batch struct {
	*Dataset
	*scratch
	inputs, labels []*tensors.Tensor

	n     int         // rows
	img   mixup.Image // of which the inputs are, if they are for CutMix
	terms bool        // the labels are a tensor of integers, to be told apart
	used  int         // of classes
}

// scratch is memory that serves one minibatch after the other.
type scratch struct {
	cut     mixup.Cut // only its Mix, if it is not for CutMix
	classes []int     // of the rows, for one tensor of integer labels after the other
}

// check reports what does not fit.
func (b *batch) check() error {
	if len(b.inputs) == 0 {
		return errors.New("there are no inputs")
	}
	b.n = -1
	for i, t := range b.inputs {
		if err := b.checkInput(t); err != nil {
			return fmt.Errorf("inputs[%d]: %w", i, err)
		}
	}
	b.classes = b.classes[:0]
	for i, t := range b.labels {
		if err := b.checkLabels(t); err != nil {
			return fmt.Errorf("labels[%d]: %w", i, err)
		}
	}
	return nil
}

// checkRows reports whether t has as many rows as the tensors before it.
func (b *batch) checkRows(t *tensors.Tensor) error {
	if err := t.CheckValid(); err != nil {
		return err
	}
	shape := t.Shape()
	if shape.Rank() == 0 {
		return fmt.Errorf("shape is %v, want a first axis of rows", shape)
	}
	if b.n < 0 {
		b.n = shape.Dimensions[0]
	}
	if shape.Dimensions[0] != b.n {
		return fmt.Errorf("shape is %v, want %d rows as in inputs[0]", shape, b.n)
	}
	return nil
}

// checkInput reports whether t can be an input.
func (b *batch) checkInput(t *tensors.Tensor) error {
	if err := b.checkRows(t); err != nil {
		return err
	}
	if t.DType() != dtypes.Float32 {
		return fmt.Errorf("dtype is %v, want Float32", t.DType())
	}
	if b.CutMix == nil {
		return nil
	}
	img, err := b.image(t.Shape())
	if err != nil {
		return err
	}
	if b.img != (mixup.Image{}) && img != b.img {
		return fmt.Errorf("images of %v, want %v as in inputs[0]", img, b.img)
	}
	b.img = img
	return nil
}

// image returns what images are in a tensor of the shape.
func (b *batch) image(shape shapes.Shape) (mixup.Image, error) {
	d := shape.Dimensions
	if len(d) != 4 || d[1] < 1 || d[2] < 1 || d[3] < 1 {
		return mixup.Image{}, fmt.Errorf("shape is %v, want [n, channels, height, width] for CutMix, or [n, height, width, channels] if Layout is NHWC", shape)
	}
	if b.Layout == mixup.NHWC {
		return mixup.Image{Height: d[1], Width: d[2], Channels: d[3], Layout: mixup.NHWC}, nil
	}
	return mixup.Image{Channels: d[1], Height: d[2], Width: d[3]}, nil
}

// checkLabels reports whether t can be labels. It keeps the classes in integers.
func (b *batch) checkLabels(t *tensors.Tensor) error {
	if err := b.checkRows(t); err != nil {
		return err
	}
	dtype := t.DType()
	if dtype == dtypes.Float32 {
		return nil
	}
	if !isClass(dtype) {
		return fmt.Errorf("dtype is %v, want Float32 or integers", dtype)
	}
	if t.Size() != b.n {
		return fmt.Errorf("shape is %v, want an integer for each of %d rows", t.Shape(), b.n)
	}
	if b.Classes == 0 {
		if len(b.labels) != 1 {
			return fmt.Errorf("dtype is %v, want Classes set, or no other labels", dtype)
		}
		b.terms = true
		return nil
	}
	return b.readClasses(t)
}

// isClass reports whether a label of the dtype is an integer of its own.
func isClass(dtype dtypes.DType) bool { return dtype.IsInt() && !dtype.IsPacked() }

// readClasses reads the labels of the rows.
func (b *batch) readClasses(t *tensors.Tensor) error {
	var wrong error
	err := t.ConstFlatData(func(flat any) {
		v := reflect.ValueOf(flat)
		for i := range v.Len() {
			class, ok := b.class(v.Index(i))
			if !ok {
				wrong = fmt.Errorf("row %d: label %v, want a class in [0, %d) or Ignore", i, v.Index(i), b.Classes)
				return
			}
			b.classes = append(b.classes, class)
		}
	})
	return errors.Join(err, wrong)
}

// class returns an integer as a label, if it is one.
func (b *batch) class(v reflect.Value) (int, bool) {
	if v.CanInt() {
		y := v.Int()
		return int(y), y == mixup.Ignore || 0 <= y && y < int64(b.Classes)
	}
	return int(v.Uint()), v.Uint() < uint64(b.Classes)
}

// mix mixes minibatch y of the source, which was checked.
func (b *batch) mix(y uint64) (inputs, labels []*tensors.Tensor, err error) {
	by := b.draw(&b.cut, y, b.n, b.img)
	t := tally{owned: true, mixed: make(map[*tensors.Tensor]*tensors.Tensor)}
	if source, ok := b.Source.(train.DatasetCustomOwnership); ok {
		t.owned = source.IsOwnershipTransferred()
	}
	for _, x := range b.inputs {
		x, err := t.mix(x, by)
		if err != nil {
			return nil, nil, err
		}
		inputs = append(inputs, x)
	}
	for _, x := range b.labels {
		x, err := b.mixLabels(x, &t)
		if err != nil {
			return nil, nil, err
		}
		labels = append(labels, x...)
	}
	return inputs, labels, t.finalize()
}

// mixLabels returns what becomes of labels.
func (b *batch) mixLabels(x *tensors.Tensor, t *tally) ([]*tensors.Tensor, error) {
	m := &b.cut.Mix
	if x.DType() == dtypes.Float32 {
		x, err := t.mix(x, m)
		return []*tensors.Tensor{x}, err
	}
	t.mixed[x] = nil
	if !b.terms {
		y, err := oneHot(m, b.classes[b.used:][:b.n], b.Classes)
		b.used += b.n
		return []*tensors.Tensor{y}, err
	}
	var terms []*tensors.Tensor
	for k := range m.K {
		y, err := term(m, k, x)
		if err != nil {
			return nil, err
		}
		terms = append(terms, y)
	}
	return append(terms, tensors.FromFlatDataAndDimensions(m.Weight, b.n, m.K)), nil
}
