// Images: how they lie in the rows of a minibatch, and the boxes in them.

package mixup

import (
	"fmt"
	"math"
)

// A Layout is the order of the values of an image in its row of a minibatch.
type Layout int

const (
	NCHW Layout = iota // channel by channel: the zero Layout
	NHWC               // pixel by pixel
)

// String returns the name of l.
func (l Layout) String() string {
	switch l {
	case NCHW:
		return "NCHW"
	case NHWC:
		return "NHWC"
	}
	return fmt.Sprintf("Layout(%d)", int(l))
}

// An Image is the shape of the images of a minibatch, each of which is a row of
// Channels*Height*Width values. All three are positive.
type Image struct {
	Channels, Height, Width int
	Layout                  Layout
}

// A Box is a rectangle of the pixels from (Y0, X0) to (Y1-1, X1-1). The zero Box
// is empty.
type Box struct{ Y0, Y1, X0, X1 int }

// Area returns the number of pixels of b.
func (b Box) Area() int { return max(b.Y1-b.Y0, 0) * max(b.X1-b.X0, 0) }

// Box returns the box that CutMix pastes for λ around pixel (cy, cx): the part
// that is in the image of a box whose sides are those of the image times √(1-λ),
// rounded down to even numbers. It panics if λ is not in [0, 1], if the pixel is
// not in the image, or if g is invalid.
func (g Image) Box(lambda float64, cy, cx int) Box {
	must(g.check())
	if !(0 <= lambda && lambda <= 1) {
		panic(fmt.Sprintf("mixup: Box for λ = %v, want a number in [0, 1]", lambda))
	}
	if uint(cy) >= uint(g.Height) || uint(cx) >= uint(g.Width) {
		panic(fmt.Sprintf("mixup: Box around pixel (%d, %d), want one in an image of %v", cy, cx, g))
	}
	// Yun et al., "CutMix: Regularization Strategy to Train Strong Classifiers
	// with Localizable Features", ICCV 2019; rounded as their code does it, and
	// timm after it.
	h, w := g.sides(lambda)
	return Box{
		Y0: max(cy-h/2, 0), Y1: min(cy+h/2, g.Height),
		X0: max(cx-w/2, 0), X1: min(cx+w/2, g.Width),
	}
}

// sides returns the sides of a box that has 1-λ of the area of the image.
func (g Image) sides(lambda float64) (h, w int) {
	ratio := math.Sqrt(1 - lambda)
	return int(float64(g.Height) * ratio), int(float64(g.Width) * ratio)
}

// lambda returns λ of an image that box b of another is pasted into: the share
// of its area that is left.
func (g Image) lambda(b Box) float64 {
	return 1 - float64(b.Area())/(float64(g.Height)*float64(g.Width))
}

// String returns the shape as in "3×32×32 NCHW".
func (g Image) String() string {
	return fmt.Sprintf("%d×%d×%d %v", g.Channels, g.Height, g.Width, g.Layout)
}

// check reports whether g is a shape.
func (g Image) check() error {
	if g.Channels < 1 || g.Height < 1 || g.Width < 1 || g.Layout != NCHW && g.Layout != NHWC {
		return fmt.Errorf("mixup: Image is %v, want sizes > 0 and NCHW or NHWC", g)
	}
	return nil
}

// holds reports whether rows of dim values are images of so many channels.
func (g Image) holds(dim, channels int) error {
	// Not by their product, which may overflow.
	if dim%channels != 0 || dim/channels%g.Height != 0 || dim/channels/g.Height != g.Width {
		return fmt.Errorf("mixup: rows of %d values, want images of %d×%d×%d", dim, channels, g.Height, g.Width)
	}
	return nil
}

// A grid is an image as lines of values: those of each plane, one after the
// other.
type grid struct {
	planes, height, line int
	pixel                int // values of a line that belong to one pixel
}

// grid returns the lines of images that have so many channels.
func (g Image) grid(channels int) grid {
	if g.Layout == NHWC {
		return grid{1, g.Height, g.Width * channels, channels}
	}
	return grid{channels, g.Height, g.Width, 1}
}

// lines returns the number of lines.
func (g *grid) lines() int { return g.planes * g.height }

// tile returns how many lines have about so many values, but at least one.
func (g *grid) tile(values int) int { return min(max(values/g.line, 1), g.lines()) }

// runs calls f with the places of the values of box b that are in lines lo to
// hi-1, counted from the first value of line lo.
func (g *grid) runs(b Box, lo, hi int, f func(from, to int)) {
	x0, x1 := b.X0*g.pixel, b.X1*g.pixel
	if x0 >= x1 {
		return
	}
	for p := range g.planes {
		top := p*g.height - lo
		y0, y1 := max(top+b.Y0, 0), min(top+b.Y1, hi-lo)
		if y0 < y1 && x1-x0 == g.line {
			f(y0*g.line, y1*g.line)
			continue
		}
		for y := y0; y < y1; y++ {
			f(y*g.line+x0, y*g.line+x1)
		}
	}
}

// around calls f with the places of the values that are not in box b, likewise.
func (g *grid) around(b Box, lo, hi int, f func(from, to int)) {
	at := 0
	g.runs(b, lo, hi, func(from, to int) {
		if at < from {
			f(at, from)
		}
		at = to
	})
	if end := (hi - lo) * g.line; at < end {
		f(at, end)
	}
}

// paste copies the part of box b that is in lines lo to hi-1, which are dst and
// src.
func paste[T any](dst, src []T, g grid, b Box, lo, hi int) {
	g.runs(b, lo, hi, func(from, to int) { copy(dst[from:to], src[from:to]) })
}
