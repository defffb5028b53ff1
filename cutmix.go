// CutMix: a box of one image is pasted into another.

package mixup

import (
	"errors"
	"fmt"
	"image"
	"slices"

	"github.com/seed-7466c776/mixup/internal/alias"
	"github.com/seed-7466c776/mixup/internal/f32"
	"github.com/seed-7466c776/mixup/internal/rows"
)

// A Cut is one draw of CutMix. For each row it has a [Mix] of two source rows, in
// Labels, and a box. The mixed image is the first source row, with the pixels in the
// box taken from the second one. λ, the weight of the first label, is the share of the
// image that is outside the box. Any further terms of such a row have weight 0.
//
// A row whose Box is empty is not cut: its image is mixed by the weights in Labels. A
// minibatch can therefore hold rows of CutMix, rows of mixup and rows that are left as
// they are.
//
// Images and their gradients go through the methods of the Cut; targets, losses and
// accuracy through those of Labels.
//
// A [CutSampler] fills a Cut. The caller may also fill it by hand, by [Cut.SetPairs] or
// field by field. The boxes and Labels must belong together. If a [Sampler], a method of
// Mix, or [Remix] has changed Labels after the boxes were set, then all methods that use
// the boxes panic, and Validate returns an error. The same happens if a Mix that was
// drawn elsewhere is assigned to Labels. To give boxes to such a Mix, use its
// [Mix.Clone], which counts as filled by hand:
//
//	c := mixup.Cut{Labels: *m.Clone(), Image: img, Box: boxes}
//
// The zero Cut has no rows. A Cut keeps its scratch memory in Labels. What [Mix] says of
// copies and of concurrent use also holds for a Cut.
type Cut struct {
	Labels Mix               // for labels, and for the images of rows with an empty Box
	Image  Image             // shape of a row
	Box    []image.Rectangle // len N: the pixels that are pasted into each row; empty: none

	serial  uint64            // Labels.serial when the boxes were drawn or set
	sampled []image.Rectangle // a CutSampler's: the boxes it draws
}

// Len returns N, the number of output rows.
func (c *Cut) Len() int { return c.Labels.Len() }

// Identity makes c the identity of n images: there are no boxes, and nothing is mixed.
// K becomes 1. Image stays as it is, and must be set before images go through c. Identity
// panics if n is negative.
func (c *Cut) Identity(n int) {
	c.Labels.Identity(n)
	c.setBoxes(n)
}

// SetPairs sets a draw of CutMix by hand: a box of source row partner[i] is pasted into
// row i. There is one box for all rows, or one for each row. λ is the share of the image
// that is outside the box, so a row with an empty box is left as it is.
//
// Image must be set before. To log a draw and restore it exactly, use the exported
// fields.
//
// SetPairs panics, before it writes, if Image is invalid, if there is neither one box
// nor one for each partner, if a box is not within the image, if a partner is negative,
// or if partner shares memory with c.Labels.Index.
func (c *Cut) SetPairs(partner []int, box ...image.Rectangle) {
	must(c.Image.check("Cut.Image"))
	n := c.Labels.pairsOf(partner, 2)
	if len(box) != 1 && len(box) != n {
		panic(fmt.Sprintf("mixup: SetPairs: %d boxes, want 1, or one for each of %d partners", len(box), n))
	}
	for i, b := range box {
		if !c.Image.contains(b) {
			panic(fmt.Sprintf("mixup: SetPairs: box[%d] = %v, want Min ≤ Max within the image, %v", i, b, c.Image.bounds()))
		}
	}
	c.Labels.setPairs(partner, func(i int) float64 { return c.Image.lambda(box[min(i, len(box)-1)]) })
	c.setBoxes(n, box...)
}

// setBoxes gives n boxes to c: those in box, repeated until there are n, or empty ones if
// there are none. It records that they belong to Labels as it is now.
func (c *Cut) setBoxes(n int, box ...image.Rectangle) {
	c.serial = c.Labels.serial
	c.Box = resize(c.Box, n)
	if len(box) == 0 {
		clear(c.Box)
		return
	}
	for p := copy(c.Box, box); p < n; {
		p += copy(c.Box[p:], c.Box[:p])
	}
}

// Select replaces the source rows of c, as [Mix.Select] does: index j becomes rows[j].
// The boxes stay as they are. Select panics when Mix.Select does, and if the boxes belong
// to an older draw.
func (c *Cut) Select(rows []int) {
	must(c.current())
	c.Labels.Select(rows)
}

// Clone returns a copy of c that shares no memory with it.
func (c *Cut) Clone() *Cut {
	d := &Cut{Labels: *c.Labels.Clone(), Image: c.Image, Box: slices.Clone(c.Box), serial: c.serial}
	d.Labels.serial = c.Labels.serial
	return d
}

// String returns one line with the Image, the first boxes, and the [Mix.String] of the
// labels.
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
// [Cut.ApplyTo].
//
// A row without a box whose first weight is 1 and whose others are 0 is a copy of its
// first source row, and is not written at all if it is that row itself. If x is part
// of the training set and not a copy of it, Apply changes the training set, see
// [Mix.Apply].
//
// Apply panics, before it writes, if x is not Len images, if Image, an index, a weight
// or a box is invalid, or if the boxes belong to an older draw.
func (c *Cut) Apply(x []float32) {
	if c.shape("x", len(x), "x", len(x), c.Image) {
		c.boxes().Mul(x, &c.Labels.rows)
	}
}

