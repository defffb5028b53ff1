// Pictures.

package report

import (
	"image/color"
	"io"
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"

	"github.com/seed-7466c776/mixup/examples/program"
)

// colors are those of Okabe and Ito, which are told apart with colour-blind
// eyes too.
var colors = []color.NRGBA{
	{0, 114, 178, 255}, {213, 94, 0, 255}, {0, 158, 115, 255}, {204, 121, 167, 255},
	{230, 159, 0, 255}, {86, 180, 233, 255}, {0, 0, 0, 255},
}

func colorOf(i int) color.NRGBA { return colors[i%len(colors)] }

// A Curve is a line through the means Y over X, with a band of a standard error
// on either side where there is one.
type Curve struct {
	Name string
	X    []float64
	Y    []Value
}

// NewPlot returns an empty plot.
func NewPlot(title, x, y string) *plot.Plot {
	plot.DefaultFont.Variant = "Sans"
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = title, x, y
	p.Title.Padding = vg.Points(4)
	p.X.Tick.Marker, p.Y.Tick.Marker = ticks{}, ticks{}
	p.Legend.Top = true
	p.Legend.Padding = vg.Points(2)
	return p
}

// ticks lie at the multiples of 1, 2 or 5 times a power of ten, three to seven
// of them in most cases. Those of gonum may have a step of 1.2 and leave out 0.
type ticks struct{}

// Ticks implements [plot.Ticker].
func (ticks) Ticks(low, high float64) []plot.Tick {
	step := math.Pow(10, math.Floor(math.Log10(high-low)))
	switch steps := (high - low) / step; {
	case steps < 1.5:
		step /= 5
	case steps < 3:
		step /= 2
	case steps >= 6:
		step *= 2
	}
	decimals := max(0, -int(math.Floor(math.Log10(step))))
	var all []plot.Tick
	for k := math.Ceil(low / step); k <= high/step; k++ {
		v := k*step + 0 // and not -0
		all = append(all, plot.Tick{Value: v, Label: strconv.FormatFloat(v, 'f', decimals, 64)})
	}
	return all
}

// AddCurves adds curves, each in a colour of its own, and their names.
func AddCurves(p *plot.Plot, curves ...Curve) error {
	for i, c := range curves {
		var line, upper, lower plotter.XYs
		for j, y := range c.Y {
			line = append(line, plotter.XY{X: c.X[j], Y: y.Mean})
			if !math.IsNaN(y.Err) {
				upper = append(upper, plotter.XY{X: c.X[j], Y: y.Mean + y.Err})
				lower = append(plotter.XYs{{X: c.X[j], Y: y.Mean - y.Err}}, lower...)
			}
		}
		if len(upper) > 1 {
			band, err := plotter.NewPolygon(append(upper, lower...))
			if err != nil {
				return err
			}
			fill := colorOf(i)
			fill.A = 60
			band.Color, band.LineStyle.Width = fill, 0
			p.Add(band)
		}
		l, points, err := plotter.NewLinePoints(line)
		if err != nil {
			return err
		}
		l.Color, l.Width = colorOf(i), vg.Points(1.5)
		points.Color, points.Shape, points.Radius = colorOf(i), draw.CircleGlyph{}, vg.Points(2)
		p.Add(l)
		p.Legend.Add(c.Name, l)
		if len(line) <= 25 {
			p.Add(points)
		}
	}
	return nil
}

// A Bar is one bar in each group, with an error bar of a standard error on
// either side where there is one.
type Bar struct {
	Name string
	Y    []Value // one for each group
}

// AddBars adds groups of bars, side by side, and their names.
func AddBars(p *plot.Plot, groups []string, bars ...Bar) error {
	const gap = 0.2 // of a group's width, which is 1
	width := (1 - gap) / float64(len(bars))
	for i, b := range bars {
		var boxes []plotter.XYs
		var e errorBars
		for g, y := range b.Y {
			left := float64(g) - (1-gap)/2 + float64(i)*width
			boxes = append(boxes, plotter.XYs{{X: left, Y: 0}, {X: left, Y: y.Mean}, {X: left + width, Y: y.Mean}, {X: left + width, Y: 0}})
			if !math.IsNaN(y.Err) {
				e.XYs = append(e.XYs, plotter.XY{X: left + width/2, Y: y.Mean})
				e.YErrors = append(e.YErrors, struct{ Low, High float64 }{y.Err, y.Err})
			}
		}
		for j, box := range boxes {
			polygon, err := plotter.NewPolygon(box)
			if err != nil {
				return err
			}
			polygon.Color, polygon.LineStyle.Width = colorOf(i), 0
			p.Add(polygon)
			if j == 0 {
				p.Legend.Add(b.Name, polygon)
			}
		}
		if len(e.XYs) > 0 {
			whiskers, err := plotter.NewYErrorBars(e)
			if err != nil {
				return err
			}
			p.Add(whiskers)
		}
	}
	zero, err := plotter.NewLine(plotter.XYs{{X: -0.5, Y: 0}, {X: float64(len(groups)) - 0.5, Y: 0}})
	if err != nil {
		return err
	}
	p.Add(zero)
	p.NominalX(groups...)
	return nil
}

type errorBars struct {
	plotter.XYs
	plotter.YErrors
}

// Save writes a PNG file that shows plots side by side, each of width × height
// inches.
func Save(name string, width, height float64, plots ...*plot.Plot) error {
	const dpi = 110
	w, h := vg.Length(width)*vg.Inch, vg.Length(height)*vg.Inch
	img := vgimg.NewWith(vgimg.UseWH(w*vg.Length(len(plots)), h), vgimg.UseDPI(dpi))
	for i, p := range plots {
		left := w * vg.Length(i)
		c := draw.Crop(draw.New(img), left, left-w*vg.Length(len(plots)-1), 0, 0)
		p.Draw(draw.Crop(c, vg.Points(6), -vg.Points(6), vg.Points(6), -vg.Points(6)))
	}
	return program.WriteFile(name, func(f io.Writer) error {
		_, err := (vgimg.PngCanvas{Canvas: img}).WriteTo(f)
		return err
	})
}
