package main

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/experiments/internal/maze"
	"github.com/seed-7466c776/mixup/experiments/internal/runs"
)

// smallAgent returns an agent of the small plan, on two levels.
func smallAgent(m mixing, seed uint64) *agent {
	p := newReinforcementPlan(new(env))
	return newAgent(p.drawLevels(seed, 0, 2), p.width, p.players, m, seed)
}

// TestLevels wants fewer levels to be the first ones of more, and those of the test
// to be others.
func TestLevels(t *testing.T) {
	p := newReinforcementPlan(new(env))
	few, many, test := p.drawLevels(1, 0, 2), p.drawLevels(1, 0, 4), p.testLevels(1)
	image := func(l *maze.Level) []float32 {
		x := make([]float32, l.Shape().Size())
		l.Observe(x, 0)
		return x
	}
	for i, l := range many {
		if i < len(few) && !slices.Equal(image(few[i]), image(l)) {
			t.Errorf("level %d of 2 is not that of 4", i)
		}
		for j, other := range test {
			if slices.Equal(image(l), image(other)) {
				t.Errorf("level %d of the training is level %d of the test", i, j)
			}
		}
	}
	if len(test) != p.test {
		t.Errorf("%d levels of the test, want %d", len(test), p.test)
	}
}

func TestReturnsByHand(t *testing.T) {
	// Three moves of two players. The second one reaches the goal by its second move,
	// and its third is the first of another episode.
	e := experience{
		players: 2,
		values:  []float32{9, 9, 0.5, 9, 0.25, 0.7, 0.75, 0.125}, // 9 are not needed
		actions: make([]int, 6),
		ended:   []bool{3: true, 5: false},
	}
	const g, l = 0.95, 0.95
	want := make([]float64, 6)
	want[4] = g * 0.75
	want[2] = g * ((1-l)*0.25 + l*want[4])
	want[0] = g * ((1-l)*0.5 + l*want[2])
	want[5] = g * 0.125
	want[3] = 1
	want[1] = g * ((1-l)*9 + l*want[3])
	got := make([]float32, 6)
	e.returnsTo(got)
	for i := range want {
		if math.Abs(float64(got[i])-want[i]) > 1e-6 {
			t.Errorf("return of move %d = %v, want %v", i, got[i], want[i])
		}
	}
}

// TestAdvantages wants returns less values.
func TestAdvantages(t *testing.T) {
	a := smallAgent(mixings[0], 1)
	a.play(rand.New(rand.NewPCG(1, 2)))
	a.judge()
	for i, v := range a.advantages {
		if want := a.returns[i] - a.values[i]; v != want {
			t.Errorf("advantage %d = %v, want %v", i, v, want)
		}
	}
}

func TestNormalize(t *testing.T) {
	x := []float32{1, 2, 3, 6}
	normalize(x)
	deviation := math.Sqrt(3.5) + 1e-3 // of the population
	for i, d := range []float64{-2, -1, 0, 3} {
		if want := d / deviation; math.Abs(float64(x[i])-want) > 1e-6 {
			t.Errorf("element %d = %v, want %v", i, x[i], want)
		}
	}
	x = []float32{5, 5}
	if normalize(x); !slices.Equal(x, []float32{0, 0}) {
		t.Errorf("equal elements become %v, want 0", x)
	}
}

func TestPickAction(t *testing.T) {
	policy := []float64{0.25, 0, 0.5, 0.25}
	for _, tc := range []struct {
		u    float64
		want int
	}{{0, 0}, {0.2499, 0}, {0.25, 2}, {0.7499, 2}, {0.75, 3}, {math.Nextafter(1, 0), 3}} {
		if got := pickAction(policy, tc.u); got != tc.want {
			t.Errorf("u = %v: action %d, want %d", tc.u, got, tc.want)
		}
	}
}

