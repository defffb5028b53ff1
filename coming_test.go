package mixup_test

// What the tests of docs/coming-from.md share. The tests in coming_*_test.go run its
// code, and compare what it draws with what the other libraries drew.

import (
	"encoding/json"
	"image"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/seed-7466c776/mixup"
)

// The shape of the minibatch.
const (
	n       = 6
	dim     = 2 * 4 * 5
	classes = 5
)

// minibatch returns what every piece of code takes for given.
func minibatch() (x []float32, labels []int, img mixup.Image, partner []int, src rand.Source, r *rand.Rand) {
	labels = []int{3, 0, 2, 2, 4, 3}
	img = mixup.Image{Channels: 2, Height: 4, Width: 5}
	src = rand.NewPCG(1, 2)
	r = rand.New(src)
	x = make([]float32, n*dim)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return x, labels, img, make([]int, n), src, r
}

// net returns logits, and where their gradient goes.
func net(x []float32) (logits, grad []float32) {
	return slices.Clone(x[:n*classes]), make([]float32, n*classes)
}

// area returns the number of pixels of b.
func area(b image.Rectangle) int { return b.Dx() * b.Dy() }

// wantLoss checks that a loss is a positive number.
func wantLoss(t *testing.T, loss float64) {
	t.Helper()
	if !(loss > 0) {
		t.Errorf("loss %v, want > 0", loss)
	}
}

// wantNear checks that two numbers agree to 1e-6.
func wantNear(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-6*max(1, math.Abs(want))) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// wantDraws checks by a χ² test that draws fall into the same categories as those
// of testdata/peers.json. With random seeds it would fail once in 10⁴ runs.
func wantDraws(t *testing.T, name string, draw func() []int) {
	t.Helper()
	data, err := os.ReadFile("testdata/peers.json")
	if err != nil {
		t.Fatal(err)
	}
	var peers struct {
		Draws []struct {
			Name  string
			Count []int
		}
	}
	if err := json.Unmarshal(data, &peers); err != nil {
		t.Fatal(err)
	}
	for _, d := range peers.Draws {
		if d.Name != name {
			continue
		}
		total := 0
		for _, c := range d.Count {
			total += c
		}
		got := make([]int, len(d.Count))
		for drawn := 0; drawn < total; {
			for _, k := range draw() {
				if drawn < total {
					got[k]++
					drawn++
				}
			}
		}
		chi2, cells := 0.0, 0
		for k, c := range d.Count {
			if sum := float64(c + got[k]); sum > 0 {
				chi2 += float64(c-got[k]) * float64(c-got[k]) / sum
				cells++
			}
		}
		if p := (distuv.ChiSquared{K: float64(cells - 1)}).Survival(chi2); p < 1e-4 {
			t.Errorf("%s: drew %v, want %v, χ² = %.1f, p = %.2g", name, got, d.Count, chi2, p)
		}
		return
	}
	t.Fatalf("no draws of %q", name)
}
