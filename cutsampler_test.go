package mixup

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"image"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// oblong is no square, so that height and width cannot be mistaken.
var oblong = Image{Channels: 3, Height: 12, Width: 9}

func TestCutSamplerOfAnImageAloneMixesNothing(t *testing.T) {
	src := &countingSource{Source: rand.NewPCG(1, 2)}
	for _, s := range []CutSampler{{}, {PerSample: true}, {Mixup: Sampler{K: 3}}, {Mixup: Sampler{K: 1}}, {Skip: .5}, {Alpha: 1, Skip: 1}} {
		s.Image, s.Src = oblong, src
		c := Cut{Box: []image.Rectangle{box(1, 2, 3, 4)}}
		s.Sample(&c, 5)
		if err := c.Validate(5); err != nil {
			t.Error(err)
		}
		for i := range 5 {
			if c.Labels.Lambda(i) != 1 || c.Labels.Partner(i) != i || c.Box[i] != (image.Rectangle{}) {
				t.Errorf("%+v: row %d has λ = %v, partner %d and box %+v, want 1, itself and none", s, i, c.Labels.Lambda(i), c.Labels.Partner(i), c.Box[i])
			}
		}
	}
	if src.drawn != 1 {
		t.Errorf("%d words drawn, want 1, for Skip", src.drawn)
	}
}

// Without CutMix a CutSampler is the Sampler that it has.
func TestCutSamplerWithoutCutMixIsItsSampler(t *testing.T) {
	for _, s := range []Sampler{
		{Alpha: .2},
		{Alpha: .2, PerSample: true, Skip: .3},
		{Alpha: .2, K: 4, Skip: .3, Fold: true},
		{Alpha: 1, K: 3, PerSample: true},
		{Lambda: distuv.Uniform{Min: .4, Max: .4}},
	} {
		s.Src = rand.NewPCG(1, 2)
		with := CutSampler{Image: oblong, Mixup: s, PerSample: s.PerSample, Skip: s.Skip, Src: rand.NewPCG(1, 2)}
		with.Mixup.Skip, with.Mixup.PerSample, with.Mixup.Src = 0, false, nil
		var m Mix
		var c Cut
		for range 20 {
			s.Sample(&m, 7)
			with.Sample(&c, 7)
			if c.Labels.K != m.K || !slices.Equal(c.Labels.Index, m.Index) {
				t.Fatalf("%+v: K = %d, Index = %v, want %d, %v", s, c.Labels.K, c.Labels.Index, m.K, m.Index)
			}
			wantBits(t, "weights", c.Labels.Weight, m.Weight)
			if !slices.Equal(c.Box, make([]image.Rectangle, 7)) {
				t.Fatalf("%+v: boxes %+v, want none", s, c.Box)
			}
		}
	}
}

// λ is the pasted area, and one box serves for the minibatch.
func TestCutSampler(t *testing.T) {
	s := CutSampler{Image: oblong, Alpha: 1, Src: rand.NewPCG(1, 2)}
	var c Cut
	for range 200 {
		s.Sample(&c, 6)
		if err := c.Validate(6); err != nil {
			t.Fatal(err)
		}
		b := c.Box[0]
		lambda := 1 - float64(area(b))/float64(oblong.Height*oblong.Width)
		want := Cut{Labels: Mix{
			Weight: slices.Repeat([]float32{float32(lambda), float32(1 - lambda)}, 6),
		}, Box: slices.Repeat([]image.Rectangle{b}, 6)}
		wantBits(t, "weights", c.Labels.Weight, want.Labels.Weight)
		if !slices.Equal(c.Box, want.Box) || c.Image != oblong || c.Labels.K != 2 {
			t.Fatalf("%v, K = %d, boxes %+v, want %v, 2, and the first box for all", c.Image, c.Labels.K, c.Box, oblong)
		}
		partner := make([]int, 6)
		for i := range 6 {
			partner[i] = c.Labels.Partner(i)
			if c.Labels.Index[2*i] != i {
				t.Fatalf("row %d is pasted into row %d", i, c.Labels.Index[2*i])
			}
		}
		if !isPermutation(partner) {
			t.Fatalf("partners are %v, want a permutation", partner)
		}
	}
}

