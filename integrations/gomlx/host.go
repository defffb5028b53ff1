// Mixing tensors on the host.

package gomlx

import (
	"errors"
	"fmt"
	"slices"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/dtypes/bfloat16"
	"github.com/gomlx/compute/dtypes/float16"
	"github.com/gomlx/compute/dtypes/gotype"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/seed-7466c776/mixup"
)

// A host mixes the tensors of a batch.
type host struct {
	*batch
	keep  []*tensors.Tensor                   // what is yielded as it is
	mixed map[*tensors.Tensor]*tensors.Tensor // what has become of the others
}

// mix returns x mixed by m, or by cut if it is not nil and x has its Image.
func (h *host) mix(x *tensors.Tensor, m *mixup.Mix, cut *mixup.Cut) (*tensors.Tensor, error) {
	if mixed, ok := h.mixed[x]; ok {
		return mixed, nil
	}
	mixed := x
	if x.DType() == dtypes.Uint8 {
		mixed = tensors.FromShape(shapes.Make(dtypes.Float32, x.Shape().Dimensions...))
	} else if !x.IsLocal() || slices.Contains(h.keep, x) {
		mixed = tensors.FromShape(x.Shape())
	}
	h.mixed[x] = mixed
	if x.Size() == 0 {
		return mixed, nil
	}
	r := rows{m: m, cut: cut, dim: x.Size() / h.n}
	if mixed == x {
		return x, x.MutableFlatData(func(flat any) { r.apply(flat, flat) })
	}
	if x.DType() == dtypes.Uint8 && (h.Norm.Mean != nil || h.Norm.Std != nil) {
		var err error
		if r.img, err = h.bytesImage(x.Shape()); err != nil {
			return nil, err
		}
		r.norm = h.Norm
	}
	return mixed, both(mixed, x, r.apply)
}

// both calls f with the memory of dst and src.
func both(dst, src *tensors.Tensor, f func(dst, src any)) error {
	var writing error
	reading := src.ConstFlatData(func(s any) {
		writing = dst.MutableFlatData(func(d any) { f(d, s) })
	})
	return errors.Join(reading, writing)
}

// bytesImage returns the shape of rows of uint8, for Norm.
func (h *host) bytesImage(shape shapes.Shape) (mixup.Image, error) {
	img := h.image()
	switch {
	case img != (mixup.Image{}) && !isImage(shape, img):
		return img, fmt.Errorf("shape is %v, want rows of %v for Norm", shape, img)
	case img == (mixup.Image{}):
		channels := shape.Dimensions[shape.Rank()-1]
		img = mixup.Image{Channels: channels, Height: 1, Width: shape.Size() / h.n / channels, Layout: mixup.NHWC}
	}
	for _, values := range [][]float32{h.Norm.Mean, h.Norm.Std} {
		if values != nil && len(values) != img.Channels {
			return img, fmt.Errorf("shape is %v, want %d channels as in Norm", shape, len(values))
		}
	}
	return img, nil
}

// rows mixes memory of any type: dst ← W·src. dst may be src itself.
type rows struct {
	m    *mixup.Mix
	cut  *mixup.Cut // nil, or for the rows with a box
	dim  int
	img  mixup.Image // and norm, for uint8 with Norm
	norm mixup.Norm
}

func (r rows) apply(dst, src any) {
	switch src := src.(type) {
	case []float32:
		r.applyTo(dst.([]float32), src)
	case []float64:
		r.blend(dst.([]float64), src)
	case []bfloat16.BFloat16:
		half(r, dst.([]bfloat16.BFloat16), src, bfloat16.FromFloat32)
	case []float16.Float16:
		half(r, dst.([]float16.Float16), src, float16.FromFloat32)
	case []uint8:
		if r.img == (mixup.Image{}) { // without Norm: from 0 to 255, as in the graph
			x := dst.([]float32)
			for i, v := range src {
				x[i] = float32(v)
			}
			r.applyTo(x, x)
		} else if r.cut != nil {
			r.cut.ApplyBytesTo(dst.([]float32), src, r.norm)
		} else {
			r.m.ApplyBytesTo(dst.([]float32), src, r.img, r.norm)
		}
	}
}

func (r rows) applyTo(dst, src []float32) {
	if r.cut != nil {
		r.cut.ApplyTo(dst, src)
	} else {
		r.m.ApplyTo(dst, src, r.dim)
	}
}

// blend mixes all rows by weights, and pastes what has a box.
func (r rows) blend(dst, src []float64) {
	if r.cut == nil {
		mixup.Blend(r.m, dst, src, r.dim)
		return
	}
	pasted := make([]float64, len(src))
	mixup.Paste(r.cut, pasted, src, r.cut.Image.Channels)
	mixup.Blend(r.m, dst, src, r.dim)
	for i, box := range r.cut.Box {
		if !box.Empty() {
			copy(dst[i*r.dim:][:r.dim], pasted[i*r.dim:])
		}
	}
}

