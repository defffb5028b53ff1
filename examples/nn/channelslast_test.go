package nn

import (
	"slices"
	"testing"

	"github.com/seed-7466c776/mixup/examples/datasets"
)

func TestChannelsLast(t *testing.T) {
	l := &ChannelsLast{In: datasets.Shape{Channels: 3, Height: 1, Width: 2}}
	x := []float32{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12} // two images
	y := make([]float32, len(x))
	l.Forward(y, x, Train)
	want := []float32{1, 3, 5, 2, 4, 6, 7, 9, 11, 8, 10, 12}
	if !slices.Equal(y, want) {
		t.Errorf("output = %v, want %v", y, want)
	}
	dx := make([]float32, len(x))
	l.Backward(dx, y)
	if !slices.Equal(dx, x) {
		t.Errorf("gradient = %v, want %v", dx, x)
	}
}