// drawCuts returns n draws of s, of one row each.
func drawCuts(s CutSampler, n int, g Image) *Cut {
	s.Image, s.PerSample = g, true
	var c Cut
	s.Sample(&c, n)
	return &c
}

// The centre is uniform and λ is Beta(α,α): where λ is fixed, each centre gives
// another box as long as its part in the image is not empty.
func TestCutMixCentresAreUniform(t *testing.T) {
	g := Image{1, 5, 7, NCHW}
	// α = +Inf: λ is ½, the sides are 3 and 4, rounded down to 2 and 4.
	c := drawCuts(CutSampler{Alpha: math.Inf(1), Src: rand.NewPCG(1, 2)}, fewer(100_000), g)
	count := map[image.Rectangle]int{}
	for _, b := range c.Box {
		count[b]++
	}
	for cy := range g.Height {
		for cx := range g.Width {
			if b := g.Box(.5, cy, cx); count[b] == 0 {
				t.Errorf("no box around (%d, %d), %+v", cy, cx, b)
			}
		}
	}
	wantUniform(t, "boxes", count, g.Height*g.Width)
}

func TestCutMixAreaIsBeta(t *testing.T) {
	// On a large image an unclipped box has an area of 1-λ to within 0.002.
	g := Image{1, 1000, 1000, NCHW}
	for _, alpha := range []float64{.3, 1, 4} {
		t.Run(fmt.Sprint("alpha=", alpha), func(t *testing.T) {
			c := drawCuts(CutSampler{Alpha: alpha, Inside: true, Src: rand.NewPCG(1, 2)}, fewer(50_000), g)
			n := c.Len()
			d := distuv.Beta{Alpha: alpha, Beta: alpha}
			for _, x := range []float64{.05, .2, .5, .8, .95} {
				count := 0
				for i := range n {
					if float64(c.Labels.Lambda(i)) <= x {
						count++
					}
				}
				// As the sides are rounded down, the area is up to 0.002 less.
				p := min(max(float64(count)/float64(n), d.CDF(x-.002)), d.CDF(x))
				wantShare(t, fmt.Sprintf("λ ≤ %v", x), count, n, p)
			}
		})
	}
}

// Every place where a box fits has the same probability, the last row and column
// included.
func TestInsideIsUniform(t *testing.T) {
	g := Image{1, 6, 5, NCHW}
	// λ is ½: the sides are 4 and 3, for which there are 3·3 places.
	c := drawCuts(CutSampler{Alpha: math.Inf(1), Inside: true, Src: rand.NewPCG(1, 2)}, fewer(50_000), g)
	count := map[image.Rectangle]int{}
	for i, b := range c.Box {
		count[b]++
		if b.Max.Y-b.Min.Y != 4 || b.Max.X-b.Min.X != 3 {
			t.Fatalf("box %+v, want 4×3 pixels", b)
		}
		if want := float32(1 - 12./30); c.Labels.Lambda(i) != want {
			t.Fatalf("λ = %v, want %v", c.Labels.Lambda(i), want)
		}
	}
	wantUniform(t, "boxes", count, 9)
}

