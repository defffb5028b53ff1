// Whole runs of the semi-supervised methods: paired, resumed, and with a teacher.

package main

import (
	"math"
	"slices"
	"testing"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/nn"
	"github.com/seed-7466c776/mixup/experiments/internal/runs"
	"github.com/seed-7466c776/mixup/experiments/internal/train"
)

// TestSemiPaired wants the methods to have the same weights in the beginning, the
// same images with labels, and in each step the same labelled images, augmented
// alike.
func TestSemiPaired(t *testing.T) {
	fresh := newSemiLearner(semiTestPlan(), semiMethods[0], semiTestLabels, 1)
	trained := semiTestLearner(t, semiMethods[0])
	weights, n := fresh.net.Params()[0].Value, trained.batch*trained.training.Dim
	for _, m := range semiMethods[1:] {
		l := newSemiLearner(semiTestPlan(), m, semiTestLabels, 1)
		if !slices.Equal(l.net.Params()[0].Value, weights) || !slices.Equal(l.teacher.Params()[0].Value, weights) {
			t.Errorf("%s begins with other weights", m.name)
		}
		if l := semiTestLearner(t, m); !slices.Equal(l.labelled, trained.labelled) || !slices.Equal(l.pool[:n], trained.pool[:n]) {
			t.Errorf("%s has other labelled images", m.name)
		}
	}
}

// A drawer is a function that draws λ.
type drawer func() float64

func (d drawer) Rand() float64 { return d() }

// TestSemiResumed stops each method in the middle and goes on with a new learner. Each
// λ is that of the method, drawn after a stopper has counted it.
func TestSemiResumed(t *testing.T) {
	p := semiTestPlan()
	for _, m := range semiMethods {
		t.Run(m.name, func(t *testing.T) {
			testResumed(t, func(s mixup.Sampler) runs.Run[learned[semiResult]] {
				return runs.Run[learned[semiResult]]{Name: m.name, Steps: p.steps, Do: func(j *runs.Job) (learned[semiResult], error) {
					l := newSemiLearner(p, m, semiTestLabels, 1)
					l.sampler.Alpha, l.sampler.Lambda = 0, drawer(func() float64 {
						s.Lambda.Rand()
						if m.mixing.Alpha == 0 {
							return 1
						}
						return mixup.Beta{Alpha: m.mixing.Alpha, Beta: m.mixing.Alpha, Src: l.sampler.Src}.Rand()
					})
					learned, err := learn(j, l.run, func() []*nn.Net { return []*nn.Net{l.net, l.teacher} })
					if checks := len(l.result.TestErrors); err == nil && checks != semiChecks {
						t.Errorf("%d test errors, want %d", checks, semiChecks)
					}
					return learned, err
				}}
			})
		})
	}
}

// TestSemiSteps wants the rate to fall to zero along a cosine, and errors to be those
// on the test images, after each eighth of the steps.
func TestSemiSteps(t *testing.T) {
	p := semiTestPlan()
	l := newSemiLearner(p, semiMethods[0], semiTestLabels, 1)
	var want []float64
	for i := range p.steps {
		if err := l.step(i); err != nil {
			t.Fatal(err)
		}
		if got, want := l.opt.Rate, 0.01*(1+math.Cos(math.Pi*float64(i)/16))/2; math.Abs(got-want) > 1e-15 {
			t.Errorf("step %d: rate %v, want %v", i, got, want)
		}
		if i%2 == 1 {
			want = append(want, train.Error(l.net, p.test))
		}
	}
	if !slices.Equal(l.result.TestErrors, want) {
		t.Errorf("test errors %v, want %v", l.result.TestErrors, want)
	}
}

// TestTeacher wants the teacher to be the mean of the weights that the net has had,
// in the first steps.
func TestTeacher(t *testing.T) {
	const steps = 3
	l := newSemiLearner(semiTestPlan(), semiMethod{views: 1, decay: 0.99, temperature: 1}, semiTestLabels, 1)
	weights := l.net.Params()[0].Value
	mean := make([]float64, len(weights))
	for i := range steps + 1 {
		for k, w := range weights {
			mean[k] += float64(w) / (steps + 1)
		}
		if i < steps {
			if err := l.step(i); err != nil {
				t.Fatal(err)
			}
		}
	}
	for k, got := range l.teacher.Params()[0].Value {
		if math.Abs(float64(got)-mean[k]) > 1e-6 {
			t.Errorf("weight %d of the teacher is %v, want the mean %v", k, got, mean[k])
		}
	}
}
