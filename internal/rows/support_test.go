package rows

import (
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

var (
	inf, nan     = float32(math.Inf(1)), float32(math.NaN())
	negativeZero = float32(math.Copysign(0, -1))
)

// wantBits checks that got and want are the same floats, bit for bit, except for
// the payload and sign of NaNs, which differ between architectures.
func wantBits[T float32 | float64](t *testing.T, what string, got, want []T) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d values, want %d", what, len(got), len(want))
	}
	for i, w := range want {
		g := got[i]
		same := g == w && math.Signbit(float64(g)) == math.Signbit(float64(w)) || g != g && w != w
		if !same {
			t.Fatalf("%s: value %d is %v, want %v", what, i, g, w)
		}
	}
}

// floats returns n values around 0, some of them infinite, NaN or -0.
func floats[T float32 | float64](n int, r *rand.Rand) []T {
	x := make([]T, n)
	for i := range x {
		bits := r.Uint64()
		switch x[i] = T(int32(bits)) / (1 << 30); bits >> 58 {
		case 0:
			x[i] = T(inf)
		case 1:
			x[i] = T(nan)
		case 2:
			x[i] = T(negativeZero)
		}
	}
	return x
}

func bytesOf(n int, r *rand.Rand) []uint8 {
	u := make([]uint8, n)
	for i := range u {
		u[i] = uint8(r.Uint32())
	}
	return u
}

// A setting is a set of limits, and how they have products computed.
type setting struct {
	name string
	limits
}

// settings are limits that reach every way to compute a product, whatever its
// size: runs and steps on one goroutine and on several, and copies.
var settings = []setting{
	{"standard", standard()},
	{"steps", limits{parallel: math.MaxInt}},
	{"copies", limits{parallel: math.MaxInt, copied: math.MaxInt}},
	{"narrow copies", limits{parallel: math.MaxInt, copiedDim: math.MaxInt, copiedPairs: math.MaxInt}},
	{"parallel", limits{}},
}

// shifted returns w with every index one higher.
func shifted(w Matrix) Matrix {
	w.Index = slices.Clone(w.Index)
	for p := range w.Index {
		w.Index[p]++
	}
	return w
}

// slowCopies reports whether row i of w copies its first source row.
func slowCopies(w Matrix, i int) bool {
	copies := w.Weight[i*w.K] == 1
	for k := 1; k < w.K; k++ {
		copies = copies && w.Weight[i*w.K+k] == 0
	}
	return copies
}

// slowMul returns w·src, value by value.
func slowMul(w Matrix, src []float32, dim int) []float32 {
	n := len(w.Index) / w.K
	dst := make([]float32, n*dim)
	for i := range n {
		copies := slowCopies(w, i)
		for d := range dim {
			value := func(k int) float32 { return src[w.Index[i*w.K+k]*dim+d] }
			if copies {
				dst[i*dim+d] = value(0)
				continue
			}
			sum := float32(w.Weight[i*w.K] * value(0))
			for k := 1; k < w.K; k++ {
				term := float32(w.Weight[i*w.K+k] * value(k))
				sum += term
			}
			dst[i*dim+d] = sum
		}
	}
	return dst
}

// slowMulTransposed returns wᵀ·src, value by value, for so many source rows.
func slowMulTransposed(w Matrix, src []float32, dim, sources int) []float32 {
	dst := make([]float32, sources*dim)
	read := make([]bool, sources)
	for p, j := range w.Index {
		i := p / w.K
		if p%w.K > 0 && slowCopies(w, i) {
			continue
		}
		for d := range dim {
			term := float32(w.Weight[p] * src[i*dim+d])
			if read[j] {
				dst[j*dim+d] += term
			} else {
				dst[j*dim+d] = term
			}
		}
		read[j] = true
	}
	return dst
}

// A picture is the shape of an image.
type picture struct {
	channels, height, width int
	nhwc                    bool
}

func (p picture) dim() int { return p.channels * p.height * p.width }

// grid returns the grid of p, which is turned if p has one line.
func (p picture) grid() Grid {
	turned := p.height == 1
	if turned {
		p.height, p.width = p.width, 1
	}
	if p.nhwc {
		return Grid{1, p.height, p.width * p.channels, p.channels, turned}
	}
	return Grid{p.channels, p.height, p.width, 1, turned}
}

func (p picture) String() string {
	layout := "NCHW"
	if p.nhwc {
		layout = "NHWC"
	}
	return fmt.Sprintf("%d×%d×%d %s", p.channels, p.height, p.width, layout)
}

// pixel returns the pixel and the channel of value d.
func (p picture) pixel(d int) (at image.Point, channel int) {
	if p.nhwc {
		return image.Pt(d/p.channels%p.width, d/p.channels/p.width), d % p.channels
	}
	return image.Pt(d%p.width, d/p.width%p.height), d / p.width / p.height
}

// slowBoxes returns the product of b and src, value by value.
func slowBoxes(b Boxes, p picture, src []float32) []float32 {
	dim := p.dim()
	dst := slowMul(b.W, src, dim)
	for i, box := range b.Box {
		for d := range dim {
			at, _ := p.pixel(d)
			switch {
			case box.Empty():
			case at.In(box):
				dst[i*dim+d] = src[b.W.Index[i*b.W.K+1]*dim+d]
			default:
				dst[i*dim+d] = src[b.W.Index[i*b.W.K]*dim+d]
			}
		}
	}
	return dst
}

// slowBoxesTransposed returns the product of the transpose of b and src, value by
// value.
func slowBoxesTransposed(b Boxes, p picture, src []float32, sources int) []float32 {
	dim := p.dim()
	dst := make([]float32, sources*dim)
	for i, box := range b.Box {
		index, copies := b.W.Index[i*b.W.K:][:b.W.K], slowCopies(b.W, i)
		for d := range dim {
			at, _ := p.pixel(d)
			g := src[i*dim+d]
			switch {
			case !box.Empty() && at.In(box):
				dst[index[1]*dim+d] += g
			case !box.Empty() || copies:
				dst[index[0]*dim+d] += g
			default:
				for k, j := range index {
					dst[j*dim+d] += float32(b.W.Weight[i*b.W.K+k] * g)
				}
			}
		}
	}
	return dst
}
