// Images trains a multilayer perceptron on real images, by empirical risk
// minimisation (ERM) and with mixup, over several seeds, and prints how the two
// compare. For each seed both begin with the same weights and see the same
// minibatches in the same order, so that mixing is all that differs.
//
// From the root of the repository, with DIR a directory that holds the files of
// MNIST, Fashion-MNIST (IDX) or CIFAR-10 (binary version) in a directory NAME,
// gzipped or not:
//
//	go run ./examples/images -data DIR -set NAME
//
// Seeds run one after another, so that the times are those of a program that
// has the machine to itself; matrix products use all cores. While a step is
// computed, the minibatch of the next one is gathered from the bytes of the files,
// mixed and normalised.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/datasets"
	"github.com/seed-7466c776/mixup/examples/program"
)

const about = `Images compares training without and with mixup on your images; it takes 10 minutes on Fashion-MNIST, and needs its files.
It trains a perceptron for several seeds and prints test errors and times. Ctrl-C prints those of the seeds that are finished.

    go run ./examples/images [flags] -data DIR -set NAME

` + datasets.Layout

func main() { program.Main("images", run) }

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("images", flag.ContinueOnError)
	dir := flags.String("data", "", "`directory` of data sets, each in a directory of its name (required)")
	set := flags.String("set", "fashion_mnist", "`name` of the data set in -data")
	seeds := flags.Int("seeds", 5, "`number` of paired runs")
	train := flags.Int("train", 0, "`number` of training images to use; 0: all")
	holdout := flags.Int("holdout", 0, "test on this `number` of the last training images in place of the test\nimages, for choosing settings without a look at the latter")
	alpha := flags.Float64("alpha", 0.2, "`α` of mixup's Beta(α,α)")
	var p plan
	flags.IntVar(&p.epochs, "epochs", 30, "`number` of passes over the training images")
	flags.IntVar(&p.batch, "batch", 128, "`images` in a minibatch")
	flags.IntVar(&p.hidden, "hidden", 128, "`units` in each of two hidden layers")
	flags.Float64Var(&p.rate, "lr", 1e-3, "Adam's learning `rate`, at first; it falls to 0 along a cosine")
	if err := program.ParseFlags(flags, about, args, stdout); err != nil {
		return err
	}
	samplers := []mixup.Sampler{{}, {Alpha: *alpha}}
	if err := cmp.Or(
		program.Between("-seeds", *seeds, 1, 1000),
		program.Between("-epochs", p.epochs, 1, 100000),
		program.Between("-hidden", p.hidden, 1, 4096),
		program.Between("-lr", p.rate, 1e-12, 1e6),
	); err != nil {
		return err
	}
	if err := samplers[1].Validate(); err != nil {
		return fmt.Errorf("-alpha: %w", err)
	}
	if *dir == "" {
		return fmt.Errorf("no -data; -data DIR wants\n%s", datasets.Layout)
	}
	trainSet, testSet, err := datasets.OpenIn(*dir, *set)
	if err != nil {
		return err
	}
	if trainSet, testSet, err = part(trainSet, testSet, *train, *holdout); err != nil {
		return err
	}
	if err := program.Between("-batch", p.batch, 1, trainSet.Len()); err != nil {
		return err
	}
	p.use(trainSet, testSet)

	progress := program.NewProgress(stderr, *seeds*len(samplers)*p.steps())
	results, err := p.pairs(ctx, samplers, *seeds, func() { progress.Add(1) })
	progress.Close()
	finished := len(results[0])
	switch {
	case err != nil && ctx.Err() == nil:
		return err
	case err != nil && finished == 0:
		return errors.New("interrupted before the first seed was finished")
	}

	fmt.Fprintf(stdout, "%s\n\n", program.Command("./examples/images", args))
	fmt.Fprintf(stdout, "%d training and %d test images of %v, %d classes; a %d-%d-%d-%d perceptron;\n%d epochs of %d steps; seeds: %d; %s\n\n",
		trainSet.Len(), testSet.Len(), trainSet.Shape, trainSet.Classes,
		trainSet.Shape.Size(), p.hidden, p.hidden, trainSet.Classes,
		p.epochs, p.perEpoch(), finished, program.Machine())
	if err := write(stdout, []string{"ERM", fmt.Sprintf("mixup, α = %v", *alpha)}, results); err != nil {
		return err
	}
	if err != nil {
		return fmt.Errorf("interrupted; the table has %d of %d seeds", finished, *seeds)
	}
	return nil
}

// part returns the first train images of a training set, or all if train is 0.
// If holdout is not 0, the test images are that many of its last ones.
func part(trainSet, testSet *datasets.Set, train, holdout int) (*datasets.Set, *datasets.Set, error) {
	n := trainSet.Len()
	if err := program.Between("-holdout", holdout, 0, n-1); err != nil {
		return nil, nil, err
	}
	if holdout > 0 {
		trainSet, testSet = trainSet.Slice(0, n-holdout), trainSet.Slice(n-holdout, n)
	}
	if err := program.Between("-train", train, 0, trainSet.Len()); err != nil {
		return nil, nil, err
	}
	if train > 0 {
		trainSet = trainSet.Slice(0, train)
	}
	return trainSet, testSet, nil
}
