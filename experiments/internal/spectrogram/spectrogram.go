// Package spectrogram turns recordings into images of frequency by time.
package spectrogram

import (
	"fmt"
	"math"
	"math/cmplx"

	"gonum.org/v1/gonum/dsp/fourier"
	"gonum.org/v1/gonum/dsp/window"
	"gonum.org/v1/gonum/stat"
)

// A Transform computes spectrograms of frames of a width, a step apart, under a
// Hamming window. It is not safe for concurrent use.
type Transform struct {
	width, step int
	fft         *fourier.FFT
	hamming     window.Values
	frame       []float64
	spectrum    []complex128
}

// New returns a transform of frames of width samples, an even number, that are
// step samples apart.
func New(width, step int) *Transform {
	if width <= 0 || width%2 != 0 || step <= 0 {
		panic(fmt.Sprintf("spectrogram: width %d and step %d, want positive numbers, width an even one", width, step))
	}
	return &Transform{
		width:    width,
		step:     step,
		fft:      fourier.NewFFT(width),
		hamming:  window.NewValues(window.Hamming, width),
		frame:    make([]float64, width),
		spectrum: make([]complex128, width/2+1),
	}
}

// Shape returns the number of frequencies and of frames for that many samples:
// width/2 and samples/step + 1.
func (t *Transform) Shape(samples int) (frequencies, frames int) {
	return t.width / 2, samples/t.step + 1
}

// LogTo writes log(1 + |X|) to dst, a row of frames for each frequency from low
// to high. Frequency k is (k+1)/width of the sampling rate: the mean is left
// out. Frame i is around sample i·step. What it needs of samples before the
// first and after the last is mirrored at these. A sample counts as a part of
// 32768, full scale.
//
// It panics if dst does not have Shape elements or there are no more than
// width/2 samples.
func (t *Transform) LogTo(dst []float32, samples []int16) {
	n := len(samples)
	rows, cols := t.Shape(n)
	if len(dst) != rows*cols {
		panic(fmt.Sprintf("spectrogram: dst has %d elements, want %d × %d", len(dst), rows, cols))
	}
	if n <= t.width/2 {
		panic(fmt.Sprintf("spectrogram: %d samples, want more than %d", n, t.width/2))
	}
	for col := range cols {
		first := col*t.step - t.width/2
		for i := range t.frame {
			j := first + i
			if j < 0 {
				j = -j
			}
			if j >= n {
				j = 2*(n-1) - j
			}
			t.frame[i] = float64(samples[j]) / (1 << 15)
		}
		t.hamming.Transform(t.frame)
		t.fft.Coefficients(t.spectrum, t.frame)
		for row, c := range t.spectrum[1:] {
			dst[row*cols+col] = float32(math.Log1p(cmplx.Abs(c)))
		}
	}
}

// PoolTo writes the means of blocks of height × width elements of src, an image
// with rows of cols elements, to dst. What does not fill a block is left out. It
// panics if dst does not have as many elements as there are blocks.
func PoolTo(dst, src []float32, cols, height, width int) {
	rows := len(src) / cols
	across := cols / width
	if len(dst) != rows/height*across {
		panic(fmt.Sprintf("spectrogram: dst has %d elements, want %d × %d", len(dst), rows/height, across))
	}
	for b := range dst {
		var sum float32
		for i := range height {
			for _, v := range src[(b/across*height+i)*cols+b%across*width:][:width] {
				sum += v
			}
		}
		dst[b] = sum / float32(height*width)
	}
}

// Standardize shifts and scales x to a mean of 0 and a variance of 1. A constant
// becomes 0.
func Standardize(x []float32) {
	wide := make([]float64, len(x))
	for i, v := range x {
		wide[i] = float64(v)
	}
	mean, std := stat.PopMeanStdDev(wide, nil)
	if std == 0 {
		std = 1
	}
	for i, v := range wide {
		x[i] = float32((v - mean) / std)
	}
}
