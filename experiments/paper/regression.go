// Regression: an open question of the paper.

package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/nn"
	"github.com/seed-7466c776/mixup/experiments/internal/report"
	"github.com/seed-7466c776/mixup/experiments/internal/runs"
	"github.com/seed-7466c776/mixup/experiments/internal/tables"
	"github.com/seed-7466c776/mixup/experiments/internal/train"
)

var regression = experiment{
	name:   "regression",
	about:  "mixup and C-Mixup of numeric targets, on abalone and a generated set",
	takes:  "4 minutes",
	seeds:  20,
	files:  abaloneFiles,
	define: withSchedule(30, runRegression),
}

// A regressionMethod is mixup with α, whose partners have targets that are near
// as mixup.NearTarget has it, with sigma in standard deviations of the targets. An
// infinite sigma is mixup with any partner.
type regressionMethod struct{ alpha, sigma float64 }

func (m regressionMethod) String() string {
	switch {
	case m.alpha == 0:
		return "ERM"
	case math.IsInf(m.sigma, 1):
		return fmt.Sprintf("mixup, α = %v", m.alpha)
	}
	return fmt.Sprintf("C-Mixup, α = %v, σ = %v", m.alpha, m.sigma)
}

var regressionMethods = []regressionMethod{
	{0, math.Inf(1)},
	{0.2, math.Inf(1)}, {0.2, 0.5}, {0.2, 0.1},
	{2, math.Inf(1)}, {2, 0.5}, {2, 0.1},
}

// A targetTable is a table whose labels are numbers.
type targetTable struct {
	name    string
	table   *tables.Table
	targets []float64
}

func newTargetTable(name string, t *tables.Table) (*targetTable, error) {
	y, err := t.Targets()
	return &targetTable{name, t, y}, err
}

// targetTables returns a generated set, and abalone if there is real data.
func targetTables(e *env) ([]*targetTable, error) {
	rows := 1000
	if e.data == "" {
		rows = 200
	}
	generated, err := newTargetTable("generated", friedman(rows))
	if e.data == "" || err != nil {
		return []*targetTable{generated}, err
	}
	t, err := tables.OpenUCI(filepath.Join(e.data, "uci"), "abalone")
	if err != nil {
		return nil, err
	}
	abalone, err := newTargetTable("abalone", t)
	return []*targetTable{abalone, generated}, err
}

// friedman returns rows of ten uniform features, five of which the target is a
// function of, but for normal noise of deviation 1.
func friedman(rows int) *tables.Table {
	// Friedman 1991, "Multivariate adaptive regression splines", section 4.3.
	r := rand.New(rand.NewPCG(1, 10))
	t := new(tables.Table)
	for j := range 10 {
		t.Features = append(t.Features, fmt.Sprintf("x%d", j+1))
	}
	for i := range rows {
		for range t.Features {
			t.X = append(t.X, r.Float64())
		}
		x := t.Row(i)
		y := 10*math.Sin(math.Pi*x[0]*x[1]) + 20*(x[2]-0.5)*(x[2]-0.5) + 10*x[3] + 5*x[4] + r.NormFloat64()
		t.Labels = append(t.Labels, fmt.Sprint(y))
	}
	return t
}

// A regressionResult is root mean square errors in units of the targets.
type regressionResult struct{ Test, Training float64 }

func runRegression(e *env, s schedule) error {
	sets, err := targetTables(e)
	if err != nil {
		return err
	}
	var list []runs.Run[regressionResult]
	for _, set := range sets {
		for seed := range uint64(e.seeds) {
			for _, method := range regressionMethods {
				list = append(list, regressionRun(set, method, s, seed))
			}
		}
	}
	results, err := perform(e, list)
	if err != nil {
		return err
	}

	e.printf("Nets with two hidden layers of 128, %v, minibatches of 16, square\n"+
		"loss on standardised targets. Random splits in halves, copies of a row on one side. RMSE in units\n"+
		"of the targets, mean ± standard error over the splits. σ is in standard deviations of the targets.\n"+
		"Differences on the same splits; p is Wilcoxon's, as if splits were independent; the corrected p is\n"+
		"that of a t test with Nadeau and Bengio's variance for overlapping splits.\n", s)
	table := &report.Table{Decimals: 3, Columns: []string{"set", "method", "test RMSE", "training RMSE", "minus ERM's", "better, equal, worse", "p", "p, corrected"}}
	bars := make([]report.Bar, len(regressionMethods)-1)
	paired := newPairs(report.Wilcoxon, "set")
	var groups []string
	bySet(results, len(sets), len(regressionMethods), func(i int, of [][]regressionResult) {
		set := sets[i]
		test := each(of, func(r regressionResult) float64 { return r.Test })
		training := each(of, func(r regressionResult) float64 { return r.Training })
		groups = append(groups, set.name)
		paired.add(names(regressionMethods), test, set.name)
		for i, method := range regressionMethods {
			row := []any{set.name, method, report.Mean(test[i]), report.Mean(training[i]), "", "", "", ""}
			if i > 0 {
				d := report.Minus(test[i], test[0])
				row = append(row[:4], report.Mean(d), report.Signs(d), report.P(report.Wilcoxon(d)), report.P(report.PairedT(d, testShare/(1-testShare))))
				bars[i-1].Name = method.String()
				bars[i-1].Y = append(bars[i-1].Y, report.Mean(percentOf(d, test[0])))
			}
			table.Add(row...)
		}
	})
	if err := e.table("regression", table); err != nil {
		return err
	}
	if err := paired.write(e); err != nil {
		return err
	}
	p := report.NewPlot("", "", "test RMSE minus ERM's, %")
	if err := report.AddBars(p, groups, bars...); err != nil {
		return err
	}
	p.X.Max += 0.8 * float64(len(groups)) // room for the legend
	return e.picture("regression", 7, 3, p)
}

