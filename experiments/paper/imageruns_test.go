// Whole runs on images: against training that is written out here, and resumed.

package main

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/nn"
	"github.com/seed-7466c776/mixup/experiments/internal/runs"
	"github.com/seed-7466c776/mixup/experiments/internal/train"
)

// trainByHand takes the steps of a training run that is never stopped: the order of
// rows is drawn for each epoch, and streams are moved to each step. step takes one,
// when so many epochs are done, and check is called after each epoch.
func trainByHand(seed uint64, rows, batch, epochs int, streams []*mixup.Stream, step func(rows []int, done float64), check func()) {
	ordering, order := mixup.NewStream(seed, train.Order), make([]int, rows)
	perEpoch := rows / batch
	for i := range epochs * perEpoch {
		if i%perEpoch == 0 {
			ordering.Seek(uint64(i / perEpoch))
			mixup.Permute(order, rand.New(ordering))
		}
		for _, s := range streams {
			s.Seek(uint64(i))
		}
		step(order[i%perEpoch*batch:][:batch], float64(i)/float64(perEpoch))
		if (i+1)%perEpoch == 0 {
			check()
		}
	}
}

// TestImageRun compares each method with its training step by step.
func TestImageRun(t *testing.T) {
	const seed = 3
	p := syntheticImagePlan()
	p.epochs, p.every = 2, 1
	for _, m := range imageMethods {
		net := convNet(p.shape, p.width, p.hidden, p.training.Classes, mixup.NewStream(seed, train.Weights), normalized)
		opt := &nn.SGD{Momentum: 0.9, Decay: 5e-4}
		training := newImageTraining(p.imageSet, net, p.batch, p.border, m, seed)
		shifting, mixing := mixup.NewStream(seed, train.Augmenting), mixup.NewStream(seed, train.Mixing)
		training.shifting, training.mixing, training.sampler.Src = shifting, mixing, mixing
		var want imageResult
		trainByHand(seed, p.training.Len(), p.batch, p.epochs, []*mixup.Stream{shifting, mixing}, func(rows []int, done float64) {
			training.load(rows)
			training.mix()
			training.learn()
			opt.Rate = float32(0.05 * (1 + math.Cos(math.Pi*done/float64(p.epochs))) / 2)
			opt.Step(net.Params())
		}, func() { want.TestErrors = append(want.TestErrors, train.Error(net, p.test)) })
		want.TrainingError = train.Error(net, p.training)
		if got := resultOf(t, p.run(m, seed)); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", m.name, got, want)
		}
	}
}

// TestImageRunsResumed stops runs in the middle and goes on with new ones. A stopper
// draws the λ of mixup. Runs with CutMix therefore mix some minibatches, and stop at
// one of these; which ones these are, boxes, and their λ are drawn as always.
func TestImageRunsResumed(t *testing.T) {
	b, err := newBudgetPlan(new(env))
	if err != nil {
		t.Fatal(err)
	}
	segmentation, err := newSegmentationPlan(new(env))
	if err != nil {
		t.Fatal(err)
	}
	segmentation.epochs = segmentationChecks
	speech := speechPlan{speechSet: syntheticSpeech(), epochs: 5, batch: 20}
	for _, m := range []imageMethod{
		{"mixup", mixup.CutSampler{}},
		{"CutMix", mixup.CutSampler{Alpha: 1, Switch: 0.8}}, // and mixup now and then, to stop at
		{"mixup or CutMix", mixup.CutSampler{Alpha: 1, Switch: 0.5}},
	} {
		method := func(s mixup.Sampler) imageMethod {
			m.sampler.Mixup = s
			return m
		}
		t.Run("images/"+m.name, func(t *testing.T) {
			testResumed(t, func(s mixup.Sampler) runs.Run[imageResult] { return syntheticImagePlan().run(method(s), 1) })
		})
		t.Run("budget/"+m.name, func(t *testing.T) {
			testResumed(t, func(s mixup.Sampler) runs.Run[imageResult] { return b.run(0, 1, method(s), 1) })
		})
		t.Run("speech/"+m.name, func(t *testing.T) {
			testResumed(t, func(s mixup.Sampler) runs.Run[learned[speechResult]] {
				var net *nn.Net
				linear := func(p speechPlan, src rand.Source) *nn.Net {
					net = nn.New(p.shape.Size(), nn.NewDense(p.shape.Size(), p.training.Classes, src))
					return net
				}
				run := speechRun(speech, speechNet{"linear", linear}, method(s), 1)
				return runs.Run[learned[speechResult]]{Name: run.Name, Steps: run.Steps, Do: func(j *runs.Job) (learned[speechResult], error) {
					return learn(j, run.Do, func() []*nn.Net { return []*nn.Net{net} })
				}}
			})
		})
		t.Run("segmentation/"+m.name, func(t *testing.T) {
			testResumed(t, func(s mixup.Sampler) runs.Run[segmentationResult] { return segmentation.run(method(s), 1) })
		})
	}
}

