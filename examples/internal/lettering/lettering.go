// Package lettering writes text into pictures. It does with one font and one
// small rasteriser, so that the programs that draw are quick to download.
package lettering

import (
	"image"
	"image/draw"

	"github.com/golang/freetype/truetype"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/math/fixed"
)

// A Pen writes in black, in one size. It is not safe for concurrent use.
type Pen struct{ face font.Face }

// New returns a pen for letters of that size: the height of a line in pixels.
func New(size float64) Pen {
	f, err := truetype.Parse(goregular.TTF)
	if err != nil {
		panic(err) // the font comes with its package
	}
	return Pen{truetype.NewFace(f, &truetype.Options{Size: size, DPI: 72, Hinting: font.HintingFull})}
}

// Width returns the width of text in pixels.
func (p Pen) Width(text string) int { return font.MeasureString(p.face, text).Ceil() }

// Write writes a line of text on dst: (x, y) is the left end of its base line.
func (p Pen) Write(dst draw.Image, text string, x, y int) {
	d := font.Drawer{Dst: dst, Src: image.Black, Face: p.face, Dot: fixed.P(x, y)}
	d.DrawString(text)
}

// Fit returns text, or as much of its beginning as fits width pixels with "…"
// behind it.
func (p Pen) Fit(text string, width int) string {
	if p.Width(text) <= width {
		return text
	}
	r := []rune(text)
	for len(r) > 0 && p.Width(string(r)+"…") > width {
		r = r[:len(r)-1]
	}
	return string(r) + "…"
}
