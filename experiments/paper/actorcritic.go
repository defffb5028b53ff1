// An actor-critic agent in training on levels of a maze.

package main

import (
	"math"
	"math/rand/v2"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/nn"
	"github.com/seed-7466c776/mixup/experiments/internal/maze"
	"github.com/seed-7466c776/mixup/experiments/internal/train"
)

const (
	horizon       = 8    // moves of each player in a step of training
	discount      = 0.95 // γ
	trace         = 0.95 // λ of the returns
	entropyWeight = 0.01
	valueWeight   = 0.5
	agentOutputs  = maze.Actions + 1 // of the net: logits of the actions, then the value
)

// A mixing says what an agent's minibatches are mixed with.
type mixing struct {
	name  string
	alpha float64

	// both has a mixed row learn the actions of both of its sources, each by its
	// own advantage and in the share of its weight. Otherwise a row learns the action
	// of the source with the greater weight, by the mixed advantage.
	both bool
}

func (m mixing) String() string { return m.name }

// An agent is an advantage actor-critic: a net that has, for an observation, the
// logits of its policy and an estimate of the return. Nothing but the net and the
// optimiser goes from one step to the next.
//
// In each step of training, every player begins an episode, in a level and at a start
// that are drawn anew, and makes horizon moves. The moves of all players are one
// minibatch. Its observations, returns and advantages are mixed by one W, as in Wang
// et al. 2020, "Improving generalization in reinforcement learning with mixture
// regularization", with λ drawn for each row and λ ≥ ½.
type agent struct {
	levels  []*maze.Level
	net     *nn.Net
	opt     *nn.Adam
	playing *mixup.Stream // levels, starts and actions
	drawing *mixup.Stream // mixup's
	sampler mixup.Sampler
	mixing  mixing

	experience
	returns    []float32 // of each move
	advantages []float32 // of each move, and after mixing of each row

	mix mixup.Mix
	// What a step learns from, after mixing: row by row the observation, the return,
	// and for each action the advantage by which it is learned.
	mixedX       []float32
	mixedReturns []float32
	targets      []float32
	logits       []float32
	losses       []float32
	slopes       []float32 // the gradient with respect to logits
	grad         []float32 // the gradient with respect to the outputs of the net
}

// An experience has the moves of all players. There is a row for each move: first
// the first moves of all players, then their second ones, and so on.
type experience struct {
	players int
	x       []float32 // observations before the moves, and of each player after its last
	values  []float32 // the critic's, of the same observations
	actions []int
	ended   []bool // whether the move was the last of an episode, and was rewarded
}

// newAgent returns an agent that has hidden layers of a width.
func newAgent(levels []*maze.Level, width, players int, m mixing, seed uint64) *agent {
	dim, n := levels[0].Shape().Size(), players*horizon
	a := &agent{
		levels:  levels,
		net:     nn.Perceptron(mixup.NewStream(seed, train.Weights), dim, width, width, agentOutputs),
		opt:     nn.NewAdam(),
		playing: mixup.NewStream(seed, train.Order),
		drawing: mixup.NewStream(seed, train.Mixing),
		mixing:  m,
		experience: experience{
			players: players,
			x:       make([]float32, (n+players)*dim),
			values:  make([]float32, n+players),
			actions: make([]int, n),
			ended:   make([]bool, n),
		},
		returns:      make([]float32, n),
		advantages:   make([]float32, n),
		mixedX:       make([]float32, n*dim),
		mixedReturns: make([]float32, n),
		targets:      make([]float32, n*maze.Actions),
		logits:       make([]float32, n*maze.Actions),
		losses:       make([]float32, n),
		slopes:       make([]float32, n*maze.Actions),
		grad:         make([]float32, n*agentOutputs),
	}
	a.sampler = mixup.Sampler{Alpha: m.alpha, PerSample: true, Fold: true, Src: a.drawing}
	return a
}

// step takes step number i. It returns an error if the loss is not a finite number.
func (a *agent) step(i int) error {
	a.playing.Seek(uint64(i))
	a.drawing.Seek(uint64(i))
	a.play(rand.New(a.playing))
	a.judge()
	a.mixUp()
	if err := train.Finite(i, a.learn()); err != nil {
		return err
	}
	a.opt.Step(a.net.Params())
	return nil
}

// play fills the experience.
func (a *agent) play(r *rand.Rand) {
	type position struct {
		level *maze.Level
		cell  int
	}
	begin := func() position {
		l := a.levels[r.IntN(len(a.levels))]
		return position{l, l.Starts[r.IntN(len(l.Starts))]}
	}
	at := make([]position, a.players)
	for i := range at {
		at[i] = begin()
	}
	var policy [maze.Actions]float64
	size := len(a.x) / len(a.values)
	for first := 0; first < len(a.values); first += a.players {
		x := a.x[first*size:][:a.players*size]
		for i, p := range at {
			p.level.Observe(x[i*size:][:size], p.cell)
		}
		out := a.net.Predict(x)
		for i, p := range at {
			row, y := first+i, out[i*agentOutputs:][:agentOutputs]
			a.values[row] = y[maze.Actions]
			if row >= len(a.actions) {
				continue // the last observations are only looked at
			}
			softmax(policy[:], y[:maze.Actions])
			a.actions[row] = pickAction(policy[:], r.Float64())
			at[i].cell, a.ended[row] = p.level.Move(p.cell, a.actions[row])
			if a.ended[row] {
				at[i] = begin()
			}
		}
	}
}

