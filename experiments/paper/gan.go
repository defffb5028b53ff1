// Generative adversarial nets on mixtures of Gaussians: figure 5.

package main

import (
	"flag"
	"fmt"
	"slices"

	"gonum.org/v1/plot"

	"github.com/seed-7466c776/mixup/experiments/internal/report"
	"github.com/seed-7466c776/mixup/experiments/internal/runs"
)

var gan = experiment{
	name:   "gan",
	about:  "generative adversarial nets on mixtures of Gaussians (figure 5)",
	takes:  "6 minutes",
	seeds:  5,
	define: func(*flag.FlagSet, *env) func(*env) error { return reportGAN },
}

// ganAlphas are the α of the discriminators; the first is empirical risk
// minimisation.
var ganAlphas = []float64{0, 0.2}

// A ganPlan says how nets are trained.
type ganPlan struct {
	width    int   // units in a hidden layer
	steps    int   // of the discriminator
	pictures []int // numbers of steps after which points are drawn
}

// newGANPlan returns the plan for e.
func newGANPlan(e *env) ganPlan {
	if !e.full {
		return ganPlan{width: 16, steps: 400, pictures: []int{10, 100, 400}}
	}
	return ganPlan{width: 64, steps: 20000, pictures: []int{10, 100, 1000, 10000, 20000}}
}

// looks reports whether the generator is looked at after so many steps: 20 times
// in a run, and where there is a picture.
func (p ganPlan) looks(steps int) bool { return steps%(p.steps/20) == 0 || p.pictured(steps) }

func (p ganPlan) pictured(steps int) bool { return slices.Contains(p.pictures, steps) }

// A ganFigure is one that is reported.
type ganFigure struct {
	name string
	most float64
	of   func(score) float64
}

func reportGAN(e *env) error {
	plan := newGANPlan(e)
	table := newComparison(ganAlphas, "set", "figure", "looks")
	var plots []*plot.Plot
	for _, set := range []mixture{ring(), grid()} {
		results, err := ganResults(e, plan, set)
		if err != nil {
			return err
		}
		near := ganFigure{"points within 10σ, %", 100, func(s score) float64 { return 100 * s.Near }}
		modes := ganFigure{fmt.Sprintf("modes of %d", len(set.centres)), float64(len(set.centres)), func(s score) float64 { return s.Modes }}
		for _, f := range []ganFigure{{"points within 4σ, %", 100, func(s score) float64 { return 100 * s.Close }}, near, modes} {
			addGAN(table, set, f, results)
		}
		for _, f := range []ganFigure{near, modes} {
			p, err := plotGAN(set, f, results)
			if err != nil {
				return err
			}
			plots = append(plots, p)
		}
		for i, alpha := range ganAlphas {
			if err := drawGAN(e, plan, set, alpha, results[i][0]); err != nil {
				return err
			}
		}
	}
	if err := e.picture("gan", 2.9, 2.5, plots...); err != nil {
		return err
	}
	return e.table("gan", &table.Table)
}

// ganResults returns the points of the runs on a set for each α and seed.
func ganResults(e *env, plan ganPlan, set mixture) ([][][]ganPoint, error) {
	var list []runs.Run[[]ganPoint]
	for _, alpha := range ganAlphas {
		for seed := range e.seeds {
			list = append(list, ganRun(plan, set, alpha, uint64(seed)))
		}
	}
	all, err := perform(e, list)
	if err != nil {
		return nil, err
	}
	return slices.Collect(slices.Chunk(all, e.seeds)), nil
}

// addGAN adds rows for a figure: after the last step, and since many a step
// undoes what those before have done, its mean and its least in the second half
// of all.
func addGAN(table *comparison, set mixture, f ganFigure, results [][][]ganPoint) {
	late := func(summary func([]float64) float64) [][]float64 {
		return each(results, func(points []ganPoint) float64 {
			var values []float64
			for _, p := range points {
				if 2*p.Step > points[len(points)-1].Step {
					values = append(values, f.of(p.Score))
				}
			}
			return summary(values)
		})
	}
	table.add(late(func(v []float64) float64 { return v[len(v)-1] }), set.name, f.name, "last")
	table.add(late(func(v []float64) float64 { return report.Mean(v).Mean }), set.name, f.name, "second half, mean")
	table.add(late(slices.Min[[]float64]), set.name, f.name, "second half, least")
}

// plotGAN returns a plot of a figure over the steps.
func plotGAN(set mixture, f ganFigure, results [][][]ganPoint) (*plot.Plot, error) {
	var steps []float64
	for _, p := range results[0][0] {
		steps = append(steps, float64(p.Step)/1000)
	}
	p, err := plotAlphas(set.name, "thousands of steps", f.name, ganAlphas, steps, func(look int) [][]float64 {
		return each(results, func(points []ganPoint) float64 { return f.of(points[look].Score) })
	})
	if err != nil {
		return nil, err
	}
	p.Y.Min, p.Y.Max = 0, f.most
	p.Legend.Left = true
	return p, nil
}