func TestMinMaxIsUniform(t *testing.T) {
	g := Image{1, 7, 4, NCHW}
	// Sides of int(7·0.2) = 1 to int(7·0.5) = 3 and of 0 to 2 pixels, each as
	// probable, and then each place.
	c := drawCuts(CutSampler{MinMax: [2]float64{.2, .5}, Src: rand.NewPCG(1, 2)}, fewer(200_000), g)
	if err := c.Validate(c.Len()); err != nil {
		t.Fatal(err)
	}
	sides, places := map[[2]int]int{}, map[image.Rectangle]int{}
	for i, b := range c.Box {
		h, w := b.Max.Y-b.Min.Y, b.Max.X-b.Min.X
		sides[[2]int{h, w}]++
		if h == 3 && w == 2 {
			places[b]++
		}
		lambda := 1 - float64(h*w)/28
		if want := float32(lambda); c.Labels.Lambda(i) != want {
			t.Fatalf("box %+v: λ = %v, want %v", b, c.Labels.Lambda(i), want)
		}
		if b.Empty() && (c.Labels.Lambda(i) != 1 || c.Labels.Weight[2*i+1] != 0) {
			t.Fatalf("empty box %+v: weights %v, want 1 and 0", b, c.Labels.Weight[2*i:2*i+2])
		}
	}
	wantUniform(t, "sides", sides, 9)
	wantUniform(t, "places of 3×2 pixels", places, 5*3)

	whole := drawCuts(CutSampler{MinMax: [2]float64{1, 1}}, 3, g)
	wantBits(t, "weights for boxes of all the image", whole.Labels.Weight, []float32{0, 1, 0, 1, 0, 1})
}

func TestUncorrected(t *testing.T) {
	const n = 2000
	draw := func(uncorrected, inside bool) *Cut {
		s := CutSampler{Alpha: 1, Uncorrected: uncorrected, Inside: inside, Src: rand.NewPCG(1, 2)}
		return drawCuts(s, n, oblong)
	}
	for _, inside := range []bool{false, true} {
		c, u := draw(false, inside), draw(true, inside)
		if !slices.Equal(c.Box, u.Box) {
			t.Fatalf("inside=%v: the boxes differ", inside)
		}
		empty, differ := 0, 0
		for i, b := range u.Box {
			lambda := float64(u.Labels.Lambda(i))
			switch {
			case b.Empty():
				empty++
				if lambda != 1 || u.Labels.Weight[2*i+1] != 0 {
					t.Errorf("empty box %+v with weights %v, want 1 and 0", b, u.Labels.Weight[2*i:2*i+2])
				}
			case lambda > float64(c.Labels.Lambda(i))+1e-6: // less can be pasted, never more
				t.Errorf("λ drawn = %v, of the area %v", lambda, c.Labels.Lambda(i))
			case lambda < float64(c.Labels.Lambda(i)):
				differ++
			}
			if h, w := oblong.sides(lambda); inside && lambda < .9 && (b.Max.Y-b.Min.Y != h || b.Max.X-b.Min.X != w) {
				// λ itself has been rounded, which may matter once in 10⁶ draws.
				t.Errorf("λ = %v has box %+v, want %d×%d", lambda, b, h, w)
			}
		}
		if empty == 0 || differ < n/2 {
			t.Errorf("inside=%v: %d empty boxes, %d corrections of %d, want some and most", inside, empty, differ, n)
		}
	}
}