// pickAction returns the action in whose share of the interval [0, 1) u lies.
func pickAction(policy []float64, u float64) int {
	last := len(policy) - 1
	for action, p := range policy[:last] {
		if u < p {
			return action
		}
		u -= p
	}
	return last
}

// judge sets returns and advantages.
func (a *agent) judge() {
	a.returnsTo(a.returns)
	for row, r := range a.returns {
		a.advantages[row] = r - a.values[row]
	}
}

// returnsTo sets returns to the λ-return of each move: the reward, and unless the
// episode ended with it γ times the return of the player's next move, mixed with the
// value that the critic saw before that move. After the last move there is the value
// alone.
func (e *experience) returnsTo(returns []float32) {
	// Sutton and Barto 2018, "Reinforcement learning: an introduction", section 12.1.
	for row := len(returns) - 1; row >= 0; row-- {
		next := row + e.players
		switch {
		case e.ended[row]:
			returns[row] = 1
		case next >= len(returns):
			returns[row] = discount * e.values[next]
		default:
			returns[row] = discount * ((1-trace)*e.values[next] + trace*returns[next])
		}
	}
}

// mixUp draws W and sets what is learned from. As in the program of the authors,
// mixed advantages are normalised after mixing. Those of both actions are
// normalised before, since a row has two.
func (a *agent) mixUp() {
	n := len(a.actions)
	a.sampler.Sample(&a.mix, n)
	a.mix.ApplyTo(a.mixedX, a.x[:len(a.mixedX)], len(a.mixedX)/n)
	a.mix.ApplyTo(a.mixedReturns, a.returns, 1)
	if !a.mixing.both {
		a.mix.Apply(a.advantages, 1)
	}
	normalize(a.advantages)
	clear(a.targets)
	for row, action := range a.actions {
		a.targets[row*maze.Actions+action] = a.advantages[row]
	}
	if a.mixing.both {
		a.mix.Apply(a.targets, maze.Actions)
	}
}

// normalize moves x to a mean of zero and scales it to a standard deviation of one.
func normalize(x []float32) {
	const least = 1e-3 // deviations that small are noise
	n := float64(len(x))
	var sum, squares float64
	for _, v := range x {
		sum += float64(v)
	}
	mean := sum / n
	for _, v := range x {
		squares += (float64(v) - mean) * (float64(v) - mean)
	}
	deviation := least + math.Sqrt(squares/n)
	for i, v := range x {
		x[i] = float32((float64(v) - mean) / deviation)
	}
}

// learn sets the gradients of the net and returns the loss, whose parts are the
// policy's, which is cross-entropy with the targets, the critic's, which is half the
// square error of the value, and the negative entropy of the policy.
func (a *agent) learn() float64 {
	n := len(a.actions)
	out := a.net.Forward(a.mixedX)
	for row := range n {
		copy(a.logits[row*maze.Actions:][:maze.Actions], out[row*agentOutputs:])
	}
	mixup.CrossEntropy{}.SoftTo(a.losses, a.slopes, a.logits, a.targets, maze.Actions)
	var (
		sum    float64
		policy [maze.Actions]float64
	)
	for row := range n {
		softmax(policy[:], a.logits[row*maze.Actions:][:maze.Actions])
		entropy := entropyOf(policy[:])
		wrong := out[row*agentOutputs+maze.Actions] - a.mixedReturns[row]
		sum += float64(a.losses[row]) + valueWeight*float64(wrong*wrong)/2 - entropyWeight*entropy

		grad := a.grad[row*agentOutputs:][:agentOutputs]
		for action, p := range policy {
			// The derivative of -H with respect to a logit is p·(log p + H).
			slope := float64(a.slopes[row*maze.Actions+action])
			if p > 0 {
				slope += entropyWeight * p * (math.Log(p) + entropy)
			}
			grad[action] = float32(slope / float64(n))
		}
		grad[maze.Actions] = valueWeight * wrong / float32(n)
	}
	a.net.Backward(a.grad)
	return sum / float64(n)
}

// entropyOf returns the entropy of a distribution, in nats.
func entropyOf(p []float64) float64 {
	var h float64
	for _, v := range p {
		if v > 0 {
			h -= v * math.Log(v)
		}
	}
	return h
}

// policyOn returns the probabilities of the actions for each start of a level.
func (a *agent) policyOn(l *maze.Level) []float64 {
	size := l.Shape().Size()
	x := make([]float32, len(l.Starts)*size)
	for i, cell := range l.Starts {
		l.Observe(x[i*size:][:size], cell)
	}
	out := a.net.Predict(x)
	policy := make([]float64, len(l.Starts)*maze.Actions)
	for i := range l.Starts {
		softmax(policy[i*maze.Actions:][:maze.Actions], out[i*agentOutputs:][:maze.Actions])
	}
	return policy
}

// score returns the expected return of the agent on levels, as a share of the best
// that is possible.
func (a *agent) score(levels []*maze.Level) float64 {
	var sum, best float64
	for _, l := range levels {
		sum += l.Return(a.policyOn(l), discount)
		best += l.Best(discount)
	}
	return sum / best
}
