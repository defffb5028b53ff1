// Images as lines of values, and boxes in them.

package rows

import (
	"image"

	"github.com/seed-7466c776/mixup/internal/f32"
)

// A Grid is how the values of an image lie in its row of a minibatch: line by line, in
// one plane after the other. NCHW has a plane for each channel. NHWC has a single plane,
// in which each pixel of a line has several values.
type Grid struct {
	Planes, Height int
	Line           int // values of a line
	Pixel          int // values of a line that belong to one pixel

	// Turned says that the lines are the columns of the image. An image of one line, a
	// series, is turned so that it has a line for each pixel: lines are what goroutines
	// share, and what is worked on at a time.
	Turned bool
}

// values returns the number of values of an image.
func (g *Grid) values() int { return g.lines() * g.Line }

// lines returns the number of lines of an image.
func (g *Grid) lines() int { return g.Planes * g.Height }

// linesOf returns how many lines have about so many values, at least one.
func (g *Grid) linesOf(values int) int { return min(max(values/g.Line, 1), g.lines()) }

// bounds returns the box that is all of the image.
func (g *Grid) bounds() image.Rectangle { return g.turned(image.Rect(0, 0, g.Line/g.Pixel, g.Height)) }

// turned returns b with lines for columns if g is turned.
func (g *Grid) turned(b image.Rectangle) image.Rectangle {
	if g.Turned {
		b.Min.X, b.Min.Y, b.Max.X, b.Max.Y = b.Min.Y, b.Min.X, b.Max.Y, b.Max.X
	}
	return b
}

// inside calls f with the ranges of the values of box b in the lines lo to hi-1,
// counted from the first value of line lo. No range has more than tile values, unless a
// line has.
func (g *Grid) inside(b image.Rectangle, lo, hi int, f func(from, to int)) {
	b = g.turned(b)
	x0, x1 := b.Min.X*g.Pixel, b.Max.X*g.Pixel
	if x0 >= x1 {
		return
	}
	for p := lo / g.Height; p*g.Height < hi; p++ {
		top := p*g.Height - lo
		y0, y1 := max(top+b.Min.Y, 0), min(top+b.Max.Y, hi-lo)
		if x1-x0 == g.Line { // whole lines are a range together, but not a long one: see f32.Copy
			for n := max(1, tile/g.Line); y0 < y1; y0 += n {
				f(y0*g.Line, min(y0+n, y1)*g.Line)
			}
			continue
		}
		for y := y0; y < y1; y++ {
			f(y*g.Line+x0, y*g.Line+x1)
		}
	}
}

// outside calls f with the ranges of the values of lines lo to hi-1 that are not in
// box b, counted as in inside.
func (g *Grid) outside(b image.Rectangle, lo, hi int, f func(from, to int)) {
	at := 0
	g.inside(b, lo, hi, func(from, to int) {
		if at < from {
			f(at, from)
		}
		at = to
	})
	if end := (hi - lo) * g.Line; at < end {
		f(at, end)
	}
}

// Paste copies box b of the image src to dst.
func Paste[T any](dst, src []T, g Grid, b image.Rectangle) {
	paste(dst, src, g, b, 0, g.lines())
}

// paste copies the part of box b that is in the lines lo to hi-1. dst and src are
// these lines.
func paste[T any](dst, src []T, g Grid, b image.Rectangle, lo, hi int) {
	if g.Line > tile {
		g.inside(b, lo, hi, func(from, to int) { f32.Copy(dst[from:to], src[from:to]) })
		return
	}
	g.inside(b, lo, hi, func(from, to int) { copy(dst[from:to], src[from:to]) })
}
