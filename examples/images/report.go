// The table.

package main

import (
	"fmt"
	"io"
	"math"
	"text/tabwriter"
	"time"
)

// write writes a table with a line for each method, and how the second one
// differs from the first. results[i][j] is the run of method i with seed j.
func write(w io.Writer, methods []string, results [][]result) error {
	t := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	fmt.Fprintf(t, "\ttest error, %%\ttraining accuracy, %%\ttime per step, ms\tmixing ¹, %%\n")
	for i, method := range methods {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", method,
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
		"¹ Sample, Select and ApplyBytesTo: they draw, gather from the training set, mix and normalise, for ERM without\n"+
		"mixing. They do it for the next step while one is computed; the time is that of a step's minibatch, in %% of the step.\n",
		methods[1], methods[0], summary(gain, func(r result) float64 { return 100 * r.testError }))
	return err
}

// summary returns the mean of f over the runs and its standard error, if there
// are two runs or more.
func summary(runs []result, f func(result) float64) string {
	var n, mean, squares float64
	for _, r := range runs { // Welford's algorithm
		n++
		d := f(r) - mean
		mean += d / n
		squares += d * (f(r) - mean)
	}
	if n < 2 {
		return fmt.Sprintf("%.2f", mean)
	}
	return fmt.Sprintf("%.2f ± %.2f", mean, math.Sqrt(squares/(n-1)/n))
}
