// Learning from few labels and many images without one: an open question of the
// paper.

package main

import (
	"errors"
	"flag"
	"fmt"
	"math"

	"gonum.org/v1/plot"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/experiments/internal/report"
	"github.com/seed-7466c776/mixup/experiments/internal/runs"
)

var semisupervised = experiment{
	name:   "semisupervised",
	about:  "few labels and many unlabelled images: guessed labels, ICT and MixMatch",
	takes:  "30 minutes",
	seeds:  4,
	files:  fashionFiles,
	define: func(*flag.FlagSet, *env) func(*env) error { return reportSemisupervised },
}

// A semiMethod is a way to learn from minibatches of labelled and unlabelled
// images. The targets of unlabelled images are guesses. All images of a minibatch
// and all targets are mixed by the same draw.
type semiMethod struct {
	name string

	// views is the number of copies of each unlabelled image in a minibatch, each
	// augmented by draws of its own. Their mean prediction is the guess for all of
	// them. With 0, unlabelled images are not used.
	views int

	// decay is that of the average of the net's weights over the steps, the mean
	// teacher, which makes the guesses. With 0, they are those of the net's weights.
	decay float64

	// temperature is that of the sharpening of the guesses; see sharpen. With 1,
	// guesses are not sharpened.
	temperature float64

	// mixing draws the mixtures. Its source of random bits is set by the run.
	mixing mixup.Sampler

	// apart leaves labelled images unmixed, and mixes unlabelled ones with each
	// other. Otherwise the partner of an image is any image of the minibatch.
	apart bool

	// weight returns the weight of the square loss of unlabelled images when a
	// share of the steps is done. If it is nil, the loss is the cross-entropy of all
	// images.
	weight func(done float64) float64
}

func (m semiMethod) String() string { return m.name }

// semiMethods are compared with the first of them.
var semiMethods = []semiMethod{
	{name: "supervised"},
	{name: "mixup", mixing: mixup.Sampler{Alpha: 1}},
	// Unlabelled images with the net's own predictions as their targets, mixed with
	// the labelled ones by mixup as it is.
	{name: "guessed labels", views: 1, temperature: 1, mixing: mixup.Sampler{Alpha: 1}},
	// Verma et al. 2019, "Interpolation consistency training for semi-supervised
	// learning", algorithm 1: the prediction for a mixed image should be the mixture
	// of the predictions of a mean teacher (Tarvainen and Valpola 2017).
	{name: "ICT", views: 1, decay: 0.99, temperature: 1, mixing: mixup.Sampler{Alpha: 1}, apart: true, weight: sigmoidRamp(10, 0.25)},
	// Berthelot et al. 2019, "MixMatch: a holistic approach to semi-supervised
	// learning", algorithm 1. Fold is its equation 9, which keeps a labelled image
	// the greater part of its mixture.
	{name: "MixMatch", views: 2, temperature: 0.5, mixing: mixup.Sampler{Alpha: 0.75, PerSample: true, Fold: true}, weight: linearRamp(10, 0.25)},
}

// sigmoidRamp returns a weight that grows from e⁻⁵·most to most in a share of the
// steps, as exp(-5(1-t)²) does for t from 0 to 1.
func sigmoidRamp(most, share float64) func(done float64) float64 {
	// Laine and Aila 2017, "Temporal ensembling for semi-supervised learning".
	return func(done float64) float64 {
		left := max(1-done/share, 0)
		return most * math.Exp(-5*left*left)
	}
}

// linearRamp returns a weight that grows linearly from 0 to most in a share of the
// steps.
func linearRamp(most, share float64) func(done float64) float64 {
	return func(done float64) float64 { return most * min(done/share, 1) }
}

// A semiPlan says how nets are trained.
type semiPlan struct {
	*imageSet
	labelled []int // numbers of labelled images, multiples of the number of classes
	steps    int   // a multiple of semiChecks
	batch    int   // labelled images in a minibatch, and as many unlabelled ones; at most the number of labelled images
	border   int   // of the padded crop
	width    int   // filters of the first convolution
	rate     float64
}

// semiChecks is the number of times that the test error is measured in a run, at
// equal distances.
const semiChecks = 8

func semisupervisedPlan(e *env) (semiPlan, error) {
	if e.data == "" {
		return semiPlan{syntheticImages(), []int{10, 25}, 40, 10, 1, 4, 0.002}, nil
	}
	const all = 60000
	set, err := openImages(e.data, "fashion_mnist", all, 5000)
	return semiPlan{set, []int{100, 500}, 2400, 32, 2, 8, 0.002}, err
}

// A semiResult is the test error at each check.
type semiResult struct{ TestErrors []float64 }

func (p semiPlan) run(m semiMethod, labelled int, seed uint64) runs.Run[semiResult] {
	return runs.Run[semiResult]{
		Name:  fmt.Sprintf("%s, %d labels, %s, seed %d", p.name, labelled, m.name, seed),
		Steps: p.steps,
		Do:    func(j *runs.Job) (semiResult, error) { return newSemiLearner(p, m, labelled, seed).run(j) },
	}
}

func reportSemisupervised(e *env) error {
	p, err := semisupervisedPlan(e)
	if err != nil {
		return err
	}
	var list []runs.Run[semiResult]
	for _, labelled := range p.labelled {
		for seed := range e.seeds {
			for _, m := range semiMethods {
				list = append(list, p.run(m, labelled, uint64(seed)))
			}
		}
	}
	results, err := perform(e, list)
	if err != nil {
		return err
	}
	e.printf("\n%s: %d training images, of which some have labels, and %d test images. Convolutions with %d, %d and %d filters\n"+
		"and batch normalisation, Adam, %d steps with %d labelled images each and, except for the first two methods,\n"+
		"%d unlabelled ones. The seeds draw the labelled images. p is from a paired t test over the seeds.\n",
		p.name, p.training.Len(), p.test.Len(), p.width, 2*p.width, 4*p.width, p.steps, p.batch, p.batch)
	steps := make([]float64, semiChecks)
	for check := range steps {
		steps[check] = float64((check + 1) * p.steps / semiChecks)
	}
	table := &report.Table{Columns: []string{"labels", "method", "test error, %", "minus supervised", "p"}, Decimals: 2}
	paired := newPairs(pairedT, "labels")
	var plots []*plot.Plot
	bySet(results, len(p.labelled), len(semiMethods), func(i int, of [][]semiResult) {
		// at returns the errors of a check, in %, for each method and seed.
		at := func(check int) [][]float64 {
			return each(of, func(r semiResult) float64 { return 100 * r.TestErrors[check] })
		}
		last := at(semiChecks - 1)
		for k, m := range semiMethods {
			minus, ofT := difference(last, k)
			table.Add(p.labelled[i], m.name, report.Mean(last[k]), minus, ofT)
		}
		paired.add(names(semiMethods), last, p.labelled[i])
		pl, failed := plotMethods(fmt.Sprintf("%s, %d labels", p.name, p.labelled[i]), "step", "test error, %", names(semiMethods), steps, at)
		err = errors.Join(err, failed)
		plots = append(plots, pl)
	})
	if err != nil {
		return err
	}
	if err := e.table("semisupervised", table); err != nil {
		return err
	}
	if err := paired.write(e); err != nil {
		return err
	}
	return e.picture("semisupervised", 4.5, 3.5, plots...)
}
