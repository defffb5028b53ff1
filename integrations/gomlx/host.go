// Mixing on the host.

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
	"github.com/gomlx/gomlx/ml/train"
	"github.com/seed-7466c776/mixup"
)

// onHost mixes b. It finds all that is wrong with b before it mixes the first tensor,
// because tensors are mixed in place.
func (d *Dataset) onHost(b *batch) (train.Batch, error) {
	isBytes := func(i int) bool { return b.Batch.Inputs[i].DType() == dtypes.Uint8 }
	if d.normalises() && !slices.ContainsFunc(b.mixedInputs(), isBytes) {
		return train.Batch{}, errors.New("no input of uint8 is mixed, want Norm zero")
	}
	for _, i := range b.mixedInputs() {
		if err := b.checkNorm(b.Batch.Inputs[i].Shape()); err != nil {
			return train.Batch{}, fmt.Errorf("inputs[%d]: %w", i, err)
		}
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

// A host mixes the tensors of a batch.
type host struct {
	*batch
	keep  []*tensors.Tensor                   // what is yielded as it is
	mixed map[*tensors.Tensor]*tensors.Tensor // what has become of the others
}

// newHost returns a host for b that keeps labels, and the inputs that are not mixed.
func newHost(b *batch, labels []*tensors.Tensor) *host {
	h := &host{batch: b, keep: slices.Clone(labels), mixed: make(map[*tensors.Tensor]*tensors.Tensor)}
	for i, x := range b.Batch.Inputs {
		if !b.isMixed(i) {
			h.keep = append(h.keep, x)
		}
	}
	return h
}

// mixInputs returns what becomes of the inputs.
func (h *host) mixInputs() ([]*tensors.Tensor, error) {
	inputs := slices.Clone(h.batch.Batch.Inputs)
	for _, i := range h.mixedInputs() {
		var err error
		if inputs[i], err = h.mix(inputs[i], h.inputMix, h.cut); err != nil {
			return nil, fmt.Errorf("inputs[%d]: %w", i, err)
		}
	}
	return inputs, nil
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
	if x.DType() == dtypes.Uint8 && h.normalises() {
		r.img, _ = h.bytesImage(x.Shape())
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

// mixLabels returns what becomes of labels, which have the classes if they are to be
// soft targets.
func (h *host) mixLabels(y *tensors.Tensor, classes []int) (*tensors.Tensor, error) {
	if g, ok := h.pixels(y.Shape()); ok {
		return h.paste(y, g.channels)
	}
	if y.DType().IsFloat() {
		return h.mix(y, h.labelMix, nil)
	}
	h.mixed[y] = nil
	return h.oneHot(classes)
}

// oneHot returns the soft targets of classes.
func (h *host) oneHot(classes []int) (*tensors.Tensor, error) {
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
