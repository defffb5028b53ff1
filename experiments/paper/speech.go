// Recordings of words: figure 4.

package main

import (
	"errors"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/plot"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/datasets"
	"github.com/seed-7466c776/mixup/examples/nn"
	"github.com/seed-7466c776/mixup/experiments/internal/runs"
	"github.com/seed-7466c776/mixup/experiments/internal/train"
)

var speech = experiment{
	name:   "speech",
	about:  "recordings of words (figure 4), and CutMix along time",
	takes:  "40 minutes",
	seeds:  5,
	files:  speechFiles,
	define: func(*flag.FlagSet, *env) func(*env) error { return reportSpeech },
}

// speechMethods are compared. The first is empirical risk minimisation. The paper
// has no other ones than mixup with α = 0.1 and 0.2.
var speechMethods = []imageMethod{erm, mixupMethod(0.1), mixupMethod(0.2), mixupMethod(1), cutMixMethod(1)}

// A speechPlan says how nets are trained: on real data for twice the paper's
// epochs on half its minibatches, since recordings are few.
type speechPlan struct {
	*speechSet
	epochs int
	warmUp int // epochs without mixing, to begin with
	batch  int
	width  int // filters in the first convolution of vgg; lenet has as many as it has
}

func newSpeechPlan(e *env) (speechPlan, error) {
	if e.data == "" {
		return speechPlan{syntheticSpeech(), 3, 1, 20, 2}, nil
	}
	set, err := openSpeech(e.data)
	return speechPlan{set, 60, 5, 50, 8}, err
}

// A speechNet is a kind of net.
type speechNet struct {
	name string
	make func(p speechPlan, src rand.Source) *nn.Net
}

var speechNets = []speechNet{
	{"LeNet", func(p speechPlan, src rand.Source) *nn.Net { return lenet(p.shape, p.training.Classes, src) }},
	{"VGG-like", func(p speechPlan, src rand.Source) *nn.Net { return vgg(p.shape, p.width, p.training.Classes, src) }},
}

// lenet returns the net of LeCun et al. 1998, "Gradient-based learning applied to
// document recognition", with rectifiers and maximum pools: 6 and 16 filters of
// 5×5, and layers of 120 and 84 units.
func lenet(shape datasets.Shape, classes int, src rand.Source) *nn.Net {
	var layers []nn.Layer
	in := shape
	for _, filters := range []int{6, 16} {
		c := nn.NewConv2D(shape, filters, 5, 0, src)
		pool := &nn.MaxPool{In: c.Shape()}
		shape = pool.Shape()
		layers = append(layers, c, pool, &nn.ReLU{})
	}
	return nn.New(in.Size(), append(layers,
		nn.NewDense(shape.Size(), 120, src), &nn.ReLU{},
		nn.NewDense(120, 84, src), &nn.ReLU{},
		nn.NewDense(84, classes, src))...)
}

// vgg returns a net in the manner of Simonyan and Zisserman 2015, "Very deep
// convolutional networks for large-scale image recognition": filters of 3×3, of
// which there are twice as many after each pool up to the last, as in VGG-11, but
// with two convolutions and a dense layer fewer, and all layers narrower.
func vgg(shape datasets.Shape, width, classes int, src rand.Source) *nn.Net {
	var layers []nn.Layer
	in := shape
	conv := func(filters int) {
		c := nn.NewConv2D(shape, filters, 3, 1, src)
		shape = c.Shape()
		layers = append(layers, c, &nn.ReLU{})
	}
	pool := func() {
		p := &nn.MaxPool{In: shape}
		shape = p.Shape()
		layers = append(layers, p)
	}
	conv(width)
	pool()
	conv(2 * width)
	pool()
	conv(4 * width)
	conv(4 * width)
	pool()
	conv(4 * width)
	conv(4 * width)
	pool()
	return nn.New(in.Size(), append(layers,
		nn.NewDense(shape.Size(), 16*width, src), &nn.ReLU{},
		nn.NewDense(16*width, classes, src))...)
}

