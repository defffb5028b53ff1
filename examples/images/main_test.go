package main

import (
	"bytes"
	"context"
	"errors"
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
)

// idx returns a directory of easily learnt IDX files, gzipped.
func idx(t *testing.T) string {
	const train, test, side = 600, 200, 8
	labels, pixels := datasetstest.Images(train+test, side*side, 4, 1)
	return datasetstest.Dir(t, map[string][]byte{
		"train-images-idx3-ubyte.gz": datasetstest.Gzip(datasetstest.IDX(pixels[:train*side*side], train, side, side)),
		"train-labels-idx1-ubyte.gz": datasetstest.Gzip(datasetstest.IDX(labels[:train], train)),
		"t10k-images-idx3-ubyte.gz":  datasetstest.Gzip(datasetstest.IDX(pixels[train*side*side:], test, side, side)),
		"t10k-labels-idx1-ubyte.gz":  datasetstest.Gzip(datasetstest.IDX(labels[train:], test)),
	})
}

// cifar returns a directory of easily learnt CIFAR-10 records.
func cifar(t *testing.T) string {
	const train, test, size = 300, 100, 3 * 32 * 32
	labels, pixels := datasetstest.Images(train+test, size, 10, 1)
	return datasetstest.Dir(t, map[string][]byte{
		"data_batch_1.bin": datasetstest.CIFAR10(labels[:train/2], pixels[:train/2*size]),
		"data_batch_2.bin": datasetstest.CIFAR10(labels[train/2:train], pixels[train/2*size:train*size]),
		"test_batch.bin":   datasetstest.CIFAR10(labels[train:], pixels[train*size:]),
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
			args := append([]string{"-data", tc.dir, "-seeds", "2", "-epochs", "6", "-batch", "20", "-hidden", "16", "-lr", "0.003"}, tc.args...)
			var stdout, stderr bytes.Buffer
			if err := run(t.Context(), args, &stdout, &stderr); err != nil {
				t.Fatal(err)
			}
			for _, want := range append(tc.want, "go run ./examples/images "+strings.Join(args, " "), "seeds: 2") {
				if got := stdout.String(); !strings.Contains(got, want) {
					t.Errorf("output lacks %q:\n%s", want, got)
				}
			}
			if stderr.Len() > 0 {
				t.Errorf("standard error has %q, want nothing", stderr.String())
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
	train, test, err := datasets.Open(idx(t))
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

func TestRunErrors(t *testing.T) {
	good := idx(t)
	bad := idx(t)
	short := filepath.Join(bad, "t10k-labels-idx1-ubyte.gz")
	if err := os.WriteFile(short, datasetstest.Gzip(datasetstest.IDX([]byte{1, 2}, 200)), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name string
		args []string
		want string
	}{
		{"no data", nil, "no -data, want the directory of the data set"},
		{"argument", []string{good}, `argument "` + good + `", want none`},
		{"seeds", []string{"-data", good, "-seeds", "0"}, "-seeds 0, -epochs 30, -batch 128, -hidden 128, want positive numbers"},
		{"rate", []string{"-data", good, "-lr", "NaN"}, "-lr NaN, want a positive number"},
		{"alpha", []string{"-data", good, "-alpha", "-1"}, "-alpha: mixup: Sampler: Alpha = -1, want ≥ 0"},
		{"train", []string{"-data", good, "-train", "601"}, "-train 601, want at most 600 training images"},
		{"holdout", []string{"-data", good, "-holdout", "601"}, "-holdout 601, want at most the 600 training images"},
		{"batch", []string{"-data", good, "-train", "100"}, "-batch 128, want at most the 100 training images"},
		{"file", []string{"-data", bad}, "datasets: " + short + ": byte 10: file ends after 2 of 200 bytes of labels"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			err := run(t.Context(), tc.args, io.Discard, io.Discard)
			if err == nil {
				t.Fatalf("no error, want %q", tc.want)
			}
			if got := err.Error(); got != tc.want {
				t.Errorf("error %q, want %q", got, tc.want)
			}
		})
	}
}

// TestCanceled checks that a run ends when its context does.
func TestCanceled(t *testing.T) {
	stop := errors.New("stop")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(stop)
	if err := run(ctx, []string{"-data", idx(t)}, io.Discard, io.Discard); err != stop {
		t.Errorf("error %v, want %v", err, stop)
	}
}
