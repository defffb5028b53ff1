// Rings trains two classifiers of points on two concentric rings, one by
// empirical risk minimisation (ERM) and one with mixup, and draws what they
// have learnt, as in figure 1b of Zhang et al., "mixup: Beyond Empirical Risk
// Minimization" (ICLR 2018): the probability that ERM predicts jumps from 0 to 1
// at its boundary, while that of mixup changes gradually between the rings.
//
// From the root of the repository:
//
//	go run ./examples/rings
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"text/tabwriter"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/nn"
	"github.com/seed-7466c776/mixup/examples/program"
)

const about = `Rings shows what mixup does to a small net; it takes some 5 seconds, and needs no data and no other program.
It trains two nets on points of two rings, without and with mixup, and draws what they predict.

    go run ./examples/rings [flags]`

func main() { program.Main("rings", run) }

const (
	hidden = 64   // units in each of two hidden layers
	batch  = 50   // points in a minibatch
	tested = 5000 // points to measure accuracy with
)

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("rings", flag.ContinueOnError)
	alpha := flags.Float64("alpha", 1, "`α` of mixup's Beta(α,α)")
	points := flags.Int("points", 300, "`number` of training points")
	steps := flags.Int("steps", 3000, "`number` of minibatches to train with")
	seed := flags.Uint64("seed", 1, "`number` that all randomness follows from")
	out := flags.String("out", "rings.png", "`file` for the picture; empty: none")
	if err := program.ParseFlags(flags, about, args, stdout); err != nil {
		return err
	}
	samplers := []mixup.Sampler{{}, {Alpha: *alpha}}
	if err := cmp.Or(
		program.Between("-points", *points, batch, 100000),
		program.Between("-steps", *steps, 0, 10000000),
	); err != nil {
		return err
	}
	if err := samplers[1].Validate(); err != nil {
		return fmt.Errorf("-alpha: %w", err)
	}
	if *out != "" {
		if err := program.Picture(*out); err != nil {
			return err
		}
	}

	r := rand.New(rand.NewPCG(*seed, 0))
	train, test := rings(*points, r), rings(tested, r)
	progress := program.NewProgress(stderr, len(samplers)**steps)
	var surfaces []surface
	for _, s := range samplers {
		net := fit(ctx, train, s, *steps, *seed, progress)
		if net == nil {
			break
		}
		title := "ERM"
		if s.Alpha > 0 {
			title = fmt.Sprintf("mixup, α = %v", s.Alpha)
		}
		surfaces = append(surfaces, surface{title, net})
	}
	progress.Close()
	if len(surfaces) == 0 {
		return errors.New("interrupted before a net was ready")
	}
	if err := report(stdout, surfaces, train, test, *seed); err != nil {
		return err
	}
	if *out != "" {
		if err := save(*out, surfaces, train); err != nil {
			return err
		}
		fmt.Fprintf(stdout, "\nThe decision surfaces are in %s\n", *out)
	}
	if len(surfaces) < len(samplers) {
		return errors.New("interrupted before the second net was ready; the first one is above")
	}
	return nil
}

// report writes a table of what is measured, and what it means.
func report(w io.Writer, surfaces []surface, train, test points, seed uint64) error {
	fmt.Fprintf(w, "Two rings, %d training and %d test points, seed %d\n\n", train.len(), test.len(), seed)
	table := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	fmt.Fprintf(table, "\ttest accuracy ¹\tdistance from linear ²\n")
	for _, s := range surfaces {
		fmt.Fprintf(table, "%s\t%.1f %%\t%.3f\n", s.title, 100*accuracy(s.net, test), bend(s.net, train, rand.New(rand.NewPCG(seed, 1))))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, `
¹ Accuracy is not what this shows: the rings do not overlap, and either net separates them. Mixup may
  lose some tenths of a point, as mixtures of two points of the outer ring can lie on the inner one.
² What mixup changes: how far the predicted probability p of the outer ring is from linear between two
  points. Mean |p(λa + (1-λ)b) - (λp(a) + (1-λ)p(b))| over %d pairs (a, b) of training points and
  λ = 0.1, 0.2, …, 0.9.
`, pairs)
	return err
}

// fit returns a net that was trained on data. Nets that are trained with the
// same seed begin alike and see the points in the same order, whatever s is. fit
// returns nil if ctx is done before the last step.
func fit(ctx context.Context, data points, s mixup.Sampler, steps int, seed uint64, progress *program.Progress) *nn.Net {
	net := nn.Perceptron(rand.NewPCG(seed, 2), 2, hidden, hidden, 2)
	opt := nn.NewAdam()
	order := rand.New(rand.NewPCG(seed, 3))
	s.Src = rand.NewPCG(seed, 4)

	var (
		m      mixup.Mix
		ce     mixup.CrossEntropy
		x      = make([]float32, batch*2)
		labels = make([]int, batch)
		grad   = make([]float32, batch*2)
	)
	for range steps {
		if ctx.Err() != nil {
			return nil
		}
		for i := range labels {
			j := order.IntN(data.len())
			copy(x[2*i:2*i+2], data.at(j))
			labels[i] = data.labels[j]
		}
		s.Sample(&m, batch)
		m.Apply(x, 2)
		ce.Mixed(grad, net.Forward(x), &m, labels, 2)
		net.Backward(grad)
		opt.Step(net.Params())
		progress.Add(1)
	}
	return net
}
