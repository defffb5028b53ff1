package mixup

import (
	"fmt"
	"image"
	"math/rand/v2"
	"slices"
	"testing"
)

// box returns the box of lines y0 to y1-1 and columns x0 to x1-1. Unlike image.Rect
// it does not swap them if they are out of order.
func box(y0, y1, x0, x1 int) image.Rectangle {
	return image.Rectangle{Min: image.Point{X: x0, Y: y0}, Max: image.Point{X: x1, Y: y1}}
}

// goodCut returns two rows of 1×2×2 images, each with a box.
func goodCut() *Cut {
	return &Cut{
		Labels: Mix{K: 2, Index: []int{0, 1, 1, 0}, Weight: []float32{.5, .5, .75, .25}},
		Image:  Image{Channels: 1, Height: 2, Width: 2},
		Box:    []image.Rectangle{box(0, 2, 0, 1), box(0, 1, 0, 1)},
	}
}

// pixelOf returns the pixel that value d of an image belongs to.
func pixelOf(g Image, d int) (y, x int) {
	if g.Layout == NHWC {
		d /= g.Channels
	}
	return d / g.Width % g.Height, d % g.Width
}

// pastes reports whether value d of row i is in a box.
func pastes(c *Cut, i, d int) bool {
	y, x := pixelOf(c.Image, d)
	b := c.Box[i]
	return b.Min.Y <= y && y < b.Max.Y && b.Min.X <= x && x < b.Max.X
}

// slowCut returns what ApplyTo should write, value by value.
func slowCut(c *Cut, src []float32, dim int) []float32 {
	dst := slowMul(&c.Labels, src, dim)
	for i, b := range c.Box {
		for d := range dim {
			switch {
			case b.Empty():
			case pastes(c, i, d):
				dst[i*dim+d] = src[c.Labels.Index[i*c.Labels.K+1]*dim+d]
			default:
				dst[i*dim+d] = src[c.Labels.Index[i*c.Labels.K]*dim+d]
			}
		}
	}
	return dst
}

// slowCutTransposed returns what BackwardTo should write, value by value.
func slowCutTransposed(c *Cut, ddst []float32, dim, sources int) []float32 {
	dsrc := make([]float32, sources*dim)
	for i, b := range c.Box {
		index := c.Labels.Index[i*c.Labels.K : (i+1)*c.Labels.K]
		for d := range dim {
			g := ddst[i*dim+d]
			switch {
			case !b.Empty() && pastes(c, i, d):
				dsrc[index[1]*dim+d] += g
			case !b.Empty() || copied(&c.Labels, i):
				dsrc[index[0]*dim+d] += g
			default:
				for k, j := range index {
					dsrc[j*dim+d] += float32(c.Labels.Weight[i*c.Labels.K+k] * g)
				}
			}
		}
	}
	return dsrc
}

// randomBox returns a box of any size, somewhere in the image; now and then it
// is all of the image, all of its width, or empty.
func randomBox(g Image, r *rand.Rand) image.Rectangle {
	between := func(n int) (lo, hi int) {
		lo, hi = r.IntN(n+1), r.IntN(n+1)
		return min(lo, hi), max(lo, hi)
	}
	b := g.bounds()
	switch r.IntN(8) {
	case 0:
	case 1:
		b.Min.Y, b.Max.Y = between(g.Height)
	default:
		b.Min.Y, b.Max.Y = between(g.Height)
		b.Min.X, b.Max.X = between(g.Width)
	}
	return b
}

// give gives row i of c a box, and weights that go with it.
func give(c *Cut, i int, b image.Rectangle) {
	c.Box[i] = b
	if !b.Empty() {
		row := c.Labels.Weight[i*c.Labels.K : (i+1)*c.Labels.K]
		clear(row)
		lambda := c.Image.lambda(b)
		row[0], row[1] = float32(lambda), float32(1-lambda)
	}
}

// A boxing is a way to give boxes to rows.
type boxing struct {
	name string
	give func(c *Cut, r *rand.Rand)
}

// someBoxes has all that the others have.
var someBoxes = boxing{"some boxes", func(c *Cut, r *rand.Rand) {
	for i := range c.Box {
		if r.IntN(2) == 0 {
			give(c, i, randomBox(c.Image, r))
		}
	}
}}

