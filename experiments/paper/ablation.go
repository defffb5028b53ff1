// What it is in mixup that helps: table 5.

package main

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg/draw"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/nn"
	"github.com/seed-7466c776/mixup/experiments/internal/report"
	"github.com/seed-7466c776/mixup/experiments/internal/runs"
	"github.com/seed-7466c776/mixup/experiments/internal/train"
)

var ablation = experiment{
	name:   "ablation",
	about:  "what it is in mixup that helps (table 5)",
	takes:  "7 minutes",
	seeds:  5,
	files:  fashionFiles + cifarFiles,
	define: func(*flag.FlagSet, *env) func(*env) error { return reportAblation },
}

const ablationHidden = 128 // units in each of two hidden layers

// ablationDecays are weight decays.
var ablationDecays = []float32{1e-4, 5e-4}

// A variant is a part of mixup, or something to hold it against.
type variant struct {
	name      string
	alpha     float64
	k         int     // terms of a mixture; 0: 2
	pairs     pairing // nil: with the images of the minibatch in another order
	layer     int     // that is mixed: 0 is the input, 1 and 2 are hidden
	inputs    bool    // only inputs are mixed, and have the label of the image with the greatest weight
	smoothing float64 // of labels
	noise     float64 // standard deviation of what is added to inputs, which have 1
}

func (v variant) String() string { return v.name }

// A pairing says which image of the training set each of its images is mixed
// with, for an epoch.
type pairing func(partner []int, data *train.Rows, r *rand.Rand)

// neighbours is how many nearest neighbours of an image are its candidates. The
// paper has 200 in a set of 50000.
const neighbours = 8

func anyImage(partner []int, _ *train.Rows, r *rand.Rand) { mixup.Permute(partner, r) }

func sameClass(partner []int, data *train.Rows, r *rand.Rand) {
	mixup.SameClass(partner, data.Labels, r)
}

func nearest(partner []int, data *train.Rows, r *rand.Rand) {
	mixup.Nearest(partner, data.X, data.Dim, neighbours, r)
}

var variants = []variant{
	{name: "ERM"},
	{name: "mixup, α = 1", alpha: 1},
	{name: "two loaders", alpha: 1, pairs: anyImage},
	{name: "Dirichlet, K = 3", alpha: 1, k: 3},
	{name: "Dirichlet, K = 4", alpha: 1, k: 4},
	{name: "hidden layer 1", alpha: 1, layer: 1},
	{name: "hidden layer 2", alpha: 1, layer: 2},
	{name: "same class", alpha: 1, pairs: sameClass},
	{name: "nearest neighbours", alpha: 1, pairs: nearest},
	{name: "inputs only", alpha: 1, inputs: true},
	{name: "inputs only, label smoothing 0.1", alpha: 1, inputs: true, smoothing: 0.1},
	{name: "label smoothing 0.1", smoothing: 0.1},
	{name: "label smoothing 0.2", smoothing: 0.2},
	{name: "Gaussian noise 0.1", noise: 0.1},
	{name: "Gaussian noise 0.2", noise: 0.2},
}

// An ablationPlan says how the variants are trained.
type ablationPlan struct {
	*imageSet
	epochs, batch int
}

// ablationNet returns a perceptron, and what mixes its hidden layers.
func ablationNet(data *train.Rows, seed uint64) (net *nn.Net, hidden []*nn.Mix) {
	weights := mixup.NewStream(seed, train.Weights)
	hidden = []*nn.Mix{{}, {}}
	return nn.New(data.Dim,
		nn.NewDense(data.Dim, ablationHidden, weights), &nn.ReLU{}, hidden[0],
		nn.NewDense(ablationHidden, ablationHidden, weights), &nn.ReLU{}, hidden[1],
		nn.NewDense(ablationHidden, data.Classes, weights)), hidden
}

// run returns the run of a variant. Its result is the test error in percent, the
// mean over the last quarter of the epochs.
func (v variant) run(p ablationPlan, decay float32, seed int) runs.Run[float64] {
	plan := train.Trainer{Seed: uint64(seed), Rows: p.training.Len(), Batch: p.batch, Epochs: p.epochs}
	return train.Run(fmt.Sprintf("%s, decay %v, %s, seed %d", p.name, decay, v.name, seed), plan, func(t train.Trainer, j *runs.Job) (float64, error) {
		net, hidden := ablationNet(p.training, t.Seed)
		var errors []float64
		t.Net, t.Opt = net, &nn.SGD{Rate: 0.02, Momentum: 0.9, Decay: decay}
		t.Gradient, t.Streams = v.gradient(p, net, hidden, t.Seed)
		t.Epoch = func(epoch int) {
			if epoch > p.epochs*3/4 {
				errors = append(errors, train.Error(net, p.test))
			}
		}
		t.State = []any{&errors}
		if err := t.Run(j); err != nil {
			return 0, err
		}
		return 100 * report.Mean(errors).Mean, nil
	})
}

