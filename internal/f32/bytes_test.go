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

func TestNormalizeIsAccurate(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	tests := slices.Clone(norms)
	for range 200 {
		tests = append(tests, struct{ mean, std float64 }{r.Float64(), r.ExpFloat64()})
	}
	for _, n := range tests {
		var c Channel
		c.Normalize(n.mean, n.std)
		for u, got := range c.Table {
			want := (float64(u)/255 - n.mean) / n.std
			if err := math.Abs(float64(got) - want); err > 0x1p-22*math.Abs(want) {
				t.Errorf("mean %v, std %v: byte %d is %v, want %v", n.mean, n.std, u, got, want)
			}
			computed := float32((float32(u)-c.Center)*c.Scale) + c.Offset
			wantSame(t, "table and arithmetic", []float32{got}, []float32{computed})
		}
	}
	for _, n := range []struct{ mean, std, black, white float64 }{{0, 1, 0, 1}, {.5, .5, -1, 1}, {.5, .25, -2, 2}, {1, 1, -1, 0}} {
		var c Channel
		c.Normalize(n.mean, n.std)
		if black, white := float64(c.Table[0]), float64(c.Table[255]); black != n.black || white != n.white {
			t.Errorf("mean %v, std %v: bytes 0 and 255 are %v and %v, want %v and %v", n.mean, n.std, black, white, n.black, n.white)
		}
	}
}

// A bytesKernel is an operation on rows of bytes, as the loop that documents it
// and as it is.
type bytesKernel struct {
	name string
	loop func(dst []float32, a, b []uint8, ch []Channel, w []float32)
	call func(dst []float32, a, b []uint8, ch []Channel, w []float32)
}

var bytesKernels = []bytesKernel{
	{"ScaleBytes",
		func(dst []float32, a, _ []uint8, ch []Channel, w []float32) {
			for i := range dst {
				dst[i] = w[0] * ch[i%len(ch)].Table[a[i]]
			}
		},
		func(dst []float32, a, _ []uint8, ch []Channel, w []float32) { ScaleBytes(dst, a, ch, w[0]) }},
	{"MixBytes2",
		func(dst []float32, a, b []uint8, ch []Channel, w []float32) {
			for i := range dst {
				t := &ch[i%len(ch)].Table
				dst[i] = float32(w[0]*t[a[i]]) + float32(w[1]*t[b[i]])
			}
		},
		func(dst []float32, a, b []uint8, ch []Channel, w []float32) { MixBytes2(dst, a, b, ch, w[0], w[1]) }},
	{"AddScaledBytes",
		func(dst []float32, a, _ []uint8, ch []Channel, w []float32) {
			for i := range dst {
				dst[i] += float32(w[0] * ch[i%len(ch)].Table[a[i]])
			}
		},
		func(dst []float32, a, _ []uint8, ch []Channel, w []float32) { AddScaledBytes(dst, a, ch, w[0]) }},
}

// TestBytesKernels holds each kernel to its loop, bit for bit: for lengths
// around what is unrolled and numbers of channels that divide them or not,
// wherever the rows begin, and it must not touch what is before and behind dst.
func TestBytesKernels(t *testing.T) {
	const guard, longest = 16, 300
	ch := make([]Channel, len(norms))
	for c, n := range norms {
		ch[c].Normalize(n.mean, n.std)
	}
	for _, k := range bytesKernels {
		t.Run(k.name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 2))
			for n := range longest + 1 {
				for _, channels := range []int{1, 2, 3, 4, 5, 13} {
					first := r.IntN(len(ch) - channels + 1)
					ch := ch[first : first+channels]
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
					k.loop(want[from:from+n], a, b, ch, w)
					k.call(got[from:from+n], a, b, ch, w)
					wantSame(t, fmt.Sprintf("n=%d, %d channels", n, channels), got, want)
				}
			}
		})
	}
}
