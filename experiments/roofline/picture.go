// The picture.

package main

import (
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/plotutil"
	"gonum.org/v1/plot/vg"

	"github.com/seed-7466c776/mixup/experiments/internal/report"
)

// draw writes a PNG file of rates over the size of the minibatch. The first two
// curves are the roofs.
func draw(name string, sizes []int, curves []curve) error {
	p := report.NewPlot("bytes moved in a second; in brackets, bytes moved for each value", "minibatch, MiB", "GB/s")
	p.X.Scale, p.Y.Scale = plot.LogScale{}, plot.LogScale{}
	p.X.Tick.Marker, p.Y.Tick.Marker = powers(4), powers(2)
	p.Legend.TextStyle.Font.Size = 10
	p.Title.Padding = 8
	p.Add(plotter.NewGrid())
	lowest, highest := math.Inf(1), 0.
	for i, c := range curves {
		var points plotter.XYs
		for j, n := range sizes {
			rate := c.rates[j] / 1e9
			points = append(points, plotter.XY{X: float64(4*n*dim) / (1 << 20), Y: rate})
			lowest, highest = min(lowest, rate), max(highest, rate)
		}
		line, err := plotter.NewLine(points)
		if err != nil {
			return err
		}
		line.Color, line.Width = plotutil.SoftColors[i%len(plotutil.SoftColors)], vg.Points(1.5)
		if i < 2 {
			line.Color, line.Width = color.Gray{uint8(160 - 90*i)}, vg.Points(4)
		}
		p.Add(line)
		p.Legend.Add(c.String(), line)
	}
	p.Y.Min, p.Y.Max = lowest/1.2, highest*1.2
	p.X.Max *= 8 // room for the legend
	return report.Save(name, 6.5, 4.5, p)
}

// powers marks the powers of a number.
type powers float64

// Ticks implements [plot.Ticker].
func (base powers) Ticks(lo, hi float64) []plot.Tick {
	var ticks []plot.Tick
	log := math.Log(float64(base))
	for e := math.Ceil(math.Log(lo) / log); e <= math.Log(hi)/log; e++ {
		v := math.Pow(float64(base), e)
		ticks = append(ticks, plot.Tick{Value: v, Label: fmt.Sprintf("%.4g", v)})
	}
	return ticks
}
