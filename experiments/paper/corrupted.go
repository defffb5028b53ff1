// Learning from labels some of which are wrong: table 2.

package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/datasets"
	"github.com/seed-7466c776/mixup/examples/nn"
	"github.com/seed-7466c776/mixup/experiments/internal/report"
	"github.com/seed-7466c776/mixup/experiments/internal/runs"
	"github.com/seed-7466c776/mixup/experiments/internal/train"
)

var corrupted = experiment{
	name:  "corrupted",
	about: "learning from labels some of which are wrong (table 2)",
	takes: "50 minutes",
	seeds: 4,
	files: cifarFiles,
	define: func(flags *flag.FlagSet, _ *env) func(*env) error {
		share := flags.Float64("share", 0.5, "`probability` with which a label is drawn anew")
		return func(e *env) error {
			if !(0 < *share && *share < 1) {
				return fmt.Errorf("-share %v, want a number between 0 and 1", *share)
			}
			return reportCorrupted(e, *share)
		}
	},
}

// A corruptedPlan says which labels are wrong and how nets are trained with them.
type corruptedPlan struct {
	*imageSet
	share  float64 // of labels that are drawn anew
	width  int     // filters of the first convolution
	hidden int     // units of the hidden layer
	batch  int
	epochs int
	rate   float64 // Adam's at the beginning
}

// A corruptedMethod is a way to train in spite of wrong labels.
type corruptedMethod struct {
	name    string
	mixing  mixup.Sampler // without Src, which run sets
	dropout float64       // probability; with 0 there is no dropout
}

func (m corruptedMethod) String() string { return m.name }

