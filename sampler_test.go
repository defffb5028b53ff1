package mixup

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/seed-7466c776/mixup/internal/random/randomtest"
	"gonum.org/v1/gonum/stat/distuv"
)

func TestZeroSamplerMixesNothing(t *testing.T) {
	src := &countingSource{Source: rand.NewPCG(1, 2)}
	for _, s := range []Sampler{{}, {PerSample: true}, {K: 3}, {K: 1}, {Alpha: 1, Skip: 1}} {
		s.Src = src
		var m Mix
		s.Sample(&m, 5)
		if err := m.Validate(5); err != nil {
			t.Error(err)
		}
		x := []float32{1, 2, 3, 4, 5}
		m.Apply(x, 1)
		wantBits(t, "mixed", x, []float32{1, 2, 3, 4, 5})
		for i := range 5 {
			if m.Lambda(i) != 1 || slices.ContainsFunc(m.Index[i*m.K:(i+1)*m.K], func(j int) bool { return j != i }) {
				t.Errorf("%+v: row %d has λ = %v and terms %v, want 1 and itself", s, i, m.Lambda(i), m.Index[i*m.K:(i+1)*m.K])
			}
		}
	}
	if src.drawn != 1 {
		t.Errorf("%d words drawn, want 1, for Skip", src.drawn)
	}
}

// No random bits are read if Lambda draws λ and partners are given.
func TestLambdaNeedsNoBits(t *testing.T) {
	src := &countingSource{Source: rand.NewPCG(1, 2)}
	for _, perSample := range []bool{false, true} {
		s := Sampler{Lambda: distuv.Uniform{Min: .25, Max: .25}, PerSample: perSample, Src: src}
		var m Mix
		s.SamplePairs(&m, []int{1, 2, 0})
		if src.drawn != 0 || m.Lambda(2) != .25 || m.Partner(2) != 0 {
			t.Errorf("PerSample %v: %d words drawn, %v, want none, and pairs of 0.25 and 0.75", perSample, src.drawn, m)
		}
	}
}

// The pair is float32(λ), float32(1-λ) for the λ that Beta draws from the same
// source, which the partners are drawn from afterwards.
func TestSampleIsBetaAndPermute(t *testing.T) {
	const n = 20
	for _, alpha := range []float64{1e-3, .2, 1, 8} {
		s := Sampler{Alpha: alpha, Src: rand.NewPCG(3, 4)}
		src := rand.NewPCG(3, 4)
		b := Beta{Alpha: alpha, Beta: alpha, Src: src}
		partner := make([]int, n)
		var m Mix
		for range 10 {
			s.Sample(&m, n)
			lambda := b.Rand()
			Permute(partner, rand.New(src))
			for i := range n {
				if m.Weight[2*i] != float32(lambda) || m.Weight[2*i+1] != float32(1-lambda) {
					t.Fatalf("α=%v: row %d has weights %v, want %v, %v", alpha, i, m.Weight[2*i:2*i+2], float32(lambda), float32(1-lambda))
				}
				if m.Index[2*i] != i || m.Partner(i) != partner[i] {
					t.Fatalf("α=%v: row %d mixes rows %v, want %d, %d", alpha, i, m.Index[2*i:2*i+2], i, partner[i])
				}
			}
		}
	}
}

func TestPerSampleDrawsForEachRow(t *testing.T) {
	s := Sampler{Alpha: 1, PerSample: true, Src: rand.NewPCG(3, 4)}
	b := Beta{Alpha: 1, Beta: 1, Src: rand.NewPCG(3, 4)}
	var m Mix
	s.Sample(&m, 50)
	for i := range 50 {
		if want := float32(b.Rand()); m.Lambda(i) != want {
			t.Errorf("row %d has λ = %v, want %v", i, m.Lambda(i), want)
		}
	}
}

func TestFoldGivesTheRowItsLargestWeight(t *testing.T) {
	for _, k := range []int{2, 3, 6} {
		plain := Sampler{Alpha: .5, K: k, PerSample: true, Src: rand.NewPCG(3, 4)}
		fold := plain
		fold.Fold, fold.Src = true, rand.NewPCG(3, 4)
		var m, f Mix
		plain.Sample(&m, 100)
		fold.Sample(&f, 100)
		for i := range 100 {
			want := slices.Clone(m.Weight[i*k : (i+1)*k])
			got := slices.Clone(f.Weight[i*k : (i+1)*k])
			if got[0] != slices.Max(want) {
				t.Errorf("K=%d: row %d weighs itself by %v, want the largest of %v", k, i, got[0], want)
			}
			slices.Sort(want)
			slices.Sort(got)
			wantBits(t, "sorted weights", got, want)
		}
	}
}

