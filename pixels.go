// Pixels of uint8, normalised to float32 on the way.

package mixup

import (
	"fmt"
	"math"

	"github.com/seed-7466c776/mixup/internal/f32"
)

// A Norm says how images of uint8 become float32: u in channel c becomes
//
//	(u/255 - Mean[c]) / Std[c]
//
// with a relative error below 1e-6, however close to the mean it is. The zero
// Norm divides by 255.
type Norm struct {
	// Image is the shape of a row. The zero Image stands for that of the [Cut],
	// or for a [Mix] for a single channel of any size.
	Image Image

	Mean []float32 // of each channel, in units of u/255; nil: 0
	Std  []float32 // of each channel, in units of u/255; nil: 1
}

// ApplyBytesTo mixes rows of uint8 pixels that are normalised to float32 on the
// way: dst ← W·norm(src). It gives the bits of [Mix.ApplyTo] from rows that were
// normalised before. dst holds Len rows, and src any number of rows of the same
// width: as a rule a dataset that W was pointed into by [Mix.Select].
//
// ApplyBytesTo keeps tables in the scratch memory of m and must not run
// concurrently with anything else that uses it. It panics, before it writes, if
// the lengths do not fit, if an index or weight is invalid, if the rows are not
// of norm's Image, if a Mean is not finite or a Std not positive, or if dst
// overlaps src.
func (m *Mix) ApplyBytesTo(dst []float32, src []uint8, norm Norm) {
	dim := m.shape("dst", len(dst), "src", len(src))
	if dim == 0 {
		return
	}
	if norm.Image == (Image{}) {
		norm.Image = Image{Channels: 1, Height: 1, Width: dim}
	}
	must(disjoint("dst", dst, "src", src))
	p := norm.pixels(src, dim, &m.scratch)
	w := m.sparse()
	for i := range w.rows {
		index, weight := w.row(i)
		p.combine(dst[i*dim:][:dim], p.whole, index, weight)
	}
}

// ApplyBytesTo is [Cut.ApplyTo] from uint8 pixels that are normalised on the
// way, as by [Mix.ApplyBytesTo]. It also panics, before it writes, if the Image
// or a Box of c is invalid, or if norm's Image is neither zero nor that of c.
func (c *Cut) ApplyBytesTo(dst []float32, src []uint8, norm Norm) {
	dim, _ := c.shape("dst", len(dst), "src", len(src), c.Image.Channels)
	if dim == 0 {
		return
	}
	if norm.Image == (Image{}) {
		norm.Image = c.Image
	}
	if norm.Image != c.Image {
		panic(fmt.Sprintf("mixup: Norm is for images of %v, want %v", norm.Image, c.Image))
	}
	must(disjoint("dst", dst, "src", src))
	p := norm.pixels(src, dim, &c.scratch)
	w := c.sparse()
	unmixed := []float32{1}
	for i := range w.rows {
		row := dst[i*dim:][:dim]
		if c.Box[i].Area() == 0 {
			index, weight := w.row(i)
			p.combine(row, p.whole, index, weight)
			continue
		}
		index := c.Index[i*c.K:][:2]
		p.combine(row, p.whole, index[:1], unmixed)
		p.combine(row, c.Box[i], index[1:], unmixed)
	}
}

// pixels are rows of bytes to read from.
type pixels struct {
	grid
	whole    Box // of all pixels
	data     []uint8
	dim      int
	channels []f32.Channel
}

// pixels returns the rows of src, which are dim bytes wide. It panics unless
// they are images of valid norm. The tables of the channels live in s.
func (n Norm) pixels(src []uint8, dim int, s *scratch) pixels {
	g := n.Image
	must(g.check())
	must(g.holds(dim, g.Channels))
	must(n.check())
	s.channels = resize(s.channels, g.Channels)
	for c := range s.channels {
		mean, std := 0., 1.
		if n.Mean != nil {
			mean = float64(n.Mean[c])
		}
		if n.Std != nil {
			std = float64(n.Std[c])
		}
		s.channels[c].Normalize(mean, std)
	}
	return pixels{
		grid:     g.grid(g.Channels),
		whole:    Box{Y1: g.Height, X1: g.Width},
		data:     src,
		dim:      dim,
		channels: s.channels,
	}
}

// check reports what is wrong with Mean and Std.
func (n Norm) check() error {
	if n.Mean != nil && len(n.Mean) != n.Image.Channels {
		return fmt.Errorf("mixup: Norm: len(Mean) = %d, want one for each of %d channels", len(n.Mean), n.Image.Channels)
	}
	if n.Std != nil && len(n.Std) != n.Image.Channels {
		return fmt.Errorf("mixup: Norm: len(Std) = %d, want one for each of %d channels", len(n.Std), n.Image.Channels)
	}
	for c, mean := range n.Mean {
		if !(math.Abs(float64(mean)) <= math.MaxFloat32) {
			return fmt.Errorf("mixup: Norm: Mean[%d] = %v, want a finite number", c, mean)
		}
	}
	for c, std := range n.Std {
		if !(std >= minStd && std <= 1/minStd) {
			return fmt.Errorf("mixup: Norm: Std[%d] = %v, want a positive number", c, std)
		}
	}
	return nil
}

// minStd is the least Std. By it and by its inverse 255 can be multiplied and
// divided without leaving the normal numbers.
const minStd = 0x1p-100

// combine writes, to box b of a row, a linear combination of that box of rows.
func (p *pixels) combine(dst []float32, b Box, index []int, weight []float32) {
	p.runs(b, 0, p.planes*p.height, func(from, to int) {
		ch := p.channels
		if p.planes > 1 {
			ch = ch[from/(p.height*p.line):][:1]
		}
		// In pieces that stay in the nearest cache, for a kernel that works on one
		// channel after the other.
		for piece := byteTile * len(ch); from < to; from += piece {
			n := min(piece, to-from)
			d := dst[from:][:n]
			row := func(k int) []uint8 { return p.data[index[k]*p.dim+from:][:n] }
			if len(index) == 1 {
				f32.ScaleBytes(d, row(0), ch, weight[0])
				continue
			}
			f32.MixBytes2(d, row(0), row(1), ch, weight[0], weight[1])
			for k := 2; k < len(index); k++ {
				f32.AddScaledBytes(d, row(k), ch, weight[k])
			}
		}
	})
}

// byteTile is how many pixels of interleaved channels are worked on at a time.
const byteTile = 1 << 10
