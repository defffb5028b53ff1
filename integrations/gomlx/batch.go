// Checking a minibatch, and mixing it on the host.

package gomlx

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/train"
	"github.com/seed-7466c776/mixup"
)

// A batch is a minibatch of the source of a Dataset, and what is drawn for it.
type batch struct {
	*Dataset
	train.Batch

	n     int         // rows
	img   mixup.Image // shape of a row of the inputs to mix, if CutMix needs it
	group *group      // the step of b
	shard int         // its number in group

	inputMix, labelMix *mixup.Mix
	cut                *mixup.Cut // nil without CutMix
}

// mix checks b, draws for it, and lets last make of it what is yielded.
func (b *batch) mix(last func(*batch) (train.Batch, error)) (train.Batch, error) {
	if err := b.check(); err != nil {
		return train.Batch{}, err
	}
	if err := b.draw(); err != nil {
		return train.Batch{}, err
	}
	if b.cut != nil {
		for _, i := range b.mixedInputs() {
			if shape := b.Batch.Inputs[i].Shape(); !isImage(shape, b.img) {
				return train.Batch{}, fmt.Errorf("inputs[%d]: shape is %v, want rows of %v for CutMix", i, shape, b.img)
			}
		}
	}
	return last(b)
}

// onHost mixes b. It finds all that is wrong with b before it mixes the first tensor,
// because tensors are mixed in place.
func (d *Dataset) onHost(b *batch) (train.Batch, error) {
	isBytes := func(i int) bool { return b.Batch.Inputs[i].DType() == dtypes.Uint8 }
	if d.normalises() && !slices.ContainsFunc(b.mixedInputs(), isBytes) {
		return train.Batch{}, errors.New("no input of uint8 is mixed, want Norm zero")
	}
	terms, err := b.hasTerms()
	switch {
	case err != nil:
		return train.Batch{}, err
	case terms:
		return b.withTerms()
	case d.leavesAll():
		return train.Batch{}, errLeft
	}
	classes, err := b.readTargets()
	if err != nil {
		return train.Batch{}, err
	}
	labels, err := b.ownLabels()
	if err != nil {
		return train.Batch{}, err
	}
	h := newHost(b, nil)
	inputs, err := h.mixInputs()
	if err != nil {
		return train.Batch{}, err
	}
	for i, y := range labels {
		if labels[i], err = h.mixLabels(y, classes[i]); err != nil {
			return train.Batch{}, fmt.Errorf("labels[%d]: %w", i, err)
		}
	}
	spec := b.Spec
	if spec == nil {
		spec = Spec{dataset: d}
	}
	return train.Batch{Spec: spec, Inputs: inputs, Labels: labels}, h.finalize()
}

// withTerms mixes the inputs of b and leaves the labels to the loss.
func (b *batch) withTerms() (train.Batch, error) {
	offset, err := b.offset()
	if err != nil {
		return train.Batch{}, err
	}
	h := newHost(b, b.Labels)
	inputs, err := h.mixInputs()
	if err != nil {
		return train.Batch{}, err
	}
	return b.travel(offset, inputs, true), h.finalize()
}

// ownLabels returns the labels to mix. If their weights are others than those of the
// inputs, a label that is an input as well is copied.
func (b *batch) ownLabels() ([]*tensors.Tensor, error) {
	labels := slices.Clone(b.Labels)
	if b.labelMix == b.inputMix {
		return labels, nil
	}
	for i, y := range labels {
		isInput := func(input int) bool { return b.Batch.Inputs[input] == y }
		if !slices.ContainsFunc(b.mixedInputs(), isInput) {
			continue
		}
		var err error
		if labels[i], err = y.LocalClone(); err != nil {
			return nil, fmt.Errorf("labels[%d]: %w", i, err)
		}
	}
	return labels, nil
}

// isMixed reports whether input i is to be mixed.
func (d *Dataset) isMixed(i int) bool { return d.Inputs == nil || slices.Contains(d.Inputs, i) }