// TestPlay follows each player from observation to observation.
func TestPlay(t *testing.T) {
	a := smallAgent(mixings[0], 1)
	a.play(rand.New(rand.NewPCG(1, 2)))
	size := len(a.x) / len(a.values)
	x := make([]float32, size)
	find := func(row int) (level *maze.Level, cell int) {
		for _, l := range a.levels {
			for _, cell := range l.Starts {
				if l.Observe(x, cell); slices.Equal(x, a.x[row*size:][:size]) {
					return l, cell
				}
			}
		}
		t.Fatalf("row %d shows no start of a level", row)
		return nil, 0
	}
	ends := 0
	for row, action := range a.actions {
		level, cell := find(row)
		to, done := level.Move(cell, action)
		if done != a.ended[row] {
			t.Errorf("row %d: ended %v, want %v", row, a.ended[row], done)
		}
		next, at := find(row + a.players)
		if done {
			ends++
		} else if next != level || at != to {
			t.Errorf("row %d: the next move is from cell %d, want %d of the same level", row, at, to)
		}
		if got, want := a.values[row], a.net.Predict(a.x[row*size:][:size])[maze.Actions]; math.Abs(float64(got-want)) > 1e-5 {
			t.Errorf("row %d: value %v, want %v", row, got, want)
		}
	}
	if ends == 0 {
		t.Error("no episode ends, so that nothing is known of what follows")
	}
}

// TestMixing compares what agents learn from with sums of two rows.
func TestMixing(t *testing.T) {
	none := smallAgent(mixings[0], 1)
	none.step(0)
	for _, m := range mixings {
		t.Run(m.name, func(t *testing.T) {
			a := smallAgent(m, 1)
			if err := a.step(0); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(a.x, none.x) || !slices.Equal(a.actions, none.actions) || !slices.Equal(a.returns, none.returns) {
				t.Fatal("the first experience is not that without mixing")
			}
			n := len(a.actions)
			mixed := make([]float32, n)
			for row := range mixed {
				lambda, partner := a.mix.Lambda(row), a.mix.Partner(row)
				mixed[row] = lambda*(a.returns[row]-a.values[row]) + (1-lambda)*(a.returns[partner]-a.values[partner])
			}
			normalize(mixed)
			near := func(what string, row int, got float32, want float64) {
				t.Helper()
				if math.Abs(float64(got)-want) > 1e-5 {
					t.Errorf("row %d: %s %v, want %v", row, what, got, want)
				}
			}
			mixedRows, drawn := 0, make(map[float64]bool)
			for row := range n {
				lambda, partner := float64(a.mix.Lambda(row)), a.mix.Partner(row)
				if lambda < 0.5 {
					t.Errorf("row %d: λ = %v, want ½ or more", row, lambda)
				}
				drawn[lambda] = true
				if lambda < 1 && partner != row {
					mixedRows++
				}
				of := func(v []float32, size, i int) float64 {
					return lambda*float64(v[row*size+i]) + (1-lambda)*float64(v[partner*size+i])
				}
				size := len(a.mixedX) / n
				for i := range size {
					near("observation", row, a.mixedX[row*size+i], of(a.x, size, i))
				}
				near("return", row, a.mixedReturns[row], of(a.returns, 1, 0))
				var want [maze.Actions]float64
				if m.both { // advantages are normalised, then mixed
					want[a.actions[row]] += lambda * float64(none.advantages[row])
					want[a.actions[partner]] += (1 - lambda) * float64(none.advantages[partner])
				} else { // the other way round
					want[a.actions[row]] = float64(mixed[row])
				}
				for action, v := range want {
					near("target", row, a.targets[row*maze.Actions+action], v)
				}
			}
			if (m.alpha > 0) != (mixedRows > 0) {
				t.Errorf("%d rows are mixed with another", mixedRows)
			}
			if m.alpha > 0 && len(drawn) < n/2 {
				t.Errorf("%d values of λ in %d rows, want one for each", len(drawn), n)
			}
		})
	}
}

