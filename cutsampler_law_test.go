package mixup

// The distribution of what a CutSampler draws. Seeds are fixed; the probabilities of
// false alarms are those of wantUniform and wantShare.

import (
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

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
