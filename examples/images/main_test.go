package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/datasets"
	"github.com/seed-7466c776/mixup/examples/datasets/datasetstest"
	"github.com/seed-7466c776/mixup/examples/program"
	"github.com/seed-7466c776/mixup/examples/program/programtest"
)

// idx returns a directory with a set of easily learnt IDX files, gzipped.
func idx(t *testing.T) string {
	const train, test, side = 600, 200, 8
	labels, pixels := datasetstest.Images(train+test, side*side, 4, 1)
	return datasetstest.Dir(t, map[string][]byte{
		"set/train-images-idx3-ubyte.gz": datasetstest.Gzip(datasetstest.IDX(pixels[:train*side*side], train, side, side)),
		"set/train-labels-idx1-ubyte.gz": datasetstest.Gzip(datasetstest.IDX(labels[:train], train)),
		"set/t10k-images-idx3-ubyte.gz":  datasetstest.Gzip(datasetstest.IDX(pixels[train*side*side:], test, side, side)),
		"set/t10k-labels-idx1-ubyte.gz":  datasetstest.Gzip(datasetstest.IDX(labels[train:], test)),
	})
}

// cifar returns a directory with a set of easily learnt CIFAR-10 records.
func cifar(t *testing.T) string {
	const train, test, size = 300, 100, 3 * 32 * 32
	labels, pixels := datasetstest.Images(train+test, size, 10, 1)
	return datasetstest.Dir(t, map[string][]byte{
		"set/data_batch_1.bin": datasetstest.CIFAR10(labels[:train/2], pixels[:train/2*size]),
		"set/data_batch_2.bin": datasetstest.CIFAR10(labels[train/2:train], pixels[train/2*size:train*size]),
		"set/test_batch.bin":   datasetstest.CIFAR10(labels[train:], pixels[train*size:]),
	})
}

// row finds the lines of the table: method, test error, training accuracy, time
// per step and share of mixing, each with its standard error.
var row = regexp.MustCompile(`(?m)^(\S.*?) +([\d.]+) ± ([\d.]+) +([\d.]+) ± ([\d.]+) +([\d.]+) ± ([\d.]+) +([\d.]+) ± ([\d.]+)$`)

