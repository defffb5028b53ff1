// Pictures of generated points.

package main

import (
	"fmt"
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/seed-7466c776/mixup/experiments/internal/report"
)

// drawGAN draws the points of a run with rings around the modes of the set, to
// SET-ALPHA.png.
func drawGAN(e *env, plan ganPlan, set mixture, alpha float64, points []ganPoint) error {
	const extent = 1.6 // points further out are not shown
	var plots []*plot.Plot
	for _, look := range points {
		if !plan.pictured(look.Step) {
			continue
		}
		p := report.NewPlot(fmt.Sprintf("%s, %d steps", alphaName(alpha), look.Step), "", "")
		p.Title.TextStyle.Font.Size = vg.Points(9)
		p.HideAxes()
		p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = -extent, extent, -extent, extent
		var modes, shown plotter.XYs
		for _, c := range set.centres {
			modes = append(modes, plotter.XY{X: c[0], Y: c[1]})
		}
		for i := 0; i < len(look.Shown); i += 2 {
			if x, y := float64(look.Shown[i]), float64(look.Shown[i+1]); max(x, -x, y, -y) < extent {
				shown = append(shown, plotter.XY{X: x, Y: y})
			}
		}
		for _, s := range []struct {
			at    plotter.XYs
			style draw.GlyphStyle
		}{
			{modes, draw.GlyphStyle{Color: color.Gray{150}, Radius: vg.Points(3), Shape: draw.RingGlyph{}}},
			{shown, draw.GlyphStyle{Color: color.NRGBA{0, 114, 178, 255}, Radius: vg.Points(0.8), Shape: draw.CircleGlyph{}}},
		} {
			if len(s.at) == 0 {
				continue
			}
			scatter, err := plotter.NewScatter(s.at)
			if err != nil {
				return err
			}
			scatter.GlyphStyle = s.style
			p.Add(scatter)
		}
		plots = append(plots, p)
	}
	return e.picture(fmt.Sprintf("%s-%v", set.name, alpha), 1.9, 2.1, plots...)
}
