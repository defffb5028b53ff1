// Pictures of experiment segmentation.

package main

import (
	"image"
	"image/color"
	"image/draw"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"github.com/seed-7466c776/mixup/experiments/internal/report"
)

// plotSegmentation draws the overlap in the course of training, and that of
// classes at its end.
func plotSegmentation(e *env, p *segmentationPlan, results [][]segmentationResult) error {
	epochs := make([]float64, segmentationChecks)
	for check := range epochs {
		epochs[check] = float64((check + 1) * p.epochs / segmentationChecks)
	}
	course, err := plotMethods("test scenes", "epoch", "mean intersection over union, %", names(segmentationMethods), epochs, func(check int) [][]float64 {
		return percent(results, func(r segmentationResult) float64 { return r.Overlap[check] })
	})
	if err != nil {
		return err
	}
	course.Legend.Top = false
	bars := make([]report.Bar, len(segmentationMethods))
	for class := range p.classes {
		for i, of := range percent(results, func(r segmentationResult) float64 { return r.ByClass[class] }) {
			bars[i].Name = segmentationMethods[i].name
			bars[i].Y = append(bars[i].Y, report.Mean(of))
		}
	}
	ends := report.NewPlot("by class, after the last epoch", "", "intersection over union, %")
	if err := report.AddBars(ends, p.classes, bars...); err != nil {
		return err
	}
	ends.Legend = plot.NewLegend() // that of the curves has the same colours
	return e.picture("segmentation", 4.5, 3.5, course, ends)
}

// maskColors are those of the ground and of the other classes.
var maskColors = []color.NRGBA{
	{225, 225, 225, 255}, {0, 114, 178, 255}, {213, 94, 0, 255}, {0, 158, 115, 255},
	{204, 121, 167, 255}, {240, 228, 66, 255}, {0, 0, 0, 255},
}

// drawSegmentation draws test scenes, their masks, and what the net of each method
// with the first seed predicts.
func drawSegmentation(e *env, p *segmentationPlan, results [][]segmentationResult) error {
	const (
		zoom = 4 // pixels of the picture for one of a scene
		gap  = 4 // between scenes
	)
	size := zoom * p.side
	column := func(title string, at func(pixel int) color.Color) *plot.Plot {
		img := image.NewNRGBA(image.Rect(0, 0, size, segmentationShown*(size+gap)))
		for pixel := range segmentationShown * p.test.plane() {
			x, y := pixel%p.side*zoom, pixel/p.side*zoom
			y += pixel / p.test.plane() * gap
			draw.Draw(img, image.Rect(x, y, x+zoom, y+zoom), image.NewUniform(at(pixel)), image.Point{}, draw.Src)
		}
		pl := report.NewPlot(title, "", "")
		pl.Title.TextStyle.Font.Size = vg.Points(7.5)
		pl.HideAxes()
		pl.Add(plotter.NewImage(img, 0, 0, 1, segmentationShown))
		return pl
	}
	plots := []*plot.Plot{
		column("image", func(i int) color.Color { return color.Gray{Y: p.test.pixels[i]} }),
		column("mask", func(i int) color.Color { return maskColors[p.test.masks[i]] }),
	}
	for i, m := range segmentationMethods {
		plots = append(plots, column(m.name, func(pixel int) color.Color { return maskColors[results[i][0].Shown[pixel]] }))
	}
	return e.picture("masks", 1.3, 5, plots...)
}
