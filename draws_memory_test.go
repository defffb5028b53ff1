package mixup

// What drawing allocates, which is nothing once a Mix has held as many rows, and
// who may draw at the same time.

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
)

func TestDrawingAllocatesNothing(t *testing.T) {
	for _, n := range []int{1, 16, 5000} {
		src := rand.NewPCG(1, 2)
		var m Mix
		partner, rows, lambda := make([]int, n), make([]int, n), make([]float64, n)
		pairs := func() { m.SetPairs(partner, 0.5) }
		stream := NewStream(1, 2)
		tests := []task{
			{"SetPairs, one λ", pairs},
			{"SetPairs, λ of each row", func() { m.SetPairs(partner, lambda...) }},
			{"Identity", func() { m.Identity(n) }},
			{"Select", func() { m.Identity(n); m.Select(rows) }},
			{"Mix.Validate", func() { m.Identity(n); must(m.Validate(n)) }},
			{"Mean", func() { pairs(); m.Mean(func(row, source int) float64 { return float64(row + source) }) }},
			{"Lambda and Partner", func() { pairs(); m.Lambda(n - 1); m.Partner(n - 1) }},
			{"Permute", func() { Permute(partner, src) }},
			{"Permute, global source", func() { Permute(partner, nil) }},
			{"Derange", func() { Derange(partner, src) }},
			{"Flip", func() { Flip(partner) }},
			{"Roll", func() { Roll(partner) }},
			{"Seek", func() { stream.Seek(7); stream.Uint64() }},
		}
		for _, s := range []struct {
			name string
			s    Sampler
		}{
			{"pairs", Sampler{Alpha: .2}},
			{"pairs, per sample", Sampler{Alpha: .2, PerSample: true, Fold: true, Skip: .5}},
			{"pairs, global source", Sampler{Alpha: .2}},
			{"nothing", Sampler{}},
			{"K = 1", Sampler{K: 1}},
			{"triples", Sampler{Alpha: .2, K: 3}},
			{"triples, per sample", Sampler{Alpha: .2, K: 3, PerSample: true, Fold: true}},
			{"Lambda", Sampler{Lambda: Beta{.5, 2, src}, PerSample: true}},
			{"Lambda, a pointer", Sampler{Lambda: &Beta{2, 5, src}}},
		} {
			if s.name != "pairs, global source" {
				s.s.Src = src
			}
			tests = append(tests, task{"Sample/" + s.name, func() { s.s.Sample(&m, n) }})
			if k := s.s.terms(); k > 1 {
				partner := make([]int, n*(k-1))
				tests = append(tests, task{"SamplePairs/" + s.name, func() { s.s.SamplePairs(&m, partner) }})
			}
			tests = append(tests, task{"Validate/" + s.name, func() { must(s.s.Validate()) }})
		}
		for _, test := range tests {
			t.Run(fmt.Sprintf("%s/n=%d", test.name, n), func(t *testing.T) {
				if allocs := testing.AllocsPerRun(5, test.run); allocs != 0 {
					t.Errorf("%v allocations, want 0", allocs)
				}
			})
		}
	}
}

// A Mix that has held many rows draws fewer in the same memory.
func TestDrawingReusesMemory(t *testing.T) {
	var m Mix
	s := Sampler{Alpha: 1, K: 3, Src: rand.NewPCG(1, 2)}
	s.Sample(&m, 100)
	index, weight := &m.Index[0], &m.Weight[0]
	for _, draw := range []func(){
		func() { s.Sample(&m, 7) },
		func() { m.Identity(300) },
		func() { m.SetPairs(make([]int, 150), 0.5) },
		func() { (&Sampler{Alpha: 1, PerSample: true}).SamplePairs(&m, make([]int, 150)) },
	} {
		draw()
		if &m.Index[0] != index || &m.Weight[0] != weight {
			t.Errorf("%v has other memory", m)
		}
	}
}

// Samplers and pairings may be used from several goroutines, with a source that
// allows it. The race detector watches.
func TestDrawingConcurrently(t *testing.T) {
	samplers := []*Sampler{
		{Alpha: .2},
		{Alpha: .2, K: 3, PerSample: true, Skip: .5, Fold: true},
		{Lambda: Beta{Alpha: 2, Beta: 5}, PerSample: true},
	}
	cutSamplers := []*CutSampler{
		{Image: oblong, Alpha: 1},
		{Image: oblong, Alpha: 1, Mixup: Sampler{Alpha: 1, K: 3}, Switch: .5, PerSample: true, Skip: .2},
	}
	labels := []int{1, 2, 1, 2, 3, 3}
	y := []float32{1, 2, 3, 4, 5, 6}
	dirichlet := Dirichlet{Alpha: []float64{1, 2, 3}}
	var shared Mix
	shared.SetPairs([]int{1, 0}, 0.25)
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			var m Mix
			var c Cut
			partner := make([]int, 6)
			for range 50 {
				for _, s := range cutSamplers {
					s.Sample(&c, 6)
					if err := c.Validate(6); err != nil {
						t.Error(err)
					}
				}
				for _, s := range samplers {
					s.Sample(&m, 6)
					if err := m.Validate(6); err != nil {
						t.Error(err)
					}
				}
				Permute(partner, nil)
				Derange(partner, nil)
				SameClass(partner, labels, nil)
				OtherClass(partner, labels, nil)
				NearTarget(partner, y, 1, 1, nil)
				Nearest(partner, y, 1, 2, nil)
				dirichlet.Rand(nil)
				if c := shared.Clone(); c.Lambda(1) != 0.25 || shared.Partner(0) != 1 || shared.String() != c.String() {
					t.Errorf("the clone of %v is %v", shared.String(), c)
				}
			}
		})
	}
	wait.Wait()
	if want := []float64{1, 2, 3}; !slices.Equal(dirichlet.Alpha, want) {
		t.Errorf("Alpha is now %v", dirichlet.Alpha)
	}
}
