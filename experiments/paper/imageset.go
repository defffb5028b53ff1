// Sets of images, and what is done to them before they are mixed.

package main

import (
	"math"
	"math/rand/v2"
	"path/filepath"

	"github.com/seed-7466c776/mixup/examples/datasets"
	"github.com/seed-7466c776/mixup/experiments/internal/train"
)

// An imageSet has images of mean 0 and standard deviation 1 in each channel, over
// the training images.
type imageSet struct {
	name      string
	shape     datasets.Shape
	mean, std []float32 // of the training images, with values from 0 to 1
	training  *train.Rows
	test      *train.Rows
}

// openImages reads the set in directory name of data, of which it keeps the first
// images, as many as are asked for or as there are.
func openImages(data, name string, training, test int) (*imageSet, error) {
	a, b, err := datasets.Open(filepath.Join(data, name))
	if err != nil {
		return nil, err
	}
	return newImageSet(name, a.Slice(0, min(training, a.Len())), b.Slice(0, min(test, b.Len()))), nil
}

func newImageSet(name string, training, test *datasets.Set) *imageSet {
	mean, std := training.Moments()
	for c := range std {
		if std[c] == 0 {
			std[c] = 1 // a channel without contrast
		}
	}
	rows := func(s *datasets.Set) *train.Rows {
		x := make([]float32, len(s.Pixels))
		s.NormalizeTo(x, mean, std)
		return &train.Rows{X: x, Dim: s.Shape.Size(), Labels: s.Labels, Classes: training.Classes}
	}
	return &imageSet{name, training.Shape, mean, std, rows(training), rows(test)}
}

// syntheticImages returns a set of small images of five classes, each with a
// pattern of its own, the same from left and right, under noise.
func syntheticImages() *imageSet {
	const classes, size = 5, 12
	shape := datasets.Shape{Channels: 2, Height: size, Width: size}
	r := rand.New(rand.NewPCG(1, 2))
	pattern := make([]float64, classes*shape.Size())
	for first := 0; first < len(pattern); first += size * size {
		fx, fy, phase := r.Float64()/4, r.Float64()/4, r.Float64()
		for i := range size * size {
			x, y := float64(i%size)-(size-1)/2., float64(i/size)
			pattern[first+i] = math.Cos(2*math.Pi*fx*x) * math.Cos(2*math.Pi*(fy*y+phase))
		}
	}
	draw := func(n int) *datasets.Set {
		s := &datasets.Set{Shape: shape, Classes: classes}
		for i := range n {
			class := i % classes
			for _, v := range pattern[class*shape.Size():][:shape.Size()] {
				s.Pixels = append(s.Pixels, uint8(min(max(128+24*(v+r.NormFloat64()), 0), 255)))
			}
			s.Labels = append(s.Labels, class)
		}
		return s
	}
	return newImageSet("synthetic", draw(250), draw(200))
}

// augment moves an image by up to border pixels in each direction, at random,
// with zeros where nothing was, and turns every other one left to right.
func augment(dst, src []float32, shape datasets.Shape, border int, r *rand.Rand) {
	down, right := r.IntN(2*border+1)-border, r.IntN(2*border+1)-border
	flip := r.IntN(2) == 1
	clear(dst)
	for c := range shape.Channels {
		for y := max(down, 0); y < min(shape.Height, shape.Height+down); y++ {
			to := dst[(c*shape.Height+y)*shape.Width:][:shape.Width]
			from := src[(c*shape.Height+y-down)*shape.Width:][:shape.Width]
			first, end := max(right, 0), min(shape.Width, shape.Width+right)
			if !flip {
				copy(to[first:end], from[first-right:])
				continue
			}
			for x := first; x < end; x++ {
				to[x] = from[shape.Width-1-(x-right)]
			}
		}
	}
}