// Switch and Skip decide for the minibatch, or for each row.
func TestSwitchIsAProbability(t *testing.T) {
	for _, test := range []struct {
		name                string
		s                   CutSampler
		skipped, cut, mixed float64
	}{
		{"both", CutSampler{Alpha: 1, Mixup: Sampler{Alpha: 1}, Switch: .5}, 0, .5, .5},
		{"minmax", CutSampler{MinMax: [2]float64{.3, .5}, Mixup: Sampler{Lambda: distuv.Uniform{Min: .4, Max: .6}}, Switch: .5}, 0, .5, .5},
		{"switch", CutSampler{Alpha: 1, Mixup: Sampler{Alpha: 1, K: 3}, Switch: .8}, 0, .8, .2},
		{"skip", CutSampler{Alpha: 1, Mixup: Sampler{Alpha: 1}, Switch: .25, Skip: .2}, .2, .2, .6},
		{"only CutMix", CutSampler{Alpha: 1, Skip: .3, Switch: .1}, .3, .7, 0},
		{"Mixup of one term", CutSampler{Alpha: 1, Mixup: Sampler{K: 1}}, 0, 1, 0},
		{"only mixup", CutSampler{Mixup: Sampler{Alpha: 1}, Switch: .9}, 0, 0, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := test.s
			s.Src = rand.NewPCG(1, 2)
			g := Image{1, 1 << 14, 1 << 14, NCHW} // so large that hardly a box is empty
			check := func(c *Cut) {
				t.Helper()
				var skipped, cut, mixed int
				for i := range c.Len() {
					switch {
					case !c.Box[i].Empty():
						cut++
					case c.Labels.Lambda(i) == 1:
						skipped++
					default:
						mixed++
					}
				}
				wantShare(t, "left as they are", skipped, c.Len(), test.skipped)
				wantShare(t, "cut", cut, c.Len(), test.cut)
				wantShare(t, "mixed", mixed, c.Len(), test.mixed)
			}
			s.Image = g
			n := fewer(20_000)
			check(drawCuts(s, n, g))

			var all, c Cut
			for range n {
				s.Sample(&c, 2)
				if c.Box[0] != c.Box[1] || !slices.Equal(c.Labels.Weight[:c.Labels.K], c.Labels.Weight[c.Labels.K:]) {
					t.Fatalf("boxes %+v and weights %v, want the same for all rows", c.Box, c.Labels.Weight)
				}
				all.Labels.K = c.Labels.K
				all.Labels.Index = append(all.Labels.Index, c.Labels.Index[:c.Labels.K]...)
				all.Labels.Weight = append(all.Labels.Weight, c.Labels.Weight[:c.Labels.K]...)
				all.Box = append(all.Box, c.Box[0])
			}
			check(&all)
		})
	}
}

// In one minibatch there are rows with a box, mixed ones and unmixed ones.
func TestPerSampleHoldsAll(t *testing.T) {
	for _, k := range []int{2, 3} {
		s := CutSampler{Image: oblong, Alpha: 1, PerSample: true, Skip: .2, Mixup: Sampler{Alpha: 1, K: k}, Switch: .5, Src: rand.NewPCG(1, 2)}
		var c Cut
		s.Sample(&c, 100)
		if err := c.Validate(100); err != nil || c.Labels.K != k {
			t.Errorf("K = %d, %v, want %d", c.Labels.K, err, k)
		}
		boxes := map[image.Rectangle]bool{}
		for i, b := range c.Box {
			boxes[b] = true
			if want := float32(oblong.lambda(b)); !b.Empty() && c.Labels.Lambda(i) != want {
				t.Errorf("row %d: λ = %v, want %v", i, c.Labels.Lambda(i), want)
			}
		}
		if len(boxes) < 20 {
			t.Errorf("%d boxes in 100 rows", len(boxes))
		}
	}
}

func TestCutSamplePairs(t *testing.T) {
	s := CutSampler{Image: oblong, Alpha: 1, PerSample: true, Mixup: Sampler{Alpha: 1}, Switch: .5, Src: rand.NewPCG(1, 2)}
	var c, same Cut
	s.SamplePairs(&c, []int{2, 3, 0}) // 3 is a row behind the minibatch
	if want := []int{0, 2, 1, 3, 2, 0}; !slices.Equal(c.Labels.Index, want) {
		t.Errorf("pairs have indices %v, want %v", c.Labels.Index, want)
	}
	s.Src = rand.NewPCG(1, 2)
	s.Sample(&same, 3)
	wantBits(t, "weights of SamplePairs and Sample", c.Labels.Weight, same.Labels.Weight)
	if !slices.Equal(c.Box, same.Box) {
		t.Errorf("SamplePairs draws boxes %+v, Sample %+v", c.Box, same.Box)
	}

	s.Mixup.K = 3
	s.SamplePairs(&c, []int{1, 0, 1, 1})
	if want := []int{0, 1, 0, 1, 1, 1}; !slices.Equal(c.Labels.Index, want) {
		t.Errorf("triples have indices %v, want %v", c.Labels.Index, want)
	}
}

