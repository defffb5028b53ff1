// Pixels of uint8, normalised to float32 on the way.

package mixup

import (
	"fmt"
	"image"
	"math"

	"github.com/seed-7466c776/mixup/internal/f32"
)

// A Norm says how images of uint8 become float32: the value u, from 0 to 255, of
// channel c becomes
//
//	(u/255 - Mean[c]) / Std[c]
//
// with a relative error below 1e-6, however close to the mean it is. The zero Norm
// divides by 255.
//
// Mean and Std are in units of u/255, where white is 1. ImageNet's are Mean
// {0.485, 0.456, 0.406} and Std {0.229, 0.224, 0.225}. A Mean or Std that was computed
// from values of 0 to 255, such as 123.7 and 58.4, must be divided by 255 first. As it
// is, it is a valid Norm that takes all pixels to values near -123.7/58.4 = -2.1.
type Norm struct {
	Mean []float32 // of each channel, finite; nil: 0
	Std  []float32 // of each channel, from 2⁻¹⁰⁰ to 2¹⁰⁰; nil: 1
}

// ApplyBytesTo mixes rows of uint8 pixels that are normalised to float32 on the way:
// dst ← W·norm(src). dst holds Len images of shape img, and src any number of them, in
// general a dataset that W was pointed into by [Mix.Select]. The result is
// bit-identical to that of [Mix.ApplyTo] from rows that were normalised before.
//
// The error of a value Σ wₖ·xₖ of up to 8 terms is below 1e-6·Σ wₖ·|xₖ|. This is a
// relative error, except where terms above and below the mean cancel in part.
//
// ApplyBytesTo keeps tables in the scratch memory of m and must not run concurrently
// with anything else that uses m. It panics, before it writes, if img is invalid, if
// dst is not Len images, if src does not consist of images, if an index or weight is
// invalid, if norm is invalid or has another number of channels, or if dst overlaps
// src.
func (m *Mix) ApplyBytesTo(dst []float32, src []uint8, img Image, norm Norm) {
	must(img.check("img"))
	m.shapeOfImages("dst", len(dst), "src", len(src), img)
	must(norm.check(img))
	must(disjoint("dst", dst, "src", src))
	w := m.sparse()
	w.mulBytesTo(dst, src, img, norm, &m.scratch)
}

// ApplyBytesTo is [Cut.ApplyTo] from uint8 pixels that are normalised on the way, as by
// [Mix.ApplyBytesTo]. It panics, before it writes, when one of the two does.
func (c *Cut) ApplyBytesTo(dst []float32, src []uint8, norm Norm) {
	if !c.shape("dst", len(dst), "src", len(src), c.Image) {
		return
	}
	must(norm.check(c.Image))
	must(disjoint("dst", dst, "src", src))
	w := c.sparse()
	w.mulBytesTo(dst, src, c.Image, norm, &c.Labels.scratch)
}

// pixels are rows of bytes to read from.
type pixels struct {
	grid
	data     []uint8
	dim      int
	channels []f32.Channels // of each plane
}

// load makes p images of shape g.
func (p *pixels) load(src []uint8, g Image, norm Norm) {
	p.grid, p.data, p.dim = g.grid(), src, g.dim()
	p.channels = resize(p.channels, p.planes)
	for c := range g.Channels {
		mean, std := 0., 1.
		if norm.Mean != nil {
			mean = float64(norm.Mean[c])
		}
		if norm.Std != nil {
			std = float64(norm.Std[c])
		}
		plane := &p.channels[c/p.pixel]
		plane.Resize(p.pixel)
		plane.Normalize(c%p.pixel, mean, std)
	}
}

// check reports what is wrong with Mean and Std for images of shape g.
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

// minStd is the least Std. By it and by its inverse 255 can be multiplied and
// divided without leaving the normal numbers.
const minStd = 0x1p-100

// mulBytesTo is dst ← w·norm(src), for images of shape g.
func (w *sparse) mulBytesTo(dst []float32, src []uint8, g Image, norm Norm, s *scratch) {
	s.pixels.load(src, g, norm)
	product{w: *w, s: s, dst: dst, dim: g.dim(), by: fromPixels}.overRows()
	s.pixels.data = nil // which is not ours to keep
}

// mulBytes writes rows lo to hi-1.
func (p *product) mulBytes(lo, hi int) {
	src := &p.s.pixels
	var memory [byteTile]uint8
	pasted := memory[:]
	if src.pixel > byteTile {
		pasted = make([]uint8, src.pixel)
	}
	pasted = pasted[:len(pasted)/src.pixel*src.pixel]
	for i := lo; i < hi; i++ {
		index, weight := p.w.row(i)
		var b image.Rectangle
		if p.w.boxed(i) {
			b = p.w.cut.Box[i]
		}
		src.combine(p.dst[i*p.dim:][:p.dim], index, weight, b, pasted)
	}
}

// combine writes a linear combination of rows, or if box b is not empty the first
// with that box of the second. It does so in pieces of whole pixels as long as
// pasted.
func (p *pixels) combine(dst []float32, index []int, weight []float32, b image.Rectangle, pasted []uint8) {
	plane := p.height * p.line
	for from := 0; from < p.dim; {
		ch := &p.channels[from/plane]
		n := min(len(pasted), plane-from%plane)
		d := dst[from:][:n]
		row := func(k int) []uint8 { return p.data[index[k]*p.dim+from:][:n] }
		switch {
		case !b.Empty():
			// Bytes are less to copy than floats are.
			copy(pasted, row(0))
			p.pasteBytes(pasted[:n], row(1), b, from)
			f32.ScaleBytes(d, pasted, ch, 1)
		case len(index) == 1:
			f32.ScaleBytes(d, row(0), ch, weight[0])
		default:
			f32.MixBytes2(d, row(0), row(1), ch, weight[0], weight[1])
			for k := 2; k < len(index); k++ {
				f32.AddScaledBytes(d, row(k), ch, weight[k])
			}
		}
		from += n
	}
}

// pasteBytes copies what is in box b of some values of a row, from value begin on.
func (p *pixels) pasteBytes(dst, src []uint8, b image.Rectangle, begin int) {
	lo := begin / p.line
	begin -= lo * p.line
	end := begin + len(dst)
	p.runs(b, lo, lo+(end+p.line-1)/p.line, func(from, to int) {
		if from, to = max(from, begin), min(to, end); from < to {
			copy(dst[from-begin:to-begin], src[from-begin:])
		}
	})
}

// byteTile is how many values are worked on at a time, so that they stay in the
// nearest cache for a kernel that does one channel after the other.
const byteTile = 4 << 10
