// CutMix: a box of one image is pasted into another.

package mixup

import (
	"fmt"
	"image"
	"slices"
)

// A Cut is one draw of CutMix: a [Mix] for the labels and, for each of its rows,
// the box of the image that its second term is pasted from. Outside the box the
// row is its first term. A row with an empty Box is mixed by the weights of
// Labels, so that a minibatch may hold both.
//
// Targets, losses and accuracy are mixed by the methods of Labels; inputs and
// their gradients by those of the Cut. In a row with a box, λ is the share of the
// image that is left and 1-λ that of the box. Further terms of such a row must
// have weight 0.
//
// A [CutSampler] fills a Cut, and so may the caller: by [Cut.SetPairs], or field by
// field. If a [Sampler] or a method of the Mix draws or sets Labels alone, their
// boxes are those of an older draw, and the methods of the Cut refuse it until it
// is drawn or set as a whole. Whatever holds for the memory of a Mix and for its
// concurrent use holds for a Cut.
type Cut struct {
	Labels Mix               // for labels, and for the inputs of rows with an empty Box
	Image  Image             // shape of a row
	Box    []image.Rectangle // len N: pixels of the image; empty: the row is mixed by Labels

	draws int // Labels.draws when the boxes were drawn or set
}

// Len returns N, the number of output rows.
func (c *Cut) Len() int { return c.Labels.Len() }

// Identity makes c the identity of n images: none has a box, and nothing is mixed.
// It keeps the Image. It panics if n is negative.
func (c *Cut) Identity(n int) {
	c.Labels.Identity(n)
	c.setBoxes(n)
}

// SetPairs makes c a draw of pairs of images: row i has a box of source row
// partner[i]. There is one box for all rows or one for each, and λ is the share of
// the image that the box leaves. A row with an empty box is left as it is.
//
// Image must be set. SetPairs panics, before it writes, if Image is invalid, if
// there is neither one box nor one for each partner, if a box is not within the
// image, if a partner is negative, or if partner is memory that c.Labels.Index is
// written to.
func (c *Cut) SetPairs(partner []int, box ...image.Rectangle) {
	n := c.Labels.pairsOf(partner, 2)
	must(c.Image.check())
	if len(box) != 1 && len(box) != n {
		panic(fmt.Sprintf("mixup: SetPairs with %d boxes, want 1 or one for each of %d rows", len(box), n))
	}
	for i, b := range box {
		must(c.Image.contains(i, b))
	}
	c.Labels.resize(n, 2)
	for i := range n {
		lambda := c.Image.lambda(box[min(i, len(box)-1)])
		c.Labels.Weight[2*i], c.Labels.Weight[2*i+1] = float32(lambda), float32(1-lambda)
	}
	c.Labels.pair(partner, 2)
	c.setBoxes(n, box...)
}

// setBoxes makes c have n boxes: those of box over and over, or empty ones. They
// belong to Labels as it is now.
func (c *Cut) setBoxes(n int, box ...image.Rectangle) {
	c.draws = c.Labels.draws
	c.Box = resize(c.Box, n)
	if len(box) == 0 {
		clear(c.Box)
		return
	}
	for p := copy(c.Box, box); p < n; {
		p += copy(c.Box[p:], c.Box[:p])
	}
}

// Select points c at other source rows, as [Mix.Select] does.
func (c *Cut) Select(rows []int) { c.Labels.Select(rows) }

// Clone returns a copy of c that shares no memory with it.
func (c *Cut) Clone() *Cut {
	d := &Cut{Labels: *c.Labels.Clone(), Image: c.Image, Box: slices.Clone(c.Box), draws: c.draws}
	d.Labels.draws = c.Labels.draws
	return d
}

// String returns a line that tells the Image, the first boxes, and what
// [Mix.String] tells of the labels.
func (c Cut) String() string {
	const boxes = 3 // that are shown
	more := ""
	if len(c.Box) > boxes {
		more = " …"
	}
	return fmt.Sprintf("Cut of %v images, boxes %v%s; %v", c.Image, c.Box[:min(len(c.Box), boxes)], more, c.Labels)
}

