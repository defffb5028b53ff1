package mixup

// What a CutSampler refuses.

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

const (
	badImage   = ", want Channels, Height and Width ≥ 1, and NCHW or NHWC"
	smallImage = ", want Height and Width ≥ 4, or one of them 1 and the other ≥ 4"
	notBeside  = "mixup: CutSampler: MinMax = [0.2 0.8] beside Alpha, Inside or Uncorrected, want these zero: they have no effect with it"
	notItsOwn  = "mixup: CutSampler: Mixup has a Src, PerSample or Skip of its own, want them set in the CutSampler alone"
	bothOn     = " while both CutMix and Mixup are on, want the probability of CutMix, above 0 and below 1"
)

// Each CutSampler has the Image oblong.
func TestCutSamplerValidate(t *testing.T) {
	minMax := [2]float64{.2, .8}
	inf, nan := math.Inf(1), math.NaN()
	for _, test := range []struct {
		name string
		s    CutSampler
		want string
	}{
		{"an image alone", CutSampler{}, ""},
		{"all", CutSampler{Alpha: inf, Inside: true, Uncorrected: true, PerSample: true, Skip: 1, Mixup: Sampler{Alpha: 1, K: 3, Fold: true}, Switch: .9}, ""},
		{"MinMax", CutSampler{MinMax: minMax}, ""},
		{"MinMax of one size", CutSampler{MinMax: [2]float64{1, 1}}, ""},
		{"MinMax and mixup", CutSampler{MinMax: minMax, Mixup: Sampler{Lambda: Beta{1, 2, nil}}, Switch: .5}, ""},
		{"Alpha 0", CutSampler{Inside: true, Uncorrected: true, Switch: 1, Mixup: Sampler{Alpha: 1}}, ""},
		{"Mixup.Alpha 0", CutSampler{Alpha: 1, Switch: 0, Mixup: Sampler{Fold: true, K: 3}}, ""},
		{"Alpha negative", CutSampler{Alpha: -1}, "mixup: CutSampler: Alpha = -1, want ≥ 0"},
		{"Alpha NaN", CutSampler{Alpha: nan}, "mixup: CutSampler: Alpha = NaN, want ≥ 0"},
		{"MinMax reversed", CutSampler{MinMax: [2]float64{.8, .2}}, "mixup: CutSampler: MinMax = [0.8 0.2], want 0 < min ≤ max ≤ 1"},
		{"MinMax from 0", CutSampler{MinMax: [2]float64{0, .2}}, "mixup: CutSampler: MinMax = [0 0.2], want 0 < min ≤ max ≤ 1"},
		{"MinMax negative", CutSampler{MinMax: [2]float64{-.1, .2}}, "mixup: CutSampler: MinMax = [-0.1 0.2], want 0 < min ≤ max ≤ 1"},
		{"MinMax above 1", CutSampler{MinMax: [2]float64{.5, 1.5}}, "mixup: CutSampler: MinMax = [0.5 1.5], want 0 < min ≤ max ≤ 1"},
		{"MinMax NaN", CutSampler{MinMax: [2]float64{.5, nan}}, "mixup: CutSampler: MinMax = [0.5 NaN], want 0 < min ≤ max ≤ 1"},
		{"MinMax beside Alpha", CutSampler{MinMax: minMax, Alpha: 1}, notBeside},
		{"MinMax beside Inside", CutSampler{MinMax: minMax, Inside: true}, notBeside},
		{"MinMax beside Uncorrected", CutSampler{MinMax: minMax, Uncorrected: true}, notBeside},
		{"Skip negative", CutSampler{Skip: -.1}, "mixup: CutSampler: Skip = -0.1, want a probability"},
		{"Skip above 1", CutSampler{Skip: 1.1}, "mixup: CutSampler: Skip = 1.1, want a probability"},
		{"Skip NaN", CutSampler{Skip: nan}, "mixup: CutSampler: Skip = NaN, want a probability"},
		{"Switch negative", CutSampler{Switch: -.1}, "mixup: CutSampler: Switch = -0.1, want a probability"},
		{"Switch above 1", CutSampler{Switch: 1.5}, "mixup: CutSampler: Switch = 1.5, want a probability"},
		{"Switch NaN", CutSampler{Switch: nan}, "mixup: CutSampler: Switch = NaN, want a probability"},
		{"Switch not set", CutSampler{Alpha: 1, Mixup: Sampler{Alpha: 1}}, "mixup: CutSampler: Switch = 0" + bothOn},
		{"Switch 1", CutSampler{MinMax: minMax, Mixup: Sampler{Alpha: 1}, Switch: 1}, "mixup: CutSampler: Switch = 1" + bothOn},
		{"Switch not set, Lambda", CutSampler{Alpha: 1, Mixup: Sampler{Lambda: Beta{1, 2, nil}}}, "mixup: CutSampler: Switch = 0" + bothOn},
		{"Mixup.Src", CutSampler{Mixup: Sampler{Alpha: 1, Src: rand.NewPCG(1, 2)}}, notItsOwn},
		{"Mixup.PerSample", CutSampler{Mixup: Sampler{Alpha: 1, PerSample: true}}, notItsOwn},
		{"Mixup.Skip", CutSampler{Mixup: Sampler{Alpha: 1, Skip: .5}}, notItsOwn},
		{"Mixup of K < 0", CutSampler{Mixup: Sampler{K: -1}}, "mixup: CutSampler: Mixup: Sampler: K = -1, want ≥ 0"},
		{"Mixup of Alpha < 0", CutSampler{Alpha: 1, Mixup: Sampler{Alpha: -1}}, "mixup: CutSampler: Mixup: Sampler: Alpha = -1, want ≥ 0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.s.Image = oblong
			checkCutSampler(t, test.s, test.want)
		})
	}
}

