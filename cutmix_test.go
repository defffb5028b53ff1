package mixup

import (
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestGoldenCutMix(t *testing.T) {
	for _, g := range golden(t).CutMix {
		img := Image{Channels: g.Channels, Height: g.Height, Width: g.Width}
		what := fmt.Sprintf("%v, λ=%v around (%d, %d)", img, float64(g.Lam), g.Cy, g.Cx)
		b := img.Box(float64(g.Lam), g.Cy, g.Cx)
		if want := box(g.Box[0], g.Box[1], g.Box[2], g.Box[3]); b != want {
			t.Errorf("%s: box %+v, want %+v", what, b, want)
		}
		if got := img.lambda(b); got != g.Corrected {
			t.Errorf("%s: corrected λ = %v, want %v", what, got, g.Corrected)
		}
		c := Cut{Labels: *goldenMix(bits64(g.Corrected), g.Partner), Image: img, Box: slices.Repeat([]image.Rectangle{b}, g.N)}
		if err := c.Validate(g.N); err != nil {
			t.Error(err)
		}
		dst := make([]float32, len(g.X))
		c.ApplyTo(dst, g.X)
		wantBits(t, what+": ApplyTo", dst, g.Want)
		copy(dst, g.X)
		c.Apply(dst)
		wantBits(t, what+": Apply", dst, g.Want)

		if b.Empty() {
			continue
		}
		clear(dst)
		Paste(&c, dst, g.X, g.Channels)
		wantBits(t, what+": Paste", dst, g.Want)
	}
}

func TestCutProducts(t *testing.T) {
	eachCutEverywhere(t, func(t *testing.T, c *Cut, dim int, r *rand.Rand) {
		n := c.Len()
		checkCut(t, c, normalRows(n*dim, r), normalRows((n+3)*dim, r))
	})
}

// ⟨Cx, g⟩ = ⟨x, Cᵀg⟩, but for the rounding of sums of float32.
func TestCutAdjoint(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	img := Image{3, 16, 12, NCHW}
	const n, dim = 20, 3 * 16 * 12
	s := CutSampler{Image: img, Alpha: 1, PerSample: true, Mixup: Sampler{Alpha: 1}, Switch: .5, Src: rand.NewPCG(3, 4)}
	var c Cut
	s.Sample(&c, n)
	x, g := normalRows(n*dim, r), normalRows(n*dim, r)
	cx, back := make([]float32, n*dim), make([]float32, n*dim)
	c.ApplyTo(cx, x)
	c.BackwardTo(back, g)
	var left, right float64
	for i := range x {
		left += float64(cx[i]) * float64(g[i])
		right += float64(x[i]) * float64(back[i])
	}
	if math.Abs(left-right) > 1e-5*math.Sqrt(n*dim) {
		t.Errorf("⟨Cx, g⟩ = %v, ⟨x, Cᵀg⟩ = %v", left, right)
	}
}

// What is pasted is not computed with: Inf and NaN stay where they are, and -0
// keeps its sign.
func TestPastedValuesAreCopied(t *testing.T) {
	negativeZero := float32(math.Copysign(0, -1))
	x := []float32{
		1, inf, negativeZero, 4,
		nan, 6, 7, negativeZero,
	}
	c := Cut{
		Labels: Mix{K: 2, Index: []int{0, 1, 1, 0}, Weight: []float32{.5, .5, .5, .5}},
		Image:  Image{Channels: 1, Height: 2, Width: 2},
		Box:    []image.Rectangle{box(0, 2, 1, 2), box(0, 1, 0, 2)},
	}
	c.Apply(x)
	wantBits(t, "mixed", x, []float32{
		1, 6, negativeZero, negativeZero,
		1, inf, 7, negativeZero,
	})
}

func TestPaste(t *testing.T) {
	type class struct{ id int }
	mask := func(ids ...int) (m []class) {
		for _, id := range ids {
			m = append(m, class{id})
		}
		return m
	}
	// Of two rows the first has a box, the second is mixed.
	for _, test := range []struct {
		layout   Layout
		channels int
		src      []class
		want     []class
	}{
		{NCHW, 1, mask(1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16), mask(1, 12, 13, 4, 5, 6, 11, 12, 13, 14, 15, 16)},
		{NCHW, 2, mask(1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16, 21, 22, 23, 24, 25, 26),
			mask(1, 12, 13, 4, 5, 6, 1, 22, 23, 4, 5, 6, 11, 12, 13, 14, 15, 16, 21, 22, 23, 24, 25, 26)},
		{NHWC, 2, mask(1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 11, 21, 12, 22, 13, 23, 14, 24, 15, 25, 16, 26),
			mask(1, 1, 12, 22, 13, 23, 4, 4, 5, 5, 6, 6, 11, 21, 12, 22, 13, 23, 14, 24, 15, 25, 16, 26)},
	} {
		t.Run(fmt.Sprintf("%v/channels=%d", test.layout, test.channels), func(t *testing.T) {
			c := Cut{
				Labels: Mix{K: 2, Index: []int{0, 1, 1, 0}, Weight: []float32{.5, .5, .7, .3}},
				Image:  Image{Channels: 3, Height: 2, Width: 3, Layout: test.layout},
				Box:    []image.Rectangle{box(0, 1, 1, 3), {}},
			}
			dst := make([]class, len(test.src))
			Paste(&c, dst, test.src, test.channels)
			if !slices.Equal(dst, test.want) {
				t.Errorf("got  %v, want %v", dst, test.want)
			}
		})
	}
}

func TestCutSelect(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	img := Image{3, 6, 5, NHWC}
	const n, pool, dim = 8, 50, 3 * 6 * 5
	data, rows := normalRows(pool*dim, r), r.Perm(pool)[:n]
	x := make([]float32, n*dim)
	for i, j := range rows {
		copy(x[i*dim:(i+1)*dim], data[j*dim:])
	}
	s := CutSampler{Image: img, Alpha: 1, PerSample: true, Mixup: Sampler{Alpha: 1}, Switch: .5, Src: rand.NewPCG(1, 2)}
	var c Cut
	s.Sample(&c, n)
	c.Apply(x)
	c.Select(rows)
	dst := make([]float32, n*dim)
	c.ApplyTo(dst, data)
	wantBits(t, "gathered", dst, x)
}

func TestEmptyCut(t *testing.T) {
	var c Cut
	if err := c.Validate(0); err != nil {
		t.Error(err)
	}
	c.Apply(nil)
	c.ApplyTo(nil, nil)
	c.ApplyBytesTo(nil, nil, Norm{})
	c.BackwardTo(nil, nil)
	c.Image = Image{Channels: 1, Height: 1, Width: 2}
	c.ApplyTo(nil, make([]float32, 6))
	c.ApplyBytesTo(nil, make([]uint8, 6), Norm{})
	Paste(&c, nil, []string{"a", "b"}, 1)
	g := []float32{1, 2}
	c.BackwardTo(g, nil)
	wantBits(t, "gradient of sources that nobody read", g, []float32{0, 0})
}

func TestCutValidate(t *testing.T) {
	for _, test := range []struct {
		name  string
		spoil func(c *Cut)
		want  string
	}{
		{"good", func(c *Cut) {}, ""},
		{"empty boxes at the edge", func(c *Cut) { c.Box[0], c.Box[1] = box(2, 2, 0, 2), box(0, 1, 2, 2) }, ""},
		{"three terms", func(c *Cut) {
			c.Labels.K, c.Labels.Index, c.Labels.Weight = 3, []int{0, 1, 1, 1, 0, 1}, []float32{.5, .5, 0, .75, .25, 0}
		}, ""},
		{"weights", func(c *Cut) { c.Labels.Weight[2] = .5 }, "mixup: row 1: weights sum to 0.75, want 1"},
		{"index", func(c *Cut) { c.Labels.Index[3] = 2 }, "mixup: row 1: index 2, want a source row in [0, 2)"},
		{"no boxes", func(c *Cut) { c.Box = nil }, "mixup: Cut: len(Box) = 0, want one for each of 2 rows"},
		{"too many boxes", func(c *Cut) { c.Box = make([]image.Rectangle, 3) }, "mixup: Cut: len(Box) = 3, want one for each of 2 rows"},
		{"no image", func(c *Cut) { c.Image = Image{} }, "mixup: Cut.Image is 0×0×0 NCHW, want Channels, Height and Width ≥ 1, and NCHW or NHWC"},
		{"layout", func(c *Cut) { c.Image.Layout = 2 }, "mixup: Cut.Image is 1×2×2 Layout(2), want Channels, Height and Width ≥ 1, and NCHW or NHWC"},
		{"height", func(c *Cut) { c.Image.Height = -2 }, "mixup: Cut.Image is 1×-2×2 NCHW, want Channels, Height and Width ≥ 1, and NCHW or NHWC"},
		{"box below the image", func(c *Cut) { c.Box[1].Max.Y = 3 }, "mixup: row 1: Box (0,0)-(1,3), want Min ≤ Max within the image, (0,0)-(2,2)"},
		{"box beside the image", func(c *Cut) { c.Box[1].Min.X = -1 }, "mixup: row 1: Box (-1,0)-(1,1), want Min ≤ Max within the image, (0,0)-(2,2)"},
		{"box upside down", func(c *Cut) { c.Box[0].Min.Y, c.Box[0].Max.Y = 2, 0 }, "mixup: row 0: Box (0,2)-(1,0), want Min ≤ Max within the image, (0,0)-(2,2)"},
		{"box mirrored", func(c *Cut) { c.Box[0].Min.X, c.Box[0].Max.X = 1, 0 }, "mixup: row 0: Box (1,0)-(0,2), want Min ≤ Max within the image, (0,0)-(2,2)"},
		{"one term", func(c *Cut) {
			c.Labels.K, c.Labels.Index, c.Labels.Weight = 1, []int{0, 1}, []float32{1, 1}
		}, "mixup: row 0: Box (0,0)-(1,2) with weights [1], want two terms, and others of weight 0"},
		{"three weights", func(c *Cut) {
			c.Labels.K, c.Labels.Index, c.Labels.Weight = 3, []int{0, 1, 1, 1, 0, 1}, []float32{.5, .5, 0, .5, .25, .25}
		}, "mixup: row 1: Box (0,0)-(1,1) with weights [0.5 0.25 0.25], want two terms, and others of weight 0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := goodCut()
			test.spoil(c)
			wantError(t, c.Validate(2), test.want)
			if test.want == "" || test.name == "weights" { // whose sum only Validate checks
				return
			}
			x := []float32{1, 2, 3, 4, 5, 6, 7, 8}
			y := slices.Clone(x)
			u := []uint8{1, 2, 3, 4, 5, 6, 7, 8}
			wantPanic(t, test.want, func() { c.Apply(x) })
			wantPanic(t, test.want, func() { c.ApplyTo(x, y) })
			wantPanic(t, test.want, func() { c.BackwardTo(x, y) })
			wantPanic(t, test.want, func() { c.ApplyBytesTo(x, u, Norm{}) })
			wantPanic(t, test.want, func() { Paste(c, x, y, 1) })
			wantBits(t, "after the panics", x, y)
		})
	}
}

