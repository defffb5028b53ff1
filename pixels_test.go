package mixup

import (
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"unsafe"
)

// bytesOf returns n bytes of any value.
func bytesOf(n int, r *rand.Rand) []uint8 {
	u := make([]uint8, n)
	for i := range u {
		u[i] = uint8(r.Uint32())
	}
	return u
}

// channelOf returns the channel of value d of an image.
func channelOf(g Image, d int) int {
	if g.Layout == NHWC {
		return d % g.Channels
	}
	return d / (g.Height * g.Width)
}

// exact returns (u/255 - mean) / std for value d of an image g.
func exact(g Image, norm Norm, d int, u uint8) float64 {
	mean, std := 0., 1.
	if norm.Mean != nil {
		mean = float64(norm.Mean[channelOf(g, d)])
	}
	if norm.Std != nil {
		std = float64(norm.Std[channelOf(g, d)])
	}
	return (float64(u)/255 - mean) / std
}

// normalised returns what ApplyBytesTo makes of src if nothing is mixed. It
// checks it to a relative error of 1e-6.
func normalised(t *testing.T, src []uint8, g Image, norm Norm) []float32 {
	t.Helper()
	dim := g.dim()
	var m Mix
	m.Identity(len(src) / dim)
	x := make([]float32, len(src))
	m.ApplyBytesTo(x, src, g, norm)
	for i, got := range x {
		if want := exact(g, norm, i%dim, src[i]); math.Abs(float64(got)-want) > 1e-6*math.Abs(want) {
			t.Fatalf("byte %d, which is %d, becomes %v, want %v", i, src[i], got, want)
		}
	}
	return x
}

// randomNorm returns a Norm of any sort.
func randomNorm(g Image, r *rand.Rand) Norm {
	var norm Norm
	if r.IntN(4) > 0 {
		for range g.Channels {
			norm.Mean = append(norm.Mean, r.Float32())
		}
	}
	if r.IntN(4) > 0 {
		for range g.Channels {
			norm.Std = append(norm.Std, r.Float32()+.01)
		}
	}
	return norm
}

// ApplyBytesTo is ApplyTo of normalised pixels, bit for bit.
func TestBytesProducts(t *testing.T) {
	eachCutOfAnySize(t, func(t *testing.T, c *Cut, dim int, r *rand.Rand) {
		checkBytes(t, c, bytesOf(c.Len()*dim, r), randomNorm(c.Image, r))
	})
}

// checkBytes compares ApplyBytesTo of c and of its Mix with ApplyTo.
func checkBytes(t *testing.T, c *Cut, src []uint8, norm Norm) {
	t.Helper()
	x := normalised(t, src, c.Image, norm)
	got, want := make([]float32, len(x)), make([]float32, len(x))
	c.ApplyTo(want, x)
	c.ApplyBytesTo(got, src, norm)
	wantBits(t, "Cut", got, want)

	c.Labels.ApplyTo(want, x, c.Image.dim())
	c.Labels.ApplyBytesTo(got, src, c.Image, norm)
	wantBits(t, "Mix", got, want)
}

// The error is relative to the terms that are added, which is to the result
// unless one is above the mean and the other below.
func TestBytesAreAccurate(t *testing.T) {
	const n, channels, side = 64, 3, 16
	const dim = channels * side * side
	mean, std := []float32{.485, .456, .406}, []float32{.229, .224, .225}
	for _, layout := range []Layout{NCHW, NHWC} {
		for _, norm := range []Norm{{}, {Mean: mean, Std: std}, {Std: std}} {
			t.Run(fmt.Sprintf("%v/mean=%v/std=%v", layout, norm.Mean, norm.Std), func(t *testing.T) {
				r := rand.New(rand.NewPCG(1, 2))
				img := Image{channels, side, side, layout}
				src := bytesOf(n*dim, r)
				for u := range 256 {
					src[u] = uint8(u)
				}
				for _, k := range []int{2, 8} {
					var m Mix
					(&Sampler{Alpha: .4, K: k, PerSample: true, Src: rand.NewPCG(1, 2)}).Sample(&m, n)
					dst := make([]float32, n*dim)
					m.ApplyBytesTo(dst, src, img, norm)
					for i, got := range dst {
						row, d := i/dim, i%dim
						var want, size float64
						for p := k * row; p < k*(row+1); p++ {
							term := float64(m.Weight[p]) * exact(img, norm, d, src[m.Index[p]*dim+d])
							want += term
							size += math.Abs(term)
						}
						if math.Abs(float64(got)-want) > 1e-6*size {
							t.Fatalf("K=%d: value %d of row %d is %v, want %v, of terms that add up to %v", k, d, row, got, want, size)
						}
					}
				}
			})
		}
	}
}

