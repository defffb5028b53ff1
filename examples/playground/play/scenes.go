// The images that are built in. They are drawn by formulas, in coordinates from -1 to
// 1, x to the right and y down.

package play

import "math"

// side is the height and the width of the images that are built in.
const side = 224

// edge is the width of a pixel, over which edges are blurred.
const edge = 2. / side

// A colour has red, green and blue from 0 to 1.
type colour [3]float64

// over lays b over a, where alpha is its opacity.
func (a colour) over(b colour, alpha float64) colour {
	for c := range a {
		a[c] += (b[c] - a[c]) * alpha
	}
	return a
}

// hex returns a colour of which red, green and blue are a byte each.
func hex(rgb int) colour {
	return colour{float64(rgb>>16&255) / 255, float64(rgb>>8&255) / 255, float64(rgb&255) / 255}
}

// inside returns the opacity of a shape at a distance from its edge, which is
// negative inside.
func inside(distance float64) float64 { return min(max(0.5-distance/edge, 0), 1) }

// disc returns the opacity of a disc around (cx, cy).
func disc(x, y, cx, cy, radius float64) float64 { return inside(math.Hypot(x-cx, y-cy) - radius) }

// fade goes from a to b as t goes from 0 to 1.
func fade(a, b colour, t float64) colour { return a.over(b, min(max(t, 0), 1)) }

// scenes are the images, each of a class of its own.
var scenes = []struct {
	class string
	at    func(x, y float64) colour
}{
	{"sun", sun},
	{"moon", moon},
	{"mountain", mountain},
	{"flower", flower},
	{"waves", waves},
	{"balloon", balloon},
	{"tree", tree},
	{"rainbow", rainbow},
}

// BuiltIn returns the images that are built in.
func BuiltIn() *Images {
	g := &Images{Side: side, Values: make([]float32, len(scenes)*3*side*side)}
	for i, scene := range scenes {
		g.Labels = append(g.Labels, i)
		g.Classes = append(g.Classes, scene.class)
		for p := range side * side {
			x, y := (float64(p%side)+0.5)*edge-1, (float64(p/side)+0.5)*edge-1
			for c, v := range scene.at(x, y) {
				g.Values[(3*i+c)*side*side+p] = float32(math.Round(255 * v))
			}
		}
	}
	return g
}

func sun(x, y float64) colour {
	c := fade(hex(0xff8a3c), hex(0xffd9a0), (y+1)/1.4)
	glow := math.Exp(-3 * math.Hypot(x, y-0.1))
	c = c.over(hex(0xfff3c4), glow).over(hex(0xfff8dc), disc(x, y, 0, 0.1, 0.48))
	if y > 0.42 {
		c = fade(hex(0xc2503a), hex(0x5b2140), (y-0.42)/0.6)
		glint := inside(math.Abs(x) - 0.46 + 0.3*(y-0.42) + 0.12*math.Sin(40*y))
		c = c.over(hex(0xffc98a), 0.75*glint)
	}
	return c
}

func moon(x, y float64) colour {
	c := fade(hex(0x0b1437), hex(0x33407a), (y+1)/2)
	crescent := disc(x, y, -0.05, -0.05, 0.58) * (1 - disc(x, y, 0.22, -0.18, 0.5))
	c = c.over(hex(0xfff4cf), crescent)
	for _, star := range [...][3]float64{{0.35, -0.3, 0.035}, {0.7, -0.7, 0.03}, {-0.75, -0.75, 0.03}, {0.6, 0.15, 0.025},
		{-0.8, 0.5, 0.03}, {0.3, 0.75, 0.03}, {0.8, 0.65, 0.035}, {-0.3, 0.82, 0.025}, {0.1, -0.85, 0.03}, {0.12, 0.02, 0.025}} {
		c = c.over(hex(0xffffff), disc(x, y, star[0], star[1], star[2]))
	}
	return c
}

func mountain(x, y float64) colour {
	c := fade(hex(0x8ec5f0), hex(0xeaf4fb), (y+1)/1.5)
	far := math.Abs(x-0.55)*1.05 - 0.25
	c = c.over(hex(0x7d93b2), inside(far-y))
	near := math.Abs(x+0.15)*1.25 - 0.62
	c = c.over(hex(0x45566f), inside(near-y))
	snow := inside(near-y) * inside(y+0.2-0.07*math.Cos(22*x))
	c = c.over(hex(0xffffff), snow)
	return c.over(hex(0x3c6e4a), inside(0.62+0.05*math.Sin(5*x)-y))
}