func TestCutPanics(t *testing.T) {
	x := []float32{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}
	before := slices.Clone(x)
	for _, test := range []struct {
		name string
		want string
		call func()
	}{
		{"Apply, length", "mixup: len(x) = 5, want 2 images of 1×2×2 NCHW, each of 4 values", func() { goodCut().Apply(x[:5]) }},
		{"Apply, image", "mixup: len(x) = 6, want 2 images of 1×2×2 NCHW, each of 4 values", func() { goodCut().Apply(x[:6]) }},
		{"Apply, rows of no values", "mixup: len(x) = 0, want 2 images of 1×2×2 NCHW, each of 4 values", func() { goodCut().Apply(nil) }},
		{"Apply, an image whose size overflows", fmt.Sprintf("mixup: Cut.Image is 1×%d×4 NCHW, want a number of values that is an int", math.MaxInt), func() {
			c := goodCut()
			c.Image.Height, c.Image.Width = math.MaxInt, 4
			c.Apply(x[:8])
		}},
		{"ApplyTo, image", "mixup: len(dst) = 4, want 2 images of 1×2×2 NCHW, each of 4 values", func() { goodCut().ApplyTo(x[:4], x[4:8]) }},
		{"ApplyTo, src", "mixup: len(src) = 5, want images of 1×2×2 NCHW, each of 4 values", func() { goodCut().ApplyTo(x[:8], x[8:13]) }},
		{"ApplyTo, index", "mixup: row 0: index 1, want a source row in [0, 1)", func() { goodCut().ApplyTo(x[:8], x[8:12]) }},
		{"ApplyTo, overlap", "mixup: dst and src overlap", func() { goodCut().ApplyTo(x[:8], x[4:12]) }},
		{"BackwardTo, overlap", "mixup: dsrc and ddst overlap", func() { goodCut().BackwardTo(x[:8], x[4:12]) }},
		{"BackwardTo, image", "mixup: len(ddst) = 4, want 2 images of 1×2×2 NCHW, each of 4 values", func() { goodCut().BackwardTo(x[:4], x[4:8]) }},
		{"Paste, channels", "mixup: Paste: channels = 0, want ≥ 1", func() { Paste(goodCut(), x[:8], x[8:], 0) }},
		{"Paste, image", "mixup: len(dst) = 8, want 2 images of 2×2×2 NCHW, each of 8 values", func() { Paste(goodCut(), x[:8], x[8:], 2) }},
		{"Paste, overlap", "mixup: dst and src overlap", func() { Paste(goodCut(), x[:8], x[4:12], 1) }},
		{"Paste onto itself", "mixup: dst and src overlap", func() { Paste(goodCut(), x[:8], x[:8], 1) }},
	} {
		t.Run(test.name, func(t *testing.T) { wantPanic(t, test.want, test.call) })
	}
	wantBits(t, "after the panics", x, before)
}

