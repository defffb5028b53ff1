package main

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestMixtures checks that points are drawn from all modes alike and fit them:
// within five standard deviations, which one of 4000 fails for one seed in 67.
func TestMixtures(t *testing.T) {
	for _, m := range []mixture{ring(), grid()} {
		points := make([]float32, 2*2000)
		m.draw(points, rand.New(rand.NewPCG(1, 2)))
		s := m.score(points)
		if s.Near != 1 || s.Modes != float64(len(m.centres)) {
			t.Errorf("%s: score %+v of its own points, want all of them near and all modes", m.name, s)
		}
		// A point is within 4σ of its mode with probability 1 - exp(-8).
		if !(s.Close > 0.995) {
			t.Errorf("%s: %v of its own points are close, want 0.9997 on average", m.name, s.Close)
		}
	}
	r := ring()
	if got, want := math.Hypot(r.centres[3][0], r.centres[3][1]), 1.0; math.Abs(got-want) > 1e-12 {
		t.Errorf("ring has radius %v, want %v", got, want)
	}
	if g := grid(); g.centres[0] != [2]float64{-1, -1} || g.centres[9] != [2]float64{1, -0.5} || g.centres[24] != [2]float64{1, 1} {
		t.Errorf("grid has centres %v, want 5×5 in [-1, 1]²", g.centres)
	}
}

func TestScore(t *testing.T) {
	m := grid()
	var points []float32
	add := func(n int, x, y float32) {
		for range n {
			points = append(points, x, y)
		}
	}
	add(996, 0, 0.03)  // 3σ from the middle
	add(4, 1, 0.91)    // 9σ from the corner: less than a tenth of its due, 60
	add(3, -1, -1)     // so is this
	add(497, 0.5, 0.2) // nowhere
	if got, want := m.score(points), (score{Close: 999.0 / 1500, Near: 1003.0 / 1500, Modes: 1}); math.Abs(got.Near-want.Near) > 1e-12 || got.Close != want.Close || got.Modes != want.Modes {
		t.Errorf("score %+v, want %+v", got, want)
	}
	add(3, 1, 1)
	if got := m.score(points); got.Modes != 2 {
		t.Errorf("%v modes, want 2: the corner has 7 of 1503 points, more than a tenth of a 25th", got.Modes)
	}
}

// TestGameMixes checks what the discriminator is given.
func TestGameMixes(t *testing.T) {
	erm := newGame(ring(), 8, 0, 1)
	erm.step(0)
	if !slices.Equal(erm.mixedX, erm.points) || !slices.Equal(erm.mixedY, erm.targets) {
		t.Error("without mixing the rows are not those of the source")
	}
	g := newGame(ring(), 8, 0.2, 1)
	g.step(0)
	if !slices.Equal(g.points, erm.points) {
		t.Error("the first points differ from those without mixing")
	}
	for i := range ganBatch {
		lambda := g.mix.Lambda(i)
		if g.mixedY[i] != lambda {
			t.Errorf("row %d: target %v, want %v", i, g.mixedY[i], lambda)
		}
		for j := range 2 {
			a, b := g.points[2*i+j], g.points[2*(ganBatch+i)+j]
			if got, want := g.mixedX[2*i+j], float32(lambda*a)+float32((1-lambda)*b); math.Abs(float64(got-want)) > 1e-6 {
				t.Errorf("row %d: %v, want %v", i, got, want)
			}
		}
	}
}

// TestGame checks that each net gets better at its task while the other one
// waits.
func TestGame(t *testing.T) {
	g := newGame(ring(), 16, 0.2, 1)
	taken := func() float64 { // for real, of generated points
		var sum float64
		for _, z := range g.d.Predict(slices.Clone(g.generate(1000, rand.New(rand.NewPCG(1, 2))))) {
			sum += 1 / (1 + math.Exp(-float64(z)))
		}
		return sum / 1000
	}
	before := taken()
	for i := range ganPeriod - 1 {
		g.step(i)
	}
	if after := taken(); !(after < before) {
		t.Errorf("%v of generated points are taken for real ones after steps of the discriminator, want less than %v", after, before)
	}
	before = taken()
	g.dOpt.Rate = 0
	for i := range 10 * ganPeriod {
		g.step(i)
	}
	if after := taken(); !(after > before) {
		t.Errorf("%v of generated points are taken for real ones after steps of the generator, want more than %v", after, before)
	}
}
