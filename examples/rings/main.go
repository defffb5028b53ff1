// Rings trains two classifiers of points on two concentric rings, one by
// empirical risk minimisation (ERM) and one with mixup, and draws what they
// have learnt, as in figure 1b of Zhang et al., "mixup: Beyond Empirical Risk
// Minimization" (ICLR 2018): ERM is sure of itself up to its boundary, mixup
// goes over linearly.
//
// From the root of the repository:
//
//	go run ./examples/rings
package main

import (
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"text/tabwriter"

	"github.com/schollz/progressbar/v3"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/nn"
	"github.com/seed-7466c776/mixup/examples/program"
)

func main() {
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "rings:", err)
		os.Exit(1)
	}
}

const (
	hidden = 64   // units in each of two hidden layers
	batch  = 50   // points in a minibatch
	tested = 5000 // points to measure accuracy with
)

// run is the program: args are its arguments without its name.
func run(args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("rings", flag.ExitOnError)
	flags.SetOutput(stderr)
	alpha := flags.Float64("alpha", 1, "`α` of mixup's Beta(α,α)")
	points := flags.Int("points", 300, "`number` of training points")
	steps := flags.Int("steps", 3000, "`number` of minibatches to train with")
	seed := flags.Uint64("seed", 1, "`number` that all randomness follows from")
	out := flags.String("out", "rings.png", "`file` for the picture; empty: none")
	flags.Parse(args)
	switch {
	case flags.NArg() > 0:
		return fmt.Errorf("argument %q, want none", flags.Arg(0))
	case *points < batch:
		return fmt.Errorf("-points %d, want at least %d", *points, batch)
	case *steps < 0:
		return fmt.Errorf("-steps %d, want 0 or more", *steps)
	}
	samplers := []mixup.Sampler{{}, {Alpha: *alpha}}
	if err := samplers[1].Validate(); err != nil {
		return fmt.Errorf("-alpha: %w", err)
	}

	r := rand.New(rand.NewPCG(*seed, 0))
	train, test := rings(*points, r), rings(tested, r)
	bar := program.Progress(stderr, len(samplers)**steps)
	var surfaces []surface
	table := tabwriter.NewWriter(stdout, 0, 0, 3, ' ', 0)
	fmt.Fprintf(table, "\ttest accuracy\tdistance from linear ¹\n")
	for _, s := range samplers {
		title := "ERM"
		if s.Alpha > 0 {
			title = fmt.Sprintf("mixup, α = %v", s.Alpha)
		}
		net := fit(train, s, *steps, *seed, bar)
		fmt.Fprintf(table, "%s\t%.1f %%\t%.3f\n", title, 100*accuracy(net, test), bend(net, train, rand.New(rand.NewPCG(*seed, 1))))
		surfaces = append(surfaces, surface{title, net})
	}
	fmt.Fprintf(stdout, "Two rings, %d training and %d test points, seed %d\n\n", *points, tested, *seed)
	if err := table.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "\n¹ mean |p(λa + (1-λ)b) - (λp(a) + (1-λ)p(b))| over %d pairs (a, b) of training points\n  and λ = 0.1, 0.2, …, 0.9, where p(x) is the predicted probability of the outer ring\n", pairs)
	if *out == "" {
		return nil
	}
	if err := save(*out, surfaces, train); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "\nThe decision surfaces are in %s\n", *out)
	return nil
}

// fit returns a net that was trained on data. Nets that are trained with the
// same seed begin alike and see the points in the same order, whatever s is.
func fit(data points, s mixup.Sampler, steps int, seed uint64, bar *progressbar.ProgressBar) *nn.Net {
	src := rand.NewPCG(seed, 2)
	net := nn.New(2,
		nn.NewDense(2, hidden, src), &nn.ReLU{},
		nn.NewDense(hidden, hidden, src), &nn.ReLU{},
		nn.NewDense(hidden, 2, src))
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
		bar.Add(1)
	}
	return net
}
