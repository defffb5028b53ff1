// Tables and plots that compare methods.

package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"gonum.org/v1/plot"

	"github.com/seed-7466c776/mixup/examples/program"
	"github.com/seed-7466c776/mixup/experiments/internal/report"
)

// A comparison is a table with a column for each method, of which the first is
// empirical risk minimisation. Beside each other method is the p of Student's
// paired t test that it is no different from the first.
type comparison struct{ report.Table }

// newComparison returns a comparison of mixup with each α. The first columns,
// called what, say what is compared in a row.
func newComparison(alphas []float64, what ...string) *comparison {
	return newMethodComparison(alphaNames(alphas), what...)
}

// newMethodComparison is newComparison for methods of any names.
func newMethodComparison(methods []string, what ...string) *comparison {
	c := &comparison{report.Table{Columns: what, Decimals: 2}}
	for i, name := range methods {
		c.Columns = append(c.Columns, name)
		if i > 0 {
			c.Columns = append(c.Columns, "p, "+strings.TrimPrefix(name, "mixup, "))
		}
	}
	return c
}

// add adds a row of values for each method and seed.
func (c *comparison) add(values [][]float64, what ...any) {
	for i, v := range values {
		what = append(what, report.Mean(v))
		if i > 0 {
			_, p := difference(values, i)
			what = append(what, p)
		}
	}
	c.Add(what...)
}

// difference returns two cells of a table for method i, given the values for each
// method and seed: the mean difference from the first method with the same seed, and
// the p of Student's paired t test. Both cells are empty for the first method.
func difference(values [][]float64, i int) (mean, p any) {
	if i == 0 {
		return "", ""
	}
	d := report.Minus(values[i], values[0])
	return report.Mean(d), report.P(report.PairedT(d, 0))
}

// pairs is a table of the differences between each two methods. Many are of no
// interest, so that it is written to a file and not to the report.
type pairs struct {
	report.Table
	test func(d []float64) float64 // returns the p of differences
}

// newPairs returns an empty table. The first columns, called what, say what is
// compared in a row.
func newPairs(test func(d []float64) float64, what ...string) *pairs {
	return &pairs{report.Table{Columns: append(what, "method", "minus", "difference", "p")}, test}
}

// pairedT is Student's paired t test.
func pairedT(d []float64) float64 { return report.PairedT(d, 0) }

// add adds a row for each two methods, given the values for each method and seed.
func (p *pairs) add(methods []string, values [][]float64, what ...any) {
	for i := range methods {
		for j := range i {
			d := report.Minus(values[i], values[j])
			p.Add(append(slices.Clip(what), methods[i], methods[j], report.Mean(d), report.P(p.test(d)))...)
		}
	}
}

// write writes the table to pairs.csv.
func (p *pairs) write(e *env) error {
	path := filepath.Join(e.dir, "pairs.csv")
	e.printf("\nDifferences between each two methods: %s\n", path)
	return program.WriteFile(path, p.CSV)
}

// names returns the names of methods.
func names[M fmt.Stringer](methods []M) []string {
	var s []string
	for _, m := range methods {
		s = append(s, m.String())
	}
	return s
}

// alphaName returns the name of the method with that α.
func alphaName(alpha float64) string {
	if alpha == 0 {
		return "ERM"
	}
	return fmt.Sprintf("mixup, α = %v", alpha)
}

// alphaNames returns the names of the methods with these α.
func alphaNames(alphas []float64) []string {
	var names []string
	for _, alpha := range alphas {
		names = append(names, alphaName(alpha))
	}
	return names
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

// percent returns 100 times f of every result.
func percent[R any](results [][]R, f func(R) float64) [][]float64 {
	return each(results, func(r R) float64 { return 100 * f(r) })
}

// plotAlphas is plotMethods with a method for each α.
func plotAlphas(title, xName, yName string, alphas, x []float64, at func(i int) [][]float64) (*plot.Plot, error) {
	return plotMethods(title, xName, yName, alphaNames(alphas), x, at)
}

// plotMethods returns a plot with a curve for each method, through the means over
// the seeds of what at returns for x[i], for each method and seed.
func plotMethods(title, xName, yName string, methods []string, x []float64, at func(i int) [][]float64) (*plot.Plot, error) {
	curves := make([]report.Curve, len(methods))
	for i := range x {
		for k, values := range at(i) {
			curves[k].Name = methods[k]
			curves[k].X = append(curves[k].X, x[i])
			curves[k].Y = append(curves[k].Y, report.Mean(values))
		}
	}
	p := report.NewPlot(title, xName, yName)
	return p, report.AddCurves(p, curves...)
}