// half mixes numbers of half precision in float32 and rounds once.
func half[T interface {
	gotype.AnyHalfPrecision
	Float32() float32
}](r rows, dst, src []T, round func(float32) T) {
	x := make([]float32, len(src))
	for i, v := range src {
		x[i] = v.Float32()
	}
	r.applyTo(x, x)
	for i, v := range x {
		dst[i] = round(v)
	}
}

// mixLabels returns what becomes of labels.
func (h *host) mixLabels(y *tensors.Tensor) (*tensors.Tensor, error) {
	shape := y.Shape()
	if h.cut != nil {
		if g, ok := pixelsOf(shape, h.img); ok {
			return h.paste(y, g.channels)
		}
		if shape.Rank() > 2 {
			return nil, fmt.Errorf("shape is %v, want a vector for each row, or the pixels of %v", shape, h.img)
		}
	}
	switch dtype := y.DType(); {
	case dtype.IsFloat():
		return h.mix(y, h.labelMix, nil)
	case isClass(dtype) && isPerRow(shape) && h.Classes > 0:
		h.mixed[y] = nil
		return h.oneHot(y)
	}
	want := fmt.Sprintf("floats, or an integer or bool for each of %d rows", h.n)
	if isClass(y.DType()) && h.Classes == 0 {
		want += ", or InGraph, whose loss is that of all terms"
	}
	return nil, fmt.Errorf("shape is %v, want %s", shape, want)
}

// oneHot returns the soft targets of integer labels.
func (h *host) oneHot(y *tensors.Tensor) (*tensors.Tensor, error) {
	classes, err := h.readClasses(y)
	if err != nil {
		return nil, err
	}
	t := tensors.FromShape(shapes.Make(dtypes.Float32, h.n, h.Classes))
	return t, tensors.MutableFlatData(t, func(dst []float32) {
		h.labelMix.OneHotTo(dst, classes, h.Classes)
		mixup.Smooth(dst, h.Classes, h.Smoothing)
	})
}

// paste returns labels of the pixels, pasted like the images. A row without a box
// is mixed, if it is to be.
func (h *host) paste(y *tensors.Tensor, channels int) (*tensors.Tensor, error) {
	img := h.cut.Image
	h.cut.Image.Channels = channels
	defer func() { h.cut.Image = img }()
	if y.DType().IsFloat() {
		cut := h.labelCut()
		return h.mix(y, &cut.Labels, cut)
	}
	if err := h.checkPixels(y.DType()); err != nil {
		return nil, err
	}
	pasted := tensors.FromShape(y.Shape())
	h.mixed[y] = pasted
	return pasted, both(pasted, y, func(dst, src any) { pasteAny(h.cut, dst, src, channels) })
}

// labelCut returns the draw for floats of the pixels, which is that of the images if
// LabelMix is not set. With it, rows without a box have its weights.
func (b *batch) labelCut() *mixup.Cut {
	if b.labelMix == b.inputMix {
		return b.cut
	}
	c := b.cut.Clone()
	for i, box := range c.Box {
		if k := c.Labels.K; box.Empty() {
			copy(c.Labels.Weight[i*k:][:k], b.labelMix.Weight[i*k:])
		}
	}
	return c
}

// checkPasted reports labels of the pixels that a graph could not paste.
func (b *batch) checkPasted() error {
	for i, y := range b.Labels {
		if b.cut == nil || y.DType().IsFloat() {
			continue
		}
		if _, ok := pixelsOf(y.Shape(), b.img); !ok {
			continue
		}
		if err := b.checkPixels(y.DType()); err != nil {
			return fmt.Errorf("labels[%d]: %w", i, err)
		}
	}
	return nil
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

// pasteAny pastes integers or bool.
func pasteAny(c *mixup.Cut, dst, src any, channels int) {
	switch src := src.(type) {
	case []bool:
		mixup.Paste(c, dst.([]bool), src, channels)
	case []int8:
		mixup.Paste(c, dst.([]int8), src, channels)
	case []int16:
		mixup.Paste(c, dst.([]int16), src, channels)
	case []int32:
		mixup.Paste(c, dst.([]int32), src, channels)
	case []int64:
		mixup.Paste(c, dst.([]int64), src, channels)
	case []uint8:
		mixup.Paste(c, dst.([]uint8), src, channels)
	case []uint16:
		mixup.Paste(c, dst.([]uint16), src, channels)
	case []uint32:
		mixup.Paste(c, dst.([]uint32), src, channels)
	case []uint64:
		mixup.Paste(c, dst.([]uint64), src, channels)
	}
}

// finalize frees the tensors that something else is yielded for.
func (h *host) finalize() error {
	for x, mixed := range h.mixed {
		if x != mixed && !slices.Contains(h.keep, x) {
			if err := x.FinalizeAll(); err != nil {
				return err
			}
		}
	}
	return nil
}
