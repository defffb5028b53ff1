package maze

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

const gamma = 0.9

// parse returns the level of a drawing, where # is a wall and G the goal. Pixel
// values are all different.
func parse(t *testing.T, rows ...string) *Level {
	t.Helper()
	l := &Level{Side: len(rows)}
	for cell, c := range strings.Join(rows, "") {
		l.wall = append(l.wall, c == '#')
		if c == 'G' {
			l.goal = cell
		}
	}
	if len(l.wall) != l.Side*l.Side {
		t.Fatalf("%d cells, want %d×%d", len(l.wall), l.Side, l.Side)
	}
	for i := range l.Shape().Size() {
		l.image = append(l.image, float32(i))
	}
	for cell, d := range l.Distances() {
		if d > 0 {
			l.Starts = append(l.Starts, cell)
		}
	}
	return l
}

// levels returns levels of a few sizes and seeds.
func levels() []*Level {
	var all []*Level
	for _, side := range []int{2, 3, 6, 7} {
		for seed := range uint64(20) {
			all = append(all, New(side, Looks{Color: 0.5, Grain: 0.3}, rand.NewPCG(seed, 1)))
		}
	}
	return all
}

func TestSameSourceSameLevel(t *testing.T) {
	all := levels()
	for i, again := range levels() {
		if !reflect.DeepEqual(all[i], again) {
			t.Errorf("level %d is %+v and then %+v, want the same", i, all[i], again)
		}
	}
	a, b := all[len(all)-2], all[len(all)-1]
	if slices.Equal(a.wall, b.wall) || slices.Equal(a.image, b.image) {
		t.Error("levels of different seeds have the same walls or the same colours")
	}
}

// TestReachable floods each level from its goal, sweep by sweep: what is not a wall
// must get wet, and distances must be the numbers of sweeps.
func TestReachable(t *testing.T) {
	for i, l := range levels() {
		distances := l.Distances()
		var starts []int
		for cell := range l.wall {
			if !l.wall[cell] && cell != l.goal {
				starts = append(starts, cell)
			}
		}
		if !slices.Equal(l.Starts, starts) || len(starts) < len(l.wall)/2 {
			t.Errorf("level %d: starts %v, want half of the cells or more, all that are free: %v", i, l.Starts, starts)
		}
		wet := map[int]bool{l.goal: true}
		for sweep := 1; sweep <= len(l.wall); sweep++ {
			var next []int
			for _, cell := range starts {
				for action := range Actions {
					if to, _ := l.Move(cell, action); wet[to] && !wet[cell] {
						next = append(next, cell)
						break
					}
				}
			}
			for _, cell := range next {
				wet[cell] = true
				if distances[cell] != sweep {
					t.Errorf("level %d: distance %d of cell %d, want %d", i, distances[cell], cell, sweep)
				}
			}
		}
		if len(wet) != 1+len(starts) {
			t.Errorf("level %d: the goal is reached from %d of %d starts", i, len(wet)-1, len(starts))
		}
		for cell, wall := range l.wall {
			if wall && distances[cell] != -1 {
				t.Errorf("level %d: distance %d of a wall, want -1", i, distances[cell])
			}
		}
	}
}

func TestMove(t *testing.T) {
	l := parse(t,
		".#.",
		".G#",
		"...")
	const up, right, down, left = 0, 1, 2, 3
	for _, tc := range []struct {
		name         string
		cell, action int
		to           int
		done         bool
	}{
		{"down", 0, down, 3, false},
		{"up", 6, up, 3, false},
		{"right", 6, right, 7, false},
		{"left", 8, left, 7, false},
		{"wall", 0, right, 0, false},
		{"into the goal", 3, right, 4, true},
		{"into the goal from below", 7, up, 4, true},
		{"over the upper edge", 0, up, 6, false},
		{"over the right edge", 8, right, 6, false},
		{"over the lower edge", 6, down, 0, false},
		{"over the left edge", 0, left, 2, false},
		{"over the edge into a wall", 7, down, 7, false},
	} {
		if to, done := l.Move(tc.cell, tc.action); to != tc.to || done != tc.done {
			t.Errorf("%s: from %d to %d, done %v, want %d, %v", tc.name, tc.cell, to, done, tc.to, tc.done)
		}
	}
	if got, want := l.Distances(), []int{2, -1, 3, 1, 0, -1, 2, 1, 2}; !slices.Equal(got, want) {
		t.Errorf("distances %v, want %v", got, want)
	}
}

