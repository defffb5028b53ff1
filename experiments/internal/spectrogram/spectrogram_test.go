package spectrogram

import (
	"math"
	"math/cmplx"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestLogTo compares a spectrogram with the definition of the transform.
func TestLogTo(t *testing.T) {
	const width, step, n = 20, 7, 50
	r := rand.New(rand.NewPCG(1, 2))
	samples := make([]int16, n)
	for i := range samples {
		samples[i] = int16(r.Uint32())
	}
	tr := New(width, step)
	rows, cols := tr.Shape(n)
	if rows != 10 || cols != 8 {
		t.Fatalf("shape %d × %d, want 10 × 8", rows, cols)
	}
	got := make([]float32, rows*cols)
	tr.LogTo(got, samples)

	// The samples and, mirrored, those before and after them.
	mirrored := slices.Clone(samples[1 : width+1])
	slices.Reverse(mirrored)
	mirrored = append(mirrored, samples...)
	for i := n - 2; i > n-2-width; i-- {
		mirrored = append(mirrored, samples[i])
	}
	for row := range rows {
		for col := range cols {
			var sum complex128
			for i := range width {
				v := float64(mirrored[width+col*step-width/2+i]) / 32768
				v *= 0.54 - 0.46*math.Cos(2*math.Pi*float64(i)/(width-1))
				sum += complex(v, 0) * cmplx.Exp(complex(0, -2*math.Pi*float64((row+1)*i)/width))
			}
			if want := math.Log(1 + cmplx.Abs(sum)); math.Abs(float64(got[row*cols+col])-want) > 1e-6 {
				t.Errorf("frequency %d, frame %d: %v, want %v", row, col, got[row*cols+col], want)
			}
		}
	}
}

// TestTone finds a pure tone, at full scale from the middle on, where it is: at
// 1000 Hz in frames of 20 ms at 16 kHz, the 20th frequency.
func TestTone(t *testing.T) {
	const n = 16000
	samples := make([]int16, n)
	for i := n / 2; i < n; i++ {
		samples[i] = int16(math.Round(32767 * math.Sin(2*math.Pi*1000*float64(i)/16000)))
	}
	tr := New(320, 160)
	rows, cols := tr.Shape(n)
	if rows != 160 || cols != 101 {
		t.Fatalf("shape %d × %d, want 160 × 101", rows, cols)
	}
	got := make([]float32, rows*cols)
	tr.LogTo(got, samples)
	// At its own frequency a tone is half the sum of the window: 0.54·320 less
	// 0.46, since the window ends where it began.
	peak := math.Log1p((0.54*320 - 0.46) / 2)
	for col := range cols {
		for row := range rows {
			v := float64(got[row*cols+col])
			switch {
			case col < 49: // all of the frame is silent
				if v != 0 {
					t.Errorf("frequency %d, frame %d: %v, want silence", row, col, v)
				}
			case col > 50 && col < 99 && row == 19: // all of the frame is tone
				if math.Abs(v-peak) > 1e-3 {
					t.Errorf("frequency %d, frame %d: %v, want %v", row, col, v, peak)
				}
			case col > 50 && col < 99 && (row < 17 || row > 21): // beyond the main lobe: 40 dB less
				if v > math.Log1p(math.Expm1(peak)/100) {
					t.Errorf("frequency %d, frame %d: %v, want a hundredth of %v", row, col, v, peak)
				}
			}
		}
	}
}

func TestPoolTo(t *testing.T) {
	src := []float32{
		1, 2, 3, 4, 9,
		5, 6, 7, 8, 9,
		0, 0, 1, 1, 9,
		2, 2, 4, 2, 9,
		9, 9, 9, 9, 9,
	}
	got := make([]float32, 4)
	PoolTo(got, src, 5, 2, 2)
	if want := []float32{3.5, 5.5, 1, 2}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestStandardize(t *testing.T) {
	x := []float32{1, 3, 1, 3}
	Standardize(x)
	if want := []float32{-1, 1, -1, 1}; !slices.Equal(x, want) {
		t.Errorf("got %v, want %v", x, want)
	}
	x = []float32{7, 7, 7}
	Standardize(x)
	if want := []float32{0, 0, 0}; !slices.Equal(x, want) {
		t.Errorf("constant: got %v, want %v", x, want)
	}
}

func TestPanics(t *testing.T) {
	for _, tc := range []struct {
		want string
		f    func()
	}{
		{"spectrogram: width 5 and step 1, want positive numbers, width an even one", func() { New(5, 1) }},
		{"spectrogram: width 4 and step 0, want positive numbers, width an even one", func() { New(4, 0) }},
		{"spectrogram: dst has 7 elements, want 2 × 4", func() { New(4, 1).LogTo(make([]float32, 7), make([]int16, 3)) }},
		{"spectrogram: 2 samples, want more than 2", func() { New(4, 1).LogTo(make([]float32, 6), make([]int16, 2)) }},
		{"spectrogram: dst has 3 elements, want 1 × 2", func() { PoolTo(make([]float32, 3), make([]float32, 12), 4, 2, 2) }},
	} {
		func() {
			defer func() {
				if got := recover(); got != tc.want {
					t.Errorf("panic %q, want %q", got, tc.want)
				}
			}()
			tc.f()
		}()
	}
}
