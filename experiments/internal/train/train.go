// Package train trains a net of package nn on the rows of a data set, epoch by
// epoch, so that it can be stopped after any step and go on from there with the
// same bits: the order of the rows and everything else that is random is a
// function of the seed and the epoch or step.
package train

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/nn"
	"github.com/seed-7466c776/mixup/experiments/internal/runs"
)

// Ranks of mixup.NewStream, one for each thing that is random in a run, so that
// runs with the same seed differ in nothing but what is compared.
const (
	Order   = iota // of the rows in an epoch
	Split          // of a data set into training and test rows
	Weights        // at the beginning
	Mixing         // mixup's draws
	Augmenting
	Dropping // dropout
	Corrupting
	Pairing // partners that are drawn for an epoch
)

// A Trainer is one training run.
type Trainer struct {
	Seed   uint64
	Rows   int // of the training set
	Batch  int // rows in a minibatch; the last one of an epoch may be smaller
	Epochs int

	Net *nn.Net
	Opt nn.Optimizer

	// Streams are moved to the number of the step before each step. What is
	// drawn from them is the same whether the run is interrupted or not. Package
	// mixup's samplers and layers that draw can have one as their source.
	Streams []*mixup.Stream

	// Gradient returns the loss on a minibatch and sets the gradients of Net,
	// after which Opt takes its step. It may change the rate of Opt before.
	Gradient func(Step) float64

	// Epoch, if not nil, is called after each epoch, with 1 after the first. What
	// it gathers must be among State.
	Epoch func(epoch int)

	// State has pointers to what is kept from step to step beside Net and Opt, as
	// in [runs.Job.Loop].
	State []any
}

// A Step is a minibatch to take a step with.
type Step struct {
	Number int     // from 0
	Epoch  float64 // epochs that are done, with a fraction
	Rows   []int   // numbers of rows in the training set
}

// Steps returns the number of steps of the run.
func (t *Trainer) Steps() int { return t.Epochs * t.perEpoch() }

func (t *Trainer) perEpoch() int { return (t.Rows + t.Batch - 1) / t.Batch }

// Run trains the net. The [runs.Run] that j performs must have Steps steps. Run
// returns an error if it is interrupted, and if the loss or a weight is not a
// finite number: the net predicts nothing then, and its error means nothing. It
// panics if there is nothing to train on.
func (t *Trainer) Run(j *runs.Job) error {
	if t.Rows <= 0 || t.Batch <= 0 {
		panic(fmt.Sprintf("train: minibatches of %d of %d rows, want positive numbers", t.Batch, t.Rows))
	}
	var (
		order    = make([]int, t.Rows)
		epoch    = -1 // that order is for
		stream   = mixup.NewStream(t.Seed, Order)
		perEpoch = t.perEpoch()
	)
	step := func(i int) error {
		if i/perEpoch != epoch {
			epoch = i / perEpoch
			stream.Seek(uint64(epoch))
			mixup.Permute(order, rand.New(stream))
		}
		for _, s := range t.Streams {
			s.Seek(uint64(i))
		}
		first := i % perEpoch * t.Batch
		loss := t.Gradient(Step{
			Number: i,
			Epoch:  float64(i) / float64(perEpoch),
			Rows:   order[first:min(first+t.Batch, t.Rows)],
		})
		if err := Finite(i, loss); err != nil {
			return err
		}
		t.Opt.Step(t.Net.Params())
		if (i+1)%perEpoch != 0 {
			return nil
		}
		if !t.Net.Finite() {
			return fmt.Errorf("the weights after step %d are not finite numbers", i)
		}
		if t.Epoch != nil {
			t.Epoch((i + 1) / perEpoch)
		}
		return nil
	}
	return j.Loop(step, append([]any{t.Net, t.Opt}, t.State...)...)
}

// Run returns the run of a plan, a Trainer that lacks its net and what belongs to it. do
// is given a copy to complete: the list of runs must not keep the net of one that is done.
func Run[R any](name string, plan Trainer, do func(t Trainer, j *runs.Job) (R, error)) runs.Run[R] {
	return runs.Run[R]{Name: name, Steps: plan.Steps(), Do: func(j *runs.Job) (R, error) { return do(plan, j) }}
}

// Finite returns an error if the loss of a step is not a finite number.
func Finite(step int, loss float64) error {
	if math.IsNaN(loss) || math.IsInf(loss, 0) {
		return fmt.Errorf("the loss of step %d is %v", step, loss)
	}
	return nil
}
