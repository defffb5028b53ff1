package main

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/nn"
	"github.com/seed-7466c776/mixup/experiments/internal/train"
)

// linear returns a net whose logits are W·x.
func linear(in int, w ...float32) *nn.Net {
	d := nn.NewDense(in, len(w)/in, rand.NewPCG(1, 1))
	copy(d.Weight.Value, w)
	return nn.New(in, d)
}

func TestConfidences(t *testing.T) {
	// The logits are x and 0. A confidence of p needs x = log(p/(1-p)).
	net := linear(1, 1, 0)
	data := &train.Rows{Dim: 1, Classes: 2}
	for _, v := range []struct {
		p     float64 // of class 0
		label int
	}{{0.99, 0}, {0.97, 1}, {0.7, 0}, {0.29, 1}, {0.5, 0}} {
		data.X = append(data.X, float32(math.Log(v.p/(1-v.p))))
		data.Labels = append(data.Labels, v.label)
	}
	got := confidences(net, data)
	want := make([]bin, confidenceBins)
	want[14] = bin{2, 0.99 + 0.97, 1}
	want[10] = bin{2, 0.7 + 0.71, 2}
	want[7] = bin{1, 0.5, 1}
	for i := range want {
		if got[i].Count != want[i].Count || got[i].Right != want[i].Right || math.Abs(got[i].Confidence-want[i].Confidence) > 1e-6 {
			t.Errorf("bin %d = %+v, want %+v", i, got[i], want[i])
		}
	}
	if got, want := calibrationError(got), (0.96+0.59+0.5)/5; math.Abs(got-want) > 1e-6 {
		t.Errorf("expected calibration error = %v, want %v", got, want)
	}
	if got, want := overconfidence(got), (0.96-0.59-0.5)/5; math.Abs(got-want) > 1e-6 {
		t.Errorf("confidence less accuracy = %v, want %v", got, want)
	}
	if got, want := wrongShare(got), 1./5; got != want {
		t.Errorf("share of wrong predictions = %v, want %v", got, want)
	}
}

func TestBetween(t *testing.T) {
	// Class 2 wins where |x| < 0.5, which is half-way between the two points.
	net := linear(2, 1, 0, -1, 0, 0, 0.5)
	data := &train.Rows{X: []float32{1, 1, -1, 1}, Dim: 2, Labels: []int{0, 1}, Classes: 3}
	pairs := &mixup.Mix{K: 2, Index: []int{0, 1, 1, 0, 0, 0}, Weight: make([]float32, 6)}
	var r betweenResult
	for _, lambda := range []float32{0, 0.5, 1} {
		r.add(net, data, pairs, lambda)
	}
	if want := []float64{0, 2. / 3, 0}; !slices.Equal(r.Misses, want) {
		t.Errorf("misses = %v, want %v", r.Misses, want)
	}

	// The gradient of cross-entropy with respect to x is Wᵀ(p-y).
	norm := func(z, y [3]float64) float64 {
		sum := math.Exp(z[0]) + math.Exp(z[1]) + math.Exp(z[2])
		for i := range z {
			z[i] = math.Exp(z[i])/sum - y[i]
		}
		return math.Hypot(z[0]-z[1], z[2]/2)
	}
	end := norm([3]float64{1, -1, 0.5}, [3]float64{1, 0, 0})
	middle := norm([3]float64{0, 0, 0.5}, [3]float64{0.5, 0.5, 0})
	for i, want := range []float64{end, (2*middle + end) / 3, end} {
		if got := r.Gradients[i]; math.Abs(got-want) > 1e-6 {
			t.Errorf("gradient at λ = %v: norm %v, want %v", float64(i)/2, got, want)
		}
	}

	a, b, c := lines(data, 1), lines(data, 1), lines(data, 2)
	if !slices.Equal(a.Index, b.Index) || slices.Equal(a.Index, c.Index) {
		t.Error("pairs are not a function of the seed")
	}
}

func TestPerturb(t *testing.T) {
	set := syntheticImages()
	net := convNet(set.shape, 3, 0, set.test.Classes, rand.NewPCG(1, 2), rectified)
	n := 40
	clean, labels := set.test.X[:n*set.test.Dim], set.test.Labels[:n]
	loss := func(x []float32) float64 {
		return train.Loss(net, &train.Rows{X: x, Dim: set.test.Dim, Labels: labels, Classes: set.test.Classes})
	}
	before := loss(clean)
	losses := make(map[int]float64)
	for _, steps := range []int{0, 1, 10} {
		x := slices.Clone(clean)
		attack{steps: steps}.perturb(net, set, x, labels)
		var largest float64
		for i := range x {
			c := i / (set.shape.Height * set.shape.Width) % set.shape.Channels
			pixel := float64(x[i]*set.std[c] + set.mean[c])
			if pixel < -1e-6 || pixel > 1+1e-6 {
				t.Fatalf("%d steps: pixel of %v, want one in [0, 1]", steps, pixel)
			}
			largest = max(largest, math.Abs(float64(x[i]-clean[i])*float64(set.std[c])))
		}
		if want := perturbation * float64(min(steps, 1)); math.Abs(largest-want) > 1e-6 {
			t.Errorf("%d steps move pixels by up to %v, want %v", steps, largest, want)
		}
		losses[steps] = loss(x)
	}
	if !(losses[0] == before && losses[1] > before && losses[10] > losses[1]) {
		t.Errorf("losses after 0, 1 and 10 steps are %v, want them to begin at %v and to grow", losses, before)
	}
}
