// Images trains a multilayer perceptron on real images, by empirical risk
// minimisation (ERM) and with mixup, over several seeds, and prints how the two
// compare. For each seed both begin with the same weights and see the same
// minibatches in the same order, so that mixing is all that differs.
//
// From the root of the repository, with DIR a directory that holds the files of
// MNIST, Fashion-MNIST (IDX) or CIFAR-10 (binary version), gzipped or not:
//
//	go run ./examples/images -data DIR
//
// Seeds run one after another, so that the times are those of a program that
// has the machine to itself; matrix products use all cores. While a step is
// computed, the minibatch of the next one is gathered from the bytes of the files,
// mixed and normalised.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/datasets"
	"github.com/seed-7466c776/mixup/examples/program"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "images:", err)
		os.Exit(1)
	}
}

// run is the program: args are its arguments without its name.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("images", flag.ExitOnError)
	flags.SetOutput(stderr)
	dir := flags.String("data", "", "`directory` of the data set (required)")
	seeds := flags.Int("seeds", 5, "`number` of paired runs")
	train := flags.Int("train", 0, "`number` of training images to use; 0: all")
	holdout := flags.Int("holdout", 0, "test on this `number` of the last training images in place of the test\nimages, for choosing settings without a look at the latter")
	alpha := flags.Float64("alpha", 0.2, "`α` of mixup's Beta(α,α)")
	var p plan
	flags.IntVar(&p.epochs, "epochs", 30, "`number` of passes over the training images")
	flags.IntVar(&p.batch, "batch", 128, "`images` in a minibatch")
	flags.IntVar(&p.hidden, "hidden", 128, "`units` in each of two hidden layers")
	flags.Float64Var(&p.rate, "lr", 1e-3, "Adam's learning `rate`, at first; it falls to 0 along a cosine")
	flags.Parse(args)
	samplers := []mixup.Sampler{{}, {Alpha: *alpha}}
	switch err := samplers[1].Validate(); {
	case flags.NArg() > 0:
		return fmt.Errorf("argument %q, want none", flags.Arg(0))
	case *dir == "":
		return fmt.Errorf("no -data, want the directory of the data set")
	case *seeds < 1 || p.epochs < 1 || p.batch < 1 || p.hidden < 1:
		return fmt.Errorf("-seeds %d, -epochs %d, -batch %d, -hidden %d, want positive numbers", *seeds, p.epochs, p.batch, p.hidden)
	case !(p.rate > 0):
		return fmt.Errorf("-lr %v, want a positive number", p.rate)
	case err != nil:
		return fmt.Errorf("-alpha: %w", err)
	}

	trainSet, testSet, err := datasets.Open(*dir)
	if err != nil {
		return err
	}
	switch n := trainSet.Len(); {
	case *holdout < 0 || *holdout > n:
		return fmt.Errorf("-holdout %d, want at most the %d training images", *holdout, n)
	case *holdout > 0:
		trainSet, testSet = trainSet.Slice(0, n-*holdout), trainSet.Slice(n-*holdout, n)
	}
	switch n := trainSet.Len(); {
	case *train < 0 || *train > n:
		return fmt.Errorf("-train %d, want at most %d training images", *train, n)
	case *train > 0:
		trainSet = trainSet.Slice(0, *train)
	}
	if n := trainSet.Len(); n < p.batch {
		return fmt.Errorf("-batch %d, want at most the %d training images", p.batch, n)
	}
	p.use(trainSet, testSet)

	results := make([][]result, len(samplers))
	bar := program.Progress(stderr, *seeds*len(samplers)*p.steps())
	for seed := range *seeds {
		for i, s := range samplers {
			r, err := p.run(ctx, s, uint64(seed), func() { bar.Add(1) })
			if err != nil {
				return err
			}
			results[i] = append(results[i], r)
		}
	}

	fmt.Fprintf(stdout, "go run ./examples/images %s\n\n", strings.Join(args, " "))
	fmt.Fprintf(stdout, "%d training and %d test images of %v, %d classes; a %d-%d-%d-%d perceptron;\n%d epochs of %d steps; seeds: %d; %s\n\n",
		trainSet.Len(), testSet.Len(), trainSet.Shape, trainSet.Classes,
		trainSet.Shape.Size(), p.hidden, p.hidden, trainSet.Classes,
		p.epochs, p.steps()/p.epochs, *seeds, program.Machine())
	return write(stdout, []string{"ERM", fmt.Sprintf("mixup, α = %v", *alpha)}, results)
}
