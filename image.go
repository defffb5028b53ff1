// Images: how they lie in the rows of a minibatch, and the boxes in them.

package mixup

import (
	"fmt"
	"image"
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
// Channels*Height*Width values. All three are positive. A series of L steps is an
// image of Height 1 and Width L.
type Image struct {
	Channels, Height, Width int
	Layout                  Layout
}

// Box returns the box that CutMix pastes for λ around pixel (cy, cx): the part
// that is in the image of a box whose sides are those of the image times √(1-λ),
// rounded down to even numbers.
//
// If a side of the image is 1, as in series and spectra, the box has all of that
// side and the share 1-λ of the other one, rounded down.
//
// Box panics if λ is not in [0, 1], if the pixel is not in the image, or if g is
// invalid.
func (g Image) Box(lambda float64, cy, cx int) image.Rectangle {
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
	y0, y1 := clip(cy, h, g.Height)
	x0, x1 := clip(cx, w, g.Width)
	switch {
	case g.Height == 1:
		y0, y1 = 0, 1
		x0, x1 = clipOdd(cx, w, g.Width)
	case g.Width == 1:
		x0, x1 = 0, 1
		y0, y1 = clipOdd(cy, h, g.Height)
	}
	return image.Rect(x0, y0, x1, y1)
}

// clip returns the part of a side that is within length/2 of the centre.
func clip(centre, length, side int) (lo, hi int) {
	return max(centre-length/2, 0), min(centre+length/2, side)
}

// clipOdd is clip for a length that is not rounded down to an even number.
func clipOdd(centre, length, side int) (lo, hi int) {
	lo = centre - length/2
	return max(lo, 0), min(lo+length, side)
}

// sides returns the sides of a box that has 1-λ of the area of the image.
func (g Image) sides(lambda float64) (h, w int) {
	switch {
	case g.Height == 1:
		return 1, int(float64(g.Width) * (1 - lambda))
	case g.Width == 1:
		return int(float64(g.Height) * (1 - lambda)), 1
	}
	ratio := math.Sqrt(1 - lambda)
	return int(float64(g.Height) * ratio), int(float64(g.Width) * ratio)
}

// contains returns an error unless b, the box of a row, is within the image, or is
// empty but not because its corners are exchanged.
func (g Image) contains(row int, b image.Rectangle) error {
	if b != b.Canon() || !b.In(g.bounds()) {
		return fmt.Errorf("mixup: row %d: Box %v, want one in an image of %v", row, b, g)
	}
	return nil
}

// bounds returns the box of all pixels.
func (g Image) bounds() image.Rectangle { return image.Rect(0, 0, g.Width, g.Height) }

// area returns the number of pixels of b.
func area(b image.Rectangle) int {
	if b.Empty() {
		return 0
	}
	return b.Dx() * b.Dy()
}

// lambda returns λ of an image that box b of another is pasted into: the share
// of its area that is left.
func (g Image) lambda(b image.Rectangle) float64 {
	return 1 - float64(area(b))/(float64(g.Height)*float64(g.Width))
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
	if g.Height > math.MaxInt/g.Channels/g.Width {
		return fmt.Errorf("mixup: Image is %v, want one whose number of values is an int", g)
	}
	return nil
}

// dim returns the number of values of an image.
func (g Image) dim() int { return g.Channels * g.Height * g.Width }

// A grid is an image as lines of values: those of each plane, one after the
// other.
type grid struct {
	planes, height, line int
	pixel                int // values of a line that belong to one pixel
}

// grid returns the lines of the images.
func (g Image) grid() grid {
	if g.Layout == NHWC {
		return grid{1, g.Height, g.Width * g.Channels, g.Channels}
	}
	return grid{g.Channels, g.Height, g.Width, 1}
}

// lines returns the number of lines.
func (g *grid) lines() int { return g.planes * g.height }

// tile returns how many lines have about so many values, but at least one.
func (g *grid) tile(values int) int { return min(max(values/g.line, 1), g.lines()) }

// runs calls f with the places of the values of box b that are in lines lo to
// hi-1, counted from the first value of line lo.
func (g *grid) runs(b image.Rectangle, lo, hi int, f func(from, to int)) {
	x0, x1 := b.Min.X*g.pixel, b.Max.X*g.pixel
	if x0 >= x1 {
		return
	}
	for p := range g.planes {
		top := p*g.height - lo
		y0, y1 := max(top+b.Min.Y, 0), min(top+b.Max.Y, hi-lo)
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
func (g *grid) around(b image.Rectangle, lo, hi int, f func(from, to int)) {
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
func paste[T any](dst, src []T, g grid, b image.Rectangle, lo, hi int) {
	g.runs(b, lo, hi, func(from, to int) { copy(dst[from:to], src[from:to]) })
}
