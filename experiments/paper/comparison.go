// Tables of ERM and mixup.

package main

import (
	"fmt"

	"gonum.org/v1/plot"

	"github.com/seed-7466c776/mixup/experiments/internal/report"
)

// A comparison is a table with a column for each α, of which the first is 0, and
// beside each mixup the p of Student's paired t test that it is no different from
// empirical risk minimisation.
type comparison struct{ report.Table }

// newComparison returns a table with columns for what is compared before the
// others.
func newComparison(alphas []float64, what ...string) *comparison {
	c := &comparison{report.Table{Columns: what, Decimals: 2}}
	for i, alpha := range alphas {
		c.Columns = append(c.Columns, alphaName(alpha))
		if i > 0 {
			c.Columns = append(c.Columns, fmt.Sprintf("p, α = %v", alpha))
		}
	}
	return c
}

// add adds a row of values for each α and seed.
func (c *comparison) add(values [][]float64, what ...any) {
	for i, v := range values {
		what = append(what, report.Mean(v))
		if i > 0 {
			what = append(what, report.P(report.PairedT(report.Minus(v, values[0]), 0)))
		}
	}
	c.Add(what...)
}

// alphaName returns the name of the method with that α.
func alphaName(alpha float64) string {
	if alpha == 0 {
		return "ERM"
	}
	return fmt.Sprintf("mixup, α = %v", alpha)
}

// each returns f of every result.
func each[R, T any](results [][]R, f func(R) T) [][]T {
	values := make([][]T, len(results))
	for i, seeds := range results {
		for _, r := range seeds {
			values[i] = append(values[i], f(r))
		}
	}
	return values
}

// plotAlphas is plotMethods with a method for each α.
func plotAlphas(title, xName, yName string, alphas, x []float64, at func(i int) [][]float64) (*plot.Plot, error) {
	var names []string
	for _, alpha := range alphas {
		names = append(names, alphaName(alpha))
	}
	return plotMethods(title, xName, yName, names, x, at)
}

// plotMethods returns a plot with a curve for each method, through the means over
// the seeds of what at returns for x[i], for each method and seed.
func plotMethods(title, xName, yName string, names []string, x []float64, at func(i int) [][]float64) (*plot.Plot, error) {
	curves := make([]report.Curve, len(names))
	for i := range x {
		for k, values := range at(i) {
			curves[k].Name = names[k]
			curves[k].X = append(curves[k].X, x[i])
			curves[k].Y = append(curves[k].Y, report.Mean(values))
		}
	}
	p := report.NewPlot(title, xName, yName)
	return p, report.AddCurves(p, curves...)
}
