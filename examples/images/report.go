// The table.

package main

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"gonum.org/v1/gonum/stat"
)

// report writes a table in Markdown, with a line for each method, and how the
// second one differs from the first. results[i][j] is the run of method i with
// seed j.
func report(w io.Writer, methods []string, results [][]result) error {
	t := tabwriter.NewWriter(w, 0, 0, 1, ' ', 0)
	fmt.Fprintln(t, "|\t| test error, %\t| training accuracy, %\t| time per step, ms\t| of it mixing ¹, %\t|")
	fmt.Fprintln(t, "|---\t|---\t|---\t|---\t|---\t|")
	for i, method := range methods {
		fmt.Fprintf(t, "| %s\t| %s\t| %s\t| %s\t| %s\t|\n", method,
			summary(results[i], func(r result) float64 { return 100 * r.testError }),
			summary(results[i], func(r result) float64 { return 100 * r.trainAccuracy }),
			summary(results[i], func(r result) float64 { return float64(r.step) / float64(time.Millisecond) }),
			summary(results[i], func(r result) float64 { return 100 * r.mixing }))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	var gain []result
	for j, r := range results[1] {
		gain = append(gain, result{testError: r.testError - results[0][j].testError})
	}
	_, err := fmt.Fprintf(w, "\nMean ± standard error over the seeds. Training accuracy is on images that are not mixed.\n"+
		"The test error of %s minus that of %s, seed by seed: %s points.\n"+
		"¹ Sample, Select and ApplyTo: they draw, gather from the training set and mix. For ERM they only gather.\n",
		methods[1], methods[0], summary(gain, func(r result) float64 { return 100 * r.testError }))
	return err
}

// summary returns the mean of f over the runs, and its standard error if there
// is more than one.
func summary(runs []result, f func(result) float64) string {
	var x []float64
	for _, r := range runs {
		x = append(x, f(r))
	}
	if len(x) == 1 {
		return fmt.Sprintf("%.2f", x[0])
	}
	mean, std := stat.MeanStdDev(x, nil)
	return fmt.Sprintf("%.2f ± %.2f", mean, stat.StdErr(std, float64(len(x))))
}
