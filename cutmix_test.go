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
	eachCutOfAnySize(t, func(t *testing.T, c *Cut, dim int, r *rand.Rand) {
		n := c.Len()
		checkCut(t, c, normalRows(n*dim, r), normalRows((n+3)*dim, r))
	})
}

// ⟨Cx, g⟩ = ⟨x, Cᵀg⟩, except for the rounding of sums of float32.
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

// A row of one term has no box and is a copy of another row; rows of three terms have
// their box from the second.
func TestPasteOfOneTermAndOfThree(t *testing.T) {
	masks := []string{"a", "b", "c", "d", "e", "f"}
	dst := make([]string, 4)
	c := Cut{Labels: Mix{K: 1, Index: []int{2, 0}, Weight: []float32{1, 1}}, Image: Image{Channels: 7, Height: 1, Width: 2}, Box: make([]image.Rectangle, 2)}
	Paste(&c, dst, masks, 1)
	if want := []string{"e", "f", "a", "b"}; !slices.Equal(dst, want) {
		t.Errorf("K = 1: %v, want %v", dst, want)
	}
	c.Labels = Mix{K: 3, Index: []int{0, 1, 2, 2, 1, 0}, Weight: []float32{.5, .5, 0, .2, .3, .5}}
	c.Box[0] = box(0, 1, 1, 2)
	Paste(&c, dst, masks, 1)
	if want := []string{"a", "d", "e", "f"}; !slices.Equal(dst, want) {
		t.Errorf("K = 3: %v, want %v", dst, want)
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
	Paste(&c, nil, []string{}, 1)
	c.Image = Image{Channels: 1, Height: 1, Width: 2}
	c.ApplyTo(nil, make([]float32, 6))
	c.ApplyBytesTo(nil, make([]uint8, 6), Norm{})
	Paste(&c, nil, []string{"a", "b"}, 1)
	g := []float32{1, 2}
	c.BackwardTo(g, nil)
	wantBits(t, "gradient of sources that nobody read", g, []float32{0, 0})
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
		pasted, boxes := make([]uint8, len(mask)), make([]image.Rectangle, n)
		partner, partners := make([]int, n), make([]int, 2*n)
		Flip(partner)
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
				given := partners[:n*(c.Labels.K-1)]
				for p := range given {
					given[p] = p % n
				}
				s.SamplePairs(&c, given)
				c.SetPairs(partner, boxes...)
				c.SetPairs(partner, boxes[0])
				c.Select(partner)
				if err := c.Validate(n); err != nil {
					t.Fatal(err)
				}
				c.Identity(n)
				c.Apply(x)
			}); got != 0 {
				t.Errorf("%+v, %v: %v allocations, want 0", s, layout, got)
			}
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
