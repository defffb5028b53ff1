// Package maze has grid worlds for reinforcement learning, each of which is drawn
// from a source of random numbers: where its walls and its goal are, and what it
// looks like.
//
// An agent stands on a free cell and moves to one of the four cells beside it. The
// grid has no edges: beyond its last row is its first one, and columns likewise. A
// wall stops the agent. When it enters the goal, it is rewarded by 1 and the episode
// ends. What it observes is an image of the whole grid, with itself in the middle.
package maze

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/seed-7466c776/mixup/examples/datasets"
)

const (
	Actions  = 4   // up, right, down, left
	channels = 3   // of an image
	density  = 0.3 // probability that a cell is a wall
)

// moves are the steps of the actions in rows and columns.
var moves = [Actions][2]int{{-1, 0}, {0, 1}, {1, 0}, {0, -1}}

// The kinds of cells, and how many there are.
const (
	floor = iota
	wall
	goal
	kinds
)

// colors are the mean colours of the kinds.
var colors = [kinds][channels]float64{
	floor: {0, 0, 0},
	wall:  {1, 1, 1},
	goal:  {-1, 1, -1},
}

// Looks says how different levels look.
type Looks struct {
	Color float64 // standard deviation of a kind's colour from level to level
	Grain float64 // standard deviation of a cell's colour within a level
}

// A Level is a grid of Side × Side cells, which are numbered row by row. It does not
// change, and may be used concurrently.
type Level struct {
	Side int

	// Starts are the cells other than the goal from which the goal can be reached,
	// in ascending order. They are at least half of the cells, rounded down.
	Starts []int

	wall  []bool
	goal  int
	image []float32 // channels × Side × Side
}

// New draws a level of side × side cells, side ≥ 2. Cells from which the goal cannot
// be reached are made walls.
func New(side int, looks Looks, src rand.Source) *Level {
	if side < 2 {
		panic(fmt.Sprintf("maze: side of %d, want 2 at least", side))
	}
	r := rand.New(src)
	l := &Level{Side: side, wall: make([]bool, side*side)}
	for len(l.Starts) < side*side/2 {
		l.layOut(r)
	}
	l.paint(looks, r)
	return l
}

// layOut draws the walls and the goal.
func (l *Level) layOut(r *rand.Rand) {
	for i := range l.wall {
		l.wall[i] = r.Float64() < density
	}
	l.goal = r.IntN(len(l.wall))
	l.wall[l.goal] = false
	l.Starts = l.Starts[:0]
	for cell, d := range l.Distances() {
		if d < 0 {
			l.wall[cell] = true
		} else if cell != l.goal {
			l.Starts = append(l.Starts, cell)
		}
	}
}

// paint draws what the level looks like.
func (l *Level) paint(looks Looks, r *rand.Rand) {
	var palette [kinds][channels]float64
	for kind := range palette {
		for c := range palette[kind] {
			palette[kind][c] = colors[kind][c] + looks.Color*r.NormFloat64()
		}
	}
	l.image = make([]float32, l.Shape().Size())
	for cell := range l.wall {
		kind := floor
		switch {
		case l.wall[cell]:
			kind = wall
		case cell == l.goal:
			kind = goal
		}
		for c, v := range palette[kind] {
			l.image[c*len(l.wall)+cell] = float32(v + looks.Grain*r.NormFloat64())
		}
	}
}

// Shape returns the shape of what an agent observes.
func (l *Level) Shape() datasets.Shape {
	return datasets.Shape{Channels: channels, Height: l.Side, Width: l.Side}
}

// Observe sets image to what an agent on a cell observes: the level with that cell at
// row Side/2 and column Side/2.
func (l *Level) Observe(image []float32, cell int) {
	away := l.Side - l.Side/2 // of the image's first row and column from the cell, modulo Side
	top, left := cell/l.Side+away, (cell%l.Side+away)%l.Side
	for c := range channels {
		for i := range l.Side {
			line := l.image[(c*l.Side+(top+i)%l.Side)*l.Side:][:l.Side]
			n := copy(image, line[left:])
			copy(image[n:], line[:left])
			image = image[l.Side:]
		}
	}
}

// Move returns the cell on which an agent is after an action, and whether that is
// the goal, for which it is rewarded by 1.
func (l *Level) Move(cell, action int) (to int, done bool) {
	i := (cell/l.Side + moves[action][0] + l.Side) % l.Side
	j := (cell%l.Side + moves[action][1] + l.Side) % l.Side
	to = i*l.Side + j
	if l.wall[to] {
		return cell, false
	}
	return to, to == l.goal
}

// Distances returns the least number of moves from each cell to the goal, or -1 for
// walls and for cells from which there is no way.
func (l *Level) Distances() []int {
	distances := make([]int, len(l.wall))
	for i := range distances {
		distances[i] = -1
	}
	distances[l.goal] = 0
	for queue := []int{l.goal}; len(queue) > 0; queue = queue[1:] {
		for action := range Actions {
			// A move can be taken back: who comes here came from there.
			to, _ := l.Move(queue[0], action)
			if distances[to] < 0 {
				distances[to] = distances[queue[0]] + 1
				queue = append(queue, to)
			}
		}
	}
	return distances
}

// Best returns the largest return that is possible: γᵈ⁻¹ from a start at distance d
// to the goal, where γ is the discount, averaged over all starts.
func (l *Level) Best(discount float64) float64 {
	var sum float64
	distances := l.Distances()
	for _, cell := range l.Starts {
		sum += math.Pow(discount, float64(distances[cell]-1))
	}
	return sum / float64(len(l.Starts))
}

// Return returns the expected discounted return of a policy, averaged over all
// starts. The policy has the probabilities of the Actions for one start after the
// other. Nothing is sampled; the error is at most 1e-6.
func (l *Level) Return(policy []float64, discount float64) float64 {
	// The values of the cells solve v = P·(reward + discount·v). Each sweep takes
	// the values closer to that by a factor of discount or less.
	values := make([]float64, len(l.wall)) // that of the goal is 0: the episode is over
	for change := 1.0; change > 1e-6*(1-discount); {
		change = 0
		for i, cell := range l.Starts {
			var v float64
			for action, p := range policy[i*Actions:][:Actions] {
				to, done := l.Move(cell, action)
				if done {
					v += p
				} else {
					v += p * discount * values[to]
				}
			}
			change = max(change, math.Abs(v-values[cell]))
			values[cell] = v
		}
	}
	var sum float64
	for _, cell := range l.Starts {
		sum += values[cell]
	}
	return sum / float64(len(l.Starts))
}
