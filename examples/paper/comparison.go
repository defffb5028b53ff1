// Tables of ERM and mixup.

package main

import (
	"fmt"

	"github.com/seed-7466c776/mixup/examples/internal/report"
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
