package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/datasets"
	"github.com/seed-7466c776/mixup/experiments/internal/train"
)

func TestImageErrors(t *testing.T) {
	empty := t.TempDir()
	for _, tc := range []struct {
		name string
		args []string
		want string
	}{
		{"no CIFAR-10", []string{"images", "-data", empty}, "datasets: open " + filepath.Join(empty, "cifar10")},
		{"no Fashion-MNIST", []string{"between", "-data", empty}, "datasets: open " + filepath.Join(empty, "fashion_mnist")},
		{"one seed", []string{"adversarial", "-seeds", "1"}, "-seeds 1, want 2 at least: the black box is the net of another seed"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			err := run(t.Context(), append(tc.args, "-out", t.TempDir()), io.Discard, io.Discard)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error %v, want %q", err, tc.want)
			}
		})
	}
}

// TestImageRuns wants all methods of a seed before those of the next one.
func TestImageRuns(t *testing.T) {
	var got []string
	for _, r := range syntheticImagePlan().runs(2) {
		got = append(got, r.Name)
	}
	want := []string{
		"synthetic, ERM, seed 0", "synthetic, mixup, α = 1, seed 0", "synthetic, CutMix, α = 1, seed 0", "synthetic, mixup or CutMix, seed 0",
		"synthetic, ERM, seed 1", "synthetic, mixup, α = 1, seed 1", "synthetic, CutMix, α = 1, seed 1", "synthetic, mixup or CutMix, seed 1",
	}
	if !slices.Equal(got, want) {
		t.Errorf("runs %q, want %q", got, want)
	}
}

// TestImageNet counts the parameters of the net for CIFAR-10: weights and biases of
// all layers, and scales and shifts of the normalisation.
func TestImageNet(t *testing.T) {
	p := imagePlan{imageSet: &imageSet{shape: datasets.Shape{Channels: 3, Height: 32, Width: 32}, training: &train.Rows{Classes: 10}}, width: 32, hidden: 512}
	learner, _ := p.learner(imageMethods[0], 1)
	got := 0
	for _, param := range learner.net.Params() {
		got += len(param.Value)
	}
	want := 32*(9*3+1) + 64*(9*32+1) + 128*(9*64+1) + 512*(128*4*4+1) + 10*(512+1) + 2*(32+64+128+512)
	if got != want {
		t.Errorf("%d parameters, want %d", got, want)
	}
}

// TestMinibatch compares the minibatches of the four methods with what they are
// by definition, image by image.
func TestMinibatch(t *testing.T) {
	set := syntheticImages()
	const n, border, seed, steps = 12, 2, 3, 60
	img := mixup.Image{Channels: set.shape.Channels, Height: set.shape.Height, Width: set.shape.Width}
	cuts := 0 // of the method that does both
	for i, m := range imageMethods {
		training := newImageTraining(set, nil, n, border, m, seed)
		augmenting := mixup.NewStream(seed, train.Augmenting)
		for step := range steps {
			rows := rand.New(rand.NewPCG(uint64(step), 1)).Perm(set.training.Len())[:n-step%2] // as the last of an epoch may be smaller
			for _, s := range append(training.streams(), augmenting) {
				s.Seek(uint64(step))
			}
			training.load(rows)
			training.mix()

			dim := set.training.Dim
			images := make([]float32, len(rows)*dim)
			r := rand.New(augmenting)
			for k, row := range rows {
				augment(images[k*dim:][:dim], set.training.X[row*dim:][:dim], set.shape, border, r)
				if training.labels[k] != set.training.Labels[row] {
					t.Fatalf("%s: label %d is %d, want %d", m.name, k, training.labels[k], set.training.Labels[row])
				}
			}
			c := &training.cut
			want := slices.Clone(images)
			for k := range rows {
				own, other, lambda := images[k*dim:][:dim], images[c.Labels.Partner(k)*dim:][:dim], c.Labels.Lambda(k)
				box := c.Box[k]
				switch {
				case i == 0 && (lambda != 1 || !box.Empty()), i == 1 && !box.Empty():
					t.Fatalf("%s: λ = %v and box %v", m.name, lambda, box)
				case !box.Empty():
					if share := float64(1) - float64(box.Dx()*box.Dy())/float64(img.Height*img.Width); float32(share) != float32(lambda) {
						t.Fatalf("%s: λ = %v with box %v, want %v", m.name, lambda, box, share)
					}
					for j := range dim {
						if y, x := j/img.Width%img.Height, j%img.Width; box.Min.X <= x && x < box.Max.X && box.Min.Y <= y && y < box.Max.Y {
							want[k*dim+j] = other[j]
						}
					}
				case lambda != 1:
					if i == 2 {
						t.Fatalf("%s: λ = %v without a box", m.name, lambda)
					}
					for j := range dim {
						want[k*dim+j] = float32(lambda)*own[j] + float32(1-lambda)*other[j]
					}
				}
			}
			for j, v := range training.x {
				if d := v - want[j]; d > 1e-5 || d < -1e-5 { // the order of rounding is the library's
					t.Fatalf("%s: step %d: value %d is %v, want %v", m.name, step, j, v, want[j])
				}
			}
			if i == 3 && !c.Box[0].Empty() {
				cuts++
			}
		}
	}
	// A box of CutMix is empty in about one case in a hundred. 60 steps have 15 to 45
	// boxes but for one seed in ten thousand.
	if cuts < 15 || cuts > 45 {
		t.Errorf("%d of %d minibatches have boxes, want about half", cuts, steps)
	}
}

