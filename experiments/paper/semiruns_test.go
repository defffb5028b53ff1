// Whole runs of the semi-supervised methods: paired, resumed, and with a teacher.

package main

import (
	"context"
	"errors"
	"io"
	"math"
	"slices"
	"testing"

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

// A stopper is a λ that calls stop when it is drawn for the last of left times.
type stopper struct {
	left int
	stop func()
}

func (s *stopper) Rand() float64 {
	if s.left--; s.left == 0 {
		s.stop()
	}
	return 0.75
}

// TestSemiResumed stops each method after a step in the middle and goes on with a
// new learner: nets, teachers and results must be those of a run without a stop.
func TestSemiResumed(t *testing.T) {
	for _, m := range semiMethods {
		t.Run(m.name, func(t *testing.T) {
			m.mixing.Alpha, m.mixing.PerSample = 0, false
			train := func(ctx context.Context, dir string, lambda *stopper) (*semiLearner, error) {
				m.mixing.Lambda = lambda
				l := newSemiLearner(semiTestPlan(), m, semiTestLabels, 1)
				_, err := runs.All(ctx, runs.Store{Dir: dir, Progress: io.Discard}, []runs.Run[semiResult]{{Name: "run", Steps: l.steps, Do: l.run}})
				return l, err
			}
			want, err := train(t.Context(), t.TempDir(), &stopper{})
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			stopped, err := train(ctx, dir, &stopper{7, stop})
			if checks := len(stopped.result.TestErrors); !errors.Is(err, context.Canceled) || checks != 7*semiChecks/stopped.steps {
				t.Fatalf("stopped with %d checks done and the error %v, want 3 and %v", checks, err, context.Canceled)
			}
			got, err := train(t.Context(), dir, &stopper{})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got.result.TestErrors, want.result.TestErrors) || len(got.result.TestErrors) != semiChecks {
				t.Errorf("test errors %v, want %v", got.result.TestErrors, want.result.TestErrors)
			}
			for i, p := range want.net.Params() {
				if !slices.Equal(got.net.Params()[i].Value, p.Value) {
					t.Errorf("parameter %d of the net is another", i)
				}
				if !slices.Equal(got.teacher.Params()[i].Value, want.teacher.Params()[i].Value) {
					t.Errorf("parameter %d of the teacher is another", i)
				}
			}
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
