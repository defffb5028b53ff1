package main

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat"

	"github.com/seed-7466c776/mixup/examples/datasets"
)

// TestNewImageSet checks that training images have mean 0 and standard deviation
// 1, and that test images are scaled as they are.
func TestNewImageSet(t *testing.T) {
	s := syntheticImages()
	for c := range s.shape.Channels {
		plane := s.shape.Height * s.shape.Width
		var x []float64
		for i := c * plane; i < len(s.training.X); i += s.training.Dim {
			for _, v := range s.training.X[i:][:plane] {
				x = append(x, float64(v))
			}
		}
		if mean, std := stat.PopMeanStdDev(x, nil); math.Abs(mean) > 1e-4 || math.Abs(std-1) > 1e-4 {
			t.Errorf("channel %d: mean %v, standard deviation %v, want 0 and 1", c, mean, std)
		}
	}
	for i, v := range s.test.X {
		c := i / (s.shape.Height * s.shape.Width) % s.shape.Channels
		u := 255 * (v*s.std[c] + s.mean[c])
		if d := math.Abs(float64(u) - math.Round(float64(u))); d > 1e-3 || u < -1e-3 || u > 255.001 {
			t.Fatalf("value %d of the test images is a pixel of %v, want an integer in [0, 255]", i, u)
		}
	}
	black := &datasets.Set{Shape: datasets.Shape{Channels: 1, Height: 1, Width: 2}, Classes: 1, Labels: []int{0}, Pixels: []uint8{7, 7}}
	if got := newImageSet("", black, black).training.X; !slices.Equal(got, []float32{0, 0}) {
		t.Errorf("images without contrast become %v, want zeros", got)
	}
}

// TestAugment draws until every shift and side has come up, and checks that
// nothing else does.
func TestAugment(t *testing.T) {
	shape := datasets.Shape{Channels: 2, Height: 3, Width: 4}
	const border = 1
	src := make([]float32, shape.Size())
	for i := range src {
		src[i] = float32(i + 1)
	}
	type variant struct {
		down, right int
		flip        bool
	}
	want := make(map[variant][]float32)
	for down := -border; down <= border; down++ {
		for right := -border; right <= border; right++ {
			for _, flip := range []bool{false, true} {
				x := make([]float32, len(src))
				for c := range shape.Channels {
					for i := range shape.Height {
						for j := range shape.Width {
							y, k := i-down, j-right
							if y < 0 || y >= shape.Height || k < 0 || k >= shape.Width {
								continue
							}
							if flip {
								k = shape.Width - 1 - k
							}
							x[(c*shape.Height+i)*shape.Width+j] = src[(c*shape.Height+y)*shape.Width+k]
						}
					}
				}
				want[variant{down, right, flip}] = x
			}
		}
	}
	// 18 variants, each missed by 1000 draws but for one seed in 10²³.
	r := rand.New(rand.NewPCG(1, 2))
	seen := make(map[variant]bool)
	for range 1000 {
		got := slices.Repeat([]float32{-1}, len(src))
		augment(got, src, shape, border, r)
		found := false
		for v, x := range want {
			if slices.Equal(got, x) {
				seen[v], found = true, true
			}
		}
		if !found {
			t.Fatalf("image becomes %v, which is no shift of it", got)
		}
	}
	if len(seen) != len(want) {
		t.Errorf("%d variants come up, want %d", len(seen), len(want))
	}
}
