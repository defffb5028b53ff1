// Learning from labels some of which are wrong: table 2.

package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/plot"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/nn"
	"github.com/seed-7466c776/mixup/experiments/internal/report"
	"github.com/seed-7466c776/mixup/experiments/internal/runs"
	"github.com/seed-7466c776/mixup/experiments/internal/train"
)

var corrupted = experiment{
	name:   "corrupted",
	about:  "learning from labels some of which are wrong (table 2)",
	takes:  "12 minutes",
	seeds:  5,
	define: func(*flag.FlagSet, *env) func(*env) error { return reportCorrupted },
}

const (
	corruptedBatch  = 50
	corruptedHidden = 128 // units in each of two hidden layers
)

// corruptedShares are the shares of labels that are drawn anew.
var corruptedShares = []float64{0.2, 0.5, 0.8}

// A corruptedMethod is a way to train in spite of wrong labels.
type corruptedMethod struct {
	name    string
	alpha   float64
	dropout float64
}

var corruptedMethods = []corruptedMethod{
	{"ERM", 0, 0},
	{"ERM + dropout", 0, 0.5},
	{"mixup, α = 8", 8, 0},
	{"mixup, α = 32", 32, 0},
	{"mixup, α = 8, + dropout", 8, 0.3},
}

// A corruptedResult is what comes out of a run.
type corruptedResult struct {
	TestErrors []float64 // after each epoch
	Real       float64   // error after the last one on images that were left alone
	Corrupted  float64   // and on those whose label was drawn anew, held to that label
}

// corrupt returns a copy of labels in which each was drawn anew with probability
// share, uniformly from all classes, and the numbers of those that were drawn and
// of those that were not.
func corrupt(labels []int, classes int, share float64, r *rand.Rand) (corrupted, drawn, kept []int) {
	corrupted = slices.Clone(labels)
	for i := range corrupted {
		if r.Float64() < share {
			corrupted[i] = r.IntN(classes)
			drawn = append(drawn, i)
		} else {
			kept = append(kept, i)
		}
	}
	return corrupted, drawn, kept
}

// run returns the run of a method on a set with so many wrong labels.
func (m corruptedMethod) run(set *imageSet, share float64, seed, epochs int) runs.Run[corruptedResult] {
	var (
		s        = uint64(seed)
		mixing   = mixup.NewStream(s, train.Mixing)
		dropping = mixup.NewStream(s, train.Dropping)
		weights  = mixup.NewStream(s, train.Weights)
		dim      = set.training.Dim
		layers   []nn.Layer
		result   corruptedResult
	)
	labels, drawn, kept := corrupt(set.training.Labels, set.training.Classes, share, rand.New(mixup.NewStream(s, train.Corrupting)))
	data := &train.Rows{X: set.training.X, Dim: dim, Labels: labels, Classes: set.training.Classes}
	for _, in := range []int{dim, corruptedHidden} {
		layers = append(layers, nn.NewDense(in, corruptedHidden, weights), &nn.ReLU{})
		if m.dropout > 0 {
			layers = append(layers, &nn.Dropout{P: m.dropout, Src: dropping})
		}
	}
	net := nn.New(dim, append(layers, nn.NewDense(corruptedHidden, data.Classes, weights))...)
	t := &train.Trainer{
		Seed: s, Rows: data.Len(), Batch: corruptedBatch, Epochs: epochs,
		Net: net, Opt: nn.NewAdam(), Streams: []*mixup.Stream{mixing, dropping},
		Gradient: train.Mixed(net, data, mixup.Sampler{Alpha: m.alpha, Src: mixing}, mixup.CrossEntropy{}),
		Epoch:    func(int) { result.TestErrors = append(result.TestErrors, train.Error(net, set.test)) },
		State:    []any{&result.TestErrors},
	}
	return runs.Run[corruptedResult]{
		Name:  fmt.Sprintf("%s, %v wrong, %s, seed %d", set.name, share, m.name, seed),
		Steps: t.Steps(),
		Do: func(j *runs.Job) (corruptedResult, error) {
			if err := t.Run(j); err != nil {
				return corruptedResult{}, err
			}
			result.Real = train.Error(net, subset(data, kept))
			result.Corrupted = train.Error(net, subset(data, drawn))
			return result, nil
		},
	}
}

