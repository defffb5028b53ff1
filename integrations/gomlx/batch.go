// A minibatch, and checking it.

package gomlx

import (
	"errors"
	"fmt"
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
	if b.CutMix == nil || b.img != (mixup.Image{}) {
		return nil
	}
	var ok bool
	if b.img, ok = imageOf(t.Shape()); !ok {
		return fmt.Errorf("shape is %v, want [n, height, width, channels] or [n, length, channels] for CutMix, or Image set", t.Shape())
	}
	return nil
}

// checkNorm reports whether Norm does not fit inputs of the shape. It is called when b
// has its draw, which may have set the shape of the images.
func (b *batch) checkNorm(shape shapes.Shape) error {
	if shape.DType != dtypes.Uint8 || !b.normalises() {
		return nil
	}
	img, given := b.bytesImage(shape)
	if given && !isImage(shape, img) {
		return fmt.Errorf("shape is %v, want rows of %v for Norm", shape, img)
	}
	for _, values := range [][]float32{b.Norm.Mean, b.Norm.Std} {
		if values != nil && len(values) != img.Channels {
			return fmt.Errorf("shape is %v, want %d channels as in Norm", shape, len(values))
		}
	}
	return nil
}

// normalises reports whether Norm is set.
func (d *Dataset) normalises() bool { return d.Norm.Mean != nil || d.Norm.Std != nil }

// bytesImage returns the shape of rows of uint8, for Norm, and whether Image or the boxes
// give it. If they do not, the last axis is that of the channels.
func (b *batch) bytesImage(shape shapes.Shape) (img mixup.Image, given bool) {
	if b.cut != nil {
		return b.img, true
	}
	if img := b.image(); img != (mixup.Image{}) {
		return img, true
	}
	img = mixup.Image{Channels: 1, Height: 1, Width: 1, Layout: mixup.NHWC}
	for _, side := range shape.Dimensions[1:] {
		img.Width *= img.Channels
		img.Channels = side
	}
	return img, false
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