// TestCorruptedResumed stops a run with dropout in the middle and goes on with a new
// one.
func TestCorruptedResumed(t *testing.T) {
	p := syntheticCorrupted(0.5)
	p.epochs = 3
	testResumed(t, func(s mixup.Sampler) runs.Run[corruptedResult] { return corruptedMethod{"stopped", s, 0.3}.run(p, 1) })
}

// TestCorruptedRun compares each method with its training step by step.
func TestCorruptedRun(t *testing.T) {
	const seed = 3
	p := syntheticCorrupted(0.5)
	p.epochs = 2
	for _, m := range corruptedMethods {
		mixing, dropping := mixup.NewStream(seed, train.Mixing), mixup.NewStream(seed, train.Dropping)
		net, opt := m.net(p, seed, dropping), nn.NewAdam()
		labels, drawn, kept := corrupt(p.training.Labels, p.training.Classes, 0.5, rand.New(mixup.NewStream(seed, train.Corrupting)))
		data := &train.Rows{X: p.training.X, Dim: p.training.Dim, Labels: labels, Classes: p.training.Classes}
		sampler := m.mixing
		sampler.Src = mixing
		gradient := train.Mixed(net, data, sampler, mixup.CrossEntropy{})
		var want corruptedResult
		trainByHand(seed, data.Len(), p.batch, p.epochs, []*mixup.Stream{mixing, dropping}, func(rows []int, done float64) {
			gradient(train.Step{Rows: rows})
			opt.Rate = 0.02 * ((1 + math.Cos(math.Pi*done/float64(p.epochs))) / 2)
			opt.Step(net.Params())
		}, func() { want.TestErrors = append(want.TestErrors, train.Error(net, p.test)) })
		want.Real, want.Corrupted = train.Error(net, subset(data, kept)), train.Error(net, subset(data, drawn))
		if got := resultOf(t, m.run(p, seed)); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", m.name, got, want)
		}
	}
}

// TestSmallModelRun wants the net that is left in a file to be the one that is
// trained with the α and the seed of the model.
func TestSmallModelRun(t *testing.T) {
	plan := smallPlan{syntheticImages(), 1, 25, 1, 4}
	for _, m := range []smallModel{{plan, 0, 1}, {plan, 1, 1}, {plan, 1, 2}} {
		seed := uint64(m.seed)
		net := convNet(plan.shape, 4, 0, plan.training.Classes, mixup.NewStream(seed, train.Weights), rectified)
		training, opt := newImageTraining(plan.imageSet, net, 25, 1, mixupMethod(m.alpha), seed), nn.NewAdam()
		trainByHand(seed, plan.training.Len(), 25, 1, training.streams(), func(rows []int, done float64) {
			training.gradient(train.Step{Rows: rows})
			opt.Rate = 0.002 * ((1 + math.Cos(math.Pi*done)) / 2)
			opt.Step(net.Params())
		}, func() {})
		dir := t.TempDir()
		resultOf(t, m.run(dir))
		got, err := m.load(dir)
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range net.Params() {
			if !slices.Equal(got.Params()[i].Value, p.Value) {
				t.Errorf("%v: tensor %d is not that of the training", m, i)
			}
		}
	}
}
