// A generator and a discriminator in training.

package main

import (
	"fmt"
	"math/rand/v2"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/nn"
	"github.com/seed-7466c776/mixup/experiments/internal/runs"
	"github.com/seed-7466c776/mixup/experiments/internal/train"
)

const (
	ganBatch  = 128
	ganPeriod = 5    // steps of the discriminator to one of the generator
	ganScored = 2000 // points that a score is of
	ganShown  = 400  // points in a picture
)

// A game trains a generator g and a discriminator d of points in the plane.
//
// d is given W·x for the targets W·y, where x is a minibatch of real points and,
// below it, one of generated points, with targets y of 1 and 0. For empirical
// risk minimisation W is the identity, for mixup each of its rows mixes a real
// point with a generated one. g is trained to have its points, as they are, taken
// for real ones, which is what trains it in practice whatever d's loss is
// (Goodfellow et al. 2014, "Generative adversarial nets").
type game struct {
	set        mixture
	g, d       *nn.Net
	gOpt, dOpt *nn.Adam
	draws      *mixup.Stream // of real points, and of noise
	mixing     *mixup.Stream
	sampler    mixup.Sampler

	mix     mixup.Mix
	partner []int     // of real points: generated ones
	noise   []float32 // that points are generated from
	points  []float32 // real, then generated
	targets []float32
	mixedX  []float32
	mixedY  []float32
	grad    []float32 // with respect to logits
	slope   []float32 // with respect to generated points
}

func newGame(set mixture, width int, alpha float64, seed uint64) *game {
	weights := mixup.NewStream(seed, train.Weights)
	net := func(out int) *nn.Net {
		return nn.Perceptron(weights, 2, width, width, width, out)
	}
	g := &game{
		set: set,
		g:   net(2), d: net(1),
		gOpt: nn.NewAdam(), dOpt: nn.NewAdam(),
		draws:   mixup.NewStream(seed, train.Order),
		mixing:  mixup.NewStream(seed, train.Mixing),
		partner: make([]int, ganBatch),
		points:  make([]float32, 2*2*ganBatch),
		targets: make([]float32, 2*ganBatch),
		mixedX:  make([]float32, 2*2*ganBatch),
		mixedY:  make([]float32, 2*ganBatch),
		grad:    make([]float32, 2*ganBatch),
		slope:   make([]float32, 2*ganBatch),
	}
	g.sampler = mixup.Sampler{Alpha: alpha, Src: g.mixing}
	for i := range ganBatch {
		g.partner[i] = ganBatch + i
		g.targets[i] = 1
	}
	return g
}

// generate returns n points from noise drawn from r. They are valid until it is
// called again.
func (g *game) generate(n int, r *rand.Rand) []float32 {
	g.noise = g.noise[:0]
	for range 2 * n {
		g.noise = append(g.noise, float32(r.NormFloat64()))
	}
	return g.g.Forward(g.noise)
}

// step takes step number i of the discriminator, and if it is the turn of the
// generator one of that. It returns an error if a loss is not a finite number.
func (g *game) step(i int) error {
	g.draws.Seek(uint64(i))
	g.mixing.Seek(uint64(i))
	r := rand.New(g.draws)
	g.set.draw(g.points[:2*ganBatch], r)
	copy(g.points[2*ganBatch:], g.generate(ganBatch, r))

	if g.sampler.Alpha == 0 {
		g.sampler.Sample(&g.mix, 2*ganBatch)
	} else {
		g.sampler.SamplePairs(&g.mix, g.partner)
	}
	n := g.mix.Len()
	g.mix.ApplyTo(g.mixedX[:2*n], g.points, 2)
	g.mix.ApplyTo(g.mixedY[:n], g.targets, 1)
	var loss mixup.BinaryCrossEntropy
	if err := train.Finite(i, loss.Soft(g.grad[:n], g.d.Forward(g.mixedX[:2*n]), g.mixedY[:n], 1)); err != nil {
		return err
	}
	g.d.Backward(g.grad[:n])
	g.dOpt.Step(g.d.Params())

	if (i+1)%ganPeriod != 0 {
		return nil
	}
	ones := g.targets[:ganBatch]
	if err := train.Finite(i, loss.Soft(g.grad[:ganBatch], g.d.Forward(g.generate(ganBatch, r)), ones, 1)); err != nil {
		return err
	}
	g.d.BackwardTo(g.slope, g.grad[:ganBatch])
	g.g.Backward(g.slope)
	g.gOpt.Step(g.g.Params())
	return nil
}

// A ganPoint is a look at a generator.
type ganPoint struct {
	Step  int // the number of steps before it
	Score score
	Shown []float32 // points for a picture
}

// ganRun returns the run that trains a generator on a set.
func ganRun(p ganPlan, set mixture, alpha float64, seed uint64) runs.Run[[]ganPoint] {
	name := fmt.Sprintf("%s, α=%v, seed %d", set.name, alpha, seed)
	return runs.Run[[]ganPoint]{Name: name, Steps: p.steps, Do: func(j *runs.Job) ([]ganPoint, error) {
		g := newGame(set, p.width, alpha, seed)
		fresh := mixup.NewStream(seed, train.Order)
		var points []ganPoint
		step := func(i int) error {
			if err := g.step(i); err != nil {
				return err
			}
			steps := i + 1
			if !p.looks(steps) {
				return nil
			}
			fresh.Seek(uint64(p.steps)) // noise that no step has seen, the same each time
			generated := g.generate(ganScored, rand.New(fresh))
			point := ganPoint{Step: steps, Score: set.score(generated)}
			if p.pictured(steps) {
				point.Shown = append(point.Shown, generated[:2*ganShown]...)
			}
			points = append(points, point)
			return nil
		}
		err := j.Loop(step, g.g, g.d, g.gOpt, g.dOpt, &points)
		return points, err
	}}
}