// The zero Norm takes bytes to [0, 1], rows of any width.
func TestZeroNorm(t *testing.T) {
	m := Mix{K: 2, Index: []int{2, 1, 0, 2}, Weight: []float32{1, 0, .5, .5}}
	dst := make([]float32, 2*3)
	m.ApplyBytesTo(dst, []uint8{0, 255, 0, 9, 9, 9, 255, 255, 0}, Image{Channels: 1, Height: 1, Width: 3}, Norm{})
	wantBits(t, "mixed", dst, []float32{1, 1, 0, .5, 1, 0})
}

// No rows are mixed from any number of images.
func TestBytesOfNoRows(t *testing.T) {
	img := Image{Channels: 1, Height: 1, Width: 3}
	var m Mix
	m.ApplyBytesTo(nil, nil, img, Norm{})
	m.ApplyBytesTo(nil, make([]uint8, 6), img, Norm{})
	c := Cut{Image: img}
	c.ApplyBytesTo(nil, nil, Norm{})
	c.ApplyBytesTo([]float32{}, make([]uint8, 6), Norm{})
}

// The largest means and the smallest and largest deviations that are valid. White
// stays finite as long as the quotient is.
func TestNormLimits(t *testing.T) {
	img := Image{Channels: 1, Height: 1, Width: 1}
	var m Mix
	m.Identity(1)
	for _, test := range []struct{ mean, std, want float32 }{
		{math.MaxFloat32, 1, -math.MaxFloat32},
		{-math.MaxFloat32, 1, math.MaxFloat32},
		{0, 0x1p-100, 0x1p100},
		{0, 0x1p100, 0x1p-100},
		{123, 58, -122. / 58}, // a mean in the wrong unit
	} {
		dst := []float32{0}
		m.ApplyBytesTo(dst, []uint8{255}, img, Norm{Mean: []float32{test.mean}, Std: []float32{test.std}})
		if got := dst[0]; math.Abs(float64(got)-float64(test.want)) > 1e-6*math.Abs(float64(test.want)) {
			t.Errorf("white with mean %v and deviation %v is %v, want %v", test.mean, test.std, got, test.want)
		}
	}
}

// What a Mix keeps of one Norm does not show with the next.
func TestNormsInTurn(t *testing.T) {
	const n, dim = 4, 3 * 4 * 4
	r := rand.New(rand.NewPCG(1, 2))
	src := bytesOf(n*dim, r)
	var m, fresh Mix
	(&Sampler{Alpha: 1, Src: rand.NewPCG(1, 2)}).Sample(&m, n)
	got, want := make([]float32, n*dim), make([]float32, n*dim)
	nchw, nhwc := Image{3, 4, 4, NCHW}, Image{3, 4, 4, NHWC}
	mean, std := []float32{.1, .2, .3}, []float32{.4, .5, .6}
	for _, of := range []struct {
		img  Image
		norm Norm
	}{
		{nhwc, Norm{}}, {nhwc, Norm{Mean: mean}}, {nhwc, Norm{Std: std}}, {nchw, Norm{Std: std}},
		{nchw, Norm{Mean: mean}}, {nchw, Norm{}}, {nhwc, Norm{Mean: std, Std: mean}}, {nchw, Norm{Mean: std, Std: mean}},
	} {
		m.ApplyBytesTo(got, src, of.img, of.norm)
		fresh = Mix{K: m.K, Index: m.Index, Weight: m.Weight}
		fresh.ApplyBytesTo(want, src, of.img, of.norm)
		wantBits(t, fmt.Sprintf("%+v", of), got, want)
	}
}

func TestBytesSelect(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	img := Image{3, 4, 5, NHWC}
	const n, pool, dim = 8, 40, 3 * 4 * 5
	norm := randomNorm(img, r)
	data, rows := bytesOf(pool*dim, r), r.Perm(pool)[:n]
	var x []float32
	for _, j := range rows {
		x = append(x, normalised(t, data[j*dim:(j+1)*dim], img, norm)...)
	}
	var m Mix
	(&Sampler{Alpha: 1, Src: rand.NewPCG(1, 2)}).Sample(&m, n)
	m.Apply(x, dim)
	m.Select(rows)
	dst := make([]float32, n*dim)
	m.ApplyBytesTo(dst, data, img, norm)
	wantBits(t, "gathered", dst, x)
}

