// A net in training on labelled and unlabelled images.

package main

import (
	"fmt"
	"math/rand/v2"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/nn"
	"github.com/seed-7466c776/mixup/experiments/internal/runs"
	"github.com/seed-7466c776/mixup/experiments/internal/train"
)

// A semiLearner is a run of a semiMethod. A minibatch is a pool of augmented
// images, the labelled ones before the unlabelled ones, and a second pool that
// the method mixes from the first.
type semiLearner struct {
	semiPlan
	method semiMethod

	labelled   []int   // rows of the training set
	unlabelled []int   // the other rows
	order      []int   // of the labelled rows, drawn anew in each step
	net        *nn.Net // in training
	teacher    *nn.Net // that makes the guesses, if the method has any; see newSemiLearner
	opt        *nn.Adam

	picking, augmenting, mixing *mixup.Stream

	sampler   mixup.Sampler
	mix       mixup.Mix  // the draw of the last step
	identity  mixup.Mix  // of the labelled images
	views     *mixup.Mix // the mean over the views of the unlabelled images
	labels    []int      // of the labelled images of the pool
	pool      []float32  // images
	targets   []float32  // of the pool: one-hot labels, then guesses
	mixed     []float32  // pool, mixed
	mixedTo   []float32  // targets, mixed
	predicted []float32  // probabilities of the unlabelled images of the pool
	grad      []float32  // with respect to logits

	result semiResult
}

// newSemiLearner returns a run with the given number of labelled images. Which
// images these are depends on the seed.
func newSemiLearner(p semiPlan, m semiMethod, labelled int, seed uint64) *semiLearner {
	var (
		data = p.training
		rows = p.batch * (1 + m.views)
		l    = &semiLearner{
			semiPlan:   p,
			method:     m,
			net:        convNet(p.shape, p.width, 0, data.Classes, mixup.NewStream(seed, train.Weights), normalized),
			opt:        nn.NewAdam(),
			picking:    mixup.NewStream(seed, train.Order),
			augmenting: mixup.NewStream(seed, train.Augmenting),
			mixing:     mixup.NewStream(seed, train.Mixing),
			sampler:    m.mixing,
			views:      meanOfViews(p.batch, m.views),
			labels:     make([]int, p.batch),
			pool:       make([]float32, rows*data.Dim),
			mixed:      make([]float32, rows*data.Dim),
			targets:    make([]float32, rows*data.Classes),
			mixedTo:    make([]float32, rows*data.Classes),
			predicted:  make([]float32, (rows-p.batch)*data.Classes),
			grad:       make([]float32, rows*data.Classes),
		}
	)
	l.labelled, l.unlabelled = splitByLabel(data.Labels, data.Classes, labelled, mixup.NewStream(seed, train.Split))
	l.order = make([]int, labelled)
	l.sampler.Src = l.mixing
	l.identity.Identity(p.batch)
	// A guess must not move what the net's batch normalisation averages for the
	// test, so that a copy makes it even where the weights are the same.
	l.teacher = l.net
	if m.views > 0 {
		l.teacher = convNet(p.shape, p.width, 0, data.Classes, mixup.NewStream(seed, train.Weights), normalized)
	}
	return l
}

// splitByLabel draws labelled rows, as many of each class, and returns these and
// the others. It panics if there are not enough rows of a class.
func splitByLabel(labels []int, classes, labelled int, src rand.Source) (chosen, others []int) {
	order := make([]int, len(labels))
	mixup.Permute(order, src)
	count := make([]int, classes)
	for _, row := range order {
		if c := labels[row]; count[c] < labelled/classes {
			count[c]++
			chosen = append(chosen, row)
		} else {
			others = append(others, row)
		}
	}
	if len(chosen) != labelled {
		panic(fmt.Sprintf("%d labelled rows of %d classes, want as many of each class: %d", len(chosen), classes, labelled))
	}
	return chosen, others
}