func TestInfiniteAlphaWeighsEqually(t *testing.T) {
	for k, want := range map[int]float32{2: .5, 3: float32(1. / 3), 7: float32(1. / 7)} {
		var m Mix
		(&Sampler{Alpha: math.Inf(1), K: k}).Sample(&m, 10)
		wantBits(t, fmt.Sprint("weights for K=", k), m.Weight, slices.Repeat([]float32{want}, 10*k))
	}
}

func TestSkipIsAProbability(t *testing.T) {
	// 20000 coins; the bound of 5 standard deviations is passed by chance once
	// in 1.7 million runs, if the seed were not fixed.
	const trials, skip = 20000, .3
	bound := 5 * math.Sqrt(trials*skip*(1-skip))
	var m Mix

	s := Sampler{Alpha: 1, Skip: skip, Src: rand.NewPCG(1, 2)}
	skipped := 0
	for range trials {
		s.Sample(&m, 3)
		if m.Lambda(0) == 1 {
			skipped++
			if !slices.Equal(m.Index, []int{0, 0, 1, 1, 2, 2}) {
				t.Fatalf("unmixed minibatch has indices %v", m.Index)
			}
		}
	}
	if math.Abs(float64(skipped)-trials*skip) > bound {
		t.Errorf("%d of %d minibatches left unmixed, want %v ± %.0f", skipped, trials, trials*skip, bound)
	}

	s.PerSample = true
	s.Sample(&m, trials)
	skipped = 0
	for i := range trials {
		if m.Lambda(i) == 1 {
			skipped++
		}
	}
	if math.Abs(float64(skipped)-trials*skip) > bound {
		t.Errorf("%d of %d rows left unmixed, want %v ± %.0f", skipped, trials, trials*skip, bound)
	}
}

// A uniform number just below Skip decides one way, and one equal to it the other.
func TestSkipIsExact(t *testing.T) {
	const below, half = 1<<63 - 1<<11, 1 << 63 // become ½ - 2⁻⁵³ and ½
	src := randomtest.Script{below, half}
	s := Sampler{Lambda: &sequence{[]float64{.25}}, PerSample: true, Skip: .5, Src: &src}
	var m Mix
	s.SamplePairs(&m, []int{1, 0})
	wantBits(t, "weights", m.Weight, []float32{1, 0, .25, .75})
}

func TestPartnersOfKWayAreIndependentPermutations(t *testing.T) {
	// All 6·6 pairs of permutations of 3 rows, 36000 draws, χ² with 35 degrees
	// of freedom: above 110 with probability 1e-9.
	s := Sampler{Alpha: 1, K: 3, Src: rand.NewPCG(1, 2)}
	var m Mix
	count := map[[6]int]int{}
	const draws = 36000
	for range draws {
		s.Sample(&m, 3)
		var key [6]int
		for i := range 3 {
			key[i], key[3+i] = m.Index[3*i+1], m.Index[3*i+2]
		}
		count[key]++
	}
	var chi2 float64
	for _, c := range count {
		chi2 += (float64(c) - draws/36.) * (float64(c) - draws/36.) / (draws / 36.)
	}
	if len(count) != 36 || chi2 > 110 {
		t.Errorf("%d pairs of permutations, χ² = %.1f, want 36, < 110", len(count), chi2)
	}
}

// Every distribution of gonum's that draws one number can be a Lambda, and so can a
// Beta of this package.
var _ = []Sampler{
	{Lambda: Beta{}}, {Lambda: &Beta{}}, {Lambda: distuv.Rander(nil)},
	{Lambda: distuv.AlphaStable{}}, {Lambda: distuv.Bernoulli{}}, {Lambda: distuv.Beta{}}, {Lambda: distuv.Binomial{}},
	{Lambda: distuv.Categorical{}}, {Lambda: distuv.Chi{}}, {Lambda: distuv.ChiSquared{}}, {Lambda: distuv.Exponential{}},
	{Lambda: distuv.F{}}, {Lambda: distuv.Gamma{}}, {Lambda: distuv.GumbelRight{}}, {Lambda: distuv.InverseGamma{}},
	{Lambda: distuv.Laplace{}}, {Lambda: distuv.LogNormal{}}, {Lambda: distuv.NoncentralT{}}, {Lambda: distuv.Normal{}},
	{Lambda: distuv.Pareto{}}, {Lambda: distuv.Poisson{}}, {Lambda: distuv.StudentsT{}}, {Lambda: distuv.Triangle{}},
	{Lambda: distuv.Uniform{}}, {Lambda: distuv.Weibull{}},
}

func TestLambdaFromGonum(t *testing.T) {
	u := distuv.Uniform{Min: .2, Max: .4, Src: rand.NewPCG(1, 2)}
	s := Sampler{Lambda: distuv.Uniform{Min: .2, Max: .4, Src: rand.NewPCG(1, 2)}, PerSample: true, Src: rand.NewPCG(5, 6)}
	var m Mix
	s.Sample(&m, 100)
	for i := range 100 {
		if want := float32(u.Rand()); m.Lambda(i) != want {
			t.Fatalf("row %d has λ = %v, want %v", i, m.Lambda(i), want)
		}
	}
}

