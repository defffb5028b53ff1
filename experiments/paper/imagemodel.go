// The nets of experiment images, which other experiments look at.

package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"slices"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/datasets"
	"github.com/seed-7466c776/mixup/examples/nn"
	"github.com/seed-7466c776/mixup/experiments/internal/runs"
	"github.com/seed-7466c776/mixup/experiments/internal/train"
)

// imageAlphas are the α of the methods that are compared on images; the first is
// empirical risk minimisation.
var imageAlphas = []float64{0, 0.2, 1}

// An imagePlan says how nets are trained on a set of images.
type imagePlan struct {
	*imageSet
	epochs int // a multiple of imageChecks
	batch  int
	border int // of the padded crop
	width  int // filters of the first convolution
	hidden int // units in a hidden layer of the perceptron
}

const (
	imageSeeds  = 6  // on real data
	imageChecks = 10 // of the test error, at equal distances
)

// imagePlans returns the plans for the sets of e.
func imagePlans(e *env) ([]imagePlan, error) {
	if e.data == "" {
		return []imagePlan{{syntheticImages(), 20, 25, 1, 4, 16}}, nil
	}
	plans := []imagePlan{
		{epochs: 120, batch: 50, border: 1, width: 8, hidden: 128},
		{epochs: 120, batch: 50, border: 2, width: 8, hidden: 128},
	}
	for i, name := range []string{"fashion_mnist", "cifar10"} {
		set, err := openImages(e.data, name, 500, 5000)
		if err != nil {
			return nil, err
		}
		plans[i].imageSet = set
	}
	return plans, nil
}

// An imageNet is a kind of net.
type imageNet struct {
	name string
	make func(p imagePlan, src rand.Source) *nn.Net
}

var (
	conv       = imageNet{"convolutional", func(p imagePlan, src rand.Source) *nn.Net { return convNet(p.shape, p.width, p.training.Classes, src) }}
	perceptron = imageNet{"perceptron", func(p imagePlan, src rand.Source) *nn.Net {
		return nn.Perceptron(src, p.shape.Size(), p.hidden, p.hidden, p.training.Classes)
	}}
)

// convNet returns three convolutions with filters of 3×3 pixels, the first one
// with width of them and each other one with twice those before, with a pool and
// a rectifier behind each, and a linear classifier.
func convNet(shape datasets.Shape, width, classes int, src rand.Source) *nn.Net {
	in := shape.Size()
	var layers []nn.Layer
	for i := range 3 {
		c := nn.NewConv2D(shape, width<<i, 3, 1, src)
		pool := &nn.MaxPool{In: c.Shape()}
		shape = pool.Shape()
		layers = append(layers, c, pool, &nn.ReLU{})
	}
	return nn.New(in, append(layers, nn.NewDense(shape.Size(), classes, src))...)
}

// An imageResult is what comes out of a run.
type imageResult struct {
	TestErrors    []float64 // at each check
	TrainingError float64   // after the last one, on images as they are
}

// An imageModel is a trained net that a run has left.
type imageModel struct {
	plan  imagePlan
	net   imageNet
	alpha float64
	seed  int
}

func (m imageModel) String() string {
	return fmt.Sprintf("%s, %s, α=%v, seed %d", m.plan.name, m.net.name, m.alpha, m.seed)
}

// path returns the file that the net is in after its run.
func (m imageModel) path(dir string) string {
	return filepath.Join(dir, url.PathEscape(m.String())+".net")
}

// load returns the net.
func (m imageModel) load(dir string) (*nn.Net, error) {
	net := m.net.make(m.plan, mixup.NewStream(0, train.Weights))
	b, err := os.ReadFile(m.path(dir))
	if err != nil {
		return nil, err
	}
	if err := net.UnmarshalBinary(b); err != nil {
		return nil, fmt.Errorf("%s: %w", m.path(dir), err)
	}
	return net, nil
}

