package mixup

// CutMix of images with a side of 1: series, spectra, recordings.

import (
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// eachSeries runs a test for series of so many steps, of either direction and Layout.
// along returns where the part of a box begins and ends.
func eachSeries(t *testing.T, steps int, test func(t *testing.T, g Image, along func(image.Rectangle) (lo, hi int))) {
	for _, layout := range []Layout{NCHW, NHWC} {
		for _, g := range []Image{{3, 1, steps, layout}, {3, steps, 1, layout}} {
			t.Run(g.String(), func(t *testing.T) {
				test(t, g, func(b image.Rectangle) (int, int) {
					t.Helper()
					p, q := b.Min, b.Max
					if g.Height > 1 { // it lies in the other direction
						p, q = image.Pt(p.Y, p.X), image.Pt(q.Y, q.X)
					}
					if p.Y != 0 || q.Y != 1 {
						t.Fatalf("box %v does not have all of the side of 1", b)
					}
					return p.X, q.X
				})
			})
		}
	}
}

// The ends of a box do not overflow, and a share of a side is not more than the side.
func TestBoxOfLongestSeries(t *testing.T) {
	all := float64(math.MaxInt)
	for _, test := range []struct {
		lambda         float64
		centre, lo, hi int
	}{
		{0, 0, 0, math.MaxInt - math.MaxInt/2},
		{0x1p-60, 0, 0, math.MaxInt - math.MaxInt/2},
		{0, math.MaxInt - 1, math.MaxInt / 2, math.MaxInt},
		{0x1p-60, math.MaxInt / 2, 0, math.MaxInt},
		{0.5, math.MaxInt - 1, math.MaxInt - 1 - int(all/2)/2, math.MaxInt},
		{1, math.MaxInt - 1, math.MaxInt - 1, math.MaxInt - 1},
	} {
		if got, want := (Image{1, 1, math.MaxInt, NCHW}).Box(test.lambda, 0, test.centre), image.Rect(test.lo, 0, test.hi, 1); got != want {
			t.Errorf("λ = %v around %d: %v, want %v", test.lambda, test.centre, got, want)
		}
		if got, want := (Image{1, math.MaxInt, 1, NCHW}).Box(test.lambda, test.centre, 0), image.Rect(0, test.lo, 1, test.hi); got != want {
			t.Errorf("λ = %v around %d: %v, want %v", test.lambda, test.centre, got, want)
		}
	}
}

// Boxes of the longest series are drawn within it, whatever the size of an int.
func TestBoxesOfLongestSeriesAreDrawn(t *testing.T) {
	for _, s := range []CutSampler{
		{MinMax: [2]float64{1e-300, 1}},
		{MinMax: [2]float64{1e-300, 1e-300}}, // no pixels, in any of MaxInt + 1 places
		{Alpha: 1, Inside: true},
		{Alpha: 1},
	} {
		s.PerSample, s.Src = true, rand.NewPCG(1, 2)
		for _, s.Image = range []Image{{1, 1, math.MaxInt, NCHW}, {1, math.MaxInt, 1, NCHW}} {
			var c Cut
			s.Sample(&c, 50)
			if err := c.Validate(50); err != nil {
				t.Errorf("%+v: %v", s, err)
			}
		}
	}
}

// Every box around every step, as it is defined: int(L·(1-λ)) steps around the centre,
// clipped.
func TestBoxOfSeries(t *testing.T) {
	for _, steps := range []int{1, 2, 3, 4, 5, 10, 31} {
		eachSeries(t, steps, func(t *testing.T, g Image, along func(image.Rectangle) (int, int)) {
			for q := range 101 {
				lambda := float64(q) / 100
				length := int(float64(steps) * (1 - lambda))
				for centre := range steps {
					cy, cx := 0, centre
					if g.Height > 1 {
						cy, cx = centre, 0
					}
					var pasted []int
					for x := centre - length/2; x < centre-length/2+length; x++ {
						if 0 <= x && x < steps {
							pasted = append(pasted, x)
						}
					}
					b := g.Box(lambda, cy, cx)
					lo, hi := along(b)
					var got []int
					for x := lo; x < hi; x++ {
						got = append(got, x)
					}
					if !slices.Equal(got, pasted) || area(b) != len(pasted) {
						t.Fatalf("λ = %v around %d: steps %v of box %v, want %v", lambda, centre, got, b, pasted)
					}
				}
			}
		})
	}
}

// In every mode boxes have pixels, λ is their share, and the products paste them.
func TestCutMixOfSeries(t *testing.T) {
	const n, steps = 400, 50
	for _, test := range []struct {
		name string
		s    CutSampler
	}{
		{"Alpha", CutSampler{Alpha: 1}},
		{"Inside", CutSampler{Alpha: 1, Inside: true}},
		{"MinMax", CutSampler{MinMax: [2]float64{.1, .7}}},
		{"Uncorrected", CutSampler{Alpha: 1, Uncorrected: true}},
		{"Inside, Uncorrected", CutSampler{Alpha: 1, Inside: true, Uncorrected: true}},
	} {
		for _, perSample := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/PerSample=%v", test.name, perSample), func(t *testing.T) {
				eachSeries(t, steps, func(t *testing.T, g Image, along func(image.Rectangle) (int, int)) {
					s := test.s
					s.Image, s.PerSample, s.Src = g, perSample, rand.NewPCG(1, 2)
					var c, all Cut
					if perSample {
						s.Sample(&all, n)
					} else {
						for range n {
							s.Sample(&c, 2)
							if c.Box[0] != c.Box[1] || c.Labels.Lambda(0) != c.Labels.Lambda(1) {
								t.Fatalf("boxes %v, want one for all rows", c.Box)
							}
							all.Box = append(all.Box, c.Box[0])
							all.Labels.Weight = append(all.Labels.Weight, c.Labels.Weight[:2]...)
						}
					}
					pasted, empty := 0, 0
					for i, b := range all.Box {
						if b.Empty() {
							empty++
							wantBits(t, "weights without a box", all.Labels.Weight[2*i:2*i+2], []float32{1, 0})
							continue
						}
						lo, hi := along(b)
						if lo < 0 || hi > steps {
							t.Fatalf("box %v is not in the series", b)
						}
						pasted += hi - lo
						lambda := 1 - float64(hi-lo)/steps
						switch got := all.Labels.Weight[2*i]; {
						case !s.Uncorrected:
							wantBits(t, "weights", all.Labels.Weight[2*i:2*i+2], []float32{float32(lambda), float32(1 - lambda)})
						case float64(got) > lambda+1e-6, s.Inside && float64(got) < lambda-1./steps:
							t.Errorf("λ = %v for %d steps of %d", got, hi-lo, steps)
						}
					}
					// A side of Beta(1,1) is empty below one step, for one draw in 50.
					if mean := float64(pasted) / n / steps; empty > n/10 || mean < .2 || mean > .6 {
						t.Errorf("%d of %d boxes are empty, and a share of %.2f is pasted", empty, n, mean)
					}
				})
			})
		}
	}
}

