// Images: how they lie in the rows of a minibatch, and the boxes in them.

package mixup

import (
	"fmt"
	"image"
	"math"

	"github.com/seed-7466c776/mixup/internal/rows"
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

// An Image is the shape of the images of a minibatch. Each image is a row of
// Channels*Height*Width values in the order of Layout. All three sizes must be at least
// 1, so the zero Image is not valid. A series, spectrum or recording of L steps is an
// image of Height 1 and Width L.
type Image struct {
	Channels, Height, Width int
	Layout                  Layout
}

// Box returns the box that CutMix pastes for λ around pixel (cy, cx), which is in line
// cy and column cx. The sides of the box are those of the image times √(1-λ), rounded
// down to even numbers. The box is clipped to the image.
//
// If a side of the image is 1, as in a series, the box takes all of that side. Of the
// other side, of length L, it takes int(L·(1-λ)) pixels around the centre, clipped to
// the image and not rounded to an even number.
//
// Because of rounding and clipping, the box in general does not cover exactly 1-λ of the
// image. A box b has b.Dx()·b.Dy() pixels.
//
// Box panics if λ is not in [0, 1], if the pixel is not in the image, or if g is
// invalid.
func (g Image) Box(lambda float64, cy, cx int) image.Rectangle {
	must(g.check("Image"))
	if !(0 <= lambda && lambda <= 1) {
		panic(fmt.Sprintf("mixup: Box: lambda = %v, want a number in [0, 1]", lambda))
	}
	if uint(cy) >= uint(g.Height) || uint(cx) >= uint(g.Width) {
		panic(fmt.Sprintf("mixup: Box: cy, cx = %d, %d, want a pixel of an image of %v", cy, cx, g))
	}
	// Yun et al., "CutMix: Regularization Strategy to Train Strong Classifiers
	// with Localizable Features", ICCV 2019. Sides are rounded as in their code and in
	// timm. In one dimension, rounding to even numbers would cost far more area.
	h, w := g.sides(lambda)
	top, left := cy-h/2, cx-w/2
	bottom, right := cy+h/2, cx+w/2
	if g.series() {
		bottom, right = top+min(h, g.Height-max(top, 0)), left+min(w, g.Width-max(left, 0))
	}
	// Intersect would move every box without pixels to (0, 0), but the place of such a
	// box is frozen too.
	return image.Rectangle{
		Min: image.Point{X: max(left, 0), Y: max(top, 0)},
		Max: image.Point{X: min(right, g.Width), Y: min(bottom, g.Height)},
	}
}

// series reports whether g has one dimension.
func (g Image) series() bool { return g.Height == 1 || g.Width == 1 }

// sides returns the sides of a box that has 1-λ of the area of the image.
func (g Image) sides(lambda float64) (h, w int) {
	switch {
	case g.Height == 1:
		return 1, part(g.Width, 1-lambda)
	case g.Width == 1:
		return part(g.Height, 1-lambda), 1
	}
	ratio := math.Sqrt(1 - lambda)
	return part(g.Height, ratio), part(g.Width, ratio)
}

// part returns a share, from 0 to 1, of a side, rounded down.
func part(side int, share float64) int {
	if share == 1 {
		return side // float64(side) may be greater
	}
	return int(float64(side) * share)
}

// contains reports whether b is within the image. A box without pixels must be within
// the image as well, and its sides must not be negative, because otherwise there was a
// mistake in computing the box.
func (g Image) contains(b image.Rectangle) bool {
	return 0 <= b.Min.X && b.Min.X <= b.Max.X && b.Max.X <= g.Width &&
		0 <= b.Min.Y && b.Min.Y <= b.Max.Y && b.Max.Y <= g.Height
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

// lambda returns λ of an image that box b of another one is pasted into: the share of
// the image that is outside b.
func (g Image) lambda(b image.Rectangle) float64 {
	return 1 - float64(area(b))/(float64(g.Height)*float64(g.Width))
}

// String returns the shape as in "3×32×32 NCHW".
func (g Image) String() string {
	return fmt.Sprintf("%d×%d×%d %v", g.Channels, g.Height, g.Width, g.Layout)
}

// check returns an error that says what is wrong with g, which the caller calls name.
func (g Image) check(name string) error {
	if g.Channels < 1 || g.Height < 1 || g.Width < 1 || g.Layout != NCHW && g.Layout != NHWC {
		return fmt.Errorf("mixup: %s is %v, want Channels, Height and Width ≥ 1, and NCHW or NHWC", name, g)
	}
	if g.Height > math.MaxInt/g.Channels/g.Width {
		return fmt.Errorf("mixup: %s is %v, want a number of values that is an int", name, g)
	}
	return nil
}

// shapeOfImages is shape for rows that are images.
func (m *Mix) shapeOfImages(mixed string, lenMixed int, source string, lenSource int, img Image) {
	must(m.wellFormed())
	n, dim := m.Len(), img.dim()
	// Not by a product, which may overflow.
	if lenMixed%dim != 0 || lenMixed/dim != n {
		panic(fmt.Sprintf("mixup: len(%s) = %d, want %d images of %v, each of %d values", mixed, lenMixed, n, img, dim))
	}
	if lenSource%dim != 0 {
		panic(fmt.Sprintf("mixup: len(%s) = %d, want images of %v, each of %d values", source, lenSource, img, dim))
	}
	must(m.check(lenSource / dim))
}

// dim returns the number of values of an image.
func (g Image) dim() int { return g.Channels * g.Height * g.Width }

// grid returns how the values of an image lie in its row.
func (g Image) grid() rows.Grid {
	turned := g.Height == 1
	if turned {
		g.Height, g.Width = g.Width, 1
	}
	if g.Layout == NHWC {
		return rows.Grid{Planes: 1, Height: g.Height, Line: g.Width * g.Channels, Pixel: g.Channels, Turned: turned}
	}
	return rows.Grid{Planes: g.Channels, Height: g.Height, Line: g.Width, Pixel: 1, Turned: turned}
}