// A speechResult has errors as shares of recordings.
type speechResult struct {
	Training   float64 // after the last epoch, without mixing
	Validation []float64
	Test       []float64 // after each epoch
}

// speechRun returns the run that trains a net: with Adam, whose rate is divided
// by 10 after each third of the epochs. CutMix cuts along time: a spectrogram is a
// series with as many channels as it has frequencies.
func speechRun(p speechPlan, net speechNet, method imageMethod, seed uint64) runs.Run[speechResult] {
	const rate = 3e-3
	plan := train.Trainer{Seed: seed, Rows: p.training.Len(), Batch: p.batch, Epochs: p.epochs}
	return train.Run(fmt.Sprintf("%s, %s, seed %d", net.name, method.name, seed), plan, func(t train.Trainer, j *runs.Job) (speechResult, error) {
		var (
			n      = net.make(p, mixup.NewStream(seed, train.Weights))
			opt    = nn.NewAdam()
			mixing = mixup.NewStream(seed, train.Mixing)
			plain  = train.Mixed(n, p.training, mixup.Sampler{}, mixup.CrossEntropy{})
			series = mixup.Image{Channels: p.shape.Channels * p.shape.Height, Height: 1, Width: p.shape.Width}
			mixed  = train.Cut(n, p.training, method.on(series, mixing), mixup.CrossEntropy{})
			result speechResult
		)
		t.Net, t.Opt, t.Streams = n, opt, []*mixup.Stream{mixing}
		t.Gradient = func(s train.Step) float64 {
			opt.Rate = rate * math.Pow(10, -math.Floor(3*s.Epoch/float64(p.epochs)))
			if s.Epoch < float64(p.warmUp) {
				return plain(s)
			}
			return mixed(s)
		}
		t.Epoch = func(int) {
			result.Validation = append(result.Validation, train.Error(n, p.validation))
			result.Test = append(result.Test, train.Error(n, p.test))
		}
		t.State = []any{&result.Validation, &result.Test}
		if err := t.Run(j); err != nil {
			return speechResult{}, err
		}
		result.Training = train.Error(n, p.training)
		return result, nil
	})
}

func reportSpeech(e *env) error {
	plan, err := newSpeechPlan(e)
	if err != nil {
		return err
	}
	var list []runs.Run[speechResult]
	for _, net := range speechNets {
		for seed := range uint64(e.seeds) {
			for _, m := range speechMethods {
				list = append(list, speechRun(plan, net, m, seed))
			}
		}
	}
	all, err := perform(e, list)
	if err != nil {
		return err
	}
	e.printf("\n%d training, %d validation and %d test recordings of %d words; spectrograms of %v; %d epochs.\n",
		plan.training.Len(), plan.validation.Len(), plan.test.Len(), plan.training.Classes, plan.shape, plan.epochs)

	var epochs []float64
	for i := range plan.epochs {
		epochs = append(epochs, float64(i+1))
	}
	table := newMethodComparison(names(speechMethods), "net", "error, %")
	var plots []*plot.Plot
	bySet(all, len(speechNets), len(speechMethods), func(i int, results [][]speechResult) {
		last := plan.epochs - 1
		for _, part := range []struct {
			name  string
			error func(speechResult) float64
		}{
			{"training", func(r speechResult) float64 { return 100 * r.Training }},
			{"validation", func(r speechResult) float64 { return 100 * r.Validation[last] }},
			{"test", func(r speechResult) float64 { return 100 * r.Test[last] }},
		} {
			table.add(each(results, part.error), speechNets[i].name, part.name)
		}
		p, e := plotMethods(speechNets[i].name, "epoch", "test error, %", names(speechMethods), epochs, func(i int) [][]float64 {
			return each(results, func(r speechResult) float64 { return 100 * r.Test[i] })
		})
		plots, err = append(plots, p), errors.Join(err, e)
	})
	if err != nil {
		return err
	}
	if err := e.picture("speech", 4.5, 3.5, plots...); err != nil {
		return err
	}
	return e.table("speech", &table.Table)
}
