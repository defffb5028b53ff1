// Test error on CIFAR-10 in the course of training: figure 3.

package main

import (
	"flag"
	"fmt"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/nn"
	"github.com/seed-7466c776/mixup/experiments/internal/report"
	"github.com/seed-7466c776/mixup/experiments/internal/runs"
	"github.com/seed-7466c776/mixup/experiments/internal/train"
)

var images = experiment{
	name:   "images",
	about:  "test error on CIFAR-10 in the course of training, with mixup and CutMix (figure 3)",
	takes:  "5 hours",
	seeds:  4,
	files:  cifarFiles,
	define: func(*flag.FlagSet, *env) func(*env) error { return reportImages },
}

var imageMethods = []imageMethod{erm, mixupMethod(1), cutMixMethod(1), mixupOrCutMix}

// An imagePlan says how nets are trained on a set of images.
type imagePlan struct {
	*imageSet
	width  int // filters of the first convolution
	hidden int // units of the hidden layer
	batch  int
	border int // the largest shift of an image, in pixels
	epochs int
	every  int // epochs from one test error to the next; divides epochs
	rate   float64
	decay  float64
}

// cifarPlan returns the plan for CIFAR-10, without the images.
func cifarPlan() imagePlan {
	return imagePlan{width: 32, hidden: 512, batch: 100, border: 4, epochs: 60, every: 3, rate: 0.05, decay: 1e-4}
}

// syntheticImagePlan returns the plan for a small run.
func syntheticImagePlan() imagePlan {
	return imagePlan{imageSet: syntheticImages(), width: 4, hidden: 16, batch: 25, border: 1, epochs: 4, every: 2, rate: 0.05, decay: 5e-4}
}

// An imageResult is what comes out of a run.
type imageResult struct {
	TestErrors    []float64 // in the course of training
	TrainingError float64   // after it, on images as they are
}

// testError returns the test error after training.
func (r imageResult) testError() float64 { return r.TestErrors[len(r.TestErrors)-1] }

// learner returns the training of a net by a method, and its optimiser.
func (p imagePlan) learner(m imageMethod, seed uint64) (*imageTraining, *nn.SGD) {
	net := convNet(p.shape, p.width, p.hidden, p.training.Classes, mixup.NewStream(seed, train.Weights), normalized)
	return newImageTraining(p.imageSet, net, p.batch, p.border, m, seed),
		&nn.SGD{Momentum: 0.9, Decay: float32(p.decay)}
}

// run returns the run of a method.
func (p imagePlan) run(m imageMethod, seed uint64) runs.Run[imageResult] {
	plan := train.Trainer{Seed: seed, Rows: p.training.Len(), Batch: p.batch, Epochs: p.epochs}
	return train.Run(fmt.Sprintf("%s, %s, seed %d", p.name, m.name, seed), plan, func(t train.Trainer, j *runs.Job) (imageResult, error) {
		var result imageResult
		training, opt := p.learner(m, seed)
		t.Net, t.Opt, t.Streams = training.net, opt, training.streams()
		t.Gradient = func(s train.Step) float64 {
			opt.Rate = float32(p.rate * cosine(s.Epoch, p.epochs))
			return training.gradient(s)
		}
		t.Epoch = func(epoch int) {
			if epoch%p.every == 0 {
				result.TestErrors = append(result.TestErrors, train.Error(t.Net, p.test))
			}
		}
		t.State = []any{&result.TestErrors}
		if err := t.Run(j); err != nil {
			return imageResult{}, err
		}
		result.TrainingError = train.Error(t.Net, p.training)
		return result, nil
	})
}

// runs returns the runs seed by seed, so that what is ready after an interruption
// is paired.
func (p imagePlan) runs(seeds int) []runs.Run[imageResult] {
	var list []runs.Run[imageResult]
	for seed := range uint64(seeds) {
		for _, m := range imageMethods {
			list = append(list, p.run(m, seed))
		}
	}
	return list
}

func reportImages(e *env) error {
	p := syntheticImagePlan()
	if e.data != "" {
		set, err := openImages(e.data, "cifar10", 50000, 10000)
		if err != nil {
			return err
		}
		p = cifarPlan()
		p.imageSet = set
	}
	results, err := perform(e, p.runs(e.seeds))
	if err != nil {
		return err
	}
	e.printf("\n%s: %d training and %d test images, %d-%d-%d filters of 3×3 and %d hidden units with batch normalisation,\nshifts of up to %d pixels and flips, "+
		"momentum 0.9, weight decay %v, "+
		"a rate that falls from %v to 0 along a cosine,\n%d epochs with minibatches of %d.\n"+
		"The training error is on images as they are. p is from a paired t test.\n",
		p.name, p.training.Len(), p.test.Len(), p.width, 2*p.width, 4*p.width, p.hidden, p.border, p.decay, p.rate, p.epochs, p.batch)
	bySet(results, 1, len(imageMethods), func(_ int, of [][]imageResult) { err = p.report(e, of) })
	return err
}

// report adds the table and the picture of results for each method and seed.
func (p imagePlan) report(e *env, results [][]imageResult) error {
	table := &report.Table{Decimals: 2, Columns: []string{"method", "test error, %", "minus ERM's", "p", "training error, %"}}
	test := percent(results, imageResult.testError)
	training := percent(results, func(r imageResult) float64 { return r.TrainingError })
	for i, m := range imageMethods {
		minus, p := difference(test, i)
		table.Add(m.name, report.Mean(test[i]), minus, p, report.Mean(training[i]))
	}
	if err := e.table("images", table); err != nil {
		return err
	}
	paired := newPairs(pairedT)
	paired.add(names(imageMethods), test)
	if err := paired.write(e); err != nil {
		return err
	}
	var epochs []float64
	for epoch := p.every; epoch <= p.epochs; epoch += p.every {
		epochs = append(epochs, float64(epoch))
	}
	pl, err := plotMethods(p.name, "epoch", "test error, %", names(imageMethods), epochs, func(i int) [][]float64 {
		return percent(results, func(r imageResult) float64 { return r.TestErrors[i] })
	})
	if err != nil {
		return err
	}
	return e.picture("images", 6, 4, pl)
}
