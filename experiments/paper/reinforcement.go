// Reinforcement learning: an open question of the paper.

package main

import (
	"flag"
	"fmt"
	"slices"

	"gonum.org/v1/plot"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/experiments/internal/maze"
	"github.com/seed-7466c776/mixup/experiments/internal/report"
	"github.com/seed-7466c776/mixup/experiments/internal/runs"
	"github.com/seed-7466c776/mixup/experiments/internal/train"
)

var reinforcement = experiment{
	name:   "reinforcement",
	about:  "mixture regularisation of an agent in mazes that it has not seen",
	takes:  "12 minutes",
	seeds:  6,
	define: func(*flag.FlagSet, *env) func(*env) error { return reportReinforcement },
}

// mixings are the methods that are compared; the first one mixes nothing.
var mixings = []mixing{
	{"none", 0, false},
	{"mixreg, α = 0.2", 0.2, false},
	{"both actions, α = 0.2", 0.2, true},
}

// mazeLooks are those of all levels.
var mazeLooks = maze.Looks{Color: 0.5, Grain: 0.3}

// A reinforcementPlan says how agents are trained and tested.
type reinforcementPlan struct {
	side    int   // of the mazes
	levels  []int // numbers of levels that are trained on
	test    int   // number of levels that are tested on
	width   int   // units in each of two hidden layers
	players int
	steps   int // a multiple of agentLooks
	rate    float64
}

// agentLooks is the number of times that an agent is looked at in a run.
const agentLooks = 10

func newReinforcementPlan(e *env) reinforcementPlan {
	if !e.full {
		return reinforcementPlan{side: 4, levels: []int{2, 4}, test: 10, width: 16, players: 8, steps: 60, rate: 0.01}
	}
	return reinforcementPlan{side: 6, levels: []int{5, 10, 20, 50, 100, 200}, test: 100, width: 128, players: 64, steps: 1000, rate: 0.002}
}

// drawLevels returns levels first, first+1, … of those of a seed.
func (p reinforcementPlan) drawLevels(seed uint64, first, count int) []*maze.Level {
	levels := make([]*maze.Level, count)
	stream := mixup.NewStream(seed, train.Split)
	for i := range levels {
		stream.Seek(uint64(first + i))
		levels[i] = maze.New(p.side, mazeLooks, stream)
	}
	return levels
}

// testLevels returns the levels that all agents of a seed are tested on. None is
// trained on.
func (p reinforcementPlan) testLevels(seed uint64) []*maze.Level {
	return p.drawLevels(seed, slices.Max(p.levels), p.test)
}

// random returns the return of the uniformly random policy on the test levels of so
// many seeds, in % of the best.
func (p reinforcementPlan) random(seeds int) report.Value {
	var shares []float64
	for seed := range seeds {
		var sum, best float64
		for _, l := range p.testLevels(uint64(seed)) {
			uniform := slices.Repeat([]float64{1. / maze.Actions}, len(l.Starts)*maze.Actions)
			sum += l.Return(uniform, discount)
			best += l.Best(discount)
		}
		shares = append(shares, 100*sum/best)
	}
	return report.Mean(shares)
}

// An agentLook is a look at an agent: its returns as shares of the best ones.
type agentLook struct {
	Step     int // the number of steps before it
	Training float64
	Test     float64
}

// run returns the run that trains an agent on the first levels of a seed.
func (p reinforcementPlan) run(levels int, m mixing, seed uint64) runs.Run[[]agentLook] {
	name := fmt.Sprintf("%d levels, %s, seed %d", levels, m.name, seed)
	return runs.Run[[]agentLook]{Name: name, Steps: p.steps, Do: func(j *runs.Job) ([]agentLook, error) {
		a := newAgent(p.drawLevels(seed, 0, levels), p.width, p.players, m, seed)
		return p.train(j, a, p.testLevels(seed))
	}}
}

// train trains a, at a rate that falls to zero linearly, and returns the looks at it.
func (p reinforcementPlan) train(j *runs.Job, a *agent, test []*maze.Level) ([]agentLook, error) {
	var looks []agentLook
	step := func(i int) error {
		a.opt.Rate = p.rate * (1 - float64(i)/float64(p.steps))
		if err := a.step(i); err != nil {
			return err
		}
		if (i+1)%(p.steps/agentLooks) == 0 {
			looks = append(looks, agentLook{i + 1, a.score(a.levels), a.score(test)})
		}
		return nil
	}
	err := j.Loop(step, a.net, a.opt, &looks)
	return looks, err
}

