// The picture.

package main

import (
	"image"
	"image/color"
	"io"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/palette"
	"gonum.org/v1/plot/palette/moreland"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"

	"github.com/seed-7466c776/mixup/examples/nn"
	"github.com/seed-7466c776/mixup/examples/program"
)

// A surface is a net to be drawn.
type surface struct {
	title string
	net   *nn.Net
}

const (
	extent = 1.4 // the picture shows [-extent, extent]²
	cells  = 300 // a surface is computed on so many points on each side

	width, height = 9.1 * vg.Inch, 4.25 * vg.Inch
	dpi           = 144
)

// save writes a PNG file that shows surfaces side by side.
func save(name string, surfaces []surface, data points) error {
	plot.DefaultFont.Variant = "Sans"
	shades := shading(0.6) // points are opaque and stand out
	img := vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(dpi))
	canvas := draw.Crop(draw.New(img), vg.Points(8), -vg.Points(8), vg.Points(8), -vg.Points(8))
	bar := colorBar(shades)
	const barWidth = 0.75 * vg.Inch
	share := (canvas.Rectangle.Size().X - barWidth) / vg.Length(len(surfaces))
	var panel draw.Canvas
	for i, s := range surfaces {
		p, err := shade(s, data, shades)
		if err != nil {
			return err
		}
		left := share * vg.Length(i)
		panel = square(p, draw.Crop(canvas, left, left+share-canvas.Rectangle.Size().X, 0, 0))
		p.Draw(panel)
		panel = p.DataCanvas(panel)
	}

	// The bar is as high as the surfaces.
	c := draw.Crop(canvas, panel.Max.X-canvas.Min.X+vg.Points(8), 0, 0, 0)
	c.Max.X = c.Min.X + barWidth
	d := bar.DataCanvas(c)
	bar.Draw(draw.Crop(c, 0, 0, panel.Min.Y-d.Min.Y, panel.Max.Y-d.Max.Y))

	return program.WriteFile(name, func(w io.Writer) error {
		_, err := (vgimg.PngCanvas{Canvas: img}).WriteTo(w)
		return err
	})
}

// shade returns a plot of p(y=1|x) and the points that it was learnt from.
func shade(s surface, data points, shades palette.ColorMap) (*plot.Plot, error) {
	var grid []float32
	for i := range cells {
		for j := range cells {
			x, y := float32(j)+0.5, float32(cells-i)-0.5
			grid = append(grid, extent*(2*x/cells-1), extent*(2*y/cells-1))
		}
	}
	img := image.NewNRGBA(image.Rect(0, 0, cells, cells))
	for i, v := range probabilities(s.net, grid) {
		c, err := shades.At(v)
		if err != nil {
			return nil, err
		}
		img.Set(i%cells, i/cells, c)
	}

	p := plot.New()
	p.Title.Text = s.title
	p.Title.TextStyle.Font.Size = vg.Points(14)
	p.Title.Padding = vg.Points(6)
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Min, axis.Max = -extent, extent
		axis.Tick.Marker = plot.ConstantTicks{{Value: -1, Label: "−1"}, {Value: 0, Label: "0"}, {Value: 1, Label: "1"}}
		axis.Padding = 0
	}
	p.Add(plotter.NewImage(img, -extent, -extent, extent, extent))
	for class := range radius {
		c, err := shading(1).At(float64(class))
		if err != nil {
			return nil, err
		}
		var xys plotter.XYs
		for i, l := range data.labels {
			if l == class {
				xys = append(xys, plotter.XY{X: float64(data.at(i)[0]), Y: float64(data.at(i)[1])})
			}
		}
		// A white rim keeps points visible on shading of their own colour.
		for _, style := range []draw.GlyphStyle{
			{Color: color.White, Radius: vg.Points(2.8), Shape: draw.CircleGlyph{}},
			{Color: c, Radius: vg.Points(2.1), Shape: draw.CircleGlyph{}},
		} {
			dots, err := plotter.NewScatter(xys)
			if err != nil {
				return nil, err
			}
			dots.GlyphStyle = style
			p.Add(dots)
		}
	}
	return p, nil
}

// shading maps probabilities to colours of an opacity, from blue to red.
func shading(alpha float64) palette.ColorMap {
	m := moreland.SmoothBlueRed()
	m.SetMax(1)
	m.SetAlpha(alpha)
	return m
}

// colorBar returns the key to the shading.
func colorBar(shades palette.ColorMap) *plot.Plot {
	p := plot.New()
	p.HideX()
	p.Y.Padding = 0
	p.Y.Label.Text = "p(outer ring)"
	p.Add(&plotter.ColorBar{ColorMap: shades, Vertical: true})
	return p
}

// square returns the part of c on which the data of p has a square to itself.
func square(p *plot.Plot, c draw.Canvas) draw.Canvas {
	size := p.DataCanvas(c).Size()
	if size.X > size.Y {
		return draw.Crop(c, 0, size.Y-size.X, 0, 0)
	}
	return draw.Crop(c, 0, 0, 0, size.X-size.Y)
}