func TestCutSamplerShrinksAndGrows(t *testing.T) {
	s := CutSampler{Image: oblong, Alpha: 1, Src: rand.NewPCG(1, 2)}
	var c Cut
	for _, n := range []int{5, 0, 1, 64, 3} {
		for _, perSample := range []bool{false, true} {
			for _, k := range []int{3, 1, 2} {
				s.PerSample, s.Mixup, s.Switch = perSample, Sampler{K: k}, .5
				if k > 1 {
					s.Mixup.Alpha = 1
				}
				s.Sample(&c, n)
				if err := c.Validate(n); err != nil || c.Len() != n || c.Labels.K != max(k, 2) {
					t.Errorf("n=%d, K=%d: Len = %d, K = %d, Validate = %v", n, k, c.Len(), c.Labels.K, err)
				}
			}
		}
	}
}

func TestCutSamplerValidate(t *testing.T) {
	for _, test := range []struct {
		name string
		s    CutSampler
		want string
	}{
		{"an image alone", CutSampler{}, ""},
		{"all", CutSampler{Alpha: math.Inf(1), Inside: true, Uncorrected: true, PerSample: true, Skip: 1, Mixup: Sampler{Alpha: 1, K: 3}, Switch: .9}, ""},
		{"MinMax", CutSampler{MinMax: [2]float64{.2, .8}}, ""},
		{"MinMax of one size", CutSampler{MinMax: [2]float64{1, 1}}, ""},
		{"Alpha negative", CutSampler{Alpha: -1}, "mixup: CutSampler: Alpha = -1, want ≥ 0"},
		{"Alpha NaN", CutSampler{Alpha: math.NaN()}, "mixup: CutSampler: Alpha = NaN, want ≥ 0"},
		{"MinMax reversed", CutSampler{MinMax: [2]float64{.8, .2}}, "mixup: CutSampler: MinMax = [0.8 0.2], want 0 < min ≤ max ≤ 1"},
		{"MinMax from 0", CutSampler{MinMax: [2]float64{0, .2}}, "mixup: CutSampler: MinMax = [0 0.2], want 0 < min ≤ max ≤ 1"},
		{"MinMax above 1", CutSampler{MinMax: [2]float64{.5, 1.5}}, "mixup: CutSampler: MinMax = [0.5 1.5], want 0 < min ≤ max ≤ 1"},
		{"MinMax NaN", CutSampler{MinMax: [2]float64{.5, math.NaN()}}, "mixup: CutSampler: MinMax = [0.5 NaN], want 0 < min ≤ max ≤ 1"},
		{"Skip negative", CutSampler{Skip: -.1}, "mixup: CutSampler: Skip = -0.1, want a probability"},
		{"Skip NaN", CutSampler{Skip: math.NaN()}, "mixup: CutSampler: Skip = NaN, want a probability"},
		{"Switch above 1", CutSampler{Switch: 1.5}, "mixup: CutSampler: Switch = 1.5, want a probability"},
		{"Switch NaN", CutSampler{Switch: math.NaN()}, "mixup: CutSampler: Switch = NaN, want a probability"},
		{"Mixup", CutSampler{Mixup: Sampler{K: -1}}, "mixup: CutSampler: Mixup: Sampler: K = -1, want ≥ 0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.s.Image = oblong
			wantError(t, test.s.Validate(), test.want)
			if test.want != "" {
				var c Cut
				wantPanic(t, test.want, func() { test.s.Sample(&c, 4) })
				wantPanic(t, test.want, func() { test.s.SamplePairs(&c, []int{1, 0}) })
			}
		})
	}
}