func TestBytesPanics(t *testing.T) {
	img := Image{Channels: 2, Height: 1, Width: 2}
	pair := func() *Mix {
		return &Mix{K: 2, Index: []int{0, 1, 1, 0}, Weight: []float32{.5, .5, .5, .5}}
	}
	cut := func() *Cut { return &Cut{Labels: *pair(), Image: img, Box: make([]image.Rectangle, 2)} }
	bad := func(index int, weight float32) *Mix {
		m := pair()
		m.Index[3], m.Weight[3] = index, weight
		return m
	}
	memory := []float32{1, 2, 3, 4, 5, 6, 7, 8}
	before := slices.Clone(memory)
	u := make([]uint8, 12)
	for _, test := range []struct {
		name, want string
		norm       Norm
	}{
		{"means missing", "mixup: Norm: len(Mean) = 1, want one for each of 2 channels", Norm{Mean: []float32{.5}}},
		{"too many means", "mixup: Norm: len(Mean) = 3, want one for each of 2 channels", Norm{Mean: []float32{.5, .5, .5}}},
		{"empty Std", "mixup: Norm: len(Std) = 0, want one for each of 2 channels", Norm{Std: []float32{}}},
		{"Mean NaN", "mixup: Norm: Mean[1] = NaN, want a finite number", Norm{Mean: []float32{.5, nan}}},
		{"Mean -Inf", "mixup: Norm: Mean[0] = -Inf, want a finite number", Norm{Mean: []float32{-inf, .5}}},
		{"Std zero", "mixup: Norm: Std[1] = 0, want a positive number, from 2⁻¹⁰⁰ to 2¹⁰⁰", Norm{Std: []float32{1, 0}}},
		{"Std negative", "mixup: Norm: Std[0] = -1, want a positive number, from 2⁻¹⁰⁰ to 2¹⁰⁰", Norm{Std: []float32{-1, 0}}},
		{"Std infinite", "mixup: Norm: Std[0] = +Inf, want a positive number, from 2⁻¹⁰⁰ to 2¹⁰⁰", Norm{Std: []float32{inf, 1}}},
		{"Mean +Inf", "mixup: Norm: Mean[0] = +Inf, want a finite number", Norm{Mean: []float32{inf, .5}}},
		{"Std too small", "mixup: Norm: Std[1] = 7.8886086e-31, want a positive number, from 2⁻¹⁰⁰ to 2¹⁰⁰", Norm{Std: []float32{1, math.Nextafter32(0x1p-100, 0)}}},
		{"Std too large", "mixup: Norm: Std[0] = 1.2676508e+30, want a positive number, from 2⁻¹⁰⁰ to 2¹⁰⁰", Norm{Std: []float32{math.Nextafter32(0x1p100, inf), 1}}},
		{"Std NaN", "mixup: Norm: Std[0] = NaN, want a positive number, from 2⁻¹⁰⁰ to 2¹⁰⁰", Norm{Std: []float32{nan, 1}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			wantPanic(t, test.want, func() { pair().ApplyBytesTo(memory, u[:8], img, test.norm) })
			wantPanic(t, test.want, func() { cut().ApplyBytesTo(memory, u[:8], test.norm) })
		})
	}
	for _, test := range []struct {
		name, want string
		call       func()
	}{
		{"dst", "mixup: len(dst) = 7, want 2 images of 2×1×2 NCHW, each of 4 values", func() { pair().ApplyBytesTo(memory[:7], u, img, Norm{}) }},
		{"src", "mixup: len(src) = 9, want images of 2×1×2 NCHW, each of 4 values", func() { pair().ApplyBytesTo(memory, u[:9], img, Norm{}) }},
		{"index", "mixup: row 1: index 3, want a source row in [0, 3)", func() { bad(3, .5).ApplyBytesTo(memory, u, img, Norm{}) }},
		{"weight", "mixup: row 1: weight NaN, want a finite number ≥ 0", func() { bad(0, nan).ApplyBytesTo(memory, u, img, Norm{}) }},
		{"image", "mixup: len(dst) = 8, want 2 images of 3×1×2 NCHW, each of 6 values", func() {
			pair().ApplyBytesTo(memory, u, Image{Channels: 3, Height: 1, Width: 2}, Norm{})
		}},
		{"image without a height", "mixup: img is 3×0×0 NCHW, want Channels, Height and Width ≥ 1, and NCHW or NHWC", func() {
			pair().ApplyBytesTo(memory, u, Image{Channels: 3}, Norm{})
		}},
		{"overlap", "mixup: dst and src overlap", func() {
			pair().ApplyBytesTo(memory, bytesUnder(memory[6:8]), img, Norm{})
		}},
		{"overlap, Cut", "mixup: dst and src overlap", func() {
			cut().ApplyBytesTo(memory, bytesUnder(memory[6:8]), Norm{})
		}},
		{"dst of no rows", "mixup: len(dst) = 0, want 2 images of 2×1×2 NCHW, each of 4 values", func() { pair().ApplyBytesTo(nil, u, img, Norm{}) }},
		{"dst, Cut", "mixup: len(dst) = 4, want 2 images of 2×1×2 NCHW, each of 4 values", func() { cut().ApplyBytesTo(memory[:4], u, Norm{}) }},
		{"src, Cut", "mixup: len(src) = 9, want images of 2×1×2 NCHW, each of 4 values", func() { cut().ApplyBytesTo(memory, u[:9], Norm{}) }},
		{"dst for no rows", "mixup: len(dst) = 4, want 0 images of 2×1×2 NCHW, each of 4 values", func() { new(Mix).ApplyBytesTo(memory[:4], u, img, Norm{}) }},
		{"no src", "mixup: row 0: index 0, want a source row in [0, 0)", func() { pair().ApplyBytesTo(memory, nil, img, Norm{}) }},
		{"no rows and no image", "mixup: img is 0×0×0 NCHW, want Channels, Height and Width ≥ 1, and NCHW or NHWC", func() {
			new(Mix).ApplyBytesTo(nil, nil, Image{}, Norm{})
		}},
		{"no rows and a bad Norm", "mixup: Norm: len(Mean) = 1, want one for each of 2 channels", func() {
			new(Mix).ApplyBytesTo(nil, u, img, Norm{Mean: []float32{1}})
		}},
		{"no rows and a bad Norm, Cut", "mixup: Norm: len(Mean) = 1, want one for each of 2 channels", func() {
			(&Cut{Image: img}).ApplyBytesTo(nil, u, Norm{Mean: []float32{1}})
		}},
	} {
		t.Run(test.name, func(t *testing.T) { wantPanic(t, test.want, test.call) })
	}
	wantBits(t, "after the panics", memory, before)
}

