// Small nets that are trained on few images, for several experiments to look at.

package main

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"slices"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/nn"
	"github.com/seed-7466c776/mixup/experiments/internal/runs"
	"github.com/seed-7466c776/mixup/experiments/internal/train"
)

// smallAlphas are the α that the small nets are trained with; the first is
// empirical risk minimisation.
var smallAlphas = []float64{0, 0.2, 1}

// smallSeeds is the number of small nets for each α, on real data.
const smallSeeds = 6

// A smallPlan says how small nets are trained on a set of images.
type smallPlan struct {
	*imageSet
	epochs int
	batch  int
	border int // the largest shift of an image, in pixels
	width  int // filters of the first convolution
}

// smallPlans returns the plans for the sets of e.
func smallPlans(e *env) ([]smallPlan, error) {
	if e.data == "" {
		return []smallPlan{{syntheticImages(), 20, 25, 1, 4}}, nil
	}
	plans := []smallPlan{
		{epochs: 120, batch: 50, border: 1, width: 8},
		{epochs: 120, batch: 50, border: 2, width: 8},
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

// net returns a small net with its first weights.
func (p smallPlan) net(src rand.Source) *nn.Net {
	return convNet(p.shape, p.width, 0, p.training.Classes, src, rectified)
}

// A smallModel is a small net that a run has trained and left in a file.
type smallModel struct {
	plan  smallPlan
	alpha float64
	seed  int
}

func (m smallModel) String() string {
	return fmt.Sprintf("%s, α=%v, seed %d", m.plan.name, m.alpha, m.seed)
}

// path returns the file that the net is in after its run.
func (m smallModel) path(dir string) string {
	return filepath.Join(dir, url.PathEscape(m.String())+".net")
}

// load returns the net.
func (m smallModel) load(dir string) (*nn.Net, error) {
	net := m.plan.net(mixup.NewStream(0, train.Weights))
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
// along a cosine. The run has no result but the file.
func (m smallModel) run(dir string) runs.Run[struct{}] {
	const rate = 0.002
	p := m.plan
	plan := train.Trainer{Seed: uint64(m.seed), Rows: p.training.Len(), Batch: p.batch, Epochs: p.epochs}
	return train.Run(m.String(), plan, func(t train.Trainer, j *runs.Job) (none struct{}, err error) {
		var (
			opt      = nn.NewAdam()
			training = newImageTraining(p.imageSet, p.net(mixup.NewStream(t.Seed, train.Weights)), p.batch, p.border, mixupMethod(m.alpha), t.Seed)
		)
		t.Net, t.Opt, t.Streams = training.net, opt, training.streams()
		t.Gradient = func(s train.Step) float64 {
			opt.Rate = rate * cosine(s.Epoch, p.epochs)
			return training.gradient(s)
		}
		if err := t.Run(j); err != nil {
			return none, err
		}
		b, err := t.Net.MarshalBinary()
		if err != nil {
			return none, err
		}
		return none, os.WriteFile(m.path(dir), b, 0o666)
	})
}

// smallDir returns the directory of the small nets, which belong to no single
// experiment.
func smallDir(e *env) string { return filepath.Join(filepath.Dir(e.dir), "small-nets") }

// smallModels trains the small nets on a set, or those of them that no experiment
// has trained yet, and returns them for each α and seed.
func smallModels(e *env, p smallPlan) ([][]smallModel, error) {
	of := *e // those who use the nets have the same flags
	of.dir = smallDir(e)
	var (
		models [][]smallModel
		list   []runs.Run[struct{}]
	)
	for _, alpha := range smallAlphas {
		var seeds []smallModel
		for seed := range e.seeds {
			m := smallModel{p, alpha, seed}
			seeds = append(seeds, m)
			list = append(list, m.run(of.dir))
		}
		models = append(models, seeds)
	}
	_, err := perform(&of, list)
	return models, err
}

// inspect returns what do makes of each of the models, one after another, with
// so many steps for each.
func inspect[R any](e *env, models [][]smallModel, steps int, do func(smallModel, *nn.Net, *runs.Job) (R, error)) ([][]R, error) {
	var list []runs.Run[R]
	for _, seeds := range models {
		for _, m := range seeds {
			list = append(list, runs.Run[R]{Name: m.String(), Steps: steps, Do: func(j *runs.Job) (R, error) {
				net, err := m.load(smallDir(e))
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
