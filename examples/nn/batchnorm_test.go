package nn

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/seed-7466c776/mixup/examples/datasets"
)

// TestBatchNorm compares with figures by hand: three images of two channels of
// two pixels.
func TestBatchNorm(t *testing.T) {
	l := NewBatchNorm(datasets.Shape{Channels: 2, Height: 1, Width: 2})
	copy(l.Scale.Value, []float32{2, 1})
	copy(l.Shift.Value, []float32{1, -1})
	x := []float32{
		1, 3, 10, 10,
		5, 7, 10, 10,
		9, 11, 10, 10,
	}
	y := make([]float32, len(x))
	l.Forward(y, x, Train)
	// The first channel has mean 6 and variance 35/3, the second one 10 and 0.
	const std = 3.41565
	for i, want := range []float64{
		1 - 10/std, 1 - 6/std, -1, -1,
		1 - 2/std, 1 + 2/std, -1, -1,
		1 + 6/std, 1 + 10/std, -1, -1,
	} {
		if !near(float64(y[i]), want, 1e-5) {
			t.Errorf("output[%d] = %v, want %v", i, y[i], want)
		}
	}
	// The moving averages began at 0 and 1. Theirs is the variance with 5 and not
	// 6 in the denominator: 14.
	if want := []float32{0.6, 1}; !slices.Equal(l.mean, want) {
		t.Errorf("moving mean %v, want %v", l.mean, want)
	}
	for i, want := range []float64{0.9 + 1.4, 0.9} {
		if !near(float64(l.variance[i]), want, 1e-6) {
			t.Errorf("moving variance %v, want %v", l.variance[i], want)
		}
	}
	l.Forward(y[:4], []float32{0.6, 0.6, 1, 1}, Eval)
	for i, want := range []float32{1, 1, -1, -1} {
		if y[i] != want {
			t.Errorf("prediction[%d] = %v, want %v", i, y[i], want)
		}
	}
}

// TestBatchNormPredictionGradient compares the gradient after a prediction, whose
// mean and variance do not depend on the input, with the factor that a prediction
// multiplies the input by.
func TestBatchNormPredictionGradient(t *testing.T) {
	l := NewBatchNorm(datasets.Shape{Channels: 2, Height: 1, Width: 1})
	copy(l.Scale.Value, []float32{2, 3})
	copy(l.variance, []float32{4, 9})
	x, y, dx := []float32{1, 2, 3, 4}, make([]float32, 4), make([]float32, 4)
	l.Forward(y, x, Eval)
	l.Backward(dx, []float32{1, 1, 2, 2})
	for i, want := range []float64{1, 1, 2, 2} {
		if !near(float64(dx[i]), want, 1e-5) {
			t.Errorf("gradient[%d] = %v, want %v", i, dx[i], want)
		}
	}
}

// TestBatchNormState wants a net's bytes to have the moving averages.
func TestBatchNormState(t *testing.T) {
	image := datasets.Shape{Channels: 1, Height: 4, Width: 4}
	r := rand.New(rand.NewPCG(1, 2))
	x := normals(3*image.Size(), r)
	a, b := normalisedNet(image, 2), normalisedNet(image, 2)
	a.Forward(x)
	want := slices.Clone(a.Predict(x))
	if slices.Equal(want, b.Predict(x)) {
		t.Fatal("moving averages change no prediction")
	}
	bytes, err := a.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	if err := b.UnmarshalBinary(bytes); err != nil {
		t.Fatal(err)
	}
	if got := b.Predict(x); !slices.Equal(got, want) {
		t.Errorf("predictions %v, want %v", got, want)
	}
}