func TestRun(t *testing.T) {
	for _, tc := range []struct {
		name string
		dir  string
		args []string
		want []string // in the output
	}{
		{"idx", idx(t), []string{"-alpha", "0.4"}, []string{
			"600 training and 200 test images of 1×8×8, 4 classes; a 64-16-16-4 perceptron;\n6 epochs of 30 steps",
			"mixup, α = 0.4",
		}},
		{"cifar10", cifar(t), []string{"-train", "200", "-holdout", "60"}, []string{
			"200 training and 60 test images of 3×32×32, 10 classes; a 3072-16-16-10 perceptron;\n6 epochs of 10 steps",
			"mixup, α = 0.2",
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			args := append([]string{"-data", tc.dir, "-set", "set", "-seeds", "2", "-epochs", "6", "-batch", "20", "-hidden", "16", "-lr", "0.003"}, tc.args...)
			var stdout bytes.Buffer
			if err := run(t.Context(), args, &stdout, io.Discard); err != nil {
				t.Fatal(err)
			}
			for _, want := range append(tc.want, program.Command("./examples/images", args), "seeds: 2") {
				if got := stdout.String(); !strings.Contains(got, want) {
					t.Errorf("output lacks %q:\n%s", want, got)
				}
			}
			rows := row.FindAllStringSubmatch(stdout.String(), -1)
			if len(rows) != 2 {
				t.Fatalf("table has %d rows, want 2:\n%s", len(rows), stdout.String())
			}
			for _, r := range rows {
				// Chance is 75 % or 90 % of test error.
				if v := number(t, r[2]); !(v <= 20) {
					t.Errorf("%s: test error %v %%, want at most 20 %%", r[1], v)
				}
				if v := number(t, r[4]); !(v >= 80 && v <= 100) {
					t.Errorf("%s: training accuracy %v %%, want 80 to 100 %%", r[1], v)
				}
				if v := number(t, r[8]); !(v > 0 && v < 100) {
					t.Errorf("%s: share of mixing %v %%, want more than 0 and less than 100 %%", r[1], v)
				}
			}
		})
	}
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestPaired checks that two runs with one seed are the same but for mixing.
func TestPaired(t *testing.T) {
	train, test, err := datasets.OpenIn(idx(t), "set")
	if err != nil {
		t.Fatal(err)
	}
	p := plan{epochs: 1, batch: 50, hidden: 8, rate: 1e-3}
	p.use(train, test)
	measure := func(s mixup.Sampler, seed uint64) [2]float64 {
		var steps int
		r, err := p.run(t.Context(), s, seed, func() { steps++ })
		if err != nil {
			t.Fatal(err)
		}
		if steps != p.steps() {
			t.Errorf("%d steps, want %d", steps, p.steps())
		}
		return [2]float64{r.testError, r.trainAccuracy}
	}
	erm, mixed := mixup.Sampler{}, mixup.Sampler{Alpha: 1}
	never := mixup.Sampler{Alpha: 1, Skip: 1}
	want := measure(erm, 1)
	if got := measure(never, 1); got != want {
		t.Errorf("mixup that is always skipped has error and accuracy %v, want ERM's %v", got, want)
	}
	if got := measure(mixed, 1); got == want {
		t.Errorf("mixup has error and accuracy %v, want others than ERM", got)
	}
	if got := measure(erm, 2); got == want {
		t.Errorf("another seed has error and accuracy %v, want others", got)
	}
}

func TestWrongUse(t *testing.T) {
	t.Chdir(idx(t)) // whose own name may have a space in it
	if err := os.CopyFS("bad", os.DirFS("set")); err != nil {
		t.Fatal(err)
	}
	short := filepath.Join("bad", "t10k-labels-idx1-ubyte.gz")
	if err := os.WriteFile(short, datasetstest.Gzip(datasetstest.IDX([]byte{1, 2}, 200)), 0o666); err != nil {
		t.Fatal(err)
	}
	_, noSet := os.ReadDir("fashion_mnist")
	on := "-set set -data . -seeds 1 -epochs 1 "
	programtest.WrongUses(t, run, map[string]string{
		"":                       "no -data; -data DIR wants\n" + datasets.Layout,
		"set":                    `argument "set", want none`,
		"-data .":                "datasets: " + noSet.Error() + "\n-data DIR wants\n" + datasets.Layout,
		"-set bad -data .":       "datasets: " + short + ": byte 10: file ends after 2 of 200 bytes of labels",
		on + "-seeds 0":          "-seeds 0, want 1 to 1000",
		on + "-hidden 100000000": "-hidden 100000000, want 1 to 4096",
		on + "-lr NaN":           "-lr NaN, want 1e-12 to 1e+06",
		on + "-alpha -1":         "-alpha: mixup: Sampler: Alpha = -1, want ≥ 0",
		on + "-train 601":        "-train 601, want 0 to 600",
		on + "-holdout 600":      "-holdout 600, want 0 to 599",
		on + "-train 100":        "-batch 128, want 1 to 100",
	})
}

// TestDiverged wants no table of a net whose loss is not a number.
func TestDiverged(t *testing.T) {
	train, test, err := datasets.OpenIn(idx(t), "set")
	if err != nil {
		t.Fatal(err)
	}
	p := plan{epochs: 2, batch: 50, hidden: 8, rate: 1e30}
	p.use(train, test)
	_, err = p.run(t.Context(), mixup.Sampler{Alpha: 1}, 3, func() {})
	if want := "seed 3, α = 1: the loss is NaN, -lr 1e+30 is too high"; fmt.Sprint(err) != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

// TestInterrupted ends runs in the second of three seeds, and wants the results of
// the first.
func TestInterrupted(t *testing.T) {
	train, test, err := datasets.OpenIn(idx(t), "set")
	if err != nil {
		t.Fatal(err)
	}
	p := plan{epochs: 1, batch: 20, hidden: 4, rate: 1e-3}
	p.use(train, test)
	stop := errors.New("stop")
	ctx, cancel := context.WithCancelCause(t.Context())
	steps := 0
	results, err := p.pairs(ctx, []mixup.Sampler{{}, {Alpha: 1}}, 3, func() {
		if steps++; steps == 3*p.steps()+1 { // in the second run of the second seed
			cancel(stop)
		}
	})
	if err != stop || len(results[0]) != 1 || len(results[1]) != 1 {
		t.Errorf("error %v, %d and %d results, want %v and one of each", err, len(results[0]), len(results[1]), stop)
	}
	if steps > 3*p.steps()+2 {
		t.Errorf("%d steps, want the run to end when it is interrupted", steps)
	}
}

// TestCanceled wants no table if not even one seed is finished.
func TestCanceled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var stdout bytes.Buffer
	err := run(ctx, []string{"-data", idx(t), "-set", "set"}, &stdout, io.Discard)
	if want := "interrupted before the first seed was finished"; fmt.Sprint(err) != want || stdout.Len() > 0 {
		t.Errorf("error %v and output %q, want %s", err, &stdout, want)
	}
}