// corruptedMethods are compared. The probability of dropout is the best of 0.1, 0.2
// and 0.3, with and without mixup, on a seed that is not among those of the table.
var corruptedMethods = []corruptedMethod{
	{name: "ERM"},
	{name: "ERM + dropout 0.3", dropout: 0.3},
	{name: "mixup, α = 8", mixing: mixup.Sampler{Alpha: 8}},
	{name: "mixup, α = 32", mixing: mixup.Sampler{Alpha: 32}},
	{name: "mixup, α = 8, + dropout 0.3", mixing: mixup.Sampler{Alpha: 8}, dropout: 0.3},
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

// net returns the net that a method trains, with its first weights.
func (m corruptedMethod) net(p corruptedPlan, seed uint64, dropping *mixup.Stream) *nn.Net {
	behind := normalized
	if m.dropout > 0 {
		behind = func(shape datasets.Shape) []nn.Layer {
			return append(normalized(shape), &nn.Dropout{P: m.dropout, Src: dropping})
		}
	}
	return convNet(p.shape, p.width, p.hidden, p.training.Classes, mixup.NewStream(seed, train.Weights), behind)
}

// run returns the run of a method, by Adam at a rate that falls to zero along a
// cosine.
func (m corruptedMethod) run(p corruptedPlan, seed uint64) runs.Run[corruptedResult] {
	plan := train.Trainer{Seed: seed, Rows: p.training.Len(), Batch: p.batch, Epochs: p.epochs}
	return train.Run(fmt.Sprintf("%s, %s, seed %d", p.name, m.name, seed), plan, func(t train.Trainer, j *runs.Job) (corruptedResult, error) {
		var (
			result   corruptedResult
			mixing   = mixup.NewStream(seed, train.Mixing)
			dropping = mixup.NewStream(seed, train.Dropping)
			opt      = nn.NewAdam()
			sampler  = m.mixing
		)
		sampler.Src = mixing
		labels, drawn, kept := corrupt(p.training.Labels, p.training.Classes, p.share, rand.New(mixup.NewStream(seed, train.Corrupting)))
		data := &train.Rows{X: p.training.X, Dim: p.training.Dim, Labels: labels, Classes: p.training.Classes}
		t.Net, t.Opt, t.Streams = m.net(p, seed, dropping), opt, []*mixup.Stream{mixing, dropping}
		gradient := train.Mixed(t.Net, data, sampler, mixup.CrossEntropy{})
		t.Gradient = func(s train.Step) float64 {
			opt.Rate = p.rate * cosine(s.Epoch, p.epochs)
			return gradient(s)
		}
		t.Epoch = func(int) { result.TestErrors = append(result.TestErrors, train.Error(t.Net, p.test)) }
		t.State = []any{&result.TestErrors}
		if err := t.Run(j); err != nil {
			return corruptedResult{}, err
		}
		result.Real = train.Error(t.Net, subset(data, kept))
		result.Corrupted = train.Error(t.Net, subset(data, drawn))
		return result, nil
	})
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

// syntheticCorrupted returns the plan for a small run.
func syntheticCorrupted(share float64) corruptedPlan {
	return corruptedPlan{imageSet: syntheticImages(), share: share, width: 4, hidden: 16, batch: 25, epochs: 5, rate: 0.02}
}

func reportCorrupted(e *env, share float64) error {
	p := syntheticCorrupted(share)
	if e.data != "" {
		set, err := openImages(e.data, "cifar10", 5000, 2000)
		if err != nil {
			return err
		}
		p = corruptedPlan{imageSet: set, share: share, width: 16, hidden: 256, batch: 100, epochs: 40, rate: 0.002}
	}
	// Seed by seed, so that what is ready after an interruption is paired.
	var list []runs.Run[corruptedResult]
	for seed := range uint64(e.seeds) {
		for _, m := range corruptedMethods {
			list = append(list, m.run(p, seed))
		}
	}
	results, err := perform(e, list)
	if err != nil {
		return err
	}
	e.printf("\n%s: %d training and %d test images, a label drawn anew with probability %v,\n"+
		"%d-%d-%d filters of 3×3 and %d hidden units with batch normalisation, Adam at a rate that falls from %v to 0 along a cosine,\n"+
		"%d epochs with minibatches of %d. p is from a paired t test.\n",
		p.name, p.training.Len(), p.test.Len(), p.share, p.width, 2*p.width, 4*p.width, p.hidden, p.rate, p.epochs, p.batch)
	bySet(results, 1, len(corruptedMethods), func(_ int, of [][]corruptedResult) { err = p.report(e, of) })
	return err
}

// report adds the table and the picture of results for each method and seed.
func (p corruptedPlan) report(e *env, results [][]corruptedResult) error {
	best := percent(results, func(r corruptedResult) float64 { return slices.Min(r.TestErrors) })
	last := percent(results, func(r corruptedResult) float64 { return r.TestErrors[p.epochs-1] })
	real := percent(results, func(r corruptedResult) float64 { return r.Real })
	wrong := percent(results, func(r corruptedResult) float64 { return r.Corrupted })
	table := &report.Table{Decimals: 1, Columns: []string{"method", "best test error, %", "last", "last minus ERM", "p",
		"training error, real labels, %", "corrupted labels"}}
	for i, m := range corruptedMethods {
		minus, p := difference(last, i)
		table.Add(m.name, report.Mean(best[i]), report.Mean(last[i]), minus, p, report.Mean(real[i]), report.Mean(wrong[i]))
	}
	if err := e.table("corrupted", table); err != nil {
		return err
	}
	paired := newPairs(pairedT, "test error")
	paired.add(names(corruptedMethods), best, "best")
	paired.add(names(corruptedMethods), last, "last")
	if err := paired.write(e); err != nil {
		return err
	}
	epochs := make([]float64, p.epochs)
	for i := range epochs {
		epochs[i] = float64(i + 1)
	}
	pl, err := plotMethods(fmt.Sprintf("%s, %v %% corrupted", p.name, 100*p.share), "epoch", "test error, %", names(corruptedMethods), epochs, func(i int) [][]float64 {
		return percent(results, func(r corruptedResult) float64 { return r.TestErrors[i] })
	})
	if err != nil {
		return err
	}
	pl.Y.Max += (pl.Y.Max - pl.Y.Min) * 0.6 // room for the legend
	return e.picture("corrupted", 6, 4, pl)
}
