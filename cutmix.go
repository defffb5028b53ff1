// CutMix: a box of one image is pasted into another.

package mixup

import (
	"fmt"

	"github.com/seed-7466c776/mixup/internal/f32"
)

// A Cut is one draw of CutMix: a [Mix] and, for each of its rows, the box of the
// image that its second term is pasted from. Outside the box the row is its
// first term. A row with an empty Box is mixed by Weight, as in the Mix, so that
// a minibatch may hold both.
//
// Weight is for the labels: λ is the share of the image that is left and 1-λ
// that of the box. Labels, losses and accuracy are mixed by the methods of the
// Mix; those that take inputs or their gradients are Cut's own.
//
// A [CutSampler] fills a Cut, and so may the caller. Further terms of a row with
// a box must have weight 0. Whatever holds for the memory of a Mix and for its
// concurrent use holds for a Cut.
type Cut struct {
	Mix
	Image Image // shape of a row
	Box   []Box // len N: each within the image
}

// Apply mixes the minibatch x in place, where x holds Len images. Every index
// must be less than Len; the partners need not be a permutation. Pasted values
// are copied as they are, and the result has the bits of [Cut.ApplyTo].
//
// Apply panics, before it writes, if x is not Len rows of Image, or if an index,
// weight or box is invalid.
func (c *Cut) Apply(x []float32) {
	dim, g := c.shape("x", len(x), "x", len(x), c.Image.Channels)
	c.mul(x, dim, g)
}

// ApplyTo mixes images of src into dst, as [Mix.ApplyTo] does. dst holds Len
// images, and src any number of them. dst may be src itself, which makes it
// Apply.
//
// ApplyTo panics, before it writes, if dst is not Len rows of Image, if src is
// not rows of Image, if an index, weight or box is invalid, or if dst overlaps
// src in part.
func (c *Cut) ApplyTo(dst, src []float32) {
	dim, g := c.shape("dst", len(dst), "src", len(src), c.Image.Channels)
	if same(dst, src) {
		c.mul(dst, dim, g)
		return
	}
	must(disjoint("dst", dst, "src", src))
	w := c.sparse()
	from := dense{data: src, stride: dim, saved: -1}
	for i := range w.rows {
		c.row(dst[i*dim:][:dim], &from, &w, i, g, 0, g.lines())
	}
}

// BackwardTo is the gradient of [Cut.ApplyTo]: ddst holds the gradient with
// respect to Len mixed images, and dsrc receives the gradient with respect to
// the source images. Each of its values is a sum that starts at 0 and takes the
// mixed images in their order.
//
// dsrc may be ddst itself. BackwardTo panics, before it writes, if ddst is not
// Len rows of Image, if dsrc is not rows of Image, if an index, weight or box is
// invalid, or if dsrc overlaps ddst in part.
func (c *Cut) BackwardTo(dsrc, ddst []float32) {
	dim, g := c.shape("ddst", len(ddst), "dsrc", len(dsrc), c.Image.Channels)
	if dim == 0 {
		clear(dsrc)
		return
	}
	inPlace := same(dsrc, ddst)
	if !inPlace {
		must(disjoint("dsrc", dsrc, "ddst", ddst))
	}
	w := c.sparse()
	tile := g.tile(blockTile / w.rows)
	for lo := 0; lo < g.lines(); lo += tile {
		hi := min(lo+tile, g.lines())
		begin, n := lo*g.line, (hi-lo)*g.line
		from := dense{data: ddst[begin:], stride: dim, saved: -1}
		if inPlace {
			from = block(ddst, dim, begin, n, &c.scratch.save)
		}
		for j := 0; j < len(dsrc); j += dim {
			clear(dsrc[j+begin:][:n])
		}
		for i := range w.rows {
			c.scatter(dsrc, begin, from.row(i, n), &w, i, g, lo, hi)
		}
	}
}

// Paste does to rows of any type what [Cut.ApplyTo] does to images, except that
// it does not mix: a row with an empty Box is its first term. It is for what
// labels the pixels, such as segmentation masks, which have so many channels in
// the Height, Width and Layout of the Image. dst holds Len rows, and src any
// number of them.
//
// Paste panics, before it writes, if channels is not positive, if dst is not Len
// such rows, if src is not such rows, if an index, weight or box is invalid, or
// if dst overlaps src.
func Paste[T any](c *Cut, dst, src []T, channels int) {
	if channels < 1 {
		panic(fmt.Sprintf("mixup: Paste of %d channels, want > 0", channels))
	}
	dim, g := c.shape("dst", len(dst), "src", len(src), channels)
	must(disjoint("dst", dst, "src", src))
	for i := range c.Len() {
		row, index := dst[i*dim:][:dim], c.Index[i*c.K:][:c.K]
		copy(row, src[index[0]*dim:])
		if b := c.Box[i]; b.Area() > 0 {
			paste(row, src[index[1]*dim:], g, b, 0, g.lines())
		}
	}
}

// Validate reports the first row of c that is not a convex combination of
// source rows numbered 0 to sources-1, or whose box is not within the Image.
func (c *Cut) Validate(sources int) error {
	if err := c.Mix.Validate(sources); err != nil {
		return err
	}
	return c.check()
}

