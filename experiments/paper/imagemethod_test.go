package main

import (
	"image"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/nn"
	"github.com/seed-7466c776/mixup/experiments/internal/train"
)

// TestImageMethods checks what each method draws for 200 minibatches. That
// switching draws the same thing 200 times has a probability of 2⁻¹⁹⁹.
func TestImageMethods(t *testing.T) {
	for _, tc := range []struct {
		method       imageMethod
		name         string
		terms        int  // with a positive weight in a mixed row
		boxes, mixes bool // whether some minibatches are cut, and some mixed
	}{
		{erm, "ERM", 1, false, false},
		{mixupMethod(0.2), "mixup, α = 0.2", 2, false, true},
		{kwayMethod(1, 3), "mixup, α = 1, K = 3", 3, false, true},
		{kwayMethod(1, 4), "mixup, α = 1, K = 4", 4, false, true},
		{cutMixMethod(1), "CutMix, α = 1", 2, true, false},
		{switchedMethod(1), "mixup or CutMix, α = 1", 2, true, true},
	} {
		if tc.method.name != tc.name {
			t.Errorf("name %q, want %q", tc.method.name, tc.name)
		}
		s := tc.method.sampler
		s.Image, s.Src = mixup.Image{Channels: 1, Height: 8, Width: 8}, rand.NewPCG(1, 2)
		var boxes, mixes bool
		terms := 1
		for range 200 {
			var c mixup.Cut
			s.Sample(&c, 4)
			if c.Box[0] != (image.Rectangle{}) {
				boxes = true
			} else if c.Labels.Lambda(0) < 1 {
				mixes = true
			}
			var positive int
			for _, w := range c.Labels.Weight[:c.Labels.K] {
				if w > 0 {
					positive++
				}
			}
			terms = max(terms, positive)
		}
		if boxes != tc.boxes || mixes != tc.mixes || terms != tc.terms {
			t.Errorf("%s: boxes %v, mixes %v, up to %d terms, want %v, %v, %d", tc.name, boxes, mixes, terms, tc.boxes, tc.mixes, tc.terms)
		}
	}
}

// TestImageGradient compares the gradient of a linear net with that of soft
// targets on images that are mixed here, pixel by pixel, from the same draws.
func TestImageGradient(t *testing.T) {
	const side, classes, n = 4, 3, 5
	r := rand.New(rand.NewPCG(1, 2))
	data := &train.Rows{Dim: side * side, Classes: classes}
	for i := range 9 {
		for range data.Dim {
			data.X = append(data.X, float32(r.NormFloat64()))
		}
		data.Labels = append(data.Labels, i%classes)
	}
	shape := mixup.Image{Channels: 1, Height: side, Width: side}
	twice := func(dst, src []float32) {
		for i, v := range src {
			dst[i] = 2 * v
		}
	}
	steps := []train.Step{{Rows: []int{7, 0, 3, 5, 1}}, {Rows: []int{2, 8}}} // the second minibatch is smaller
	for _, m := range []imageMethod{erm, mixupMethod(1), kwayMethod(1, 3), cutMixMethod(1), switchedMethod(1)} {
		t.Run(m.name, func(t *testing.T) {
			dense := nn.NewDense(data.Dim, classes, rand.NewPCG(3, 4))
			gradient := m.gradient(nn.New(data.Dim, dense), data, shape, rand.NewPCG(5, 6), twice)
			s := m.sampler
			s.Image, s.Src = shape, rand.NewPCG(5, 6)
			for _, step := range steps {
				loss := gradient(step)
				var c mixup.Cut
				s.Sample(&c, len(step.Rows))
				wantLoss, want := referenceGradient(data, step.Rows, &c, 2, dense.Weight.Value)
				if math.Abs(loss-wantLoss) > 1e-5 {
					t.Errorf("%d rows: loss %v, want %v", len(step.Rows), loss, wantLoss)
				}
				for i, g := range dense.Weight.Grad {
					if math.Abs(float64(g)-want[i]) > 1e-5 {
						t.Fatalf("%d rows: gradient of weight %d is %v, want %v", len(step.Rows), i, g, want[i])
					}
				}
			}
		})
	}
}

// referenceGradient returns the mean cross-entropy of the linear net with weights
// w and its gradient, on rows of square images of one channel, which are scaled
// and then mixed as c says.
func referenceGradient(data *train.Rows, rows []int, c *mixup.Cut, scale float64, w []float32) (loss float64, grad []float64) {
	grad = make([]float64, len(w))
	n := float64(len(rows))
	for i := range rows {
		x, target := make([]float64, data.Dim), make([]float64, data.Classes)
		for k := range c.Labels.K {
			source := rows[c.Labels.Index[i*c.Labels.K+k]]
			weight := float64(c.Labels.Weight[i*c.Labels.K+k])
			target[data.Labels[source]] += weight
			for p := range x {
				share := weight
				if !c.Box[i].Empty() { // a pixel comes from one image
					share = 0
					if inside := (image.Point{X: p % c.Image.Width, Y: p / c.Image.Width}).In(c.Box[i]); inside == (k == 1) && k < 2 {
						share = 1
					}
				}
				x[p] += share * scale * float64(data.X[source*data.Dim+p])
			}
		}
		z, sum := make([]float64, data.Classes), 0.
		for j := range z {
			for p, v := range x {
				z[j] += float64(w[j*data.Dim+p]) * v
			}
			sum += math.Exp(z[j])
		}
		for j := range z {
			loss -= target[j] * (z[j] - math.Log(sum)) / n
			for p, v := range x {
				grad[j*data.Dim+p] += (math.Exp(z[j])/sum - target[j]) * v / n
			}
		}
	}
	return loss, grad
}
