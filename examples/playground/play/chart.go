// The distribution of λ: 1000 draws beside the density that they follow.

package play

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/seed-7466c776/mixup"
)

const (
	draws = 1000
	bins  = 40
	cells = 5 * bins // of the density
)

// A Chart has a histogram of draws of λ and their density, both over [0, 1].
type Chart struct {
	Bars    []float64 `json:"bars"`    // of each bin: the share of draws in it, divided by the width
	Density []float64 `json:"density"` // at the middle of each cell; empty: there is none, as λ has few values
	Title   string    `json:"title"`   // how λ is distributed
	Remark  string    `json:"remark"`  // what that means
}

// chart draws λ of 1000 rows, each on its own, from the sampler of s.
func (s Settings) chart(img mixup.Image) Chart {
	s.PerRow = s.CutMix || s.K > 1 // K = 1, which is refused beside it, needs no draws
	src := rand.NewPCG(s.Seed, stream+1)
	var cut mixup.Cut
	m := &cut.Labels
	if s.CutMix {
		sampler := s.cutSampler(img)
		sampler.Src = src
		sampler.Sample(&cut, draws)
	} else {
		sampler := s.sampler()
		sampler.Src = src
		sampler.Sample(m, draws)
	}
	c := Chart{Bars: make([]float64, bins)}
	for i := range draws {
		bin := min(int(bins*m.Lambda(i)), bins-1)
		c.Bars[bin]++
	}
	for bin := range c.Bars {
		c.Bars[bin] *= bins / float64(draws)
	}
	l := s.law()
	c.Title, c.Remark = l.title, l.remark
	if l.density == nil {
		return c
	}
	for i := range cells {
		d := l.density((float64(i) + 0.5) / cells)
		if math.IsNaN(d) || math.IsInf(d, 0) { // α beyond what the formula can do
			c.Density = nil
			break
		}
		c.Density = append(c.Density, d)
	}
	return c
}

// A law is a distribution of λ.
type law struct {
	title, remark string
	density       func(x float64) float64 // nil: λ has few values
}

// law returns the distribution of λ.
func (s Settings) law() law {
	mix, cut := s.mixupLaw(), s.cutLaw()
	switch {
	case s.Mixup && s.CutMix && (s.MinMax || s.Fixed || s.Alpha > 0):
		both := law{title: fmt.Sprintf("CutMix with probability %v, otherwise mixup", s.Switch),
			remark: "The draws are of both kinds. Boxes that leave the image are clipped, so that λ of CutMix is larger than was drawn."}
		if s.MinMax || s.Fixed {
			both.remark = "The draws are of both kinds."
		}
		if mix.density != nil && cut.density != nil {
			both.density = func(x float64) float64 { return s.Switch*cut.density(x) + (1-s.Switch)*mix.density(x) }
		}
		return both
	case s.CutMix:
		return cut
	case s.Mixup:
		return mix
	}
	return unmixed
}

var unmixed = law{title: "λ = 1", remark: "Every image keeps the weight 1."}

// mixupLaw is the distribution of mixup alone.
func (s Settings) mixupLaw() law {
	switch {
	case s.Fixed:
		return law{title: fmt.Sprintf("λ = %v", s.Lambda), remark: "λ is set by hand. Every row has the same."}
	case s.Alpha == 0 || s.K == 1:
		return unmixed
	case s.K > 2:
		// A weight of Dirichlet(α,…,α) by itself.
		b := float64(s.K-1) * s.Alpha
		return law{
			title:   fmt.Sprintf("weights ~ Dirichlet(α,…,α) with α = %v; the first, λ ~ Beta(%v, %v)", s.Alpha, s.Alpha, round(b)),
			remark:  fmt.Sprintf("%d weights add up to 1, so that the first is 1/%d on average.", s.K, s.K),
			density: betaDensity(s.Alpha, b),
		}
	}
	l := law{title: fmt.Sprintf("λ ~ Beta(%v, %v)", s.Alpha, s.Alpha), density: betaDensity(s.Alpha, s.Alpha)}
	switch {
	case s.Alpha < 1:
		l.remark = "α below 1: λ is mostly near 0 or 1, so most pictures are close to one of their images."
	case s.Alpha == 1:
		l.remark = "α = 1: every λ between 0 and 1 is equally likely."
	default:
		l.remark = "α above 1: λ is mostly near ½, so most pictures are an even mixture."
	}
	return l
}

// cutLaw is the distribution of CutMix alone, before boxes are clipped.
func (s Settings) cutLaw() law {
	switch {
	case s.MinMax:
		return law{
			title:   fmt.Sprintf("sides of the box uniform from %v to %v; λ = 1 − area", s.Min, s.Max),
			remark:  "No box leaves the image, so that nothing is clipped.",
			density: productDensity(s.Min, s.Max),
		}
	case s.Fixed:
		return law{title: fmt.Sprintf("λ = %v", s.Lambda), remark: "λ is set by hand: all boxes have the same size, rounded to whole pixels."}
	case s.Alpha == 0:
		return unmixed
	}
	return law{
		title:   fmt.Sprintf("λ ~ Beta(%v, %v), before boxes are clipped", s.Alpha, s.Alpha),
		remark:  "A box that leaves the image is clipped, and the label follows what is left of it. So there are more draws near 1 than the density says.",
		density: betaDensity(s.Alpha, s.Alpha),
	}
}

// betaDensity returns the density of Beta(a, b).
func betaDensity(a, b float64) func(x float64) float64 {
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	return func(x float64) float64 {
		return math.Exp((a-1)*math.Log(x) + (b-1)*math.Log1p(-x) + lab - la - lb)
	}
}

// productDensity returns the density of λ = 1 - h·w, where h and w are independent
// and uniform from lo to hi. It is nil if these are the same.
func productDensity(lo, hi float64) func(x float64) float64 {
	if lo == hi {
		return nil
	}
	return func(x float64) float64 {
		area := 1 - x
		if area <= lo*lo || area >= hi*hi {
			return 0
		}
		return math.Log(min(area/(lo*lo), hi*hi/area)) / ((hi - lo) * (hi - lo))
	}
}

// round shortens a number that was computed for a text.
func round(x float64) float64 { return math.Round(x*1e6) / 1e6 }
