// The table.

package main

import (
	"fmt"
	"io"
	"time"

	"github.com/seed-7466c776/mixup/examples/internal/report"
)

// write writes a table in Markdown, with a line for each method, and how the
// second one differs from the first. results[i][j] is the run of method i with
// seed j.
func write(w io.Writer, methods []string, results [][]result) error {
	t := report.Table{
		Columns:  []string{"", "test error, %", "training accuracy, %", "time per step, ms", "mixing ¹, %"},
		Decimals: 2,
	}
	for i, method := range methods {
		t.Add(method,
			summary(results[i], func(r result) float64 { return 100 * r.testError }),
			summary(results[i], func(r result) float64 { return 100 * r.trainAccuracy }),
			summary(results[i], func(r result) float64 { return float64(r.step) / float64(time.Millisecond) }),
			summary(results[i], func(r result) float64 { return 100 * r.mixing }))
	}
	if err := t.Markdown(w); err != nil {
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
		methods[1], methods[0], summary(gain, func(r result) float64 { return 100 * r.testError }).Format(2))
	return err
}

// summary returns the mean of f over the runs.
func summary(runs []result, f func(result) float64) report.Value {
	var x []float64
	for _, r := range runs {
		x = append(x, f(r))
	}
	return report.Mean(x)
}