// mixedInputs returns the numbers of the inputs that are to be mixed.
func (b *batch) mixedInputs() []int {
	var all []int
	for i := range b.Batch.Inputs {
		if b.isMixed(i) {
			all = append(all, i)
		}
	}
	return all
}

// check reports what does not fit.
func (b *batch) check() error {
	if len(b.Batch.Inputs) == 0 {
		return errors.New("there are no inputs")
	}
	for _, i := range b.Dataset.Inputs {
		if i < 0 || i >= len(b.Batch.Inputs) {
			return fmt.Errorf("number %d in Inputs, want numbers of the %d inputs", i, len(b.Batch.Inputs))
		}
	}
	if b.Weights > len(b.Labels) {
		return fmt.Errorf("%d Weights, want at most the %d labels", b.Weights, len(b.Labels))
	}
	b.n = -1
	b.img = b.image()
	for i, x := range b.Batch.Inputs {
		if err := b.checkRows(x); err != nil {
			return fmt.Errorf("inputs[%d]: %w", i, err)
		}
		if b.isMixed(i) {
			if err := b.checkInput(x); err != nil {
				return fmt.Errorf("inputs[%d]: %w", i, err)
			}
		}
	}
	if b.CutMix != nil && b.img == (mixup.Image{}) {
		return errors.New("no input is mixed, want Image set for CutMix")
	}
	return b.checkLabels()
}

