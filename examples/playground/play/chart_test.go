package play

import (
	"fmt"
	"math"
	"testing"
)

// TestChart holds the bars to the density: both are those of the same distribution.
func TestChart(t *testing.T) {
	images := noise(t, 3, 224)
	for _, s := range []Settings{
		{Mixup: true, Alpha: 0.2, K: 2},
		{Mixup: true, Alpha: 1, K: 2},
		{Mixup: true, Alpha: 8, K: 2},
		{Mixup: true, Alpha: 0.5, K: 3},
		{Mixup: true, Alpha: 2, K: 5},
		{CutMix: true, MinMax: true, Min: 0.3, Max: 0.7, K: 2},
		{CutMix: true, MinMax: true, Min: 0.1, Max: 1, K: 2},
		{CutMix: true, MinMax: true, Min: 0.2, Max: 0.9, Mixup: true, Alpha: 2, Switch: 0.3, K: 2},
	} {
		c := s.chart(images.Shape())
		if len(c.Bars) != bins || len(c.Density) != cells {
			t.Fatalf("%+v: %d bars and %d values of the density, want %d and %d", s, len(c.Bars), len(c.Density), bins, cells)
		}
		// The share of draws in each fifth, away from infinite densities, by Simpson's
		// rule. It is that of the density within 5.5 standard deviations: a false
		// alarm, of all 24, has a probability of 1e-6. Sides of boxes are whole pixels,
		// of which there are 90 or more, so that some 1 in 100 of λ may be on the other
		// side of a boundary.
		density := s.law().density
		for fifth := 1; fifth < 4; fifth++ {
			from, to := float64(fifth)/5, float64(fifth+1)/5
			drawn := 0.
			for _, bar := range c.Bars[fifth*bins/5:][:bins/5] {
				drawn += bar / bins
			}
			want := integral(density, from, to)
			if tolerance := 5.5*math.Sqrt(want*(1-want)/draws) + 0.011; math.Abs(drawn-want) > tolerance {
				t.Errorf("%+v: a share of %v of the draws is from %v to %v, want %v", s, drawn, from, to, want)
			}
		}
		sum := 0.
		for _, bar := range c.Bars {
			sum += bar / bins
		}
		if math.Abs(sum-1) > 1e-9 {
			t.Errorf("%+v: the bars have an area of %v, want 1", s, sum)
		}
	}
}

// integral returns that of f from a to b.
func integral(f func(float64) float64, a, b float64) float64 {
	const n = 1000
	h := (b - a) / n
	sum := f(a) + f(b)
	for i := 1; i < n; i++ {
		sum += float64(2+2*(i%2)) * f(a+float64(i)*h)
	}
	return sum * h / 3
}

// TestDensities wants an area of 1.
func TestDensities(t *testing.T) {
	for name, f := range map[string]func(float64) float64{
		"Beta(1, 1)":       betaDensity(1, 1),
		"Beta(2, 6)":       betaDensity(2, 6),
		"Beta(40, 40)":     betaDensity(40, 40),
		"sides 0.3 to 0.7": productDensity(0.3, 0.7),
		"sides 0.1 to 1":   productDensity(0.1, 1),
	} {
		if area := integral(f, 1e-9, 1-1e-9); math.Abs(area-1) > 1e-3 {
			t.Errorf("the density of %s has an area of %v, want 1", name, area)
		}
	}
}

// TestClipped wants λ of CutMix to be larger than it was drawn, as the page says.
func TestClipped(t *testing.T) {
	s := Settings{CutMix: true, Alpha: 1, K: 2}
	c := s.chart(noise(t, 3, 224).Shape())
	mean := 0.
	for bin, bar := range c.Bars {
		mean += bar / bins * (float64(bin) + 0.5) / bins
	}
	// λ is uniform before, with a standard error of 0.01.
	if mean < 0.55 {
		t.Errorf("the mean of λ is %v, want more than 0.55", mean)
	}
}

// TestFewValues wants one bar, and no density, where λ is always the same.
func TestFewValues(t *testing.T) {
	for _, tc := range []struct {
		s     Settings
		bin   int
		title string
	}{
		{Settings{K: 2, Alpha: 1}, bins - 1, "λ = 1"},
		{Settings{K: 2, Mixup: true}, bins - 1, "λ = 1"},
		{Settings{K: 1, Mixup: true}, bins - 1, "λ = 1"},
		{Settings{K: 2, CutMix: true}, bins - 1, "λ = 1"},
		{Settings{K: 2, Mixup: true, Fixed: true, Lambda: 0.3}, 0.3 * bins, "λ = 0.3"},
		{Settings{K: 2, CutMix: true, Fixed: true, Lambda: 0.51}, 20, "λ = 0.51"},
		{Settings{K: 2, CutMix: true, MinMax: true, Min: 0.5, Max: 0.5}, 0.75 * bins, "sides of the box uniform from 0.5 to 0.5; λ = 1 − area"},
	} {
		c := tc.s.chart(noise(t, 3, 224).Shape())
		if c.Bars[tc.bin] != bins || c.Density != nil || c.Title != tc.title {
			t.Errorf("%+v: %q with the density %v and the bars %v, want %q, no density, and all in bar %d", tc.s, c.Title, c.Density, c.Bars, tc.title, tc.bin)
		}
	}
}

// TestExtremeAlpha wants a chart for each α that is valid, and numbers that JSON can
// hold.
func TestExtremeAlpha(t *testing.T) {
	for _, alpha := range []float64{1e-300, 1e-5, 1e6, 1e300} {
		c := Settings{Mixup: true, Alpha: alpha, K: 2}.chart(noise(t, 3, 8).Shape())
		for _, d := range append(c.Bars, c.Density...) {
			if math.IsNaN(d) || math.IsInf(d, 0) {
				t.Errorf("α = %v: the chart has %v", alpha, d)
			}
		}
		if want := fmt.Sprintf("λ ~ Beta(%v, %v)", alpha, alpha); c.Title != want {
			t.Errorf("α = %v: the title is %q, want %q", alpha, c.Title, want)
		}
	}
}
