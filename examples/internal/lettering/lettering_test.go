package lettering

import (
	"image"
	"image/color"
	"image/draw"
	"testing"
)

func TestFit(t *testing.T) {
	p := New(12)
	for _, tc := range []struct {
		text  string
		width int
		want  string
	}{
		{"short", 100, "short"},
		{"", 0, ""},
		{"a name that is much too long", p.Width("a name …"), "a name …"},
		{"x", 0, "…"},
	} {
		if got := p.Fit(tc.text, tc.width); got != tc.want {
			t.Errorf("%q in %d pixels is %q, want %q", tc.text, tc.width, got, tc.want)
		}
	}
}

// TestWrite wants ink where the text is, and a glyph for each letter that the
// programs write: none of them may look like a letter that the font lacks.
func TestWrite(t *testing.T) {
	p := New(20)
	ink := func(text string) (pixels int) {
		img := image.NewRGBA(image.Rect(0, 0, 40, 30))
		draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
		p.Write(img, text, 2, 22)
		for y := range 30 {
			for x := range 40 {
				if img.RGBAAt(x, y) != (color.RGBA{255, 255, 255, 255}) {
					pixels++
				}
			}
		}
		return pixels
	}
	lacks := ink("\u4e00")
	for _, r := range "αλ=.,09…∞" {
		if got := ink(string(r)); got == 0 || got == lacks {
			t.Errorf("%c has %d pixels of ink, as many as a letter that the font lacks", r, got)
		}
	}
}