var boxings = []boxing{
	{"one box", func(c *Cut, r *rand.Rand) {
		b := randomBox(c.Image, r)
		for i := range c.Box {
			give(c, i, b)
		}
	}},
	{"a box per row", func(c *Cut, r *rand.Rand) {
		for i := range c.Box {
			give(c, i, randomBox(c.Image, r))
		}
	}},
	someBoxes,
	{"no boxes", func(*Cut, *rand.Rand) {}},
}

// A minibatch is n images.
type minibatch struct {
	n     int
	image Image
}

var smallMinibatches = []minibatch{
	{1, Image{1, 1, 1, NCHW}},
	{2, Image{3, 4, 5, NCHW}},
	{7, Image{2, 5, 3, NHWC}},
	{16, Image{3, 8, 8, NCHW}},
	{16, Image{3, 8, 8, NHWC}},
	{5, Image{2, 1, 9, NCHW}},
	{5, Image{2, 9, 1, NHWC}},
}

var largeMinibatches = []minibatch{
	{3, Image{3, 90, 80, NCHW}},
	{3, Image{3, 90, 80, NHWC}},
	{2, Image{5000, 2, 2, NHWC}}, // more channels than a kernel takes at a time
}

// eachCut runs a test for Cuts of every kind.
func eachCut(t *testing.T, minibatches []minibatch, boxings []boxing, test func(t *testing.T, c *Cut, dim int, r *rand.Rand)) {
	for _, k := range kinds {
		for _, boxing := range boxings {
			for _, m := range minibatches {
				t.Run(fmt.Sprintf("%s/%s/n=%d/%v", k.name, boxing.name, m.n, m.image), func(t *testing.T) {
					r := rand.New(rand.NewPCG(uint64(m.n), uint64(m.image.Width)))
					c := Cut{Image: m.image, Box: make([]image.Rectangle, m.n)}
					k.fill(&c.Labels, m.n, r)
					if c.Labels.K > 1 {
						boxing.give(&c, r)
					}
					if err := c.Validate(m.n); err != nil && k.name != "K=1 scaled" {
						t.Fatal(err)
					}
					test(t, &c, m.image.Channels*m.image.Height*m.image.Width, r)
				})
			}
		}
	}
}

// eachCutOfAnySize runs a test for Cuts of every kind and size.
func eachCutOfAnySize(t *testing.T, test func(t *testing.T, c *Cut, dim int, r *rand.Rand)) {
	eachCut(t, smallMinibatches, boxings, test)
	eachCut(t, largeMinibatches, []boxing{someBoxes}, test)
}

// checkCut compares the products of c, whose indices are below Len, with the slow
// ones. pool has three more rows than x.
func checkCut(t *testing.T, c *Cut, x, pool []float32) {
	t.Helper()
	n := c.Len()
	dim := len(x) / n
	shifted := *c
	shifted.Labels = Mix{K: c.Labels.K, Index: slices.Clone(c.Labels.Index), Weight: c.Labels.Weight}
	for p := range shifted.Labels.Index {
		shifted.Labels.Index[p]++
	}

	want := slowCut(c, x, dim)
	dst := make([]float32, n*dim)
	c.ApplyTo(dst, x)
	wantBits(t, "ApplyTo", dst, want)
	dst = slices.Clone(x)
	c.Apply(dst)
	wantBits(t, "Apply", dst, want)
	dst = slices.Clone(x)
	c.ApplyTo(dst, dst)
	wantBits(t, "ApplyTo itself", dst, want)
	shifted.ApplyTo(dst, pool)
	wantBits(t, "ApplyTo of a pool", dst, slowCut(&shifted, pool, dim))

	back := slowCutTransposed(c, x, dim, n)
	dst = slices.Clone(pool[:n*dim])
	c.BackwardTo(dst, x)
	wantBits(t, "BackwardTo", dst, back)
	dst = slices.Clone(x)
	c.BackwardTo(dst, dst)
	wantBits(t, "BackwardTo itself", dst, back)
	dst = slices.Clone(pool)
	shifted.BackwardTo(dst, x)
	wantBits(t, "BackwardTo a pool", dst, slowCutTransposed(&shifted, x, dim, n+3))
}