func flower(x, y float64) colour {
	c := fade(hex(0xd9f2d0), hex(0xa6d99a), math.Hypot(x, y)/1.4)
	r, angle := math.Hypot(x, y), math.Atan2(y, x)
	for layer, ink := range []int{0xd6336c, 0xf783ac} {
		petals := 0.82 - 0.26*float64(layer)
		turn := float64(layer) * math.Pi / 6
		reach := petals * (0.68 + 0.32*math.Cos(6*(angle+turn)))
		c = c.over(hex(ink), inside(0.7*(r-reach)))
	}
	return c.over(hex(0xffd43b), disc(x, y, 0, 0, 0.22))
}

func waves(x, y float64) colour {
	c := fade(hex(0xe3fafc), hex(0xc5f6fa), y+1)
	for i, ink := range []int{0x66d9e8, 0x22b8cf, 0x1098ad, 0x0b7285, 0x084c5c} {
		crest := -0.5 + 0.34*float64(i) + 0.11*math.Sin(5.5*x+1.9*float64(i))
		foam := inside(crest-y) * (1 - inside(crest+0.045-y))
		c = c.over(hex(ink), inside(crest-y)).over(hex(0xffffff), 0.8*foam)
	}
	return c
}

func balloon(x, y float64) colour {
	c := fade(hex(0x4dabf7), hex(0xd0ebff), (y+1)/2)
	for _, puff := range [...][3]float64{{-0.7, 0.6, 0.16}, {-0.5, 0.54, 0.2}, {-0.28, 0.62, 0.14}, {0.62, -0.62, 0.12}, {0.78, -0.66, 0.15}} {
		c = c.over(hex(0xffffff), 0.9*disc(x, y, puff[0], puff[1], puff[2]))
	}
	ropes := inside(math.Abs(math.Abs(x)-0.12-0.25*(0.62-y))-0.008) * inside(y-0.62) * inside(0.25-y)
	c = c.over(hex(0x5c3d1e), ropes).over(hex(0x8a5a2b), inside(max(math.Abs(x)-0.14, math.Abs(y-0.7)-0.1)))
	cone := max(math.Abs(x)-0.53+0.68*(y+0.05), -0.05-y, y-0.42)
	envelope := inside(min(math.Hypot(x, y+0.2)-0.56, cone))
	stripe := hex(0xf03e3e)
	if across := math.Asin(min(max(x/0.58, -1), 1)); int(math.Floor(across/math.Pi*7+0.5))%2 != 0 {
		stripe = hex(0xffe066)
	}
	return c.over(stripe, envelope)
}

func tree(x, y float64) colour {
	c := fade(hex(0xfff3d6), hex(0xffe2a8), (y+1)/2)
	c = c.over(hex(0xe9edc9), inside(0.6-0.08*math.Cos(2*x)-y))
	c = c.over(hex(0x6f4518), inside(max(math.Abs(x)-0.09, math.Abs(y-0.6)-0.25)))
	for i, green := range []int{0x1b5e3a, 0x2b8a4f, 0x40a96a} {
		top := -0.05 - 0.4*float64(i)
		width := 0.75 - 0.14*float64(i)
		c = c.over(hex(green), inside(max(0.8*(math.Abs(x)-width*(y-top)/0.55), y-top-0.55))*inside(top-y))
	}
	return c
}

func rainbow(x, y float64) colour {
	c := fade(hex(0xa5d8ff), hex(0xf1f9ff), (y+1)/1.7)
	r := math.Hypot(x, y-0.55)
	for i, ink := range []int{0xe03131, 0xf76707, 0xffd43b, 0x37b24d, 0x1c7ed6, 0x7048e8} {
		outer := 1.05 - 0.11*float64(i)
		c = c.over(hex(ink), inside(r-outer)*(1-inside(r-outer+0.11)))
	}
	for _, puff := range [...][3]float64{{-0.85, 0.6, 0.2}, {-0.62, 0.52, 0.24}, {-0.4, 0.62, 0.18}, {0.85, 0.6, 0.2}, {0.62, 0.52, 0.24}, {0.4, 0.62, 0.18}} {
		c = c.over(hex(0xffffff), disc(x, y, puff[0], puff[1], puff[2]))
	}
	return c.over(hex(0x69b578), inside(0.74-y))
}
