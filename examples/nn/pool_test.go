package nn

import (
	"slices"
	"testing"

	"github.com/seed-7466c776/mixup/examples/datasets"
)

func TestMaxPool(t *testing.T) {
	l := &MaxPool{In: datasets.Shape{Channels: 2, Height: 3, Width: 5}}
	if got, want := l.Shape(), (datasets.Shape{Channels: 2, Height: 1, Width: 2}); got != want {
		t.Fatalf("shape = %v, want %v", got, want)
	}
	x := []float32{
		1, 2, -7, -1, 9,
		4, 3, -2, -8, 9,
		9, 9, 9, 9, 9,

		0, 0, -1, 5, 9,
		0, 0, 5, 5, 9,
		9, 9, 9, 9, 9,
	}
	y := make([]float32, l.Out(len(x)))
	l.Forward(y, x, Train)
	if want := []float32{4, -1, 0, 5}; !slices.Equal(y, want) {
		t.Errorf("output = %v, want %v", y, want)
	}
	dx := slices.Clone(x)
	l.Backward(dx, []float32{1, 2, 3, 4})
	want := make([]float32, len(x))
	want[5], want[3], want[15], want[18] = 1, 2, 3, 4 // the first of equal ones
	if !slices.Equal(dx, want) {
		t.Errorf("gradient = %v, want %v", dx, want)
	}
}
