// The picture.

package main

import (
	"image"
	"image/color"
	"image/png"
	"io"
	"math"

	"golang.org/x/image/draw"

	"github.com/seed-7466c776/mixup/examples/internal/lettering"
	"github.com/seed-7466c776/mixup/examples/nn"
	"github.com/seed-7466c776/mixup/examples/program"
)

// A surface is a net to be drawn.
type surface struct {
	title string
	net   *nn.Net
}

const (
	extent = 1.4 // a panel shows [-extent, extent]²
	cells  = 300 // a surface is computed on so many points on each side

	// In pixels.
	side   = 600 // of a panel
	margin = 24
	top    = 56  // for the titles
	key    = 150 // for the key to the shading
	letter = 26
)

// save writes a PNG file that shows surfaces side by side.
func save(name string, surfaces []surface, data points) error {
	img := image.NewRGBA(image.Rect(0, 0, margin+len(surfaces)*(side+margin)+key, top+side+margin))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	pen := lettering.New(letter)
	for i, s := range surfaces {
		panel := image.Rect(0, 0, side, side).Add(image.Pt(margin+i*(side+margin), top))
		pen.Write(img, s.title, panel.Min.X+(side-pen.Width(s.title))/2, panel.Min.Y-margin/2)
		shade(img, panel, s.net)
		for j, label := range data.labels {
			at := data.at(j)
			dot(img, panel, at[0], at[1], 5.6, color.White) // a rim, visible on shading of the point's colour
			dot(img, panel, at[0], at[1], 4.2, colorOf(float64(label), 1))
		}
	}
	drawKey(img, pen, margin+len(surfaces)*(side+margin))
	return program.WriteFile(name, func(w io.Writer) error { return png.Encode(w, img) })
}

// shade fills a panel with colours for p(y=1|x).
func shade(img draw.Image, panel image.Rectangle, net *nn.Net) {
	var grid []float32
	for i := range cells {
		for j := range cells {
			x, y := float32(j)+0.5, float32(cells-i)-0.5
			grid = append(grid, extent*(2*x/cells-1), extent*(2*y/cells-1))
		}
	}
	surface := image.NewRGBA(image.Rect(0, 0, cells, cells))
	for i, p := range probabilities(net, grid) {
		surface.Set(i%cells, i/cells, colorOf(p, opacity))
	}
	draw.BiLinear.Scale(img, panel, surface, surface.Bounds(), draw.Src, nil)
}

// dot draws a disc around a point of the plane, as far as it is in the panel.
func dot(img draw.Image, panel image.Rectangle, x, y float32, radius float64, c color.Color) {
	cx := float64(panel.Min.X) + side*(float64(x)/extent+1)/2
	cy := float64(panel.Min.Y) + side*(1-float64(y)/extent)/2
	r := int(radius) + 1
	box := image.Rect(int(cx)-r, int(cy)-r, int(cx)+r+1, int(cy)+r+1).Intersect(panel)
	for py := box.Min.Y; py < box.Max.Y; py++ {
		for px := box.Min.X; px < box.Max.X; px++ {
			cover := radius + 0.5 - math.Hypot(float64(px)+0.5-cx, float64(py)+0.5-cy) // of the pixel, nearly
			mask := image.NewUniform(color.Alpha{uint8(255 * min(max(cover, 0), 1))})
			draw.DrawMask(img, image.Rect(px, py, px+1, py+1), image.NewUniform(c), image.Point{}, mask, image.Point{}, draw.Over)
		}
	}
}

// drawKey draws the key to the shading, to the right of x.
func drawKey(img draw.Image, pen lettering.Pen, x int) {
	const width = 30
	for y := range side {
		c := colorOf(1-(float64(y)+0.5)/side, opacity)
		draw.Draw(img, image.Rect(x, top+y, x+width, top+y+1), image.NewUniform(c), image.Point{}, draw.Src)
	}
	pen.Write(img, "p(outer)", x, top-margin/2)
	for y, label := range map[int]string{letter - 6: "1", side/2 + letter/3: "0.5", side: "0"} {
		pen.Write(img, label, x+width+8, top+y)
	}
}

// opacity is that of the shading, on which the points stand out.
const opacity = 0.6

// shades go from blue to red through grey, at equal distances of p.
var shades = [][3]float64{{59, 76, 192}, {141, 176, 254}, {221, 221, 221}, {244, 152, 122}, {180, 4, 38}}

// colorOf returns the colour of a probability on white.
func colorOf(p, opacity float64) color.Color {
	at := p * float64(len(shades)-1)
	i := min(int(at), len(shades)-2)
	part := at - float64(i)
	var rgb [3]uint8
	for c := range rgb {
		v := (1-part)*shades[i][c] + part*shades[i+1][c]
		rgb[c] = uint8(opacity*v + (1-opacity)*255 + 0.5)
	}
	return color.RGBA{rgb[0], rgb[1], rgb[2], 255}
}