// run returns the run that trains the net, by Adam at a rate that falls to zero
// along a cosine.
func (m imageModel) run(dir string) runs.Run[imageResult] {
	const rate = 0.002
	var (
		p       = m.plan
		seed    = uint64(m.seed)
		net     = m.net.make(p, mixup.NewStream(seed, train.Weights))
		opt     = nn.NewAdam()
		shift   = mixup.NewStream(seed, train.Augmenting)
		mixing  = mixup.NewStream(seed, train.Mixing)
		sampler = mixup.Sampler{Alpha: m.alpha, Src: mixing}
		x       = make([]float32, p.batch*p.training.Dim)
		grad    = make([]float32, p.batch*p.training.Classes)
		labels  = make([]int, p.batch)
		mix     mixup.Mix
		result  imageResult
	)
	t := &train.Trainer{
		Seed: seed, Rows: p.training.Len(), Batch: p.batch, Epochs: p.epochs,
		Net: net, Opt: opt, Streams: []*mixup.Stream{shift, mixing},
		Gradient: func(s train.Step) float64 {
			n, dim := len(s.Rows), p.training.Dim
			r := rand.New(shift)
			for i, row := range s.Rows {
				augment(x[i*dim:][:dim], p.training.X[row*dim:][:dim], p.shape, p.border, r)
				labels[i] = p.training.Labels[row]
			}
			sampler.Sample(&mix, n)
			mix.Apply(x[:n*dim], dim)
			logits := net.Forward(x[:n*dim])
			loss := mixup.CrossEntropy{}.Mixed(grad[:len(logits)], logits, &mix, labels[:n], p.training.Classes)
			net.Backward(grad[:len(logits)])
			opt.Rate = rate * (1 + math.Cos(math.Pi*s.Epoch/float64(p.epochs))) / 2
			return loss
		},
		Epoch: func(epoch int) {
			if epoch%(p.epochs/imageChecks) == 0 {
				result.TestErrors = append(result.TestErrors, train.Error(net, p.test))
			}
		},
		State: []any{&result.TestErrors},
	}
	return runs.Run[imageResult]{Name: m.String(), Steps: t.Steps(), Do: func(j *runs.Job) (imageResult, error) {
		if err := t.Run(j); err != nil {
			return imageResult{}, err
		}
		result.TrainingError = train.Error(net, p.training)
		b, err := net.MarshalBinary()
		if err != nil {
			return imageResult{}, err
		}
		return result, os.WriteFile(m.path(dir), b, 0o666)
	}}
}

// imageDir returns the directory of experiment images.
func imageDir(e *env) string { return filepath.Join(filepath.Dir(e.dir), "images") }

// imageModels trains the nets of one kind on a set, or those of them that
// experiment images has not trained yet, and returns them and their results for
// each α and seed.
func imageModels(e *env, p imagePlan, net imageNet) (models [][]imageModel, results [][]imageResult, err error) {
	of := *e // images, whose flags are those of all that use its nets
	of.dir = imageDir(e)
	var list []runs.Run[imageResult]
	for _, alpha := range imageAlphas {
		var seeds []imageModel
		for seed := range e.seeds {
			m := imageModel{p, net, alpha, seed}
			seeds = append(seeds, m)
			list = append(list, m.run(of.dir))
		}
		models = append(models, seeds)
	}
	all, err := perform(&of, list)
	if err != nil {
		return nil, nil, err
	}
	return models, slices.Collect(slices.Chunk(all, e.seeds)), nil
}

// inspect returns what do makes of each of the models, one after another, with
// so many steps for each.
func inspect[R any](e *env, models [][]imageModel, steps int, do func(imageModel, *nn.Net, *runs.Job) (R, error)) ([][]R, error) {
	var list []runs.Run[R]
	for _, seeds := range models {
		for _, m := range seeds {
			list = append(list, runs.Run[R]{Name: m.String(), Steps: steps, Do: func(j *runs.Job) (R, error) {
				net, err := m.load(imageDir(e))
				if err != nil {
					return *new(R), err
				}
				return do(m, net, j)
			}})
		}
	}
	all, err := perform(e, list)
	if err != nil {
		return nil, err
	}
	return slices.Collect(slices.Chunk(all, e.seeds)), nil
}
