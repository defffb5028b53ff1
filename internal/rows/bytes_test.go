package rows

import (
	"image"
	"math"
	"math/rand/v2"
	"testing"
)

// norm returns a random mean and standard deviation of each channel, or nil.
func norm(channels int, r *rand.Rand) (mean, std []float32) {
	if r.IntN(4) > 0 {
		for range channels {
			mean = append(mean, r.Float32())
		}
	}
	if r.IntN(4) > 0 {
		for range channels {
			std = append(std, r.Float32()+.01)
		}
	}
	return mean, std
}

// Products of bytes are products of the floats that the bytes become, bit for
// bit. These are exact to a relative error of 1e-6.
func TestBytes(t *testing.T) {
	forAllBoxes(t, func(t *testing.T, b Boxes, p picture, l limits, r *rand.Rand) {
		n, dim := len(b.Box), p.dim()
		mean, std := norm(p.channels, r)
		var z Normalizer
		z.Set(p.grid(), mean, std)
		src, x := bytesOf(n*dim, r), make([]float32, n*dim)
		identity(n).mulBytesTo(x, src, &z, l)
		for i, got := range x {
			_, c := p.pixel(i % dim)
			m, s := 0., 1.
			if mean != nil {
				m = float64(mean[c])
			}
			if std != nil {
				s = float64(std[c])
			}
			if want := (float64(src[i])/255 - m) / s; math.Abs(float64(got)-want) > 1e-6*math.Abs(want) {
				t.Fatalf("byte %d, which is %d, becomes %v, want %v", i, src[i], got, want)
			}
		}

		var scratch Scratch
		dst := make([]float32, n*dim)
		b.mulBytesTo(dst, src, &z, &scratch, l)
		wantBits(t, "Boxes", dst, slowBoxes(b, p, x))
		b.W.mulBytesTo(dst, src, &z, l)
		wantBits(t, "Matrix", dst, slowMul(b.W, x, dim))
	})
}

// What a Normalizer keeps of one setting does not show with the next.
func TestNormalizersInTurn(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	mean, std := []float32{.1, .2, .3}, []float32{.4, .5, .6}
	nchw, nhwc := picture{3, 4, 4, false}.grid(), picture{3, 4, 4, true}.grid()
	src := bytesOf(4*48, r)
	w := permutation(4, r)
	var z Normalizer
	for _, test := range []struct {
		grid      Grid
		mean, std []float32
	}{
		{nhwc, nil, nil}, {nhwc, mean, nil}, {nhwc, nil, std}, {nchw, nil, std}, {Grid{1, 1, 48, 1, false}, nil, nil},
		{nchw, mean, nil}, {nchw, nil, nil}, {nhwc, std, mean}, {nchw, std, mean},
	} {
		got, want := make([]float32, 4*48), make([]float32, 4*48)
		z.Set(test.grid, test.mean, test.std)
		w.MulBytesTo(got, src, &z)
		var fresh Normalizer
		fresh.Set(test.grid, test.mean, test.std)
		w.MulBytesTo(want, src, &fresh)
		wantBits(t, "bytes", got, want)
	}
}

// Pixels of more channels than are worked on at a time allocate nothing.
func TestBytesOfManyChannelsAllocateNothing(t *testing.T) {
	p := picture{byteTile + 1, 1, 2, true}
	r := rand.New(rand.NewPCG(1, 2))
	b := Boxes{permutation(4, r), p.grid(), make([]image.Rectangle, 4)}
	for i := range b.Box {
		b.Box[i] = image.Rect(0, 0, 1, 1)
	}
	dst, src := make([]float32, 4*p.dim()), bytesOf(4*p.dim(), r)
	var (
		z Normalizer
		s Scratch
	)
	if got := testing.AllocsPerRun(10, func() {
		z.Set(p.grid(), nil, nil)
		b.MulBytesTo(dst, src, &z, &s)
	}); got != 0 {
		t.Errorf("%v allocations, want 0", got)
	}
}
