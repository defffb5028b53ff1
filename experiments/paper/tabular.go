// Table 4: tables.

package main

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/nn"
	"github.com/seed-7466c776/mixup/experiments/internal/report"
	"github.com/seed-7466c776/mixup/experiments/internal/runs"
	"github.com/seed-7466c776/mixup/experiments/internal/tables"
	"github.com/seed-7466c776/mixup/experiments/internal/train"
)

var tabular = experiment{
	name:   "tabular",
	about:  "six sets of UCI, α from 0.1 to 1 (table 4)",
	takes:  "4 minutes",
	seeds:  20,
	files:  uciFiles,
	define: withSchedule(10, runTabular),
}

// tabularAlphas are compared; 0 is empirical risk minimisation.
var tabularAlphas = []float64{0, 0.1, 0.2, 0.5, 1}

// paperTabular has the paper's test errors in percent, of ERM and of mixup.
var paperTabular = map[string][2]float64{
	"abalone": {74.0, 73.6}, "arcene": {57.6, 48.0}, "arrhythmia": {56.6, 46.3},
	"htru2": {2.0, 2.0}, "iris": {21.3, 17.3}, "phishing": {16.3, 15.2},
}

// A tabularResult is the errors of a net after its last epoch, as shares.
type tabularResult struct{ Test, Train float64 }

func runTabular(e *env, s schedule) error {
	sets, err := classTables(e)
	if err != nil {
		return err
	}
	var list []runs.Run[tabularResult]
	for _, set := range sets {
		for seed := range uint64(e.seeds) {
			training, test := set.split(set.all(), testShare, rand.New(mixup.NewStream(seed, train.Split)))
			for _, alpha := range tabularAlphas {
				list = append(list, tableRun(set, alpha, s, seed, training, func(net *nn.Net, rows func([]int) *train.Rows) tabularResult {
					return tabularResult{Test: train.Error(net, rows(test)), Train: train.Error(net, rows(training))}
				}))
			}
		}
	}
	results, err := perform(e, list)
	if err != nil {
		return err
	}

	e.printf("Nets with two hidden layers of 128, %v, minibatches of 16.\n"+
		"Random stratified splits in halves, copies of a row on one side, features standardised\n"+
		"by the training rows. Test error, %%: mean ± standard error over the splits; beside it the\n"+
		"error on training rows, not mixed.\n", s)
	errors := &report.Table{Decimals: 1, Columns: []string{"set", "rows", "majority"}}
	tests := &report.Table{Decimals: 2, Columns: []string{"set", "α", "mixup - ERM", "better, equal, worse", "p", "p, corrected"}}
	var bars []report.Bar
	for i, alpha := range tabularAlphas {
		errors.Columns = append(errors.Columns, alphaName(alpha))
		if i > 0 {
			bars = append(bars, report.Bar{Name: alphaName(alpha)})
		}
	}
	last := len(tabularAlphas) - 1
	errors.Columns = append(errors.Columns, "paper: ERM", "paper: mixup", "training: ERM", "training: "+alphaName(tabularAlphas[last]))
	var groups []string
	bySet(results, len(sets), len(tabularAlphas), func(i int, of [][]tabularResult) {
		set := sets[i]
		test := each(of, func(r tabularResult) float64 { return 100 * r.Test })
		row := []any{set.name, set.table.Len(), 100 * set.majority()}
		for _, x := range test {
			row = append(row, report.Mean(x))
		}
		if p, ok := paperTabular[set.name]; ok {
			row = append(row, p[0], p[1])
		} else {
			row = append(row, "", "")
		}
		training := each(of, func(r tabularResult) float64 { return 100 * r.Train })
		errors.Add(append(row, report.Mean(training[0]), report.Mean(training[last]))...)
		groups = append(groups, set.name)
		for i, alpha := range tabularAlphas[1:] {
			d := report.Minus(test[i+1], test[0])
			bars[i].Y = append(bars[i].Y, report.Mean(d))
			tests.Add(set.name, fmt.Sprint(alpha), report.Mean(d), report.Signs(d), report.P(report.Wilcoxon(d)), report.P(report.PairedT(d, testShare/(1-testShare))))
		}
	})
	if err := e.table("errors", errors); err != nil {
		return err
	}
	e.printf("\nDifferences on the same splits, in points. p is Wilcoxon's, as if splits were independent;\n" +
		"the corrected p is that of a t test with Nadeau and Bengio's variance for overlapping splits.\n")
	if err := e.table("tests", tests); err != nil {
		return err
	}
	p := report.NewPlot("", "", "test error minus ERM's, points")
	if err := report.AddBars(p, groups, bars...); err != nil {
		return err
	}
	p.X.Max += 0.25 * float64(len(groups)) // room for the legend
	return e.picture("tabular", 7, 3, p)
}

// classTables returns the sets of UCI, or two synthetic ones.
func classTables(e *env) ([]*classTable, error) {
	if e.data == "" {
		return []*classTable{
			newClassTable("blobs", blobs(240, 6, 3)),
			newClassTable("more blobs", blobs(320, 12, 8)),
		}, nil
	}
	var sets []*classTable
	for _, name := range tables.UCI {
		t, err := tables.OpenUCI(filepath.Join(e.data, "uci"), name)
		if err != nil {
			return nil, err
		}
		sets = append(sets, newClassTable(name, t))
	}
	return sets, nil
}