// check reports what is wrong with the Image and the boxes.
func (c *Cut) check() error {
	n := c.Len()
	if len(c.Box) != n {
		return fmt.Errorf("mixup: len(Box) = %d, want one for each of %d rows", len(c.Box), n)
	}
	if n == 0 {
		return nil
	}
	if err := c.Image.check(); err != nil {
		return err
	}
	for i, b := range c.Box {
		if !(0 <= b.Y0 && b.Y0 <= b.Y1 && b.Y1 <= c.Image.Height && 0 <= b.X0 && b.X0 <= b.X1 && b.X1 <= c.Image.Width) {
			return fmt.Errorf("mixup: row %d: Box %+v, want one in an image of %v", i, b, c.Image)
		}
		if b.Area() > 0 && (c.K < 2 || !allZero(c.Weight[i*c.K+2:(i+1)*c.K])) {
			return fmt.Errorf("mixup: row %d: Box %+v with weights %v, want two terms, and others of weight 0",
				i, b, c.Weight[i*c.K:(i+1)*c.K])
		}
	}
	return nil
}

// sparse returns W and the boxes.
func (c *Cut) sparse() sparse {
	w := c.Mix.sparse()
	w.box = c.Box
	return w
}

// shape is that of the Mix, for rows that are images of so many channels. It
// also panics unless the boxes are valid.
func (c *Cut) shape(mixed string, lenMixed int, source string, lenSource, channels int) (dim int, g grid) {
	dim = c.Mix.shape(mixed, lenMixed, source, lenSource)
	must(c.check())
	if c.Len() == 0 {
		return dim, grid{}
	}
	must(c.Image.holds(dim, channels))
	return dim, c.Image.grid(channels)
}

// row writes the lines lo to hi-1 of row i, of which from has the sources.
func (c *Cut) row(dst []float32, from *dense, w *sparse, i int, g grid, lo, hi int) {
	b := c.Box[i]
	if b.Area() == 0 {
		index, weight := w.row(i)
		combine(dst, from, index, weight)
		return
	}
	outside, inside := c.Index[i*c.K], c.Index[i*c.K+1]
	if src := from.row(outside, len(dst)); !same(dst, src) {
		copy(dst, src)
	}
	paste(dst, from.row(inside, len(dst)), g, b, lo, hi)
}

// scatter adds the lines lo to hi-1 of the gradient of row i to those that begin
// at begin in each row of dsrc.
func (c *Cut) scatter(dsrc []float32, begin int, grad []float32, w *sparse, i int, g grid, lo, hi int) {
	dim := g.lines() * g.line
	row := func(j int) []float32 { return dsrc[j*dim+begin:][:len(grad)] }
	b := c.Box[i]
	if b.Area() == 0 {
		index, weight := w.row(i)
		for k, j := range index {
			f32.AddScaled(row(j), grad, weight[k])
		}
		return
	}
	add := func(j int, b Box) {
		dst := row(j)
		g.runs(b, lo, hi, func(from, to int) { f32.AddScaled(dst[from:to], grad[from:to], 1) })
	}
	outside, inside := c.Index[i*c.K], c.Index[i*c.K+1]
	add(inside, b)
	h, width := c.Image.Height, c.Image.Width
	add(outside, Box{0, b.Y0, 0, width})
	add(outside, Box{b.Y0, b.Y1, 0, b.X0})
	add(outside, Box{b.Y0, b.Y1, b.X1, width})
	add(outside, Box{b.Y1, h, 0, width})
}

// mul mixes x in place. It gives the bits of ApplyTo.
func (c *Cut) mul(x []float32, dim int, g grid) {
	if dim == 0 {
		return
	}
	w := c.sparse()
	if c.walk(&w) {
		c.mulWalking(x, dim, &w, g)
	} else {
		c.mulBlocks(x, dim, &w, g)
	}
}

// walk is sparse's, for rows some of which have a box.
func (c *Cut) walk(w *sparse) bool {
	s := &c.scratch
	s.begin(w.rows)
	for i, b := range c.Box {
		if b.Area() > 0 {
			outside, inside := c.Index[i*c.K], c.Index[i*c.K+1]
			if outside != i {
				return false
			}
			s.reads[i].other = inside
			s.note(i, true)
			continue
		}
		r := &s.reads[i]
		if !w.reads(r, i) {
			return false
		}
		s.note(i, r.terms == 1 && r.wa == 1)
	}
	s.arrange()
	return true
}

// mulWalking writes the rows in the order of walk. Of the first row of a cycle
// it saves only what the last one reads.
func (c *Cut) mulWalking(x []float32, dim int, w *sparse, g grid) {
	s := &c.scratch
	tile := g.tile(rowTile)
	s.save = resize(s.save, tile*g.line)
	for lo := 0; lo < g.lines(); lo += tile {
		hi := min(lo+tile, g.lines())
		begin, n := lo*g.line, (hi-lo)*g.line
		from := dense{data: x[begin:], stride: dim, saved: -1, save: s.save}
		first, last := -1, -1 // of the cycle: a row, and a position in the order
		for p, i := range s.order {
			if i < 0 {
				i = ^i
				first, last = i, p+1
				for last+1 < len(s.order) && s.order[last+1] >= 0 {
					last++
				}
				from.saved = -1
				if b := c.Box[s.order[last]]; b.Area() > 0 {
					paste(s.save, from.row(i, n), g, b, lo, hi)
				} else {
					copy(s.save, from.row(i, n))
				}
			}
			if p == last {
				from.saved = first
			}
			c.row(x[i*dim+begin:][:n], &from, w, i, g, lo, hi)
		}
	}
}

// mulBlocks copies a block of lines of all rows and writes the rows from the
// copy.
func (c *Cut) mulBlocks(x []float32, dim int, w *sparse, g grid) {
	tile := g.tile(blockTile / w.rows)
	for lo := 0; lo < g.lines(); lo += tile {
		hi := min(lo+tile, g.lines())
		begin, n := lo*g.line, (hi-lo)*g.line
		from := block(x, dim, begin, n, &c.scratch.save)
		for i := range w.rows {
			c.row(x[i*dim+begin:][:n], &from, w, i, g, lo, hi)
		}
	}
}
