// CutMix: a box of one image is pasted into another.

package mixup

import "fmt"

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
	product{w: c.sparse(), dst: dst, src: src, dim: dim, by: cutRows}.overRows()
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
	w := c.sparse()
	width := cutTile
	if same(dsrc, ddst) {
		width = tileWidth(w.rows)
	} else {
		must(disjoint("dsrc", dsrc, "ddst", ddst))
	}
	p := product{w: w.transpose(len(dsrc)/dim, &c.scratch), s: &c.scratch, dst: dsrc, src: ddst, dim: dim, by: cutBackward}
	p.overLines(g, g.tile(width))
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

// Validate reports what [Mix.Validate] does, or else the first row of c whose box
// is not within the Image.
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
	w.cut = c
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