func TestCutSamplerPanics(t *testing.T) {
	c, before := goodCut(), goodCut()
	s := CutSampler{Image: oblong, Alpha: 1}
	wantPanic(t, "mixup: Sample of n = -1 rows, want ≥ 0", func() { s.Sample(c, -1) })
	wantPanic(t, "mixup: row 1: partner -2, want a row ≥ 0", func() { s.SamplePairs(c, []int{0, -2}) })
	noImage := "mixup: CutSampler.Image is 3×0×9 NCHW, want Channels, Height and Width ≥ 1, and NCHW or NHWC"
	s.Image.Height = 0
	wantPanic(t, noImage, func() { s.Sample(c, 2) })
	wantPanic(t, noImage, func() { s.SamplePairs(c, []int{0, 1}) })
	s.Image.Height = 12
	wantPanic(t, "mixup: partner and m.Index overlap", func() { s.SamplePairs(c, c.Labels.Index[:1]) })
	s.Mixup, s.Switch = Sampler{Alpha: 1, K: 3}, .5
	wantPanic(t, "mixup: len(partner) = 3 for K = 3, want K-1 for each row", func() { s.SamplePairs(c, []int{0, 1, 2}) })
	s = CutSampler{Image: oblong, Mixup: Sampler{Lambda: &sequence{[]float64{.1, 1.5}}}, PerSample: true}
	wantPanic(t, "mixup: Sampler: Lambda drew 1.5, want a number in [0, 1]", func() { s.Sample(c, 2) })
	s = CutSampler{Image: oblong, Mixup: Sampler{Lambda: &sequence{[]float64{math.NaN()}}}}
	wantPanic(t, "mixup: Sampler: Lambda drew NaN, want a number in [0, 1]", func() { s.SamplePairs(c, []int{0, 0}) })
	if c.Labels.K != before.Labels.K || !slices.Equal(c.Labels.Index, before.Labels.Index) || !slices.Equal(c.Labels.Weight, before.Labels.Weight) ||
		c.Image != before.Image || !slices.Equal(c.Box, before.Box) {
		t.Errorf("after the panics c is %+v, want %+v", c, before)
	}
}

// What a seed draws is frozen: it changes only with a major version.
func TestCutSamplerDrawsAreFrozen(t *testing.T) {
	for _, test := range []struct {
		name string
		s    CutSampler
		want uint64
	}{
		{"CutMix", CutSampler{Alpha: 1}, 0xd4ef7d3494d1c704},
		{"per sample", CutSampler{Alpha: .3, PerSample: true, Uncorrected: true}, 0x787f309f0673cdb4},
		{"inside", CutSampler{Alpha: 1, Inside: true, PerSample: true}, 0xac3d762ca10abdd6},
		{"minmax", CutSampler{MinMax: [2]float64{.2, .8}, PerSample: true, Skip: .3}, 0xc2ba592949c11848},
		{"switching", CutSampler{Alpha: 1, Mixup: Sampler{Alpha: .4}, Switch: .5}, 0xa141d7778dec209f},
		{"switching per sample", CutSampler{Alpha: 1, PerSample: true, Skip: .2, Switch: .6, Mixup: Sampler{Alpha: .4, K: 3, Fold: true}}, 0x15af14f8ea2fd7a9},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.s.Image, test.s.Src = oblong, rand.NewPCG(1, 2)
			h := fnv.New64a()
			var c Cut
			for step := range 200 {
				test.s.Sample(&c, step)
				for p, j := range c.Labels.Index {
					b := c.Box[p/c.Labels.K]
					for _, v := range []int{j, int(math.Float32bits(c.Labels.Weight[p])), b.Min.Y, b.Max.Y, b.Min.X, b.Max.X} {
						var word [8]byte
						binary.LittleEndian.PutUint64(word[:], uint64(uint32(v)))
						h.Write(word[:])
					}
				}
			}
			if got := h.Sum64(); got != test.want {
				t.Errorf("digest %#016x, want %#016x", got, test.want)
			}
		})
	}
}
