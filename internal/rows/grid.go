// Images as lines of values, and boxes in them.

package rows

import "image"

// A Grid is how the values of an image lie in its row of a minibatch: line by line, in
// one plane after the other. NCHW has a plane for each channel. NHWC has a single plane,
// in which each pixel of a line has several values.
type Grid struct {
	Planes, Height int
	Line           int // values of a line
	Pixel          int // values of a line that belong to one pixel
}

// values returns the number of values of an image.
func (g *Grid) values() int { return g.lines() * g.Line }

// lines returns the number of lines of an image.
func (g *Grid) lines() int { return g.Planes * g.Height }

// linesOf returns how many lines have about so many values, at least one.
func (g *Grid) linesOf(values int) int { return min(max(values/g.Line, 1), g.lines()) }

// bounds returns the box that is all of the image.
func (g *Grid) bounds() image.Rectangle { return image.Rect(0, 0, g.Line/g.Pixel, g.Height) }

// inside calls f with the ranges of the values of box b in the lines lo to hi-1,
// counted from the first value of line lo.
func (g *Grid) inside(b image.Rectangle, lo, hi int, f func(from, to int)) {
	x0, x1 := b.Min.X*g.Pixel, b.Max.X*g.Pixel
	if x0 >= x1 {
		return
	}
	for p := range g.Planes {
		top := p*g.Height - lo
		y0, y1 := max(top+b.Min.Y, 0), min(top+b.Max.Y, hi-lo)
		if y0 < y1 && x1-x0 == g.Line {
			f(y0*g.Line, y1*g.Line)
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
	g.inside(b, lo, hi, func(from, to int) { copy(dst[from:to], src[from:to]) })
}