func reportReinforcement(e *env) error {
	plan := newReinforcementPlan(e)
	var list []runs.Run[[]agentLook]
	for _, levels := range plan.levels {
		for _, m := range mixings {
			for seed := range e.seeds {
				list = append(list, plan.run(levels, m, uint64(seed)))
			}
		}
	}
	all, err := perform(e, list)
	if err != nil {
		return err
	}
	e.printf("\nMazes of %d×%d cells; %d levels to test on. A perceptron with two hidden layers of %d, Adam,\n"+
		"%d steps of %d × %d moves. Expected returns of the policy in %% of the best possible, mean ± standard\n"+
		"error over seeds; each seed has other levels. The uniformly random policy has %s %% on the test levels.\n"+
		"Differences at the same seed; p is that of a paired t test.\n",
		plan.side, plan.side, plan.test, plan.width, plan.steps, plan.players, horizon, plan.random(e.seeds).Format(1))
	table := &report.Table{
		Columns: []string{"levels", "mixing", "training return, %",
			"test return, %", "test minus none", "p, test", "gap, points", "gap minus none", "p, gap"},
		Decimals: 1,
	}
	// byLevels has the results for each number of levels, mixing and seed.
	var byLevels [][][][]agentLook
	for ofLevels := range slices.Chunk(all, len(mixings)*e.seeds) {
		byLevels = append(byLevels, slices.Collect(slices.Chunk(ofLevels, e.seeds)))
	}
	for i, levels := range plan.levels {
		addReinforcement(table, levels, byLevels[i])
	}
	plots, err := plotReinforcement(plan, byLevels)
	if err != nil {
		return err
	}
	if err := e.picture("reinforcement", 3.1, 2.8, plots...); err != nil {
		return err
	}
	return e.table("reinforcement", table)
}

// Figures that are reported, of a look at an agent.
func trainingReturn(l agentLook) float64 { return 100 * l.Training }
func testReturn(l agentLook) float64     { return 100 * l.Test }
func gapOf(l agentLook) float64          { return 100 * (l.Training - l.Test) }

// addReinforcement adds a row for each mixing, after the last step.
func addReinforcement(table *report.Table, levels int, results [][][]agentLook) {
	training, test, gap := lastLooks(results, trainingReturn), lastLooks(results, testReturn), lastLooks(results, gapOf)
	for i, m := range mixings {
		byTest, pTest := difference(test, i)
		byGap, pGap := difference(gap, i)
		table.Add(fmt.Sprint(levels), m.name, report.Mean(training[i]), report.Mean(test[i]), byTest, pTest, report.Mean(gap[i]), byGap, pGap)
	}
}

// lastLooks returns a figure of the last look for each mixing and seed.
func lastLooks(results [][][]agentLook, figure func(agentLook) float64) [][]float64 {
	return each(results, func(looks []agentLook) float64 { return figure(looks[len(looks)-1]) })
}

// plotReinforcement returns plots of the return on training levels and on test
// levels over the number of levels, and of the return on test levels in the course
// of training on the most levels.
func plotReinforcement(plan reinforcementPlan, byLevels [][][][]agentLook) ([]*plot.Plot, error) {
	var overLevels, overSteps []float64
	var ticks plot.ConstantTicks
	for _, n := range plan.levels {
		overLevels = append(overLevels, float64(n))
		ticks = append(ticks, plot.Tick{Value: float64(n), Label: fmt.Sprint(n)})
	}
	most := byLevels[len(byLevels)-1]
	for _, look := range most[0][0] {
		overSteps = append(overSteps, float64(look.Step))
	}
	var plots []*plot.Plot
	for _, of := range []struct {
		title, xName string
		x            []float64
		at           func(i int) [][]float64
	}{
		{"training levels", "number of training levels", overLevels,
			func(i int) [][]float64 { return lastLooks(byLevels[i], trainingReturn) }},
		{"test levels", "number of training levels", overLevels,
			func(i int) [][]float64 { return lastLooks(byLevels[i], testReturn) }},
		{fmt.Sprintf("test levels, training on %d", slices.Max(plan.levels)), "steps", overSteps,
			func(i int) [][]float64 {
				return each(most, func(looks []agentLook) float64 { return testReturn(looks[i]) })
			}},
	} {
		p, err := plotMethods(of.title, of.xName, "return, % of the best", names(mixings), of.x, of.at)
		if err != nil {
			return nil, err
		}
		p.Legend.Left = true
		plots = append(plots, p)
	}
	for _, p := range plots[:2] {
		p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, ticks
	}
	// The second plot has the legend of all, above its curves.
	plots[1].Y.Max += (plots[1].Y.Max - plots[1].Y.Min) * 0.5
	plots[0].Legend, plots[2].Legend = plot.NewLegend(), plot.NewLegend()
	return plots, nil
}
