// Labels: which are mixed how, and reading their classes.

package gomlx

import (
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/seed-7466c776/mixup"
)

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

// pixels returns where labels of the shape have the pixels of CutMix, if they have them.
func (b *batch) pixels(shape shapes.Shape) (g grid, ok bool) {
	if b.cut == nil {
		return g, false
	}
	return pixelsOf(shape, b.img)
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

// checkPixels reports a row that is mixed and has no box, so that labels of its
// pixels of the dtype could not be pasted.
func (b *batch) checkPixels(dtype dtypes.DType) error {
	for i, box := range b.cut.Box {
		if box.Empty() && b.cut.Labels.Lambda(i) != 1 {
			return fmt.Errorf("row %d: labels of dtype %v for the pixels of a row that is mixed and has no box, want floats, CutMix alone, or InGraph with Classes = 0", i, dtype)
		}
	}
	return nil
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