// percentOf returns 100·d/of, split by split.
func percentOf(d, of []float64) []float64 {
	p := make([]float64, len(d))
	for i := range p {
		p[i] = 100 * d[i] / of[i]
	}
	return p
}

// regressionRun returns a run on the split of a seed.
func regressionRun(set *targetTable, method regressionMethod, s schedule, seed uint64) runs.Run[regressionResult] {
	training, test := tables.Split(make([]int, set.table.Len()), set.table.Groups(), testShare, rand.New(mixup.NewStream(seed, train.Split)))
	plan := train.Trainer{Seed: seed, Rows: len(training), Batch: 16, Epochs: s.epochs}
	return train.Run(fmt.Sprintf("%s/%v/%d", set.name, method, seed), plan, func(t train.Trainer, j *runs.Job) (regressionResult, error) {
		dim := len(set.table.Features)
		x := make([]float32, len(training)*dim)
		set.table.StandardizeTo(x, training, training)
		mean, std := stat.PopMeanStdDev(pick(set.targets, training), nil)
		y := make([]float32, len(training))
		for i, row := range training {
			y[i] = float32((set.targets[row] - mean) / std)
		}
		mixing := mixup.NewStream(seed, train.Mixing)
		t.Net = tableNet(dim, 1, seed)
		t.Streams = []*mixup.Stream{mixing}
		t.Opt, t.Gradient = s.optimize(mixedTargets(t.Net, x, y, mixup.Sampler{Alpha: method.alpha, Src: mixing}, nearTargets(y, method.sigma, seed)))
		if err := t.Run(j); err != nil {
			return regressionResult{}, err
		}
		rmse := func(rows []int) float64 {
			x := make([]float32, len(rows)*dim)
			set.table.StandardizeTo(x, rows, training)
			var errors []float64
			train.Predict(t.Net, x, dim, func(first int, y []float32) {
				for i, z := range y {
					errors = append(errors, mean+std*float64(z)-set.targets[rows[first+i]])
				}
			})
			return floats.Norm(errors, 2) / math.Sqrt(float64(len(errors)))
		}
		return regressionResult{Test: rmse(test), Training: rmse(training)}, nil
	})
}

// nearTargets returns a function that returns a partner for each training row
// in an epoch, drawn anew in each: C-Mixup's, of all rows whose targets y are
// near, or mixup's, by a permutation, if sigma is infinite.
func nearTargets(y []float32, sigma float64, seed uint64) func(epoch int) []int {
	var (
		partner = make([]int, len(y))
		drawn   = -1 // epoch
		stream  = mixup.NewStream(seed, train.Pairing)
	)
	return func(epoch int) []int {
		if epoch != drawn {
			drawn = epoch
			stream.Seek(uint64(epoch))
			if math.IsInf(sigma, 1) {
				mixup.Permute(partner, stream)
			} else {
				mixup.NearTarget(partner, y, 1, sigma, stream)
			}
		}
		return partner
	}
}

// mixedTargets returns the Gradient of half of net's mean square error on
// minibatches of rows x with targets y that s mixes with partners.
func mixedTargets(net *nn.Net, x, y []float32, s mixup.Sampler, partners func(epoch int) []int) func(train.Step) float64 {
	var (
		m           mixup.Mix
		rows, next  []int
		input, grad []float32
		dim         = len(x) / len(y)
	)
	return func(step train.Step) float64 {
		// The partners are a second minibatch behind the first.
		n := len(step.Rows)
		rows, next = append(rows[:0], step.Rows...), next[:0]
		partner := partners(int(step.Epoch))
		for i, row := range step.Rows {
			rows, next = append(rows, partner[row]), append(next, n+i)
		}
		s.SamplePairs(&m, next)
		m.Select(rows)
		input, grad = resize(input, n*dim), resize(grad, n)
		m.ApplyTo(input, x, dim)
		m.ApplyTo(grad, y, 1)
		var loss float64
		for i, z := range net.Forward(input) {
			d := z - grad[i]
			loss += float64(d) * float64(d) / float64(2*n)
			grad[i] = d / float32(n)
		}
		net.Backward(grad)
		return loss
	}
}

// pick returns the elements of v at rows.
func pick(v []float64, rows []int) []float64 {
	p := make([]float64, len(rows))
	for i, row := range rows {
		p[i] = v[row]
	}
	return p
}
