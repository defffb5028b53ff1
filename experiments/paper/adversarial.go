// Adversarial examples: table 3.

package main

import (
	"flag"
	"fmt"
	"strings"

	"gonum.org/v1/plot"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/nn"
	"github.com/seed-7466c776/mixup/experiments/internal/report"
	"github.com/seed-7466c776/mixup/experiments/internal/runs"
	"github.com/seed-7466c776/mixup/experiments/internal/train"
)

var adversarial = experiment{
	name:   "adversarial",
	about:  "error of small nets on adversarial examples (table 3)",
	takes:  "12 minutes together with the nets",
	seeds:  smallSeeds,
	files:  fashionFiles + cifarFiles,
	define: func(*flag.FlagSet, *env) func(*env) error { return reportAdversarial },
}

const (
	adversarialImages = 1000 // of the test images
	adversarialBatch  = 100
	perturbation      = 4. / 255 // of each pixel, at most
)

// An attack makes adversarial examples: the fast gradient sign method
// (Goodfellow et al. 2015, "Explaining and harnessing adversarial examples") in
// one step, and its iterated form in more (Kurakin et al. 2017, "Adversarial
// examples in the physical world").
type attack struct {
	name  string
	steps int  // 0: images as they are
	black bool // through another net of empirical risk minimisation, of the next seed
}

var attacks = []attack{
	{"none", 0, false},
	{"FGSM, white box", 1, false},
	{"I-FGSM, white box", 10, false},
	{"FGSM, black box", 1, true},
	{"I-FGSM, black box", 10, true},
}

// perturb moves images x of set, all at once, so that the loss of net grows.
// Pixels stay what can be shown.
func (a attack) perturb(net *nn.Net, set *imageSet, x []float32, labels []int) {
	var m mixup.Mix // the identity
	new(mixup.Sampler).Sample(&m, len(labels))
	dx := make([]float32, len(x))
	plane := set.shape.Height * set.shape.Width
	for range a.steps {
		logits := net.Predict(x)
		grad := make([]float32, len(logits))
		mixup.CrossEntropy{}.Mixed(grad, logits, &m, labels, set.training.Classes)
		net.BackwardTo(dx, grad)
		for i, g := range dx {
			c := i / plane % set.shape.Channels
			step := float32(perturbation) / float32(a.steps) / set.std[c]
			black, white := -set.mean[c]/set.std[c], (1-set.mean[c])/set.std[c]
			switch {
			case g > 0:
				x[i] = min(x[i]+step, white)
			case g < 0:
				x[i] = max(x[i]-step, black)
			}
		}
	}
}

// An adversarialResult has the nets of one seed.
type adversarialResult struct {
	Errors [][]float64 // for each α and attack
}

// adversarialRun returns the run for a seed.
func adversarialRun(e *env, p smallPlan, models [][]smallModel, seed int) runs.Run[adversarialResult] {
	data := &train.Rows{X: p.test.X, Dim: p.test.Dim, Labels: p.test.Labels, Classes: p.test.Classes}
	if data.Len() > adversarialImages {
		data.X, data.Labels = data.X[:adversarialImages*data.Dim], data.Labels[:adversarialImages]
	}
	steps := data.Len() / adversarialBatch
	next := (seed + 1) % e.seeds
	name := fmt.Sprintf("%s, seed %d, black box of seed %d", p.name, seed, next)
	return runs.Run[adversarialResult]{Name: name, Steps: steps, Do: func(j *runs.Job) (r adversarialResult, err error) {
		other, err := models[0][next].load(smallDir(e))
		if err != nil {
			return r, err
		}
		nets := make([]*nn.Net, len(models))
		r.Errors = make([][]float64, len(models))
		for i := range models {
			if nets[i], err = models[i][seed].load(smallDir(e)); err != nil {
				return r, err
			}
			r.Errors[i] = make([]float64, len(attacks))
		}
		err = j.Loop(func(step int) error {
			labels := data.Labels[step*adversarialBatch:][:adversarialBatch]
			clean := data.X[step*adversarialBatch*data.Dim:][:adversarialBatch*data.Dim]
			x := make([]float32, len(clean))
			for k, a := range attacks {
				for i, net := range nets {
					if i == 0 || !a.black {
						source := net
						if a.black {
							source = other
						}
						copy(x, clean)
						a.perturb(source, p.imageSet, x, labels)
					}
					r.Errors[i][k] += train.Error(net, &train.Rows{X: x, Dim: data.Dim, Labels: labels, Classes: data.Classes}) / float64(steps)
				}
			}
			return nil
		}, &r)
		return r, err
	}}
}

func reportAdversarial(e *env) error {
	if e.seeds < 2 {
		return fmt.Errorf("-seeds %d, want 2 at least: the black box is the net of another seed", e.seeds)
	}
	plans, err := smallPlans(e)
	if err != nil {
		return err
	}
	table := newComparison(smallAlphas, "set", "error, %, by attack")
	var plots []*plot.Plot
	for _, p := range plans {
		models, err := smallModels(e, p)
		if err != nil {
			return err
		}
		var list []runs.Run[adversarialResult]
		for seed := range e.seeds {
			list = append(list, adversarialRun(e, p, models, seed))
		}
		results, err := perform(e, list)
		if err != nil {
			return err
		}
		bars := make([]report.Bar, len(smallAlphas))
		var groups []string
		for k, a := range attacks {
			errors := make([][]float64, len(smallAlphas))
			for i := range smallAlphas {
				for _, r := range results {
					errors[i] = append(errors[i], 100*r.Errors[i][k])
				}
				bars[i].Name = alphaName(smallAlphas[i])
				bars[i].Y = append(bars[i].Y, report.Mean(errors[i]))
			}
			table.add(errors, p.name, a.name)
			groups = append(groups, strings.Replace(a.name, ", ", "\n", 1)) // in two lines
		}
		pl := report.NewPlot(p.name, "", "error, %")
		if err := report.AddBars(pl, groups, bars...); err != nil {
			return err
		}
		plots = append(plots, pl)
	}
	if err := e.picture("adversarial", 6.5, 3.5, plots...); err != nil {
		return err
	}
	return e.table("adversarial", &table.Table)
}
