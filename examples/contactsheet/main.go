// Contactsheet draws what mixup and CutMix make of images, as a person wants to
// see it before trusting an augmentation: a row for each sample with its
// partner, their mixtures for several λ, CutMix and a 3-way mixture, each with
// its mixed label.
//
// From the root of the repository:
//
//	go run ./examples/contactsheet
//	go run ./examples/contactsheet cat.jpg dog.png bird.png
//	go run ./examples/contactsheet -data DIR
//
// The first draws images of its own. The second reads image files, whose names
// are the labels. The third takes images from the files of MNIST, Fashion-MNIST
// (IDX) or CIFAR-10 (binary version) in DIR, gzipped or not.
package main

import (
	"flag"
	"fmt"
	"image/png"
	"io"
	"math/rand/v2"
	"os"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/program"
)

func main() {
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "contactsheet:", err)
		os.Exit(1)
	}
}

// run is the program: args are its arguments without its name.
func run(args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("contactsheet", flag.ExitOnError)
	flags.SetOutput(stderr)
	dir := flags.String("data", "", "`directory` of a data set to take images from")
	rows := flags.Int("rows", 4, "`number` of samples; of image files all that are given")
	alpha := flags.Float64("alpha", 1, "`α` of CutMix's Beta(α,α) and of the 3-way mixture's Dirichlet(α,α,α)")
	seed := flags.Uint64("seed", 1, "`number` that all randomness follows from")
	out := flags.String("out", "contactsheet.png", "`file` for the sheet")
	flags.Parse(args)
	cut := mixup.CutSampler{Alpha: *alpha, Src: rand.NewPCG(*seed, 1)}
	switch err := (&mixup.Sampler{Alpha: *alpha}).Validate(); {
	case *dir != "" && flags.NArg() > 0:
		return fmt.Errorf("-data and image files, want one of them")
	case *rows < 2 || flags.NArg() == 1:
		return fmt.Errorf("want two images or more, to mix them")
	case err != nil:
		return fmt.Errorf("-alpha: %w", err)
	}

	var g *gallery
	var err error
	r := rand.New(rand.NewPCG(*seed, 0))
	switch {
	case *dir != "":
		g, err = fromDataset(*dir, *rows, r)
	case flags.NArg() > 0:
		g, err = fromFiles(flags.Args())
	default:
		g = drawn(*rows, r)
	}
	if err != nil {
		return err
	}
	columns := mixtures(g, *alpha, cut, r)

	picture := sheet(g.image, columns)
	if err := program.WriteFile(*out, func(w io.Writer) error { return png.Encode(w, picture) }); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%d samples of %v are in %s\n", len(g.labels), g.image, *out)
	return nil
}
