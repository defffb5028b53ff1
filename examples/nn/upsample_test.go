package nn

import (
	"slices"
	"testing"

	"github.com/seed-7466c776/mixup/examples/datasets"
)

func TestUpsample(t *testing.T) {
	l := &Upsample{In: datasets.Shape{Channels: 2, Height: 2, Width: 3}}
	if got, want := l.Shape(), (datasets.Shape{Channels: 2, Height: 4, Width: 6}); got != want {
		t.Fatalf("shape = %v, want %v", got, want)
	}
	x := []float32{
		1, 2, 3,
		4, 5, 6,

		-1, -2, -3,
		-4, -5, -6,
	}
	y := make([]float32, l.Out(len(x)))
	l.Forward(y, x, Train)
	if want := []float32{
		1, 1, 2, 2, 3, 3,
		1, 1, 2, 2, 3, 3,
		4, 4, 5, 5, 6, 6,
		4, 4, 5, 5, 6, 6,

		-1, -1, -2, -2, -3, -3,
		-1, -1, -2, -2, -3, -3,
		-4, -4, -5, -5, -6, -6,
		-4, -4, -5, -5, -6, -6,
	}; !slices.Equal(y, want) {
		t.Errorf("output = %v, want %v", y, want)
	}
	// The largest value of each square is the pixel that it was made of.
	pool := &MaxPool{In: l.Shape()}
	back := make([]float32, len(x))
	pool.Forward(back, y, Train)
	if !slices.Equal(back, x) {
		t.Errorf("upsampled and pooled: %v, want %v", back, x)
	}
	for i := range y {
		y[i] = float32(i)
	}
	l.Backward(back, y)
	if want := []float32{14, 22, 30, 62, 70, 78, 110, 118, 126, 158, 166, 174}; !slices.Equal(back, want) {
		t.Errorf("gradient = %v, want %v", back, want)
	}
}