// ApplyTo mixes images of src into dst, as [Mix.ApplyTo] does. dst holds Len images,
// and src any number of them. If dst is src itself, ApplyTo is Apply.
//
// ApplyTo panics, before it writes, if dst is not Len images, if src is not a number of
// whole images, if Image, an index, a weight or a box is invalid, if the boxes belong to
// an older draw, or if dst overlaps src in part.
func (c *Cut) ApplyTo(dst, src []float32) {
	if !c.shape("dst", len(dst), "src", len(src), c.Image) {
		return
	}
	if alias.Same(dst, src) {
		c.boxes().Mul(dst, &c.Labels.rows)
		return
	}
	must(disjoint("dst", dst, "src", src))
	c.boxes().MulTo(dst, src)
}

// BackwardTo is the gradient of [Cut.ApplyTo]. ddst holds the gradient of a loss with
// respect to the Len mixed images, and dsrc receives its gradient with respect to the
// source images. Each of its values is a sum that starts at 0 and adds the mixed images
// in their order.
//
// dsrc may be ddst itself. BackwardTo panics, before it writes, if ddst is not Len
// images, if dsrc is not a number of whole images, if Image, an index, a weight or a box
// is invalid, if the boxes belong to an older draw, or if dsrc overlaps ddst in part.
func (c *Cut) BackwardTo(dsrc, ddst []float32) {
	if !c.shape("ddst", len(ddst), "dsrc", len(dsrc), c.Image) {
		return
	}
	must(disjointOrSame("dsrc", dsrc, "ddst", ddst))
	c.boxes().MulTransposedTo(dsrc, ddst, &c.Labels.rows)
}

// Paste pastes the boxes of c into rows of any type, such as segmentation masks and other
// labels of pixels. It never mixes: a row with an empty Box is a copy of its first source
// row. A row has the Height, Width and Layout of c.Image, and the given number of
// channels, which may be another than that of c.Image. dst holds Len rows, and src any
// number of them.
//
// Paste panics, before it writes, if channels is less than 1, if dst is not Len such
// rows, if src is not a number of such rows, if Image, an index, a weight or a box is
// invalid, if the boxes belong to an older draw, or if dst overlaps src.
func Paste[T any](c *Cut, dst, src []T, channels int) {
	if channels < 1 {
		panic(fmt.Sprintf("mixup: Paste: channels = %d, want ≥ 1", channels))
	}
	img := c.Image
	img.Channels = channels
	if !c.shape("dst", len(dst), "src", len(src), img) {
		return
	}
	must(disjoint("dst", dst, "src", src))
	dim, g := img.dim(), img.grid()
	for i := range c.Len() {
		row, index := dst[i*dim:][:dim], c.Labels.Index[i*c.Labels.K:][:c.Labels.K]
		f32.Copy(row, src[index[0]*dim:])
		if b := c.Box[i]; !b.Empty() {
			rows.Paste(row, src[index[1]*dim:], g, b)
		}
	}
}

// Validate returns an error that says what is wrong with c for source rows numbered 0 to
// sources-1, or nil. It checks Labels as [Mix.Validate] does, and also Image, the boxes,
// and that the boxes and Labels belong to the same draw.
func (c *Cut) Validate(sources int) error {
	if err := c.Labels.Validate(sources); err != nil {
		return err
	}
	return c.check()
}

// check returns an error that says what is wrong with the Image and the boxes.
func (c *Cut) check() error {
	if err := c.current(); err != nil {
		return err
	}
	n := c.Len()
	if len(c.Box) != n {
		return fmt.Errorf("mixup: Cut: len(Box) = %d, want one for each of %d rows", len(c.Box), n)
	}
	if n == 0 {
		return nil
	}
	if err := c.Image.check("Cut.Image"); err != nil {
		return err
	}
	for i, b := range c.Box {
		if !c.Image.contains(b) {
			return fmt.Errorf("mixup: row %d: Box %v, want Min ≤ Max within the image, %v", i, b, c.Image.bounds())
		}
		k := c.Labels.K
		if weight := c.Labels.Weight[i*k : (i+1)*k]; !b.Empty() && (k < 2 || slices.ContainsFunc(weight[2:], func(w float32) bool { return w != 0 })) {
			return fmt.Errorf("mixup: row %d: Box %v with weights %v, want two terms, and others of weight 0", i, b, weight)
		}
	}
	return nil
}

// boxes returns W and the boxes. They share the memory of c.
func (c *Cut) boxes() rows.Boxes {
	return rows.Boxes{W: c.Labels.matrix(), Grid: c.Image.grid(), Box: c.Box}
}

// current returns an error if Labels belong to another draw than the boxes. Labels that
// were filled by hand are taken to belong to the boxes.
func (c *Cut) current() error {
	if c.Labels.serial != 0 && c.Labels.serial != c.serial {
		return errors.New("mixup: Cut: Labels were drawn or set without Box, want both from a CutSampler, Cut.SetPairs or Cut.Identity, " +
			"or a Clone as Labels and Box set by hand")
	}
	return nil
}

// shape panics unless the mixed values, given by their name and number, are Len images of
// shape img, the source values are such images, and c is a valid draw from them. It
// reports false for a zero Cut that is applied to no values.
func (c *Cut) shape(mixed string, lenMixed int, source string, lenSource int, img Image) bool {
	must(c.Labels.wellFormed())
	must(c.check())
	if c.Image == (Image{}) && c.Len() == 0 && lenMixed == 0 && lenSource == 0 {
		return false
	}
	must(img.check("Cut.Image"))
	c.Labels.shapeOfImages(mixed, lenMixed, source, lenSource, img)
	return true
}
