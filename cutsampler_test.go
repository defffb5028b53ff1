package mixup

import (
	"image"
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
		mixed, unmixed := 0, 0
		for i, b := range c.Box {
			boxes[b] = true
			switch lambda := c.Labels.Lambda(i); {
			case !b.Empty():
				if want := float32(oblong.lambda(b)); lambda != want {
					t.Errorf("row %d: λ = %v, want %v", i, lambda, want)
				}
			case lambda < 1:
				mixed++
			default:
				unmixed++
			}
		}
		// On average 40 rows each have a box and are mixed, and 20 are unmixed.
		if len(boxes) < 20 || mixed < 20 || unmixed < 8 {
			t.Errorf("%d boxes, %d mixed and %d unmixed rows of 100", len(boxes), mixed, unmixed)
		}
	}
}

// A uniform number just below Switch or Skip decides one way, and one equal to it the
// other.
func TestSwitchAndSkipAreExact(t *testing.T) {
	const below, half = 1<<63 - 1<<11, 1 << 63 // become ½ - 2⁻⁵³ and ½
	for _, test := range []struct {
		name             string
		skip, Switch     float64
		words            []uint64
		skipped, isMixup bool
	}{
		{"last word of CutMix", 0, .5, []uint64{below}, false, false},
		{"first word of mixup", 0, .5, []uint64{half}, false, true},
		{"last word left alone", .5, .5, []uint64{below}, true, false},
		{"first word not left alone", .5, .5, []uint64{half, below}, false, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			src := &scripted{test.words, rand.NewPCG(1, 2)}
			s := CutSampler{Image: oblong, MinMax: [2]float64{.5, .5}, Mixup: Sampler{Alpha: 1}, Skip: test.skip, Switch: test.Switch, Src: src}
			var c Cut
			s.Sample(&c, 1)
			skipped := c.Box[0].Empty() && c.Labels.Lambda(0) == 1
			if isMixup := c.Box[0].Empty() && !skipped; skipped != test.skipped || isMixup != test.isMixup {
				t.Errorf("λ = %v and box %v", c.Labels.Lambda(0), c.Box[0])
			}
		})
	}
}

// scripted yields words, and when there are no more, those of a Source.
type scripted struct {
	words []uint64
	rand.Source
}

func (s *scripted) Uint64() uint64 {
	if len(s.words) == 0 {
		return s.Source.Uint64()
	}
	word := s.words[0]
	s.words = s.words[1:]
	return word
}

func TestDrawingDoesNotChangeTheCutSampler(t *testing.T) {
	for _, src := range []rand.Source{rand.NewPCG(1, 2), nil} {
		s := CutSampler{Image: oblong, Alpha: 1, Inside: true, Skip: .1, PerSample: true, Mixup: Sampler{Alpha: .4, Fold: true}, Switch: .5, Src: src}
		before := s
		var c Cut
		s.Sample(&c, 20)
		partner := []int{2, 0, 1}
		s.SamplePairs(&c, partner)
		if s != before || !slices.Equal(partner, []int{2, 0, 1}) {
			t.Errorf("%+v and partners %v, want %+v", s, partner, before)
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