// TestObserve looks from all cells of a level with an odd and of one with an even
// side.
func TestObserve(t *testing.T) {
	for _, l := range []*Level{
		parse(t, "..G", "#..", "..."),
		parse(t, "..#.", ".G..", "....", "#..."),
	} {
		n := l.Side
		image := make([]float32, l.Shape().Size())
		for cell := range n * n {
			l.Observe(image, cell)
			for c := range channels {
				for i := range n {
					for j := range n {
						y, x := (cell/n+i-n/2+n)%n, (cell%n+j-n/2+n)%n
						if got, want := image[(c*n+i)*n+j], l.image[(c*n+y)*n+x]; got != want {
							t.Fatalf("side %d, from cell %d: channel %d, row %d, column %d is %v, want %v", n, cell, c, i, j, got, want)
						}
					}
				}
			}
		}
	}
}

// TestLooks wants the mean colours if nothing varies, one colour for each kind if
// there is no grain, and cells that differ if there is.
func TestLooks(t *testing.T) {
	kindOf := func(l *Level, cell int) int {
		switch {
		case l.wall[cell]:
			return wall
		case cell == l.goal:
			return goal
		}
		return floor
	}
	pixel := func(l *Level, cell int) (p [channels]float64) {
		for c := range p {
			p[c] = float64(l.image[c*len(l.wall)+cell])
		}
		return p
	}
	plain := New(6, Looks{}, rand.NewPCG(1, 2))
	dyed := New(6, Looks{Color: 0.5}, rand.NewPCG(1, 2))
	grained := New(6, Looks{Grain: 0.3}, rand.NewPCG(1, 2))
	seen := make(map[[channels]float64]bool)
	for cell := range plain.wall {
		if got, want := pixel(plain, cell), colors[kindOf(plain, cell)]; got != want {
			t.Errorf("cell %d is %v, want %v", cell, got, want)
		}
		seen[pixel(dyed, cell)] = true
		if pixel(grained, cell) == pixel(plain, cell) {
			t.Errorf("cell %d has no grain", cell)
		}
	}
	if len(seen) != kinds {
		t.Errorf("%d colours, want %d", len(seen), kinds)
	}
	if pixel(dyed, dyed.goal) == pixel(plain, plain.goal) {
		t.Error("the colour of the goal does not vary")
	}
}

// TestReturn compares with returns by hand in a corridor of two cells and the goal,
// which is closed to a ring.
func TestReturn(t *testing.T) {
	l := parse(t,
		"###",
		"G..",
		"###")
	always := func(action int) []float64 {
		policy := make([]float64, len(l.Starts)*Actions)
		for i := range l.Starts {
			policy[i*Actions+action] = 1
		}
		return policy
	}
	uniform := slices.Repeat([]float64{0.25}, len(l.Starts)*Actions)
	for _, tc := range []struct {
		name   string
		policy []float64
		want   float64
	}{
		{"into the wall", always(0), 0},
		{"right", always(1), (gamma + 1) / 2}, // the first start takes two moves, the second one
		{"left", always(3), (1 + gamma) / 2},
		// Of four moves, one enters the goal, one leads to the other start, and two
		// into the wall: v = 1/4 + γ·v·3/4.
		{"uniform", uniform, 0.25 / (1 - 0.75*gamma)},
	} {
		if got := l.Return(tc.policy, gamma); math.Abs(got-tc.want) > 1e-6 {
			t.Errorf("%s: return %v, want %v", tc.name, got, tc.want)
		}
	}
	if got := l.Best(gamma); got != 1 {
		t.Errorf("best return %v, want 1", got)
	}
}

// TestBest wants the best return from the policy that always comes closer to the
// goal.
func TestBest(t *testing.T) {
	for i, l := range levels() {
		distances := l.Distances()
		policy := make([]float64, len(l.Starts)*Actions)
		for s, cell := range l.Starts {
			for action := range Actions {
				if to, _ := l.Move(cell, action); distances[to] < distances[cell] {
					policy[s*Actions+action] = 1
					break
				}
			}
		}
		if got, want := l.Return(policy, gamma), l.Best(gamma); math.Abs(got-want) > 1e-6 {
			t.Errorf("level %d: return %v of the best policy, want %v", i, got, want)
		}
	}
}

func TestTooSmall(t *testing.T) {
	defer func() {
		if got, want := recover(), "maze: side of 1, want 2 at least"; got != want {
			t.Errorf("panic %v, want %q", got, want)
		}
	}()
	New(1, Looks{}, rand.NewPCG(1, 2))
}
