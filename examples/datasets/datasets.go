// Package datasets reads labelled images from the files in which they are
// published, gzipped or not: IDX (MNIST, Fashion-MNIST and their kin) and the
// binary version of CIFAR-10.
//
// Files are not trusted. An error names the file and the byte offset in it, which
// counts decompressed bytes where the file is gzipped. No memory is allocated for
// what a header claims before the bytes have been read.
package datasets

import (
	"fmt"
	"math"
)

// A Set is a set of labelled images of one shape.
type Set struct {
	Shape   Shape
	Classes int     // labels are in [0, Classes)
	Labels  []int   // one per image
	Pixels  []uint8 // image after image, each Channels × Height × Width
}

// Shape is the shape of an image.
type Shape struct{ Channels, Height, Width int }

// Size returns the number of values in an image.
func (s Shape) Size() int { return s.Channels * s.Height * s.Width }

// String returns the shape as in 3×32×32.
func (s Shape) String() string { return fmt.Sprintf("%d×%d×%d", s.Channels, s.Height, s.Width) }

// Len returns the number of images.
func (s *Set) Len() int { return len(s.Labels) }

// Slice returns images i to j-1, in the memory of s.
func (s *Set) Slice(i, j int) *Set {
	size := s.Shape.Size()
	return &Set{
		Shape:   s.Shape,
		Classes: s.Classes,
		Labels:  s.Labels[i:j:j],
		Pixels:  s.Pixels[i*size : j*size : j*size],
	}
}

// Moments returns the mean and the standard deviation of each channel over all
// images, of values scaled from [0, 255] to [0, 1]. A set without images has
// NaN.
func (s *Set) Moments() (mean, std []float32) {
	plane := s.Shape.Height * s.Shape.Width
	sum := make([]uint64, s.Shape.Channels)
	squares := make([]uint64, s.Shape.Channels)
	for p := 0; p < len(s.Pixels); p += plane {
		c := p / plane % s.Shape.Channels
		for _, v := range s.Pixels[p : p+plane] {
			sum[c] += uint64(v)
			squares[c] += uint64(v) * uint64(v)
		}
	}
	n := float64(s.Len() * plane)
	for c := range sum {
		m := float64(sum[c]) / n
		mean = append(mean, float32(m/255))
		std = append(std, float32(math.Sqrt(float64(squares[c])/n-m*m)/255))
	}
	return mean, std
}

// NormalizeTo writes the images to dst, of Len × Shape.Size values: a pixel u of
// channel c becomes (u/255 - mean[c]) / std[c]. It panics if a length does not fit.
func (s *Set) NormalizeTo(dst []float32, mean, std []float32) {
	if len(dst) != len(s.Pixels) || len(mean) != s.Shape.Channels || len(std) != s.Shape.Channels {
		panic(fmt.Sprintf("datasets: dst has %d values, mean %d and std %d, want %d, and one for each of %d channels",
			len(dst), len(mean), len(std), len(s.Pixels), s.Shape.Channels))
	}
	plane := s.Shape.Height * s.Shape.Width
	for p := 0; p < len(s.Pixels); p += plane {
		c := p / plane % s.Shape.Channels
		out := dst[p : p+plane]
		for i, u := range s.Pixels[p : p+plane] {
			out[i] = (float32(u)/255 - mean[c]) / std[c]
		}
	}
}