// bytesUnder returns the memory of x.
func bytesUnder(x []float32) []uint8 {
	return unsafe.Slice((*uint8)(unsafe.Pointer(unsafe.SliceData(x))), 4*len(x))
}

func FuzzBytes(f *testing.F) {
	f.Add(uint8(3), uint8(2), uint8(1), uint8(4), uint8(5), false, uint64(1), []byte("\x00\x00\x80\x3f\x00\x00\x00\x00"), []byte("any pixels at all"))
	f.Add(uint8(9), uint8(1), uint8(3), uint8(7), uint8(2), true, uint64(2), []byte("any map at all"), []byte{0, 255})
	f.Fuzz(func(t *testing.T, n, k, channels, height, width uint8, nhwc bool, seed uint64, w, pixels []byte) {
		N, K := 1+int(n%20), 1+int(k%4)
		img := Image{Channels: 1 + int(channels%8), Height: 1 + int(height%20), Width: 1 + int(width%20)}
		if nhwc {
			img.Layout = NHWC
		}
		r := rand.New(rand.NewPCG(seed, 0))
		c := Cut{Labels: *fuzzMix(N, K, w), Image: img, Box: make([]image.Rectangle, N)}
		for i := range c.Box {
			if K > 1 && r.IntN(2) == 0 {
				give(&c, i, randomBox(img, r))
			}
		}
		src := make([]uint8, N*img.Channels*img.Height*img.Width)
		for i := range src {
			if len(pixels) > 0 {
				src[i] = pixels[i%len(pixels)]
			}
		}
		checkBytes(t, &c, src, randomNorm(img, r))
	})
}