func TestCutAllocatesNothing(t *testing.T) {
	const n = 32
	r := rand.New(rand.NewPCG(1, 2))
	for _, layout := range []Layout{NCHW, NHWC} {
		img := Image{3, 8, 8, layout}
		const dim = 3 * 8 * 8
		x, y := normalRows(n*dim, r), make([]float32, n*dim)
		pixels, mask := make([]uint8, n*dim), make([]uint8, n*8*8)
		norm := Norm{Mean: []float32{.5, .5, .5}}
		pasted := make([]uint8, len(mask))
		partner := make([]int, n)
		for _, s := range []CutSampler{
			{Alpha: 1},
			{Alpha: 1, PerSample: true, Inside: true, Uncorrected: true},
			{MinMax: [2]float64{.2, .8}, PerSample: true, Skip: .2},
			{Alpha: 1, PerSample: true, Mixup: Sampler{Alpha: .2}, Switch: .5},
			{Alpha: 1, PerSample: true, Mixup: Sampler{Alpha: .2, K: 3, Fold: true}, Switch: .5},
		} {
			s.Image, s.Src = img, rand.NewPCG(1, 2)
			var c Cut
			if got := testing.AllocsPerRun(100, func() {
				s.Sample(&c, n)
				c.Apply(x)
				c.ApplyTo(y, x)
				c.BackwardTo(x, y)
				c.BackwardTo(x, x)
				c.ApplyBytesTo(x, pixels, norm)
				c.Labels.ApplyBytesTo(x, pixels, img, Norm{})
				Paste(&c, pasted, mask, 1)
				if c.Labels.K == 2 {
					Flip(partner)
					s.SamplePairs(&c, partner)
				}
			}); got != 0 {
				t.Errorf("%+v, %v: %v allocations, want 0", s, layout, got)
			}
		}
	}
}