// gradient returns what a step does, and the streams that it draws from.
func (v variant) gradient(p ablationPlan, net *nn.Net, hidden []*nn.Mix, seed uint64) (func(train.Step) float64, []*mixup.Stream) {
	var (
		data    = p.training
		mixing  = mixup.NewStream(seed, train.Mixing)
		adding  = mixup.NewStream(seed, train.Augmenting)
		pairing = mixup.NewStream(seed, train.Pairing)
		sampler = mixup.Sampler{Alpha: v.alpha, K: v.k, Fold: v.inputs, Src: mixing}
		ce      = mixup.CrossEntropy{Smoothing: v.smoothing}

		mix, unmixed mixup.Mix
		sources      []float32 // the images of the minibatch, and then their partners if these are others
		labels       []int     // of them
		x            = make([]float32, p.batch*data.Dim)
		grad         = make([]float32, p.batch*data.Classes)
		others       = make([]int, data.Len()) // partners for an epoch
		epoch        = -1
	)
	if v.layer > 0 {
		hidden[v.layer-1].W = &mix
	}
	add := func(row int) {
		sources = append(sources, data.X[row*data.Dim:][:data.Dim]...)
		labels = append(labels, data.Labels[row])
	}
	return func(step train.Step) float64 {
		n := len(step.Rows)
		sources, labels = sources[:0], labels[:0]
		for _, row := range step.Rows {
			add(row)
		}
		new(mixup.Sampler).Sample(&unmixed, n)
		if v.pairs == nil {
			sampler.Sample(&mix, n)
		} else {
			if int(step.Epoch) != epoch {
				epoch = int(step.Epoch)
				pairing.Seek(uint64(epoch))
				v.pairs(others, data, rand.New(pairing))
			}
			var partner []int
			for i, row := range step.Rows {
				add(others[row])
				partner = append(partner, n+i)
			}
			sampler.SamplePairs(&mix, partner)
		}

		x := x[:n*data.Dim]
		if v.layer == 0 {
			mix.ApplyTo(x, sources, data.Dim)
		} else {
			copy(x, sources)
		}
		if v.noise > 0 {
			r := rand.New(adding)
			for i := range x {
				x[i] += float32(v.noise * r.NormFloat64())
			}
		}
		targets := &mix
		if v.inputs {
			targets = &unmixed
		}
		grad := grad[:n*data.Classes]
		loss := ce.Mixed(grad, net.Forward(x), targets, labels, data.Classes)
		net.Backward(grad)
		return loss
	}, []*mixup.Stream{mixing, adding}
}

func reportAblation(e *env) error {
	plans := []ablationPlan{{syntheticImages(), 4, 25}}
	if e.data != "" {
		fashion, err := openImages(e.data, "fashion_mnist", 2000, 5000)
		if err != nil {
			return err
		}
		cifar, err := openImages(e.data, "cifar10", 500, 2000)
		if err != nil {
			return err
		}
		plans = []ablationPlan{{fashion, 24, 50}, {cifar, 30, 25}}
	}
	table := &report.Table{Columns: []string{"set", "method"}, Decimals: 2}
	for _, decay := range ablationDecays {
		table.Columns = append(table.Columns, fmt.Sprintf("test error, %%, decay %v", decay), "minus ERM", "p")
	}
	paired := newPairs(pairedT, "set", "decay")
	var plots []*plot.Plot
	for _, p := range plans {
		var list []runs.Run[float64]
		for _, v := range variants {
			for _, decay := range ablationDecays {
				for seed := range e.seeds {
					list = append(list, v.run(p, decay, seed))
				}
			}
		}
		all, err := perform(e, list)
		if err != nil {
			return err
		}
		e.printf("\n%s: %d training and %d test images, a %d-%d-%d-%d perceptron, momentum, %d epochs with minibatches of %d\n",
			p.name, p.training.Len(), p.test.Len(), p.training.Dim, ablationHidden, ablationHidden, p.training.Classes, p.epochs, p.batch)
		errors := make([][][]float64, len(ablationDecays)) // for each decay, variant and seed
		for i, ofSeeds := range slices.Collect(slices.Chunk(all, e.seeds)) {
			d := i % len(errors)
			errors[d] = append(errors[d], ofSeeds)
		}
		bars := make([]report.Bar, len(errors))
		for d, decay := range ablationDecays {
			bars[d].Name = fmt.Sprintf("decay %v", decay)
			paired.add(names(variants), errors[d], p.name, decay)
		}
		for i, v := range variants {
			row := []any{p.name, v.name}
			for d := range errors {
				minus, ofT := difference(errors[d], i)
				row = append(row, report.Mean(errors[d][i]), minus, ofT)
				if i > 0 {
					bars[d].Y = append(bars[d].Y, minus.(report.Value))
				}
			}
			table.Add(row...)
		}
		pl := report.NewPlot(p.name, "", "test error minus ERM's, points")
		if err := report.AddBars(pl, names(variants[1:]), bars...); err != nil {
			return err
		}
		pl.Y.Max += (pl.Y.Max - pl.Y.Min) / 4   // room for the legend
		pl.X.Tick.Label.Rotation = -math.Pi / 4 // names are long
		pl.X.Tick.Label.XAlign, pl.X.Tick.Label.YAlign = draw.XLeft, draw.YCenter
		plots = append(plots, pl)
	}
	if err := e.table("ablation", table); err != nil {
		return err
	}
	if err := paired.write(e); err != nil {
		return err
	}
	return e.picture("ablation", 5, 4, plots...)
}
