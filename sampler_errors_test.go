package mixup

// What a Sampler refuses, and that it then leaves everything as it was.

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

func TestSamplerValidate(t *testing.T) {
	const alone = "mixup: Sampler: K = 1 mixes nothing, want no Alpha, PerSample, Fold or Skip beside it"
	for _, test := range []struct {
		name string
		s    Sampler
		want string
	}{
		{"zero", Sampler{}, ""},
		{"all", Sampler{Alpha: math.Inf(1), K: 4, PerSample: true, Fold: true, Skip: 1}, ""},
		{"Lambda", Sampler{Lambda: distuv.UnitUniform, K: 2}, ""},
		{"Lambda and all that goes with it", Sampler{Lambda: distuv.UnitUniform, PerSample: true, Fold: true, Skip: 0.5}, ""},
		{"K = 1", Sampler{K: 1, Src: rand.NewPCG(1, 2)}, ""},
		{"a search over Alpha that begins at 0", Sampler{K: 3, PerSample: true, Fold: true, Skip: 0.5}, ""},
		{"Alpha negative", Sampler{Alpha: -1}, "mixup: Sampler: Alpha = -1, want ≥ 0"},
		{"Alpha -Inf", Sampler{Alpha: math.Inf(-1)}, "mixup: Sampler: Alpha = -Inf, want ≥ 0"},
		{"Alpha NaN", Sampler{Alpha: math.NaN()}, "mixup: Sampler: Alpha = NaN, want ≥ 0"},
		{"K negative", Sampler{K: -1}, "mixup: Sampler: K = -1, want ≥ 0"},
		{"Skip negative", Sampler{Skip: -.1}, "mixup: Sampler: Skip = -0.1, want a probability"},
		{"Skip above 1", Sampler{Skip: 1.1}, "mixup: Sampler: Skip = 1.1, want a probability"},
		{"Skip NaN", Sampler{Skip: math.NaN()}, "mixup: Sampler: Skip = NaN, want a probability"},
		{"Lambda and Alpha", Sampler{Lambda: distuv.UnitUniform, Alpha: 0.2}, "mixup: Sampler: Alpha = 0.2 beside Lambda, want one of them"},
		{"Lambda and an infinite Alpha", Sampler{Lambda: Beta{}, Alpha: math.Inf(1)}, "mixup: Sampler: Alpha = +Inf beside Lambda, want one of them"},
		{"Lambda for one", Sampler{Lambda: distuv.UnitUniform, K: 1}, "mixup: Sampler: K = 1 beside Lambda, want 0 or 2"},
		{"Lambda for three", Sampler{Lambda: distuv.UnitUniform, K: 3}, "mixup: Sampler: K = 3 beside Lambda, want 0 or 2"},
		{"K = 1 and Alpha", Sampler{K: 1, Alpha: 1e-300}, alone},
		{"K = 1 and PerSample", Sampler{K: 1, PerSample: true}, alone},
		{"K = 1 and Fold", Sampler{K: 1, Fold: true}, alone},
		{"K = 1 and Skip", Sampler{K: 1, Skip: 1}, alone},
	} {
		t.Run(test.name, func(t *testing.T) {
			wantError(t, test.s.Validate(), test.want)
			if test.want == "" {
				return
			}
			wantUnchanged(t, test.want, func(m *Mix) { test.s.Sample(m, 4) })
			wantUnchanged(t, test.want, func(m *Mix) { test.s.SamplePairs(m, []int{1, 0}) })
		})
	}
}

// TestSamplerCombinations goes through all combinations of fields, valid or not.
// What Validate lets pass draws a valid Mix, and what it does not is refused.
func TestSamplerCombinations(t *testing.T) {
	bools := []bool{false, true}
	for _, alpha := range []float64{0, 0.2, math.Inf(1), -1, math.NaN()} {
		for _, lambda := range []interface{ Rand() float64 }{nil, distuv.Uniform{Min: 0.25, Max: 0.5}, Beta{Alpha: 2, Beta: 5}} {
			for _, k := range []int{-1, 0, 1, 2, 3, 7} {
				for _, skip := range []float64{0, 0.5, 1, -0.5, 1.5, math.NaN()} {
					for p := range 4 {
						s := Sampler{Alpha: alpha, Lambda: lambda, K: k, PerSample: bools[p&1], Fold: bools[p>>1], Skip: skip}
						inRange := alpha >= 0 && k >= 0 && skip >= 0 && skip <= 1
						beside := lambda != nil && (alpha != 0 || k == 1 || k > 2)
						useless := k == 1 && (alpha != 0 || s.PerSample || s.Fold || skip != 0)
						err := s.Validate()
						if valid := inRange && !beside && !useless; valid != (err == nil) {
							t.Fatalf("%+v: %v, want valid = %v", s, err, valid)
						}
						checkDraw(t, s, err)
					}
				}
			}
		}
	}
}

// checkDraw checks that s draws a valid Mix, or panics with err if it has one.
func checkDraw(t *testing.T, s Sampler, err error) {
	t.Helper()
	if err != nil {
		wantUnchanged(t, err.Error(), func(m *Mix) { s.Sample(m, 4) })
		return
	}
	var m Mix
	s.Sample(&m, 5)
	k := s.K
	if k == 0 {
		k = 2
	}
	if err := m.Validate(5); err != nil || m.Len() != 5 || m.K != k {
		t.Fatalf("%+v: K = %d, Len = %d, Validate = %v", s, m.K, m.Len(), err)
	}
	for i := range 5 {
		if own := m.Weight[i*m.K]; m.Index[i*m.K] != i || s.Fold && own < slices.Max(m.Weight[i*m.K:(i+1)*m.K]) {
			t.Fatalf("%+v: row %d has weights %v of rows %v", s, i, m.Weight[i*m.K:(i+1)*m.K], m.Index[i*m.K:(i+1)*m.K])
		}
		if !s.PerSample && !slices.Equal(m.Weight[i*m.K:(i+1)*m.K], m.Weight[:m.K]) {
			t.Fatalf("%+v: rows have different weights %v", s, m.Weight)
		}
	}
}

