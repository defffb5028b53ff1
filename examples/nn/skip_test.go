package nn

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/seed-7466c776/mixup/examples/datasets"
)

// TestSkip has an inner net that adds 10 and drops the second of two features.
func TestSkip(t *testing.T) {
	dense := NewDense(2, 1, rand.NewPCG(1, 1))
	copy(dense.Weight.Value, []float32{1, 0})
	dense.Bias.Value[0] = 10
	net := New(2, NewSkip(2, dense))
	want := []float32{1, 2, 11, 3, 4, 13}
	if got := net.Forward([]float32{1, 2, 3, 4}); !slices.Equal(got, want) {
		t.Errorf("output = %v, want %v", got, want)
	}
	dx := make([]float32, 4)
	net.BackwardTo(dx, []float32{1, 2, 100, 3, 4, 200})
	if want := []float32{101, 2, 203, 4}; !slices.Equal(dx, want) {
		t.Errorf("gradient = %v, want %v", dx, want)
	}
	if got := net.Params(); len(got) != 2 || got[0] != dense.Weight || got[1] != dense.Bias {
		t.Errorf("parameters %v, want those of the inner layer", got)
	}
	if want := []float32{700, 1000}; !slices.Equal(dense.Weight.Grad, want) {
		t.Errorf("gradient of the weights = %v, want %v", dense.Weight.Grad, want)
	}

	// In prediction, the inner net predicts too.
	net = New(2, NewSkip(2, &Dropout{P: 0.999, Src: nil}))
	if got, want := net.Predict([]float32{5, 6}), []float32{5, 6, 5, 6}; !slices.Equal(got, want) {
		t.Errorf("prediction = %v, want %v", got, want)
	}
}

// TestSkipState wants what an inner layer of a net predicts with to be in the
// net's bytes.
func TestSkipState(t *testing.T) {
	image := datasets.Shape{Channels: 2, Height: 1, Width: 1}
	net := func() *Net { return New(2, NewSkip(2, NewSkip(2, NewBatchNorm(image)))) }
	trained, read := net(), net()
	trained.Forward([]float32{1, 2, 30, 40})
	b, err := trained.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	if err := read.UnmarshalBinary(b); err != nil {
		t.Fatal(err)
	}
	x := []float32{5, 6}
	want := slices.Clone(trained.Predict(x))
	if slices.Equal(net().Predict(x), want) {
		t.Fatal("a new net predicts what the trained one does: the test shows nothing")
	}
	if got := read.Predict(x); !slices.Equal(got, want) {
		t.Errorf("prediction after reading = %v, want %v", got, want)
	}
}
