// Pixels of uint8, normalised to float32 on the way.

package mixup

import (
	"fmt"
	"math"
)

// A Norm says how images of uint8 become float32: the value u, from 0 to 255, of
// channel c becomes
//
//	(u/255 - Mean[c]) / Std[c]
//
// with a relative error below 1e-6, even if u/255 is close to the mean. The zero Norm
// divides by 255.
//
// Mean and Std are in units of u/255, where white is 1. For ImageNet, Mean is
// {0.485, 0.456, 0.406} and Std is {0.229, 0.224, 0.225}. A Mean or Std that was
// computed from values of 0 to 255, such as 123.7 and 58.4, must be divided by 255
// first. Without this it is not an error, but all pixels become values near
// -123.7/58.4 = -2.1.
type Norm struct {
	Mean []float32 // of each channel, finite; nil: 0
	Std  []float32 // of each channel, from 2⁻¹⁰⁰ to 2¹⁰⁰; nil: 1
}

// ApplyBytesTo mixes images of uint8 pixels, and normalises them to float32 in the same
// pass: dst ← W·norm(src). dst holds Len images of shape img, and src any number of them.
// In general src is a dataset whose row numbers m has got from [Mix.Select]. The result
// is bit-identical to that of [Mix.ApplyTo] for images that were normalised before, by
// ApplyBytesTo of an [Mix.Identity].
//
// The error of a value Σ wₖ·xₖ of up to 8 terms is below 1e-6·Σ wₖ·|xₖ|. This is its
// relative error, unless terms above and below the mean cancel in part.
//
// ApplyBytesTo keeps tables in the scratch memory of m and must not run concurrently
// with anything else that uses m. It panics, before it writes, if img is invalid, if
// dst is not Len images, if src is not a number of whole images, if an index or weight
// is invalid, if norm is invalid or has another number of channels, or if dst overlaps
// src.
func (m *Mix) ApplyBytesTo(dst []float32, src []uint8, img Image, norm Norm) {
	must(img.check("img"))
	m.shapeOfImages("dst", len(dst), "src", len(src), img)
	must(norm.check(img))
	must(disjoint("dst", dst, "src", src))
	m.pixels.Set(img.grid(), norm.Mean, norm.Std)
	m.matrix().MulBytesTo(dst, src, &m.pixels)
}

// ApplyBytesTo is [Cut.ApplyTo] for uint8 pixels, which it normalises in the same pass,
// as [Mix.ApplyBytesTo] does. It panics, before it writes, if one of the two would.
func (c *Cut) ApplyBytesTo(dst []float32, src []uint8, norm Norm) {
	if !c.shape("dst", len(dst), "src", len(src), c.Image) {
		return
	}
	must(norm.check(c.Image))
	must(disjoint("dst", dst, "src", src))
	m := &c.Labels
	m.pixels.Set(c.Image.grid(), norm.Mean, norm.Std)
	c.boxes().MulBytesTo(dst, src, &m.pixels, &m.rows)
}

// check returns an error that says what is wrong with Mean and Std for images of shape g.
func (n Norm) check(g Image) error {
	if n.Mean != nil && len(n.Mean) != g.Channels {
		return fmt.Errorf("mixup: Norm: len(Mean) = %d, want one for each of %d channels", len(n.Mean), g.Channels)
	}
	if n.Std != nil && len(n.Std) != g.Channels {
		return fmt.Errorf("mixup: Norm: len(Std) = %d, want one for each of %d channels", len(n.Std), g.Channels)
	}
	for c, mean := range n.Mean {
		if !(math.Abs(float64(mean)) <= math.MaxFloat32) {
			return fmt.Errorf("mixup: Norm: Mean[%d] = %v, want a finite number", c, mean)
		}
	}
	for c, std := range n.Std {
		if !(std >= minStd && std <= 1/minStd) {
			return fmt.Errorf("mixup: Norm: Std[%d] = %v, want a positive number, from 2⁻¹⁰⁰ to 2¹⁰⁰", c, std)
		}
	}
	return nil
}

// minStd is the least Std. 255 can be multiplied and divided by it and by its inverse
// without overflow and underflow.
const minStd = 0x1p-100