// Apply mixes the minibatch x in place, where x holds Len images. Every index
// must be less than Len; the partners need not be a permutation. Pasted values
// are copied as they are, and the result is bit-identical to that of
// [Cut.ApplyTo]. A row without a box whose first weight is 1 is not written at
// all, as with [Mix.Apply], whose warning of minibatches that are part of the
// training set itself holds here too.
//
// Apply panics, before it writes, if x is not Len rows of Image, or if an index,
// weight or box is invalid.
func (c *Cut) Apply(x []float32) {
	c.shape("x", len(x), "x", len(x), c.Image)
	c.mul(x)
}

// ApplyTo mixes images of src into dst, as [Mix.ApplyTo] does. dst holds Len
// images, and src any number of them. dst may be src itself, which makes it
// Apply.
//
// ApplyTo panics, before it writes, if dst is not Len rows of Image, if src is
// not rows of Image, if an index, weight or box is invalid, or if dst overlaps
// src in part.
func (c *Cut) ApplyTo(dst, src []float32) {
	c.shape("dst", len(dst), "src", len(src), c.Image)
	if same(dst, src) {
		c.mul(dst)
		return
	}
	must(disjoint("dst", dst, "src", src))
	product{w: c.sparse(), dst: dst, src: src, dim: c.Image.dim(), by: cutRows}.overRows()
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
	c.shape("ddst", len(ddst), "dsrc", len(dsrc), c.Image)
	if c.Len() == 0 {
		clear(dsrc)
		return
	}
	w, g, dim := c.sparse(), c.Image.grid(), c.Image.dim()
	width := cutTile
	if same(dsrc, ddst) {
		width = tileWidth(w.rows)
	} else {
		must(disjoint("dsrc", dsrc, "ddst", ddst))
	}
	p := product{w: w.transpose(len(dsrc)/dim, &c.Labels.scratch), s: &c.Labels.scratch, dst: dsrc, src: ddst, dim: dim, by: cutBackward}
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
		panic(fmt.Sprintf("mixup: Paste of channels = %d, want > 0", channels))
	}
	img := c.Image
	img.Channels = channels
	c.shape("dst", len(dst), "src", len(src), img)
	must(disjoint("dst", dst, "src", src))
	dim, g := img.dim(), img.grid()
	for i := range c.Len() {
		row, index := dst[i*dim:][:dim], c.Labels.Index[i*c.Labels.K:][:c.Labels.K]
		copy(row, src[index[0]*dim:])
		if b := c.Box[i]; !b.Empty() {
			paste(row, src[index[1]*dim:], g, b, 0, g.lines())
		}
	}
}

// Validate reports what [Mix.Validate] does of Labels, or else what is wrong with
// the Image and the boxes: the first row whose box is not within the image or has
// further terms, or that the boxes are those of an older draw.
func (c *Cut) Validate(sources int) error {
	if err := c.Labels.Validate(sources); err != nil {
		return err
	}
	return c.check()
}

// check reports what is wrong with the Image and the boxes.
func (c *Cut) check() error {
	n := c.Len()
	if c.draws != c.Labels.draws {
		return fmt.Errorf("mixup: Cut: Labels were drawn or set after the boxes, want both drawn by a CutSampler or set by SetPairs")
	}
	if len(c.Box) != n {
		return fmt.Errorf("mixup: Cut: len(Box) = %d, want one for each of %d rows", len(c.Box), n)
	}
	if n == 0 {
		return nil
	}
	if err := c.Image.check(); err != nil {
		return err
	}
	for i, b := range c.Box {
		if err := c.Image.contains(i, b); err != nil {
			return err
		}
		k := c.Labels.K
		if weight := c.Labels.Weight[i*k : (i+1)*k]; !b.Empty() && (k < 2 || !allZero(weight[2:])) {
			return fmt.Errorf("mixup: row %d: Box %v with weights %v, want two terms, and others of weight 0", i, b, weight)
		}
	}
	return nil
}

// sparse returns W and the boxes.
func (c *Cut) sparse() sparse {
	w := c.Labels.sparse()
	w.cut = c
	return w
}

// shape is that of the Mix, for rows that are such images. It also panics unless
// the boxes are valid.
func (c *Cut) shape(mixed string, lenMixed int, source string, lenSource int, img Image) {
	must(c.Labels.wellFormed())
	must(c.check())
	if c.Len() == 0 && lenMixed == 0 && c.Image == (Image{}) {
		return // nothing of no shape
	}
	must(img.check())
	c.Labels.shape(mixed, lenMixed, source, lenSource, img.dim())
}
