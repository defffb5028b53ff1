// Ways to mix images at equal budgets, beyond the paper.

package main

import (
	"flag"
	"fmt"

	"gonum.org/v1/plot"

	"github.com/seed-7466c776/mixup/experiments/internal/report"
	"github.com/seed-7466c776/mixup/experiments/internal/runs"
)

var budget = experiment{
	name:   "budget",
	about:  "mixup of 2, 3 and 4 images, CutMix, and both, at equal numbers of steps",
	takes:  "2 hours",
	seeds:  4,
	files:  fashionFiles + cifarFiles,
	define: func(*flag.FlagSet, *env) func(*env) error { return reportBudget },
}

// budgetMethods are compared. The first is empirical risk minimisation.
var budgetMethods = []imageMethod{
	erm,
	mixupMethod(0.2),
	mixupMethod(1),
	kwayMethod(1, 3),
	kwayMethod(1, 4),
	cutMixMethod(1),
	mixupOrCutMix,
}

// A budgetPlan says how nets are trained. With each budget, the rate falls to zero
// in the epochs of that budget.
type budgetPlan struct {
	sets    []imagePlan // without epochs
	budgets []int       // epochs
}

// newBudgetPlan returns the plan for the sets of e. The images are few, so that a
// net learns them by heart with the longest budget, and are shifted by up to a
// sixteenth of their side.
func newBudgetPlan(e *env) (budgetPlan, error) {
	if e.data == "" {
		return budgetPlan{[]imagePlan{{imageSet: syntheticImages(), width: 4, batch: 25, border: 1, rate: 0.05, decay: 5e-4}}, []int{1, 3}}, nil
	}
	b := budgetPlan{budgets: []int{10, 30, 90, 270}}
	for _, name := range []string{"cifar10", "fashion_mnist"} {
		set, err := openImages(e.data, name, 500, 2000)
		if err != nil {
			return b, err
		}
		b.sets = append(b.sets, imagePlan{imageSet: set, width: 16, batch: 50, border: set.shape.Width / 16, rate: 0.05, decay: 5e-4})
	}
	return b, nil
}

// run returns the run of a method on a set with a budget.
func (b budgetPlan) run(set, budget int, m imageMethod, seed uint64) runs.Run[imageResult] {
	p := b.sets[set]
	p.epochs, p.every = b.budgets[budget], b.budgets[budget]
	run := p.run(m, seed)
	run.Name = fmt.Sprintf("%d epochs, %s", p.epochs, run.Name)
	return run
}

func reportBudget(e *env) error {
	b, err := newBudgetPlan(e)
	if err != nil {
		return err
	}
	// Seed by seed, so that what is ready after an interruption is paired.
	var list []runs.Run[imageResult]
	for seed := range uint64(e.seeds) {
		for set := range b.sets {
			for budget := range b.budgets {
				for _, m := range budgetMethods {
					list = append(list, b.run(set, budget, m, seed))
				}
			}
		}
	}
	all, err := perform(e, list)
	if err != nil {
		return err
	}
	// results returns those on a set with a budget, for each method and seed.
	results := func(set, budget int) [][]imageResult {
		of := make([][]imageResult, len(budgetMethods))
		for seed := range e.seeds {
			for m := range of {
				of[m] = append(of[m], all[((seed*len(b.sets)+set)*len(b.budgets)+budget)*len(budgetMethods)+m])
			}
		}
		return of
	}
	return b.report(e, results)
}

// report adds the table and the picture.
func (b budgetPlan) report(e *env, results func(set, budget int) [][]imageResult) error {
	table := &report.Table{Columns: []string{"set", "method"}, Decimals: 1}
	var groups []string
	for _, epochs := range b.budgets {
		groups = append(groups, fmt.Sprintf("%d epochs", epochs))
		table.Columns = append(table.Columns, fmt.Sprintf("test error, %%, %d epochs", epochs), "minus ERM", "p")
	}
	table.Columns = append(table.Columns, "training error, %, "+groups[len(groups)-1])
	paired := newPairs(pairedT, "set", "epochs")
	var plots []*plot.Plot
	for i, p := range b.sets {
		e.printf("\n%s: %d training and %d test images, shifts of up to %d pixels and flips, %d-%d-%d filters of 3×3 with batch\n"+
			"normalisation, momentum 0.9, weight decay %v, a rate that falls from %v to 0 along a cosine, minibatches of %d.\n",
			p.name, p.training.Len(), p.test.Len(), p.border, p.width, 2*p.width, 4*p.width, p.decay, p.rate, p.batch)
		rows := make([][]any, len(budgetMethods))
		bars := make([]report.Bar, len(budgetMethods))
		for m, method := range budgetMethods {
			rows[m], bars[m].Name = []any{p.name, method.name}, method.name
		}
		for budget := range b.budgets {
			of := results(i, budget)
			test := each(of, func(r imageResult) float64 { return 100 * r.testError() })
			training := each(of, func(r imageResult) float64 { return 100 * r.TrainingError })
			paired.add(names(budgetMethods), test, p.name, b.budgets[budget])
			for m := range budgetMethods {
				minus, p := difference(test, m)
				rows[m] = append(rows[m], report.Mean(test[m]), minus, p)
				if m > 0 {
					bars[m].Y = append(bars[m].Y, minus.(report.Value))
				}
				if budget == len(b.budgets)-1 {
					rows[m] = append(rows[m], report.Mean(training[m]))
				}
			}
		}
		for _, row := range rows {
			table.Add(row...)
		}
		pl := report.NewPlot(p.name, "", "test error minus ERM's, points")
		if err := report.AddBars(pl, groups, bars[1:]...); err != nil {
			return err
		}
		pl.Y.Max += (pl.Y.Max - pl.Y.Min) / 2 // room for the legend
		plots = append(plots, pl)
	}
	if err := e.table("budget", table); err != nil {
		return err
	}
	if err := paired.write(e); err != nil {
		return err
	}
	return e.picture("budget", 4.5, 3.5, plots...)
}