// The centre is uniform: each gives another box of these.
func TestSeriesCentresAreUniform(t *testing.T) {
	eachSeries(t, 9, func(t *testing.T, g Image, along func(image.Rectangle) (int, int)) {
		// α = +Inf: λ is ½, the box is int(4.5) steps long.
		c := drawCuts(CutSampler{Alpha: math.Inf(1), Src: rand.NewPCG(1, 2)}, fewer(50_000), g)
		count := map[int]int{}
		for _, b := range c.Box {
			lo, hi := along(b)
			count[lo+hi]++ // 2 for centre 0, 3, 4, 6, …, 14, 15 for centre 8
		}
		wantUniform(t, "boxes", count, 9)
	})
}

// The length of a box that is not clipped is L·(1-λ) rounded down, with λ ~ Beta(α,α).
func TestSeriesLengthIsBeta(t *testing.T) {
	const steps = 100
	eachSeries(t, steps, func(t *testing.T, g Image, along func(image.Rectangle) (int, int)) {
		for _, alpha := range []float64{.3, 1, 4} {
			c := drawCuts(CutSampler{Alpha: alpha, Inside: true, Src: rand.NewPCG(1, 2)}, fewer(20_000), g)
			d := distuv.Beta{Alpha: alpha, Beta: alpha}
			for _, longest := range []int{0, 4, 20, 50, 80, 95, 99} {
				count := 0
				for _, b := range c.Box {
					if lo, hi := along(b); hi-lo <= longest {
						count++
					}
				}
				// 1-λ has the distribution of λ.
				wantShare(t, fmt.Sprintf("α = %v: up to %d steps", alpha, longest), count, c.Len(), d.CDF(float64(longest+1)/steps))
			}
		}
	})
}

// Every place where a box fits has the same probability, both ends included.
func TestSeriesPlacesAreUniform(t *testing.T) {
	eachSeries(t, 10, func(t *testing.T, g Image, along func(image.Rectangle) (int, int)) {
		type part struct{ lo, hi int }
		inside := map[part]int{}
		for _, b := range drawCuts(CutSampler{Alpha: math.Inf(1), Inside: true, Src: rand.NewPCG(1, 2)}, fewer(30_000), g).Box {
			lo, hi := along(b)
			inside[part{lo, hi}]++
		}
		wantUniform(t, "places of 5 of 10 steps", inside, 6)

		lengths, places := map[int]int{}, map[part]int{}
		for _, b := range drawCuts(CutSampler{MinMax: [2]float64{.2, .5}, Src: rand.NewPCG(1, 2)}, fewer(100_000), g).Box {
			lo, hi := along(b)
			lengths[hi-lo]++
			if hi-lo == 3 {
				places[part{lo, hi}]++
			}
		}
		wantUniform(t, "lengths of 2 to 5 steps", lengths, 4)
		wantUniform(t, "places of 3 of 10 steps", places, 8)
		if places[part{0, 3}] == 0 || places[part{7, 10}] == 0 {
			t.Error("an end of the series is never pasted")
		}
	})
}
