package main

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/seed-7466c776/mixup"
)

// semiTestPlan is for images that are not moved, but still turned left to right.
func semiTestPlan() semiPlan {
	return semiPlan{imageSet: syntheticImages(), steps: 16, batch: 10, width: 2, rate: 0.01}
}

const semiTestLabels = 15 // three of each class

// semiTestLearner returns a learner that has trained for some steps, so that its
// net and its teacher differ, and has drawn another minibatch since.
func semiTestLearner(t *testing.T, m semiMethod) *semiLearner {
	t.Helper()
	l := newSemiLearner(semiTestPlan(), m, semiTestLabels, 1)
	for i := range 5 {
		if err := l.step(i); err != nil {
			t.Fatal(err)
		}
	}
	for _, s := range []*mixup.Stream{l.picking, l.augmenting, l.mixing} {
		s.Seek(5)
	}
	l.fill()
	l.mixPool()
	return l
}

// eachMethod calls test with a learner of each method.
func eachMethod(t *testing.T, test func(t *testing.T, l *semiLearner)) {
	for _, m := range semiMethods {
		t.Run(m.name, func(t *testing.T) { test(t, semiTestLearner(t, m)) })
	}
}

func TestSplitByLabel(t *testing.T) {
	const classes, n = 3, 20
	labels := make([]int, n)
	for i := range labels {
		labels[i] = i % classes
	}
	chosen, others := splitByLabel(labels, classes, 6, rand.NewPCG(1, 2))
	count := make([]int, classes)
	for _, row := range chosen {
		count[labels[row]]++
	}
	if want := []int{2, 2, 2}; !slices.Equal(count, want) {
		t.Errorf("labelled rows of the classes: %d, want %d", count, want)
	}
	all := slices.Concat(chosen, others)
	slices.Sort(all)
	for i, row := range all {
		if len(all) != n || row != i {
			t.Fatalf("labelled and other rows are %d, want each row once", all)
		}
	}
	if again, _ := splitByLabel(labels, classes, 6, rand.NewPCG(3, 4)); slices.Equal(again, chosen) {
		t.Errorf("two seeds choose %d, want others", chosen)
	}
	for _, labelled := range []int{7, 21} { // no multiple of the classes, and more than there are
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%d labelled rows: no panic", labelled)
				}
			}()
			splitByLabel(labels, classes, labelled, rand.NewPCG(1, 2))
		}()
	}
}

// TestFill wants labelled images with their labels, each once, and unlabelled ones
// of which all views show the same image.
func TestFill(t *testing.T) {
	eachMethod(t, func(t *testing.T, l *semiLearner) {
		dim := l.training.Dim
		mirror := make([]float32, dim)
		// shows returns which of rows image i of the pool shows.
		shows := func(i int, rows []int) int {
			got := l.pool[i*dim:][:dim]
			for _, row := range rows {
				x := l.training.X[row*dim:][:dim]
				for first := 0; first < dim; first += l.shape.Width {
					line := mirror[first:][:l.shape.Width]
					copy(line, x[first:])
					slices.Reverse(line)
				}
				if slices.Equal(got, x) || slices.Equal(got, mirror) {
					return row
				}
			}
			t.Fatalf("image %d of the pool is none of those it is drawn from", i)
			return 0
		}
		seen := make(map[int]bool)
		for i, label := range l.labels {
			row := shows(i, l.labelled)
			if seen[row] {
				t.Errorf("labelled image %d is twice in the minibatch", row)
			}
			seen[row] = true
			if want := l.training.Labels[row]; label != want {
				t.Errorf("image %d has the label %d, want %d", row, label, want)
			}
			for k, p := range l.targets[i*l.training.Classes:][:l.training.Classes] {
				if (p == 1) != (k == label) || (p == 0) != (k != label) {
					t.Errorf("target %d of an image of class %d is %v", k, label, p)
				}
			}
		}
		unlabelled := make(map[int]bool)
		for i := range l.batch {
			for v := range l.method.views {
				unlabelled[shows(l.batch+i, l.unlabelled)] = true
				if a, b := shows(l.batch+i, l.unlabelled), shows((1+v)*l.batch+i, l.unlabelled); a != b {
					t.Errorf("view %d of unlabelled image %d shows image %d, want %d as the first view", v, i, b, a)
				}
			}
		}
		if n := len(unlabelled); l.method.views > 0 && n < l.batch/2 {
			t.Errorf("%d different unlabelled images in a minibatch of %d, want most to differ", n, l.batch)
		}
	})
}

// TestGuess compares the targets of unlabelled images with what the definition says
// in float64: the mean prediction of the teacher for the views, sharpened.
func TestGuess(t *testing.T) {
	eachMethod(t, func(t *testing.T, l *semiLearner) {
		if (l.method.decay > 0) == slices.Equal(l.teacher.Params()[0].Value, l.net.Params()[0].Value) {
			t.Fatal("the teacher has the weights of the net, or has not")
		}
		if l.method.views == 0 {
			return
		}
		dim, classes := l.training.Dim, l.training.Classes
		all := l.teacher.Forward(l.pool[l.batch*dim:])
		for i := range l.batch {
			guess := make([]float64, classes)
			for v := range l.method.views {
				logits := all[(v*l.batch+i)*classes:][:classes]
				var sum float64
				for _, z := range logits {
					sum += math.Exp(float64(z))
				}
				for k, z := range logits {
					guess[k] += math.Exp(float64(z)) / sum / float64(l.method.views)
				}
			}
			var sum float64
			for _, p := range guess {
				sum += math.Pow(p, 1/l.method.temperature)
			}
			for v := range l.method.views {
				got := l.targets[((1+v)*l.batch+i)*classes:][:classes]
				for k, p := range guess {
					if want := math.Pow(p, 1/l.method.temperature) / sum; math.Abs(float64(got[k])-want) > 1e-5 {
						t.Errorf("view %d of image %d: probability of class %d is %v, want %v", v, i, k, got[k], want)
					}
				}
			}
		}
	})
}