func TestSamplePairs(t *testing.T) {
	pairs := Sampler{Alpha: 1, PerSample: true, Src: rand.NewPCG(1, 2)}
	var m Mix
	pairs.SamplePairs(&m, []int{2, 3, 0}) // 3 is a row behind the minibatch
	if want := []int{0, 2, 1, 3, 2, 0}; !slices.Equal(m.Index, want) {
		t.Errorf("pairs have indices %v, want %v", m.Index, want)
	}
	var same Mix
	pairs.Src = rand.NewPCG(1, 2)
	pairs.Sample(&same, 3)
	wantBits(t, "weights of SamplePairs and Sample", m.Weight, same.Weight)

	triples := Sampler{Alpha: 1, K: 3, Src: rand.NewPCG(1, 2)}
	triples.SamplePairs(&m, []int{1, 0, 1, 1})
	if want := []int{0, 1, 0, 1, 1, 1}; !slices.Equal(m.Index, want) {
		t.Errorf("triples have indices %v, want %v", m.Index, want)
	}
	if err := m.Validate(2); err != nil {
		t.Error(err)
	}

	two := Sampler{Alpha: 1, Src: rand.NewPCG(1, 2)}
	two.SamplePairs(&m, []int{2, 3})
	x, y := []float32{1, 2, 30, 40}, make([]float32, 2)
	m.ApplyTo(y, x, 1)
	l := m.Lambda(0)
	wantBits(t, "two minibatches", y, []float32{
		l*1 + float32(m.Weight[1]*30), float32(l*2) + float32(m.Weight[1]*40)})
}

func TestSamplerShrinksAndGrows(t *testing.T) {
	src := rand.NewPCG(1, 2)
	var m Mix
	for _, n := range []int{5, 0, 1, 64, 3} {
		for k, s := range map[int]Sampler{1: {K: 1, Src: src}, 2: {Alpha: 1, Src: src}, 3: {Alpha: 1, K: 3, Src: src}} {
			s.Sample(&m, n)
			if err := m.Validate(n); err != nil || m.Len() != n || m.K != k {
				t.Errorf("n=%d, K=%d: Len = %d, K = %d, Validate = %v", n, k, m.Len(), m.K, err)
			}
		}
	}
}

func TestSources(t *testing.T) {
	for _, source := range sources {
		t.Run(source.Name, func(t *testing.T) {
			const n = 2000
			s := Sampler{Alpha: .4, PerSample: true, Src: source.New()}
			var m Mix
			s.Sample(&m, n)
			if err := m.Validate(n); err != nil {
				t.Fatal(err)
			}
			// The variance of Beta(.4, .4) is 1/7.2. A mean that is 6 standard
			// deviations off, as it happens once in 500 million runs, would be
			// a false alarm; of a source without a seed too.
			var mean float64
			for i := range n {
				mean += float64(m.Lambda(i)) / n
			}
			if bound := 6 / math.Sqrt(7.2*n); math.Abs(mean-.5) > bound {
				t.Errorf("mean λ = %v, want ½ ± %.3f", mean, bound)
			}
		})
	}
}

// What a seed draws is frozen: it changes only with a major version.
func TestSamplerDrawsAreFrozen(t *testing.T) {
	for _, test := range []struct {
		name string
		s    Sampler
		want uint64
	}{
		{"pairs", Sampler{Alpha: .2}, 0xa53b04efe4912503},
		{"per sample", Sampler{Alpha: 1, PerSample: true}, 0x1239b01a75eac086},
		{"per sample, folded, some skipped", Sampler{Alpha: .4, PerSample: true, Fold: true, Skip: .5}, 0x24201be44a9099cd},
		{"partners beside a Lambda", Sampler{Lambda: distuv.Uniform{Min: .25, Max: .25}}, 0xf07bcd2cedbd5281},
		{"triples", Sampler{Alpha: .3, K: 3}, 0xcc58afea1aa13e89},
		{"fours, per sample", Sampler{Alpha: 2, K: 4, PerSample: true}, 0xfe08459825ea7795},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.s.Src = rand.NewPCG(1, 2)
			h := fnv.New64a()
			var m Mix
			for step := range 200 {
				test.s.Sample(&m, step)
				for p, j := range m.Index {
					var b [12]byte
					binary.LittleEndian.PutUint64(b[:], uint64(j))
					binary.LittleEndian.PutUint32(b[8:], math.Float32bits(m.Weight[p]))
					h.Write(b[:])
				}
			}
			if got := h.Sum64(); got != test.want {
				t.Errorf("digest %#016x, want %#016x", got, test.want)
			}
		})
	}
}
