// Contactsheet draws what mixup and CutMix make of images, as a person wants to
// see it before trusting an augmentation: a row for each sample with its
// partner, their mixtures for several λ, CutMix and a 3-way mixture, each with
// its mixed label.
//
// From the root of the repository:
//
//	go run ./examples/contactsheet
//	go run ./examples/contactsheet cat.jpg dog.png bird.png
//	go run ./examples/contactsheet -data DIR -set NAME
//
// The first draws images of its own. The second reads image files, whose names
// are the labels. The third takes images from the files of MNIST, Fashion-MNIST
// (IDX) or CIFAR-10 (binary version) in DIR/NAME, gzipped or not.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"image/png"
	"io"
	"math/rand/v2"
	"os"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/datasets"
	"github.com/seed-7466c776/mixup/examples/program"
)

const about = `Contactsheet shows what mixup and CutMix make of images; it takes a second, and needs no data unless you want your own.
It writes a picture with a row for each sample: its partner, mixtures of the two, CutMix and a 3-way mixture, with their labels.

    go run ./examples/contactsheet [flags]                        images that are drawn
    go run ./examples/contactsheet [flags] a.jpg b.png …          image files, PNG or JPEG
    go run ./examples/contactsheet [flags] -data DIR -set NAME    a data set:

` + datasets.Layout

func main() { program.Main("contactsheet", run) }

// maxRows is the number of samples above which the sheet would be too large to
// look at.
const maxRows = 100

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("contactsheet", flag.ContinueOnError)
	dir := flags.String("data", "", "`directory` of data sets, each in a directory of its name")
	set := flags.String("set", "fashion_mnist", "`name` of the data set in -data")
	rows := flags.Int("rows", 4, "`number` of samples, unless there are image files")
	alpha := flags.Float64("alpha", 1, "`α` of CutMix's Beta(α,α) and of the 3-way mixture's Dirichlet(α,α,α)")
	seed := flags.Uint64("seed", 1, "`number` that all randomness follows from")
	out := flags.String("out", "contactsheet.png", "`file` for the sheet")
	files, err := program.Parse(flags, about, args, stdout)
	if err != nil {
		return err
	}
	cut := mixup.CutSampler{Image: mixup.Image{Channels: 1, Height: side, Width: side}, Alpha: *alpha, Src: rand.NewPCG(*seed, 1)}
	if err := cut.Validate(); err != nil {
		return fmt.Errorf("-alpha: %w", err)
	}
	if err := cmp.Or(
		program.Between("-rows", *rows, 2, maxRows),
		program.Picture(*out),
	); err != nil {
		return err
	}
	switch n := len(files); {
	case *dir != "" && n > 0:
		return errors.New("-data and image files, want one of them")
	case *dir == "" && program.Given(flags, "set"):
		return errors.New("-set without -data, want both")
	case n > 0 && program.Given(flags, "rows"):
		return errors.New("-rows and image files, want one of them: all files are samples")
	case n == 1 || n > maxRows:
		return fmt.Errorf("%d image files, want 2 to %d", n, maxRows)
	}

	for _, name := range files {
		if sameFile(name, *out) {
			return fmt.Errorf("-out %s: the sheet would take the place of an image that is read, want another name", *out)
		}
	}

	var g *gallery
	r := rand.New(rand.NewPCG(*seed, 0))
	switch {
	case *dir != "":
		g, err = fromDataset(*dir, *set, *rows, r)
	case len(files) > 0:
		g, err = fromFiles(files)
	default:
		g = drawn(*rows, r)
	}
	if err != nil {
		return err
	}
	picture := sheet(g.image, mixtures(g, *alpha, cut, r))
	if err := program.WriteFile(*out, func(w io.Writer) error { return png.Encode(w, picture) }); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%d samples of %v are in %s\n", len(g.labels), g.image, *out)
	return nil
}

// sameFile reports whether two names are names of the same existing file.
func sameFile(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}