func TestCosine(t *testing.T) {
	for _, tc := range []struct{ epoch, want float64 }{{0, 1}, {20, 0.75}, {30, 0.5}, {40, 0.25}, {60, 0}} {
		if got := cosine(tc.epoch, 60); got < tc.want-1e-15 || got > tc.want+1e-15 {
			t.Errorf("factor after epoch %v of 60 is %v, want %v", tc.epoch, got, tc.want)
		}
	}
}

// BenchmarkImageStep measures a step of training on images of the shape of CIFAR-10.
// Beside the time of a step it reports that of an epoch of 10000 images, and how
// much of it is mixing, and loading with shifts and flips. Mixing includes the
// draws.
func BenchmarkImageStep(b *testing.B) {
	shape := datasets.Shape{Channels: 3, Height: 32, Width: 32}
	r := rand.New(rand.NewPCG(1, 2))
	data := &train.Rows{X: make([]float32, 1000*shape.Size()), Dim: shape.Size(), Labels: make([]int, 1000), Classes: 10}
	for i := range data.X {
		data.X[i] = float32(r.NormFloat64())
	}
	p := cifarPlan()
	p.imageSet = &imageSet{shape: shape, training: data}
	for _, m := range imageMethods {
		b.Run(fmt.Sprintf("n=%d/method=%s", p.batch, strings.ReplaceAll(m.name, " ", "")), func(b *testing.B) {
			training, opt := p.learner(m, 1)
			opt.Rate = 1e-9
			var loading, mixing time.Duration
			b.ReportAllocs()
			for b.Loop() {
				rows := r.Perm(data.Len())[:p.batch]
				start := time.Now()
				training.load(rows)
				loaded := time.Now()
				training.mix()
				loading, mixing = loading+loaded.Sub(start), mixing+time.Since(loaded)
				training.learn()
				opt.Step(training.net.Params())
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)*10000/float64(p.batch), "s/epoch")
			b.ReportMetric(100*mixing.Seconds()/b.Elapsed().Seconds(), "%mixing")
			b.ReportMetric(100*loading.Seconds()/b.Elapsed().Seconds(), "%loading")
		})
	}
}

// TestImageReport compares the table with numbers worked out by hand. The test error
// of method m is m points above that of empirical risk minimisation with seed 0, and
// 3m points with seed 1.
func TestImageReport(t *testing.T) {
	e := &env{dir: t.TempDir(), stdout: io.Discard}
	p := imagePlan{imageSet: &imageSet{name: "set"}, epochs: 2, every: 1}
	var results [][]imageResult
	for m := range imageMethods {
		result := func(percent int) imageResult {
			return imageResult{TestErrors: []float64{0.9, float64(percent) / 100}, TrainingError: float64(percent) / 200}
		}
		results = append(results, []imageResult{result(20 + m), result(30 + 3*m)})
	}
	if err := p.report(e, results); err != nil {
		t.Fatal(err)
	}
	text := string(read(t, e.dir, "images.csv")["images.csv"])
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for m, row := range rows[1:] {
		want := []float64{float64(25 + 2*m), float64(5 + m), float64(2 * m), float64(m), 1 - 2/math.Pi*math.Atan(2), float64(25+2*m) / 2, float64(5+m) / 2}
		for i, cell := range row[1:] {
			if 2 <= i && i <= 4 && m == 0 {
				if cell != "" {
					t.Errorf("ERM: %s is %q, want an empty cell", rows[0][1+i], cell)
				}
				continue
			}
			if got := number(t, cell); math.Abs(got-want[i]) > 1e-9 {
				t.Errorf("%s: %s is %v, want %v", row[0], rows[0][1+i], got, want[i])
			}
		}
	}
	if len(rows) != 1+len(imageMethods) {
		t.Errorf("%d rows, want a heading and %d", len(rows), len(imageMethods))
	}
}
