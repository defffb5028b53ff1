// Sampling shows what samplers of Beta(α, α) do where α is small: how many of
// their draws are NaN, ½, 0 and 1, beside how many should be, and how long one
// takes. It draws from this library and gonum, and from NumPy and PyTorch if
// Python has them.
//
// From the root of the repository:
//
//	go run ./experiments/sampling
//
// docs/sampling.md tells why they differ.
package main

import (
	"context"
	_ "embed"
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/program"
	"github.com/seed-7466c776/mixup/experiments/internal/python"
	"github.com/seed-7466c776/mixup/experiments/internal/report"
)

const about = `Sampling shows what samplers of the Beta distribution do with a small α; it takes a minute, and needs nothing else.
It compares this library and gonum, and NumPy and PyTorch if Python 3 has them (Debian's python3-numpy and python3-torch).

    go run ./experiments/sampling [flags]`

func main() { program.Main("sampling", run) }

//go:embed draws.py
var script string

// found is what the script says that it has.
type found struct {
	Python, NumPy, Torch string
	Samplers             []string
}

// alphas are the parameters of the table.
var alphas = []float64{1e-6, 1e-5, 1e-4, 1e-3, 1e-2, .1, .2, .4, 1, 2, 10}

// counts are how many draws are certain values.
type counts struct {
	NaN, Half, Zero, One int
	Seconds              float64 // of a draw
	Refused              string  // why there are none
}

// A sampler draws n times.
type sampler struct {
	name string
	draw func(alpha float64, n int, seed uint64) (counts, error)
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("sampling", flag.ContinueOnError)
	interpreter := python.Flag(flags)
	n := flags.Int("n", 1000000, "`number` of draws for each sampler and α")
	seed := flags.Uint64("seed", 1, "`number` that each sampler is seeded with")
	if err := program.ParseFlags(flags, about, args, stdout); err != nil {
		return err
	}
	if err := program.Between("-n", *n, 1, 50000000); err != nil {
		return err
	}

	samplers := []sampler{
		{"mixup.Beta", own},
		{"gonum distuv.Beta", gonums},
	}
	var python3 found
	peer, err := python.Start(*interpreter, []string{"numpy", "torch"}, script, &python3)
	if err != nil {
		return err
	}
	if peer != nil {
		defer peer.Close()
	}
	for _, s := range []struct {
		key, name string
	}{{"generator", "NumPy Generator.beta"}, {"legacy", "NumPy random.beta"}, {"torch32", "PyTorch Beta, float32"}, {"torch64", "PyTorch Beta, float64"}} {
		samplers = append(samplers, sampler{s.name, func(alpha float64, n int, seed uint64) (c counts, err error) {
			if !slices.Contains(python3.Samplers, s.key) {
				return counts{Refused: "missing"}, nil
			}
			err = peer.Call(struct {
				Sampler string  `json:"sampler"`
				Alpha   float64 `json:"alpha"`
				N       int     `json:"n"`
				Seed    uint64  `json:"seed"`
			}{s.key, alpha, n, seed}, &c)
			return c, err
		}})
	}

	progress := program.NewProgress(stderr, len(alphas)*len(samplers))
	t := &report.Table{Columns: []string{"α", "sampler", "NaN", "= ½", "= 0", "= 1", "time of a draw"}}
	finished := 0
	for _, alpha := range alphas {
		zero, one := ends(alpha, 64)
		t.Add(fmt.Sprint(alpha), "exact, float64", "0", "0", percent(zero), percent(one), "")
		zero, one = ends(alpha, 32)
		t.Add("", "exact, float32", "0", "0", percent(zero), percent(one), "")
		for _, s := range samplers {
			c, err := s.draw(alpha, *n, *seed)
			if err != nil {
				progress.Close()
				return err
			}
			progress.Add(1)
			if c.Refused != "" {
				t.Add("", s.name, c.Refused, "", "", "", "")
				continue
			}
			share := func(count int) string { return percent(float64(count) / float64(*n)) }
			t.Add("", s.name, share(c.NaN), share(c.Half), share(c.Zero), share(c.One), time.Duration(c.Seconds*1e9))
		}
		if finished++; ctx.Err() != nil {
			break
		}
	}
	progress.Close()
	fmt.Fprintf(stdout, "%s\n%s\n", program.Command("./experiments/sampling", args), program.Machine())
	fmt.Fprintf(stdout, "%d draws each, seed %d; Python %q, NumPy %q, PyTorch %q\n\n", *n, *seed, python3.Python, python3.NumPy, python3.Torch)
	if err := t.Markdown(stdout); err != nil {
		return err
	}
	if finished < len(alphas) {
		return fmt.Errorf("interrupted; the table has %d of %d values of α", finished, len(alphas))
	}
	return nil
}

// own draws from this library.
func own(alpha float64, n int, seed uint64) (counts, error) {
	return drawn(mixup.Beta{Alpha: alpha, Beta: alpha, Src: rand.NewPCG(seed, 0)}, n), nil
}

// gonums draws from gonum.
func gonums(alpha float64, n int, seed uint64) (counts, error) {
	return drawn(distuv.Beta{Alpha: alpha, Beta: alpha, Src: rand.NewPCG(seed, 0)}, n), nil
}

// drawn counts n draws.
func drawn(b distuv.Rander, n int) (c counts) {
	draws := make([]float64, n)
	begin := time.Now()
	for i := range draws {
		draws[i] = b.Rand()
	}
	c.Seconds = time.Since(begin).Seconds() / float64(n)
	for _, v := range draws {
		switch {
		case math.IsNaN(v):
			c.NaN++
		case v == 0.5:
			c.Half++
		case v == 0:
			c.Zero++
		case v == 1:
			c.One++
		}
	}
	return c
}

// ends returns the probabilities that a number of Beta(α, α) is 0 or 1 once it
// is rounded to a float of so many bits.
func ends(alpha float64, bits int) (zero, one float64) {
	least, below := -1075., -54. // logarithms of what is rounded to 0, and of 1 minus what is rounded to 1
	if bits == 32 {
		least, below = -150, -25
	}
	return tail(alpha, least), tail(alpha, below)
}

// tail returns the probability that a number of Beta(α, α) is below 2^exponent,
// which is small.
func tail(alpha, exponent float64) float64 {
	// The density is x^(α-1)/B(α,α) there.
	return math.Exp(alpha*exponent*math.Ln2 - math.Log(alpha) - mathext.Lbeta(alpha, alpha))
}

// percent formats a share.
func percent(share float64) string {
	switch {
	case share == 0:
		return "0"
	case share < 5e-6:
		return fmt.Sprintf("%.0e %%", 100*share)
	}
	return fmt.Sprintf("%.3f %%", 100*share)
}