// In place, whoever the partners are, no more is saved than a part of one row.
func TestCutSavesLittle(t *testing.T) {
	const n = 64
	img := Image{3, 64, 64, NCHW}
	const dim = 3 * 64 * 64
	r := rand.New(rand.NewPCG(1, 2))
	x, partner := make([]float32, n*dim), make([]int, n)
	for _, s := range []CutSampler{{Alpha: 1}, {Alpha: 1, PerSample: true, Mixup: Sampler{Alpha: 1}, Switch: .5}} {
		for i := range partner {
			partner[i] = r.IntN(n)
		}
		s.Image, s.Src = img, rand.NewPCG(1, 2)
		var c Cut
		s.SamplePairs(&c, partner)
		c.Apply(x)
		if got := cap(c.Labels.scratch.save); got > dim {
			t.Errorf("%+v: %d values saved, want at most %d", s, got, dim)
		}
	}
}

func FuzzCut(f *testing.F) {
	f.Add(uint8(3), uint8(2), uint8(1), uint8(4), uint8(5), false, []byte("\x00\x00\x80\x3f\x00\x00\x00\x00"), []byte("some boxes"), []byte("\x00\x00\x80\x7f\x01\x00\xc0\x7f"))
	f.Add(uint8(9), uint8(1), uint8(3), uint8(7), uint8(2), true, []byte("any map at all"), []byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0}, []byte("and any values at all"))
	f.Add(uint8(5), uint8(4), uint8(2), uint8(1), uint8(9), true, []byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 0x80, 0x3f}, []byte{200, 100}, []byte{1})
	f.Fuzz(func(t *testing.T, n, k, channels, height, width uint8, nhwc bool, w, boxes, x []byte) {
		N, K := 1+int(n%20), 2+int(k%4)
		img := Image{Channels: 1 + int(channels%4), Height: 1 + int(height%20), Width: 1 + int(width%20)}
		if nhwc {
			img.Layout = NHWC
		}
		c := Cut{Labels: *fuzzMix(N, K, w), Image: img, Box: make([]image.Rectangle, N)}
		number := func(i, n int) int { return int(boxes[i%len(boxes)]) % n }
		for i := range c.Box {
			if len(boxes) == 0 || number(5*i, 3) == 0 {
				continue
			}
			y0, x0 := number(5*i+1, img.Height+1), number(5*i+2, img.Width+1)
			give(&c, i, box(y0, y0+number(5*i+3, img.Height-y0+1), x0, x0+number(5*i+4, img.Width-x0+1)))
			if number(5*i+1, 2) == 0 {
				c.Labels.Index[i*K] = i // as CutMix has it
			}
		}
		dim := img.Channels * img.Height * img.Width
		checkCut(t, &c, floats(N*dim, x), floats((N+3)*dim, x))
	})
}
