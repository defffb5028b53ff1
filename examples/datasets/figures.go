// Images that are drawn, for programs that have no others.

package datasets

import (
	"math"
	"math/rand/v2"
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

// FigureNames returns the names of the classes of a [Drawing].
func FigureNames() []string {
	var names []string
	for _, f := range figures {
		names = append(names, f.name)
	}
	return names
}

// A Drawing says how to draw images of figures: of a disc, a square and so on, in
// random colours on a random ground, Side × Side pixels large.
type Drawing struct {
	Side  int
	Vary  bool    // figures are of different sizes and in different places
	Noise float64 // standard deviation of what is added to each value, of 0 to 255
}

// Draw draws n images, of the classes in turn. The masks are 1 in the pixels of
// the figures and 0 on the ground.
func (d Drawing) Draw(n int, r *rand.Rand) (set *Set, masks []uint8) {
	plane := d.Side * d.Side
	set = &Set{Shape: Shape{3, d.Side, d.Side}, Classes: len(figures), Pixels: make([]uint8, 0, n*3*plane)}
	for i := range n {
		label := i % len(figures)
		set.Labels = append(set.Labels, label)
		hue := r.Float64()
		ink, ground := shade(hue, 0.35), shade(hue+0.3+0.4*r.Float64(), 0.85)
		mask := d.mask(figures[label], r)
		masks = append(masks, mask...)
		for c := range ink {
			for _, m := range mask {
				v := ground[c]
				if m == 1 {
					v = ink[c]
				}
				if d.Noise > 0 {
					v += d.Noise * r.NormFloat64()
				}
				set.Pixels = append(set.Pixels, uint8(min(max(v, 0), 255)))
			}
		}
	}
	return set, masks
}

// mask returns the pixels of a figure.
func (d Drawing) mask(f figure, r *rand.Rand) []uint8 {
	size, x0, y0 := 1., 0., 0.
	if d.Vary {
		size = 0.5 + 0.5*r.Float64()
		x0, y0 = (2*r.Float64()-1)*(1-size), (2*r.Float64()-1)*(1-size)
	}
	mask := make([]uint8, d.Side*d.Side)
	at := func(pixel int) float64 { return 2*(float64(pixel)+0.5)/float64(d.Side) - 1 }
	for i := range mask {
		if f.has((at(i%d.Side)-x0)/size, (at(i/d.Side)-y0)/size) {
			mask[i] = 1
		}
	}
	return mask
}

// shade returns red, green and blue, from 0 to 255, of a hue, of which 1 is the
// whole circle, around a lightness.
func shade(hue, lightness float64) (rgb [3]float64) {
	for c := range rgb {
		rgb[c] = 255 * (lightness + 0.15*math.Sin(2*math.Pi*(hue+float64(c)/3)))
	}
	return rgb
}