// run takes the steps.
func (l *semiLearner) run(j *runs.Job) (semiResult, error) {
	state := []any{l.net, l.opt, &l.result.TestErrors}
	if l.teacher != l.net {
		state = append(state, l.teacher)
	}
	if err := j.Loop(l.step, state...); err != nil {
		return semiResult{}, err
	}
	return l.result, nil
}

// step takes step number i. It returns an error if the loss is not a finite
// number.
func (l *semiLearner) step(i int) error {
	for _, s := range []*mixup.Stream{l.picking, l.augmenting, l.mixing} {
		s.Seek(uint64(i))
	}
	done := float64(i) / float64(l.steps)
	l.fill()
	l.mixPool()
	loss := l.loss(l.net.Forward(l.mixed), done)
	if err := train.Finite(i, loss); err != nil {
		return err
	}
	l.net.Backward(l.grad)
	l.opt.Rate = l.rate * cosine(done, 1)
	l.opt.Step(l.net.Params())
	if l.teacher != l.net {
		follow(l.teacher.Params(), l.net.Params(), i, l.method.decay)
	}
	if (i+1)%(l.steps/semiChecks) == 0 {
		if !l.net.Finite() {
			return fmt.Errorf("the weights after step %d are not finite numbers", i)
		}
		l.result.TestErrors = append(l.result.TestErrors, train.Error(l.net, l.test))
	}
	return nil
}

// fill draws the pool, and sets its targets.
func (l *semiLearner) fill() {
	var (
		data    = l.training
		dim     = data.Dim
		picking = rand.New(l.picking)
		shift   = rand.New(l.augmenting)
		put     = func(i, row int) {
			augment(l.pool[i*dim:][:dim], data.X[row*dim:][:dim], l.shape, l.border, shift)
		}
	)
	mixup.Permute(l.order, l.picking)
	for i := range l.batch {
		row := l.labelled[l.order[i]]
		put(i, row)
		l.labels[i] = data.Labels[row]
	}
	l.identity.OneHotTo(l.targets[:l.batch*data.Classes], l.labels, data.Classes)
	if l.method.views == 0 {
		return
	}
	for i := range l.batch {
		row := l.unlabelled[picking.IntN(len(l.unlabelled))]
		for v := range l.method.views {
			put((1+v)*l.batch+i, row)
		}
	}
	l.guess()
}

// guess sets the targets of the unlabelled images of the pool.
func (l *semiLearner) guess() {
	classes, n := l.training.Classes, l.batch*l.training.Classes
	// In training, images are normalised by the moments of these images. The moving
	// averages of a prediction do not fit the averaged weights of a teacher.
	probabilities(l.predicted, l.teacher.Forward(l.pool[l.batch*l.training.Dim:]), classes)
	guesses := l.targets[n:]
	l.views.ApplyTo(guesses[:n], l.predicted, classes)
	sharpen(guesses[:n], classes, l.method.temperature)
	for v := 1; v < l.method.views; v++ {
		copy(guesses[v*n:], guesses[:n])
	}
}

// mixPool mixes the images of the pool and their targets.
func (l *semiLearner) mixPool() {
	first, dim, classes := 0, l.training.Dim, l.training.Classes
	if l.method.apart {
		first = l.batch
		copy(l.mixed[:first*dim], l.pool)
		copy(l.mixedTo[:first*classes], l.targets)
	}
	l.sampler.Sample(&l.mix, len(l.pool)/dim-first)
	l.mix.ApplyTo(l.mixed[first*dim:], l.pool[first*dim:], dim)
	l.mix.ApplyTo(l.mixedTo[first*classes:], l.targets[first*classes:], classes)
}

// loss returns the loss of the mixed pool and sets its gradient.
func (l *semiLearner) loss(logits []float32, done float64) float64 {
	classes, n := l.training.Classes, len(logits)
	if l.method.weight != nil {
		n = l.batch * classes
	}
	loss := mixup.CrossEntropy{}.Soft(l.grad[:n], logits[:n], l.mixedTo[:n], classes)
	if n < len(logits) {
		loss += squareLoss(l.grad[n:], logits[n:], l.mixedTo[n:], classes, l.method.weight(done))
	}
	return loss
}