// TestAverages wants the batch normalisation of the net to average mixed images and
// no guesses: after a step its predictions are those of a net that has had the
// mixed images alone.
func TestAverages(t *testing.T) {
	for _, m := range semiMethods {
		t.Run(m.name, func(t *testing.T) {
			l := newSemiLearner(semiTestPlan(), m, semiTestLabels, 1)
			want := newSemiLearner(semiTestPlan(), m, semiTestLabels, 1).net
			if err := l.step(0); err != nil {
				t.Fatal(err)
			}
			want.Forward(l.mixed)
			for i, p := range want.Params() {
				copy(p.Value, l.net.Params()[i].Value)
			}
			if x := l.test.X[:10*l.test.Dim]; !slices.Equal(l.net.Predict(x), want.Predict(x)) {
				t.Error("the net predicts otherwise than one that has had the mixed images alone")
			}
		})
	}
}

// TestMixPool compares mixed images and targets with those that the draw says, bit
// by bit, and the draws with what makes the methods different.
func TestMixPool(t *testing.T) {
	eachMethod(t, func(t *testing.T, l *semiLearner) {
		dim, classes := l.training.Dim, l.training.Classes
		first := 0
		if l.method.apart {
			first = l.batch
		}
		rows := l.batch * (1 + l.method.views)
		if got, want := l.mix.Len(), rows-first; got != want {
			t.Fatalf("%d rows are drawn for, want %d", got, want)
		}
		lambdas := make(map[float32]bool)
		across := 0 // labelled images whose partner has no label
		for i := range rows {
			lambda, partner := float32(1), i
			if i >= first {
				lambda, partner = l.mix.Lambda(i-first), first+l.mix.Partner(i-first)
				lambdas[lambda] = true
			}
			if i < l.batch && partner >= l.batch {
				across++
			}
			check := func(what string, got, from []float32, width int) {
				for j := range width {
					want := from[i*width+j]
					if lambda != 1 {
						want = float32(lambda*want) + float32(l.mix.Weight[(i-first)*2+1]*from[partner*width+j])
					}
					if g := got[i*width+j]; g != want {
						t.Fatalf("%s %d: value %d is %v, want %v", what, i, j, g, want)
					}
				}
			}
			check("image", l.mixed, l.pool, dim)
			check("target", l.mixedTo, l.targets, classes)
		}
		switch least := slices.Min(slices.Collect(maps.Keys(lambdas))); l.method.name {
		case "supervised":
			if least != 1 {
				t.Errorf("λ is %v, want no mixing", least)
			}
		case "mixup", "ICT":
			if len(lambdas) != 1 || least == 1 {
				t.Errorf("λ takes %d values, the least of them %v, want one below 1 for all", len(lambdas), least)
			}
		case "guessed labels":
			if len(lambdas) != 1 || across == 0 {
				t.Errorf("λ takes %d values, and %d labelled images are mixed with others, want 1 and some", len(lambdas), across)
			}
		case "MixMatch":
			if len(lambdas) != rows || across == 0 {
				t.Errorf("λ takes %d values, and %d labelled images are mixed with others, want %d and some", len(lambdas), across, rows)
			}
			if least < 0.5 {
				t.Errorf("the least λ is %v, want at least ½", least)
			}
			// Without Fold, the draw has values on both sides of ½.
			unfolded := l.sampler
			unfolded.Fold = false
			l.mixing.Seek(5)
			var m mixup.Mix
			unfolded.Sample(&m, rows)
			for i := range rows {
				if got, want := l.mix.Lambda(i), max(m.Lambda(i), m.Weight[2*i+1]); got != want {
					t.Errorf("λ of row %d is %v, want the greater weight, %v", i, got, want)
				}
			}
		default:
			t.Error("no expectation for this method")
		}
	})
}

// TestSemiLoss compares the loss of even predictions with values by hand.
func TestSemiLoss(t *testing.T) {
	eachMethod(t, func(t *testing.T, l *semiLearner) {
		const done = 0.2 // in the ramp
		classes := l.training.Classes
		logits := make([]float32, len(l.targets))
		got := l.loss(logits, done)
		want := math.Log(float64(classes)) // the cross-entropy of even predictions, whatever the target
		if l.method.weight != nil {
			n := l.batch * classes
			var sum float64
			for _, y := range l.mixedTo[n:] {
				d := 1/float64(classes) - float64(y)
				sum += d * d
			}
			want += l.method.weight(done) * sum / float64(len(logits)-n)
		}
		if math.Abs(got-want) > 1e-6*want {
			t.Errorf("loss %v, want %v", got, want)
		}
		for i := range logits {
			if up := l.grad[i] < 0; up != (l.mixedTo[i] > 1/float32(classes)) && math.Abs(float64(l.mixedTo[i])-1/float64(classes)) > 1e-3 {
				t.Errorf("gradient[%d] = %v for a target of %v, want it to lead there", i, l.grad[i], l.mixedTo[i])
			}
		}
	})
}