// sequence is a distribution that draws its values in turn.
type sequence struct{ values []float64 }

func (s *sequence) Rand() float64 {
	v := s.values[0]
	s.values = s.values[1:]
	return v
}

func TestSamplerPanics(t *testing.T) {
	lambda := func(values ...float64) Sampler {
		return Sampler{Lambda: &sequence{values}, PerSample: len(values) > 1}
	}
	for _, test := range []struct {
		name, want string
		f          func(m *Mix)
	}{
		{"Sample/terms that wrap around", fmt.Sprintf("mixup: Sample of n = %d rows with K = 4, want a number of terms that is an int", math.MaxInt/2+1),
			func(m *Mix) { (&Sampler{Alpha: 1, K: 4}).Sample(m, math.MaxInt/2+1) }},
		{"Sample/negative n", "mixup: Sample of n = -1 rows, want ≥ 0", func(m *Mix) { (&Sampler{Alpha: 1}).Sample(m, -1) }},
		{"SamplePairs/negative partner", "mixup: row 1: partner -2, want a row ≥ 0",
			func(m *Mix) { (&Sampler{Alpha: 1}).SamplePairs(m, []int{0, -2}) }},
		{"SamplePairs/negative partner of three", "mixup: row 1: partner -2, want a row ≥ 0",
			func(m *Mix) { (&Sampler{Alpha: 1, K: 3}).SamplePairs(m, []int{0, 1, 1, -2}) }},
		{"SamplePairs/part of a row", "mixup: len(partner) = 3 for K = 3, want K-1 for each row",
			func(m *Mix) { (&Sampler{Alpha: 1, K: 3}).SamplePairs(m, []int{0, 1, 2}) }},
		{"SamplePairs/K = 1", "mixup: SamplePairs with K = 1, want 2 or more",
			func(m *Mix) { (&Sampler{K: 1}).SamplePairs(m, []int{0, 1}) }},
		{"Lambda/above 1, in the last row", "mixup: Sampler: Lambda drew 1.5, want a number in [0, 1]",
			func(m *Mix) { s := lambda(.1, .2, 1.5); s.Sample(m, 3) }},
		{"Lambda/just above 1", "mixup: Sampler: Lambda drew 1.0000000000000002, want a number in [0, 1]",
			func(m *Mix) { s := lambda(1 + 0x1p-52); s.Sample(m, 3) }},
		{"Lambda/below 0", "mixup: Sampler: Lambda drew -0.5, want a number in [0, 1]",
			func(m *Mix) { s := lambda(-.5); s.Sample(m, 3) }},
		{"Lambda/just below 0, in the last row", "mixup: Sampler: Lambda drew -5e-324, want a number in [0, 1]",
			func(m *Mix) { s := lambda(.1, -math.SmallestNonzeroFloat64); s.SamplePairs(m, []int{1, 0}) }},
		{"Lambda/NaN", "mixup: Sampler: Lambda drew NaN, want a number in [0, 1]",
			func(m *Mix) { s := lambda(math.NaN()); s.SamplePairs(m, []int{0, 0}) }},
		{"Lambda/a Beta without parameters", "mixup: Beta: Alpha = 0, want a number > 0",
			func(m *Mix) { (&Sampler{Lambda: Beta{}}).Sample(m, 3) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			wantUnchanged(t, test.want, test.f)
		})
	}
}

// λ may be exactly 0 or 1.
func TestLambdaAtTheEnds(t *testing.T) {
	for _, fold := range []bool{false, true} {
		s := Sampler{Lambda: &sequence{[]float64{0, 1, math.Copysign(0, -1)}}, PerSample: true, Fold: fold}
		var m Mix
		s.SamplePairs(&m, []int{1, 2, 0})
		want := []float32{0, 1, 1, 0, 0, 1}
		if fold {
			want = []float32{1, 0, 1, 0, 1, 0}
		}
		for p, w := range m.Weight {
			if w != want[p] {
				t.Errorf("Fold = %v: weights %v, want %v", fold, m.Weight, want)
				break
			}
		}
		if err := m.Validate(3); err != nil {
			t.Error(err)
		}
	}
}

// Drawing changes neither the Sampler nor the partners.
func TestDrawingChangesNoInput(t *testing.T) {
	for _, s := range []Sampler{
		{Alpha: .2, Src: rand.NewPCG(1, 2)},
		{Lambda: distuv.Uniform{Min: .2, Max: .4, Src: rand.NewPCG(1, 2)}, K: 2, PerSample: true, Fold: true, Skip: .5},
		{Alpha: .2, K: 3, PerSample: true, Fold: true, Skip: .5, Src: rand.NewPCG(1, 2)},
	} {
		t.Run(fmt.Sprint("K=", s.K), func(t *testing.T) {
			before := s
			partner := []int{3, 2, 1, 0, 9, 8}
			want := slices.Clone(partner)
			var m Mix
			for range 20 {
				s.Sample(&m, 8)
				s.SamplePairs(&m, partner)
			}
			if s != before {
				t.Errorf("the Sampler is now %+v, was %+v", s, before)
			}
			if !slices.Equal(partner, want) {
				t.Errorf("the partners are now %v, were %v", partner, want)
			}
		})
	}
}
