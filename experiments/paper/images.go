// Test error on images in the course of training: figure 3.

package main

import (
	"flag"

	"gonum.org/v1/plot"
)

var images = experiment{
	name:   "images",
	about:  "test error on images in the course of training (figure 3)",
	takes:  "13 minutes",
	seeds:  imageSeeds,
	define: func(*flag.FlagSet, *env) func(*env) error { return reportImages },
}

func reportImages(e *env) error {
	plans, err := imagePlans(e)
	if err != nil {
		return err
	}
	table := newComparison(imageAlphas, "set", "net", "error, %")
	for _, p := range plans {
		var plots []*plot.Plot
		for _, net := range []imageNet{conv, perceptron} {
			_, results, err := imageModels(e, p, net)
			if err != nil {
				return err
			}
			// errors returns 100 times what f picks, for each α and seed.
			errors := func(f func(imageResult) float64) [][]float64 {
				return each(results, func(r imageResult) float64 { return 100 * f(r) })
			}
			table.add(errors(func(r imageResult) float64 { return r.TestErrors[imageChecks-1] }), p.name, net.name, "test")
			table.add(errors(func(r imageResult) float64 { return r.TrainingError }), p.name, net.name, "training")
			epochs := make([]float64, imageChecks)
			for check := range epochs {
				epochs[check] = float64((check + 1) * p.epochs / imageChecks)
			}
			pl, err := plotAlphas(p.name+", "+net.name, "epoch", "test error, %", imageAlphas, epochs, func(check int) [][]float64 {
				return errors(func(r imageResult) float64 { return r.TestErrors[check] })
			})
			if err != nil {
				return err
			}
			plots = append(plots, pl)
		}
		if err := e.picture(p.name, 4.5, 3.5, plots...); err != nil {
			return err
		}
	}
	return e.table("images", &table.Table)
}
