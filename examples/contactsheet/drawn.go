// Images of its own, for want of others.

package main

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"

	"github.com/seed-7466c776/mixup"
)

// A figure reports whether a point is in it, of coordinates from -1 to 1.
type figure struct {
	name string
	has  func(x, y float64) bool
}

var figures = []figure{
	{"disc", func(x, y float64) bool { return math.Hypot(x, y) < 0.7 }},
	{"square", func(x, y float64) bool { return max(math.Abs(x), math.Abs(y)) < 0.62 }},
	{"triangle", func(x, y float64) bool { return y < 0.6 && math.Abs(x) < (y+0.75)*0.55 }},
	{"ring", func(x, y float64) bool { r := math.Hypot(x, y); return 0.45 < r && r < 0.8 }},
	{"cross", func(x, y float64) bool {
		return min(math.Abs(x), math.Abs(y)) < 0.2 && max(math.Abs(x), math.Abs(y)) < 0.75
	}},
	{"stripes", func(x, y float64) bool { return max(math.Abs(x), math.Abs(y)) < 0.7 && math.Mod(x+y+2.8, 0.5) < 0.25 }},
}

// drawn draws n images of figures in turn, in random colours.
func drawn(n int, r *rand.Rand) *gallery {
	g := &gallery{image: mixup.Image{Channels: 3, Height: side, Width: side}}
	for i := range n {
		f := figures[i%len(figures)]
		hue := r.Float64()
		ink, paper := shade(hue, 0.35), shade(hue+0.3+0.4*r.Float64(), 0.85)
		img := image.NewRGBA(image.Rect(0, 0, side, side))
		for p := range side * side {
			y, x := p/side, p%side
			c := paper
			if f.has(2*(float64(x)+0.5)/side-1, 2*(float64(y)+0.5)/side-1) {
				c = ink
			}
			img.SetRGBA(x, y, c)
		}
		g.add(img, f.name)
	}
	return g
}

// shade returns a colour of a hue, of which 1 is the whole circle, around a
// lightness.
func shade(hue, lightness float64) color.RGBA {
	channel := func(offset float64) uint8 {
		return uint8(255 * (lightness + 0.15*math.Sin(2*math.Pi*(hue+offset))))
	}
	return color.RGBA{channel(0), channel(1. / 3), channel(2. / 3), 255}
}