// The zero CutSampler has no Image, and it does not matter whether a box would be drawn.
func TestCutSamplerImages(t *testing.T) {
	for _, test := range []struct {
		img  Image
		want string
	}{
		{Image{}, "mixup: CutSampler.Image is 0×0×0 NCHW" + badImage},
		{Image{0, 9, 9, NCHW}, "mixup: CutSampler.Image is 0×9×9 NCHW" + badImage},
		{Image{3, 0, 9, NCHW}, "mixup: CutSampler.Image is 3×0×9 NCHW" + badImage},
		{Image{3, 9, 0, NCHW}, "mixup: CutSampler.Image is 3×9×0 NCHW" + badImage},
		{Image{3, 9, -9, NCHW}, "mixup: CutSampler.Image is 3×9×-9 NCHW" + badImage},
		{Image{3, 9, 9, 2}, "mixup: CutSampler.Image is 3×9×9 Layout(2)" + badImage},
		{Image{1, math.MaxInt/2 + 2, 4, NCHW}, fmt.Sprintf("mixup: CutSampler.Image is 1×%d×4 NCHW, want a number of values that is an int", math.MaxInt/2+2)},
		{Image{3, 1, 1, NCHW}, "mixup: CutSampler.Image is 3×1×1 NCHW" + smallImage},
		{Image{3, 2, 9, NCHW}, "mixup: CutSampler.Image is 3×2×9 NCHW" + smallImage},
		{Image{3, 3, 9, NHWC}, "mixup: CutSampler.Image is 3×3×9 NHWC" + smallImage},
		{Image{3, 9, 2, NCHW}, "mixup: CutSampler.Image is 3×9×2 NCHW" + smallImage},
		{Image{3, 9, 3, NCHW}, "mixup: CutSampler.Image is 3×9×3 NCHW" + smallImage},
		{Image{3, 1, 3, NCHW}, "mixup: CutSampler.Image is 3×1×3 NCHW" + smallImage},
		{Image{3, 2, 1, NCHW}, "mixup: CutSampler.Image is 3×2×1 NCHW" + smallImage},
		{Image{3, 4, 4, NCHW}, ""},
		{Image{3, 1, 4, NCHW}, ""},
		{Image{3, 4, 1, NHWC}, ""},
	} {
		for _, s := range []CutSampler{{}, {Alpha: 1}, {Alpha: 1, Inside: true}, {MinMax: [2]float64{.5, 1}}, {Alpha: 1, Skip: 1}, {Mixup: Sampler{Alpha: 1}}} {
			t.Run(fmt.Sprintf("%v/%+v", test.img, s), func(t *testing.T) {
				s.Image = test.img
				checkCutSampler(t, s, test.want)
			})
		}
	}
}

// checkCutSampler checks that s is refused with the text want, or drawn from if that is
// empty, by all methods, and that a refusal changes nothing.
func checkCutSampler(t *testing.T, s CutSampler, want string) {
	t.Helper()
	wantError(t, s.Validate(), want)
	c := goodCut()
	c.SetPairs([]int{1, 0}, box(0, 1, 0, 2))
	before := c.Clone()
	if want != "" {
		wantPanic(t, want, func() { s.Sample(c, 4) })
		wantPanic(t, want, func() { s.SamplePairs(c, []int{1, 0}) })
		wantCut(t, "after the panics", c, before)
		return
	}
	s.Sample(c, 4)
	wantError(t, c.Validate(4), "")
}

func TestCutSamplerPanics(t *testing.T) {
	c := goodCut()
	c.SetPairs([]int{1, 0}, box(0, 1, 0, 2))
	before := c.Clone()
	check := func(want string, f func()) {
		t.Helper()
		wantPanic(t, want, f)
		wantCut(t, want, c, before)
	}
	s := CutSampler{Image: oblong, Alpha: 1}
	check("mixup: Sample of n = -1 rows, want ≥ 0", func() { s.Sample(c, -1) })
	check(fmt.Sprintf("mixup: Sample of n = %d rows with K = 2, want a number of terms that is an int", math.MaxInt/2+1), func() { s.Sample(c, math.MaxInt/2+1) })
	check("mixup: row 1: partner -2, want a row ≥ 0", func() { s.SamplePairs(c, []int{0, -2}) })
	check("mixup: partner and m.Index overlap", func() { s.SamplePairs(c, c.Labels.Index[:1]) })
	s.Mixup, s.Switch = Sampler{Alpha: 1, K: 3}, .5
	check("mixup: len(partner) = 3 for K = 3, want K-1 for each row", func() { s.SamplePairs(c, []int{0, 1, 2}) })
	for _, perSample := range []bool{false, true} {
		for _, drawn := range []float64{-.1, 1.5, math.NaN()} {
			want := fmt.Sprintf("mixup: Sampler: Lambda drew %v, want a number in [0, 1]", drawn)
			s := CutSampler{Image: oblong, Mixup: Sampler{Lambda: &sequence{[]float64{drawn}}}, PerSample: perSample}
			check(want, func() { s.Sample(c, 2) })
			s.Mixup.Lambda = &sequence{[]float64{drawn}}
			check(want, func() { s.SamplePairs(c, []int{0, 0}) })
		}
	}
	// The second row's λ is the wrong one.
	s = CutSampler{Image: oblong, Mixup: Sampler{Lambda: &sequence{[]float64{.1, 1.5}}}, PerSample: true}
	check("mixup: Sampler: Lambda drew 1.5, want a number in [0, 1]", func() { s.Sample(c, 2) })
}
