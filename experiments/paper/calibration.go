// Calibration: is a net as sure as it is right?

package main

import (
	"flag"
	"math"
	"slices"

	"gonum.org/v1/plot"

	"github.com/seed-7466c776/mixup/examples/nn"
	"github.com/seed-7466c776/mixup/experiments/internal/report"
	"github.com/seed-7466c776/mixup/experiments/internal/runs"
	"github.com/seed-7466c776/mixup/experiments/internal/train"
)

var calibration = experiment{
	name:   "calibration",
	about:  "expected calibration error and reliability diagram of small nets",
	takes:  "9 minutes together with the nets",
	seeds:  smallSeeds,
	files:  fashionFiles + cifarFiles,
	define: func(*flag.FlagSet, *env) func(*env) error { return reportCalibration },
}

// A bin has the predictions whose confidence, the probability of the class that
// is predicted, lies in one of as many intervals of equal width as there are bins.
type bin struct {
	Count      int
	Confidence float64 // their sum
	Right      float64 // how many of them are
}

const confidenceBins = 15

type calibrationResult struct {
	Bins []bin
	Loss float64 // mean cross-entropy
}

// confidences returns the bins of net's predictions.
func confidences(net *nn.Net, data *train.Rows) []bin {
	bins := make([]bin, confidenceBins)
	train.Predict(net, data.X, data.Dim, func(first int, logits []float32) {
		for i := range len(logits) / data.Classes {
			z := logits[i*data.Classes:][:data.Classes]
			top := slices.Max(z)
			var sum float64
			for _, v := range z {
				sum += math.Exp(float64(v - top))
			}
			b := &bins[min(int(confidenceBins/sum), confidenceBins-1)]
			b.Count++
			b.Confidence += 1 / sum
			if z[data.Labels[first+i]] == top {
				b.Right++
			}
		}
	})
	return bins
}

// calibrationError returns the expected calibration error: the mean distance of
// confidence and accuracy over the bins, weighted by their predictions (Naeini et
// al. 2015, "Obtaining well calibrated probabilities using Bayesian binning").
func calibrationError(bins []bin) float64 {
	return perPrediction(bins, func(b bin) float64 { return math.Abs(b.Confidence - b.Right) })
}

// overconfidence returns the mean confidence less the accuracy.
func overconfidence(bins []bin) float64 {
	return perPrediction(bins, func(b bin) float64 { return b.Confidence - b.Right })
}

// wrongShare returns the share of wrong predictions.
func wrongShare(bins []bin) float64 {
	return perPrediction(bins, func(b bin) float64 { return float64(b.Count) - b.Right })
}

// perPrediction returns the sum of f over the bins, divided by the number of
// predictions in them.
func perPrediction(bins []bin, f func(bin) float64) float64 {
	var sum, count float64
	for _, b := range bins {
		sum += f(b)
		count += float64(b.Count)
	}
	return sum / count
}

func reportCalibration(e *env) error {
	plans, err := smallPlans(e)
	if err != nil {
		return err
	}
	table := newComparison(smallAlphas, "set", "on test images")
	var plots []*plot.Plot
	for _, p := range plans {
		models, err := smallModels(e, p)
		if err != nil {
			return err
		}
		results, err := inspect(e, models, 1, func(m smallModel, net *nn.Net, j *runs.Job) (r calibrationResult, err error) {
			err = j.Loop(func(int) error {
				r = calibrationResult{confidences(net, p.test), train.Loss(net, p.test)}
				return nil
			})
			return r, err
		})
		if err != nil {
			return err
		}
		table.add(percent(results, func(r calibrationResult) float64 { return wrongShare(r.Bins) }), p.name, "error, %")
		table.add(percent(results, func(r calibrationResult) float64 { return calibrationError(r.Bins) }), p.name, "expected calibration error, %")
		table.add(percent(results, func(r calibrationResult) float64 { return overconfidence(r.Bins) }), p.name, "confidence less accuracy, %")
		table.add(each(results, func(r calibrationResult) float64 { return r.Loss }), p.name, "cross-entropy, nats")

		curves := []report.Curve{{Name: "calibrated", X: []float64{0, 1}, Y: []report.Value{{Mean: 0, Err: math.NaN()}, {Mean: 1, Err: math.NaN()}}}}
		for i, seeds := range results {
			c := report.Curve{Name: alphaName(smallAlphas[i])}
			for k := range confidenceBins {
				var all bin
				for _, r := range seeds {
					all.Count += r.Bins[k].Count
					all.Confidence += r.Bins[k].Confidence
					all.Right += r.Bins[k].Right
				}
				if n := float64(all.Count); n > 0 {
					c.X = append(c.X, all.Confidence/n)
					c.Y = append(c.Y, report.Value{Mean: all.Right / n, Err: math.NaN()})
				}
			}
			curves = append(curves, c)
		}
		pl := report.NewPlot(p.name, "confidence", "accuracy")
		pl.Legend.Top = false
		if err := report.AddCurves(pl, curves...); err != nil {
			return err
		}
		plots = append(plots, pl)
	}
	if err := e.picture("calibration", 4.5, 4, plots...); err != nil {
		return err
	}
	return e.table("calibration", &table.Table)
}