// checkLabels reports labels that do not fit.
func (b *batch) checkLabels() error {
	for i, y := range b.Labels {
		if err := b.checkRows(y); err != nil {
			return fmt.Errorf("labels[%d]: %w", i, err)
		}
		dtype := y.DType()
		weighs := y.Rank() == 1 && (dtype.IsFloat() || dtype == dtypes.Bool)
		switch counted := i >= len(b.Labels)-b.Weights; {
		case counted && !weighs:
			return fmt.Errorf("labels[%d]: shape is %v, want floats or bool of shape [%d], as one of Weights", i, y.Shape(), b.n)
		case weighs && !counted && i > 0: // mixed weights would not be those of the terms
			return fmt.Errorf("labels[%d]: shape is %v, which losses take for sample weights or a mask, want it counted by Weights, or shape [%d, 1] for a target", i, y.Shape(), b.n)
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

// checkInput reports whether t can be mixed. For CutMix, the first such input has
// the shape of the images if none is set.
func (b *batch) checkInput(t *tensors.Tensor) error {
	if dtype := t.DType(); !dtype.IsFloat() && dtype != dtypes.Uint8 {
		return fmt.Errorf("dtype is %v, want a float or Uint8, or Inputs that leaves it out", dtype)
	}
	if err := b.checkNorm(t.Shape()); err != nil {
		return err
	}
	if b.CutMix == nil || b.img != (mixup.Image{}) {
		return nil
	}
	var ok bool
	if b.img, ok = imageOf(t.Shape()); !ok {
		return fmt.Errorf("shape is %v, want [n, height, width, channels] or [n, length, channels] for CutMix, or Image set", t.Shape())
	}
	return nil
}

// checkNorm reports whether Norm does not fit inputs of the shape.
func (d *Dataset) checkNorm(shape shapes.Shape) error {
	if shape.DType != dtypes.Uint8 || !d.normalises() {
		return nil
	}
	if img := d.image(); img != (mixup.Image{}) && !isImage(shape, img) {
		return fmt.Errorf("shape is %v, want rows of %v for Norm", shape, img)
	}
	channels := d.bytesImage(shape).Channels
	for _, values := range [][]float32{d.Norm.Mean, d.Norm.Std} {
		if values != nil && len(values) != channels {
			return fmt.Errorf("shape is %v, want %d channels as in Norm", shape, len(values))
		}
	}
	return nil
}

// normalises reports whether Norm is set.
func (d *Dataset) normalises() bool { return d.Norm.Mean != nil || d.Norm.Std != nil }

// bytesImage returns the shape of rows of uint8, for Norm. If Image is not set, their
// last axis is that of the channels.
func (d *Dataset) bytesImage(shape shapes.Shape) mixup.Image {
	if img := d.image(); img != (mixup.Image{}) {
		return img
	}
	img := mixup.Image{Channels: 1, Height: 1, Width: 1, Layout: mixup.NHWC}
	for _, side := range shape.Dimensions[1:] {
		img.Width *= img.Channels
		img.Channels = side
	}
	return img
}

// imageOf returns the shape of a row of images or series whose channels are last. A
// height of 1 is more likely the one channel of images whose channels are first.
func imageOf(shape shapes.Shape) (img mixup.Image, ok bool) {
	switch d := shape.Dimensions; len(d) {
	case 3:
		return mixup.Image{Height: 1, Width: d[1], Channels: d[2], Layout: mixup.NHWC}, true
	case 4:
		return mixup.Image{Height: d[1], Width: d[2], Channels: d[3], Layout: mixup.NHWC}, d[1] != 1
	}
	return mixup.Image{}, false
}

// isImage reports whether the rows of a tensor are of the shape img. The height of
// a series may have no axis.
func isImage(shape shapes.Shape, img mixup.Image) bool {
	d := shape.Dimensions[1:]
	if img.Height == 1 && len(d) == 2 {
		return slices.Equal(d, inLayout(img.Layout, img.Channels, img.Width))
	}
	return slices.Equal(d, inLayout(img.Layout, img.Channels, img.Height, img.Width))
}

// inLayout puts the channels before or after the sides.
func inLayout(layout mixup.Layout, channels int, sides ...int) []int {
	if layout == mixup.NCHW {
		return append([]int{channels}, sides...)
	}
	return append(sides, channels)
}

// A grid says where a tensor has the pixels of images.
type grid struct {
	channels      int
	height, width int // axes; height is 0 if it has none
}

// pixelsOf returns where labels have a value for each pixel of img: the axes of its
// sides are where the layout has them, or the last ones, or followed by one axis of
// length 1. The height of a series may have no axis, but floats of shape
// [n, length] are taken for soft targets.
func pixelsOf(shape shapes.Shape, img mixup.Image) (g grid, ok bool) {
	d := shape.Dimensions
	if shape.DType.IsFloat() && len(d) < 3 {
		return g, false
	}
	for _, sides := range [][]int{{img.Height, img.Width}, {img.Width}} {
		if len(sides) == 1 && img.Height > 1 {
			break
		}
		// at reports whether the sides are at the axes from first on.
		at := func(first int) bool {
			return first+len(sides) <= len(d) && slices.Equal(d[first:first+len(sides)], sides)
		}
		first := 0
		switch rank := len(d) - len(sides); {
		case rank == 1 && at(1):
			first, g.channels = 1, 1
		case rank == 2 && img.Layout == mixup.NCHW && at(2):
			first, g.channels = 2, d[1]
		case rank == 2 && (img.Layout == mixup.NHWC || d[len(d)-1] == 1) && at(1):
			first, g.channels = 1, d[len(d)-1]
		default:
			continue
		}
		g.width = first + len(sides) - 1
		if len(sides) == 2 {
			g.height = first
		}
		return g, true
	}
	return g, false
}

// hasTerms reports whether labels of the rows are integers that stay as they are.
func (b *batch) hasTerms() (bool, error) {
	if b.Classes > 0 {
		return false, nil
	}
	targets := b.Labels[:len(b.Labels)-b.Weights]
	if slices.ContainsFunc(targets, func(y *tensors.Tensor) bool { return isClass(y.DType()) && isPerRow(y.Shape()) }) {
		return true, nil
	}
	if b.Weights > 0 {
		return false, fmt.Errorf("%d Weights, want integer labels of shape [n] or [n, 1] beside them", b.Weights)
	}
	return false, nil
}

// isClass reports whether labels of the dtype are mixed by their terms.
func isClass(dtype dtypes.DType) bool {
	return dtype.IsInt() && !dtype.IsPacked() || dtype == dtypes.Bool
}

// isPerRow reports whether a tensor of the shape has one value for each row.
func isPerRow(shape shapes.Shape) bool {
	d := shape.Dimensions
	return len(d) == 1 || len(d) == 2 && d[1] == 1
}

// readTargets returns the classes of labels that become soft targets, and nil for the
// other ones.
func (b *batch) readTargets() (classes [][]int, err error) {
	if err := b.checkTargets(); err != nil {
		return nil, err
	}
	classes = make([][]int, len(b.Labels))
	for i, y := range b.Labels {
		if !b.isOneHot(y.Shape()) {
			continue
		}
		if classes[i], err = b.readClasses(y); err != nil {
			return nil, fmt.Errorf("labels[%d]: %w", i, err)
		}
	}
	return classes, nil
}

// checkTargets reports labels that cannot be mixed before the loss.
func (b *batch) checkTargets() error {
	for i, y := range b.Labels {
		if err := b.checkTarget(y); err != nil {
			return fmt.Errorf("labels[%d]: %w", i, err)
		}
	}
	return nil
}

// checkTarget reports labels that can neither be mixed nor pasted nor become soft
// targets.
func (b *batch) checkTarget(y *tensors.Tensor) error {
	shape, dtype := y.Shape(), y.DType()
	_, onPixels := b.pixels(shape)
	switch {
	case onPixels && isClass(dtype):
		return b.checkPixels(dtype)
	case b.cut != nil && !onPixels && shape.Rank() > 2:
		return fmt.Errorf("shape is %v, want a vector for each row, or the pixels of %v", shape, b.img)
	case dtype.IsFloat() || b.isOneHot(shape):
		return nil
	}
	want := fmt.Sprintf("floats, or an integer or bool for each of %d rows", b.n)
	if isClass(dtype) && b.Classes == 0 {
		want += ", or InGraph, whose loss is that of all terms"
	}
	return fmt.Errorf("shape is %v, want %s", shape, want)
}

// isOneHot reports whether labels of the shape become soft targets.
func (b *batch) isOneHot(shape shapes.Shape) bool {
	_, onPixels := b.pixels(shape)
	return b.Classes > 0 && isClass(shape.DType) && isPerRow(shape) && !onPixels
}

// pixels returns where labels of the shape have the pixels of CutMix, if they have them.
func (b *batch) pixels(shape shapes.Shape) (g grid, ok bool) {
	if b.cut == nil {
		return g, false
	}
	return pixelsOf(shape, b.img)
}

// rowLabels returns the first labels of an integer for each row.
func (b *batch) rowLabels() ([]int, error) {
	for i, y := range b.Labels[:len(b.Labels)-b.Weights] {
		if isClass(y.DType()) && isPerRow(y.Shape()) {
			labels, err := b.readClasses(y)
			if err != nil {
				return nil, fmt.Errorf("labels[%d]: %w", i, err)
			}
			return labels, nil
		}
	}
	return nil, nil
}

// readClasses reads the labels of the rows. They are checked if Classes is set.
func (b *batch) readClasses(t *tensors.Tensor) (labels []int, err error) {
	var wrong error
	err = t.ConstFlatData(func(flat any) {
		v := reflect.ValueOf(flat)
		for i := range v.Len() {
			label, ok := b.class(v.Index(i))
			if !ok && wrong == nil {
				wrong = fmt.Errorf("row %d: label %v, want a class in [0, %d) or Ignore", i, v.Index(i), b.Classes)
			}
			labels = append(labels, label)
		}
	})
	return labels, errors.Join(err, wrong)
}

// class returns an integer or bool as a label, if it is one.
func (b *batch) class(v reflect.Value) (label int, ok bool) {
	switch {
	case v.Kind() == reflect.Bool:
		if v.Bool() {
			label = 1
		}
	case v.CanInt():
		label = int(v.Int())
	default:
		label = int(v.Uint())
	}
	return label, b.Classes == 0 || 0 <= label && label < b.Classes || label == mixup.Ignore && v.CanInt()
}

// shapes returns a line that differs for minibatches of other shapes.
func (b *batch) shapes() string {
	var all strings.Builder
	for _, t := range b.Batch.Inputs {
		fmt.Fprint(&all, t.Shape())
	}
	fmt.Fprint(&all, ";")
	for _, t := range b.Labels {
		fmt.Fprint(&all, t.Shape())
	}
	return all.String()
}