// subset returns some rows of data.
func subset(data *train.Rows, rows []int) *train.Rows {
	p := &train.Rows{Dim: data.Dim, Classes: data.Classes}
	for _, i := range rows {
		p.X = append(p.X, data.X[i*data.Dim:][:data.Dim]...)
		p.Labels = append(p.Labels, data.Labels[i])
	}
	return p
}

func reportCorrupted(e *env) error {
	if e.data == "" {
		return reportCorruptedSet(e, syntheticImages(), 10)
	}
	for _, name := range []string{"fashion_mnist", "cifar10"} {
		set, err := openImages(e.data, name, 2000, 2000)
		if err != nil {
			return err
		}
		if err := reportCorruptedSet(e, set, 40); err != nil {
			return err
		}
	}
	return nil
}

func reportCorruptedSet(e *env, set *imageSet, epochs int) error {
	var list []runs.Run[corruptedResult]
	for _, share := range corruptedShares {
		for _, m := range corruptedMethods {
			for seed := range e.seeds {
				list = append(list, m.run(set, share, seed, epochs))
			}
		}
	}
	all, err := perform(e, list)
	if err != nil {
		return err
	}
	e.printf("\n%s: %d training and %d test images, a %d-%d-%d-%d perceptron, Adam, %d epochs with minibatches of %d\n",
		set.name, set.training.Len(), set.test.Len(), set.training.Dim, corruptedHidden, corruptedHidden, set.training.Classes, epochs, corruptedBatch)
	table := &report.Table{
		Columns: []string{"corrupted, %", "method", "best test error, %", "last", "last minus ERM", "p",
			"training error, real labels, %", "corrupted labels"},
		Decimals: 1,
	}
	var plots []*plot.Plot
	ofShare := len(corruptedMethods) * e.seeds
	for i, share := range corruptedShares {
		results := slices.Collect(slices.Chunk(all[i*ofShare:(i+1)*ofShare], e.seeds))
		percent := func(f func(corruptedResult) float64) [][]float64 {
			return each(results, func(r corruptedResult) float64 { return 100 * f(r) })
		}
		best := percent(func(r corruptedResult) float64 { return slices.Min(r.TestErrors) })
		last := percent(func(r corruptedResult) float64 { return r.TestErrors[epochs-1] })
		real := percent(func(r corruptedResult) float64 { return r.Real })
		wrong := percent(func(r corruptedResult) float64 { return r.Corrupted })
		curves := make([]report.Curve, len(corruptedMethods))
		for j, m := range corruptedMethods {
			row := []any{fmt.Sprint(100 * share), m.name, report.Mean(best[j]), report.Mean(last[j]), "", "", report.Mean(real[j]), report.Mean(wrong[j])}
			if j > 0 {
				d := report.Minus(last[j], last[0])
				row[4], row[5] = report.Mean(d), report.P(report.PairedT(d, 0))
			}
			table.Add(row...)
			curves[j].Name = m.name
		}
		for epoch := range epochs {
			for j, errors := range percent(func(r corruptedResult) float64 { return r.TestErrors[epoch] }) {
				curves[j].X = append(curves[j].X, float64(epoch+1))
				curves[j].Y = append(curves[j].Y, report.Mean(errors))
			}
		}
		p := report.NewPlot(fmt.Sprintf("%s, %v %% corrupted", set.name, 100*share), "epoch", "test error, %")
		if err := report.AddCurves(p, curves...); err != nil {
			return err
		}
		if i == 0 {
			p.Y.Max += (p.Y.Max - p.Y.Min) * 0.6 // room for the legend, which is that of all
		} else {
			p.Legend = plot.NewLegend()
		}
		plots = append(plots, p)
	}
	if err := e.table(set.name, table); err != nil {
		return err
	}
	return e.picture(set.name, 2.9, 2.6, plots...)
}
