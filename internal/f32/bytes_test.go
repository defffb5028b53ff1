package f32

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// norms are pairs of mean and standard deviation: none, ImageNet's, extremes,
// means outside of [0, 1], and means that are a byte or between two.
var norms = []struct{ mean, std float64 }{
	{0, 1}, {.485, .229}, {.456, .224}, {.406, .225}, {.5, .5}, {1, .25}, {-3, 2}, {7, .01},
	{100. / 255, .3}, {100.5 / 255, .3}, {.48145466, .26862954}, {0x1p-30, 0x1p-60}, {.3, 0x1p60},
}

// channelsOf returns channels of norms, from the given one on.
func channelsOf(first, n int) *Channels {
	var ch Channels
	ch.Resize(n)
	for c := range n {
		ch.Normalize(c, norms[first+c].mean, norms[first+c].std)
	}
	return &ch
}

func TestNormalizeIsAccurate(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	tests := slices.Clone(norms)
	for range 200 {
		tests = append(tests, struct{ mean, std float64 }{r.Float64(), r.ExpFloat64()})
	}
	for _, n := range tests {
		var c channel
		c.normalize(n.mean, n.std)
		for u, got := range c.table {
			want := (float64(u)/255 - n.mean) / n.std
			if err := math.Abs(float64(got) - want); err > 0x1p-22*math.Abs(want) {
				t.Errorf("mean %v, std %v: byte %d is %v, want %v", n.mean, n.std, u, got, want)
			}
			computed := float32((float32(u)-c.center)*c.scale) + c.offset
			wantBits(t, "table and arithmetic", []float32{got}, []float32{computed})
		}
	}
	for _, n := range []struct{ mean, std, black, white float64 }{{0, 1, 0, 1}, {.5, .5, -1, 1}, {.5, .25, -2, 2}, {1, 1, -1, 0}} {
		var c channel
		c.normalize(n.mean, n.std)
		if black, white := float64(c.table[0]), float64(c.table[255]); black != n.black || white != n.white {
			t.Errorf("mean %v, std %v: bytes 0 and 255 are %v and %v, want %v and %v", n.mean, n.std, black, white, n.black, n.white)
		}
	}
}

// Channels may be normalised anew, to other numbers and in another number.
func TestChannelsChange(t *testing.T) {
	u, dst := make([]uint8, 50), make([]float32, 50)
	for i := range u {
		u[i] = uint8(i * 77)
	}
	var ch Channels
	for _, step := range []struct{ first, n int }{{0, 3}, {0, 3}, {1, 3}, {4, 1}, {3, 5}, {0, 3}} {
		ch.Resize(step.n)
		for c := range step.n {
			ch.Normalize(c, norms[step.first+c].mean, norms[step.first+c].std)
		}
		atEachLevel(t, func(t *testing.T) {
			ScaleBytes(dst, u, u, &ch, 1)
			want := make([]float32, len(dst))
			ScaleBytes(want, u, u, channelsOf(step.first, step.n), 1)
			wantBits(t, fmt.Sprintf("%d channels from %d on", step.n, step.first), dst, want)
		})
	}
}

// A bytesKernel is an operation on rows of bytes, as the loop that documents it
// and as it is.
type bytesKernel struct {
	name string
	loop func(dst []float32, a, b []uint8, norm func(i int, u uint8) float32, w []float32)
	call func(dst []float32, a, b []uint8, ch *Channels, w []float32)
}

var bytesKernels = []bytesKernel{
	{"ScaleBytes",
		func(dst []float32, a, _ []uint8, norm func(i int, u uint8) float32, w []float32) {
			for i := range dst {
				dst[i] = w[0] * norm(i, a[i])
			}
		},
		func(dst []float32, a, b []uint8, ch *Channels, w []float32) { ScaleBytes(dst, a, b, ch, w[0]) }},
	{"MixBytes2",
		func(dst []float32, a, b []uint8, norm func(i int, u uint8) float32, w []float32) {
			for i := range dst {
				dst[i] = float32(w[0]*norm(i, a[i])) + float32(w[1]*norm(i, b[i]))
			}
		},
		func(dst []float32, a, b []uint8, ch *Channels, w []float32) {
			MixBytes2(dst, a, b, b, a, ch, w[0], w[1])
		}},
	{"AddScaledBytes",
		func(dst []float32, a, _ []uint8, norm func(i int, u uint8) float32, w []float32) {
			for i := range dst {
				dst[i] += float32(w[0] * norm(i, a[i]))
			}
		},
		func(dst []float32, a, _ []uint8, ch *Channels, w []float32) { AddScaledBytes(dst, a, ch, w[0]) }},
}

// TestBytesKernels compares each kernel with its loop, bit for bit: for lengths
// around what is unrolled and numbers of channels that divide them or not, and
// wherever the rows begin. It must not touch what is before and behind dst.
func TestBytesKernels(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, k := range bytesKernels {
		t.Run(k.name, func(t *testing.T) {
			atEachLevel(t, func(t *testing.T) {
				for _, channels := range []int{1, 2, 3, 4, 5, 13} {
					for n := range 301 {
						k.test(t, channels, n, r)
					}
				}
			})
		})
	}
}

// TestLongBytes compares each kernel with its loop for rows that are handled in pieces.
// With three channels, the pieces are shorter than the piece ones.
func TestLongBytes(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, k := range bytesKernels {
		t.Run(k.name, func(t *testing.T) {
			atEachLevel(t, func(t *testing.T) {
				for _, channels := range []int{1, 3} {
					k.test(t, channels, pieces()*piece+100+r.IntN(100), r)
				}
			})
		})
	}
}

// test compares a kernel with its loop for rows of n values.
func (k bytesKernel) test(t *testing.T, channels, n int, r *rand.Rand) {
	const guard = 16
	first := r.IntN(len(norms) - channels + 1)
	ch := channelsOf(first, channels)
	w := []float32{r.Float32(), r.Float32()}
	if n%7 == 0 {
		w[0], w[1] = 1, 0
	}
	bytes := make([]uint8, 2*n+16)
	for i := range bytes {
		bytes[i] = uint8(r.Uint32())
	}
	a := bytes[r.IntN(8):][:n]
	b := bytes[n+r.IntN(16):][:n]
	got := values(n+2*guard+8, r)
	want := slices.Clone(got)
	from := guard + r.IntN(8)
	k.loop(want[from:from+n], a, b, ch.norm, w)
	k.call(got[from:from+n], a, b, ch, w)
	wantBits(t, fmt.Sprintf("n=%d, %d channels", n, channels), got, want)
}

// norm is what documents the kernels: byte u, which is value i.
func (c *Channels) norm(i int, u uint8) float32 {
	ch := &c.channels[i%len(c.channels)]
	return float32((float32(u)-ch.center)*ch.scale) + ch.offset
}

// TestPieceOf checks that pieces of bytes are whole pixels.
func TestPieceOf(t *testing.T) {
	for _, test := range []struct{ channels, want int }{
		{1, piece}, {2, piece}, {3, piece - 1}, {5, piece - 1}, {13, piece - 3}, {piece - 1, piece - 1}, {piece, piece},
		{piece + 1, piece + 1}, // a pixel alone is more than a piece
	} {
		if got := pieceOf(test.channels); got != test.want {
			t.Errorf("a piece has %d values of %d channels, want %d", got, test.channels, test.want)
		}
	}
}