// TestLearnGradient compares the gradients of the last layer with differences of the
// loss, which is smooth in them.
func TestLearnGradient(t *testing.T) {
	a := smallAgent(mixings[2], 1)
	if err := a.step(0); err != nil {
		t.Fatal(err)
	}
	params := a.net.Params()
	for i, p := range params[len(params)-2:] {
		a.learn()
		grad := slices.Clone(p.Grad)
		for j, v := range p.Value {
			const h = 1. / 256
			p.Value[j] = v + h
			up := a.learn()
			p.Value[j] = v - h
			down := a.learn()
			p.Value[j] = v
			if got, want := float64(grad[j]), (up-down)/(2*h); math.Abs(got-want) > 1e-5 {
				t.Errorf("parameter %d of the layer: gradient[%d] = %v, want %v", i, j, got, want)
			}
		}
	}
}

// TestAgentState goes on after three steps with another agent, which has the net and
// the optimiser alone, to the same bits.
func TestAgentState(t *testing.T) {
	for _, m := range mixings {
		whole, first, second := smallAgent(m, 1), smallAgent(m, 1), smallAgent(m, 1)
		for i := range 6 {
			whole.step(i)
			if i < 3 {
				first.step(i)
			}
		}
		for _, of := range []struct {
			from interface{ MarshalBinary() ([]byte, error) }
			to   interface{ UnmarshalBinary([]byte) error }
		}{{first.net, second.net}, {first.opt, second.opt}} {
			b, err := of.from.MarshalBinary()
			if err != nil {
				t.Fatal(err)
			}
			if err := of.to.UnmarshalBinary(b); err != nil {
				t.Fatal(err)
			}
		}
		for i := 3; i < 6; i++ {
			second.step(i)
		}
		for i, p := range whole.net.Params() {
			if !slices.Equal(p.Value, second.net.Params()[i].Value) {
				t.Errorf("%s: parameter %d differs", m.name, i)
			}
		}
	}
}

// TestAgentLearns wants an agent that begins with little to find good ways in the two
// levels that it is trained on, whatever it mixes, and nearly the best ones if it
// mixes nothing.
func TestAgentLearns(t *testing.T) {
	for i, m := range mixings {
		a := smallAgent(m, 1)
		a.opt.Rate = 0.01
		before := a.score(a.levels)
		for i := range 200 {
			if err := a.step(i); err != nil {
				t.Fatal(err)
			}
		}
		want := 0.7
		if i == 0 {
			want = 0.95
		}
		if after := a.score(a.levels); !(before < 0.3 && after > want) {
			t.Errorf("%s: return from %v to %v of the best, want it from below 0.3 to above %v", m.name, before, after, want)
		}
	}
}

// TestReinforcementRun compares what is reported of an agent with what it has after
// each tenth of the steps, with a rate that falls to zero.
func TestReinforcementRun(t *testing.T) {
	p := newReinforcementPlan(new(env))
	m := mixings[1]
	a := newAgent(p.drawLevels(3, 0, 2), p.width, p.players, m, 3)
	var want []agentLook
	for i := range p.steps {
		a.opt.Rate = 0.01 * (1 - float64(i)/float64(p.steps))
		if err := a.step(i); err != nil {
			t.Fatal(err)
		}
		if (i+1)%(p.steps/10) == 0 {
			want = append(want, agentLook{Step: i + 1, Training: a.score(p.drawLevels(3, 0, 2)), Test: a.score(p.testLevels(3))})
		}
	}
	if got := resultOf(t, p.run(2, m, 3)); !slices.Equal(got, want) {
		t.Errorf("looks %+v, want %+v", got, want)
	}
}

// TestReinforcementResumed stops a run in the middle and goes on with a new agent.
func TestReinforcementResumed(t *testing.T) {
	p := newReinforcementPlan(new(env))
	p.steps = 30
	testResumed(t, func(s mixup.Sampler) runs.Run[[]agentLook] {
		return runs.Run[[]agentLook]{Name: "stopped", Steps: p.steps, Do: func(j *runs.Job) ([]agentLook, error) {
			a := smallAgent(mixings[1], 1)
			s.Src = a.drawing
			a.sampler = s
			return p.train(j, a, p.testLevels(1))
		}}
	})
}

// TestGapOf wants the gap to be positive if training levels are played better.
func TestGapOf(t *testing.T) {
	if got := gapOf(agentLook{Training: 0.75, Test: 0.25}); got != 50 {
		t.Errorf("gap %v, want 50", got)
	}
}
