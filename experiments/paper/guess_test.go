package main

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/seed-7466c776/mixup/examples/nn"
)

func TestSoftmax(t *testing.T) {
	ln3 := float32(math.Log(3))
	logits := []float32{
		0, ln3, // 1/4 and 3/4
		500 + ln3, 500, // the same, turned: large logits do not overflow
		-1000, 0, // an impossible class
	}
	want := []float32{0.25, 0.75, 0.75, 0.25, 0, 1}
	probabilities(logits, logits, 2)
	for i, p := range logits {
		if math.Abs(float64(p-want[i])) > 1e-5 { // 500 + ln 3 is rounded
			t.Errorf("probability %d is %v, want %v", i, p, want[i])
		}
	}
}

func TestSharpen(t *testing.T) {
	p := []float32{
		0.75, 0.25, // squares 9/16 and 1/16
		0.5, 0.5,
		0, 1,
	}
	sharpen(p, 2, 0.5)
	if want := []float32{0.9, 0.1, 0.5, 0.5, 0, 1}; !slices.Equal(p, want) {
		t.Errorf("at a temperature of ½: %v, want %v", p, want)
	}
	p = []float32{0.5, 0.25, 0.25}
	sharpen(p, 3, 1./3)
	if want := []float32{0.8, 0.1, 0.1}; !slices.Equal(p, want) {
		t.Errorf("at a temperature of ⅓: %v, want %v", p, want)
	}
	p = []float32{0.7, 0.2, 0.10000001} // the sum is not 1
	same := slices.Clone(p)
	sharpen(p, 3, 1)
	if !slices.Equal(p, same) {
		t.Errorf("at a temperature of 1: %v, want it unchanged: %v", p, same)
	}
}

func TestMeanOfViews(t *testing.T) {
	p := []float32{
		1, 2, // view 0 of images 0 and 1
		3, 6, // view 1
		5, 1, // view 2
		7, 3, // view 3
	}
	for _, tc := range []struct {
		views int
		want  []float32
	}{
		{1, []float32{1, 2}},
		{2, []float32{2, 4}},
		{4, []float32{4, 3}},
	} {
		m := meanOfViews(2, tc.views)
		if err := m.Validate(2 * tc.views); err != nil {
			t.Errorf("%d views: %v", tc.views, err)
		}
		got := make([]float32, 2)
		m.ApplyTo(got, p[:2*tc.views], 1)
		if !slices.Equal(got, tc.want) {
			t.Errorf("%d views: mean %v, want %v", tc.views, got, tc.want)
		}
	}
}

func TestSquareLoss(t *testing.T) {
	// Probabilities of ½ differ by ½ from the targets of row 0, and from those of
	// row 1 by 0. With the weight 8 and 4 probabilities, the loss is 8·(¼+¼)/4.
	logits, targets := []float32{3, 3, -1, -1}, []float32{1, 0, 0.5, 0.5}
	grad := make([]float32, 4)
	if got, want := squareLoss(grad, logits, targets, 2, 8), 1.; got != want {
		t.Errorf("loss %v, want %v", got, want)
	}
	// ∂p₀/∂z₀ = -∂p₁/∂z₀ = ¼, and the derivative by p is 2·8·(∓½)/4.
	if want := []float32{-1, 1, 0, 0}; !slices.Equal(grad, want) {
		t.Errorf("gradient %v, want %v", grad, want)
	}

	const rows, classes, h = 3, 4, 1e-2
	r := rand.New(rand.NewPCG(1, 2))
	draw := func() []float32 {
		x := make([]float32, rows*classes)
		for i := range x {
			x[i] = float32(r.NormFloat64())
		}
		return x
	}
	logits, targets, grad = draw(), draw(), make([]float32, rows*classes)
	probabilities(targets, targets, classes)
	squareLoss(grad, logits, targets, classes, 5)
	for i, z := range logits {
		ignored := make([]float32, len(grad))
		logits[i] = z + h
		up := squareLoss(ignored, logits, targets, classes, 5)
		logits[i] = z - h
		down := squareLoss(ignored, logits, targets, classes, 5)
		logits[i] = z
		if want := (up - down) / (2 * h); math.Abs(float64(grad[i])-want) > 1e-4 {
			t.Errorf("gradient[%d] = %v, want %v", i, grad[i], want)
		}
	}
}

// TestFollow moves a teacher after a net whose weight is 0, then 4, 8, 0 and so
// on. The teacher is the mean of all of them up to the step whose share is that
// of the decay.
func TestFollow(t *testing.T) {
	param := func() []*nn.Param { return []*nn.Param{{Value: []float32{9}}, {Value: []float32{0, 0}}} }
	teacher, net := param(), param()
	for step, tc := range []struct{ net, want float32 }{
		{4, 2},
		{8, 4},
		{0, 3},
		{7, 4}, // from here on a quarter of the way: 1-decay
		{12, 6},
	} {
		net[1].Value[1] = tc.net
		follow(teacher, net, step, 0.75)
		if got := teacher[1].Value[1]; got != tc.want {
			t.Errorf("after step %d: %v, want %v", step, got, tc.want)
		}
	}
	teacher[1].Value[1], net[1].Value[1] = 1e8, 3
	follow(teacher, net, 5, 0)
	if got := teacher[1].Value[1]; got != 3 {
		t.Errorf("with a decay of 0: %v, want 3", got)
	}
	if teacher[0].Value[0] != 9 || teacher[1].Value[0] != 0 {
		t.Errorf("weights that the net has kept are %v and %v, want 9 and 0", teacher[0].Value[0], teacher[1].Value[0])
	}
}

func TestRamps(t *testing.T) {
	for _, tc := range []struct {
		name       string
		weight     func(float64) float64
		done, want float64
	}{
		{"linear", linearRamp(8, 0.5), 0, 0},
		{"linear", linearRamp(8, 0.5), 0.25, 4},
		{"linear", linearRamp(8, 0.5), 0.5, 8},
		{"linear", linearRamp(8, 0.5), 0.75, 8},
		{"sigmoid", sigmoidRamp(8, 0.5), 0, 8 * math.Exp(-5)},
		{"sigmoid", sigmoidRamp(8, 0.5), 0.25, 8 * math.Exp(-5./4)},
		{"sigmoid", sigmoidRamp(8, 0.5), 0.5, 8},
		{"sigmoid", sigmoidRamp(8, 0.5), 1, 8},
	} {
		if got := tc.weight(tc.done); got != tc.want {
			t.Errorf("%s ramp at %v: %v, want %v", tc.name, tc.done, got, tc.want)
		}
	}
}
