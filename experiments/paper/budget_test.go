package main

import (
	"bytes"
	"encoding/csv"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
)

// TestBudgetReport compares the table with numbers worked out by hand. The error of
// method m is m points above that of empirical risk minimisation with seed 0, and
// 3m points with seed 1.
func TestBudgetReport(t *testing.T) {
	b := budgetPlan{sets: []imagePlan{{imageSet: syntheticImages()}}, budgets: []int{10, 30}}
	e := &env{dir: t.TempDir(), stdout: io.Discard}
	err := b.report(e, func(_, budget int) [][]imageResult {
		var results [][]imageResult
		for m := range budgetMethods {
			result := func(percent int) imageResult {
				return imageResult{TestErrors: []float64{float64(percent) / 100}, TrainingError: float64(percent) / 200}
			}
			longer := -5 * budget // the longer budget has lower errors
			results = append(results, []imageResult{result(20 + m + longer), result(30 + 3*m + longer)})
		}
		return results
	})
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(e.dir, "budget.csv"))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 1+len(budgetMethods) {
		t.Fatalf("%d rows, want a heading and one for each of %d methods", len(rows), len(budgetMethods))
	}
	for m, row := range rows[1:] {
		if row[0] != "synthetic" || row[1] != budgetMethods[m].name {
			t.Errorf("row %d is of %q, %q, want synthetic, %q", m, row[0], row[1], budgetMethods[m].name)
		}
		var want []float64 // NaN stands for an empty cell
		for budget := range b.budgets {
			want = append(want, float64(25+2*m-5*budget), float64(5+m)) // the mean, and half of the difference of two seeds
			if m == 0 {
				want = append(want, math.NaN(), math.NaN(), math.NaN())
			} else {
				want = append(want, float64(2*m), float64(m), 1-2/math.Pi*math.Atan(2)) // t = 2, of one degree of freedom
			}
		}
		want = append(want, float64(20+2*m)/2, float64(5+m)/2)
		for i, cell := range row[2:] {
			got := math.NaN()
			if cell != "" {
				if got, err = strconv.ParseFloat(cell, 64); err != nil {
					t.Fatal(err)
				}
			}
			if !(math.Abs(got-want[i]) < 1e-9) && !(math.IsNaN(got) && math.IsNaN(want[i])) {
				t.Errorf("row %d: %s is %q, want %v", m, rows[0][2+i], cell, want[i])
			}
		}
	}
}

// TestBudgetSteps checks that all methods take the same number of steps.
func TestBudgetSteps(t *testing.T) {
	b, err := newBudgetPlan(&env{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for budget, epochs := range b.budgets {
		for _, m := range budgetMethods {
			r := b.run(0, budget, m, 1)
			if want := epochs * 10; r.Steps != want { // of 25 of 250 images
				t.Errorf("%s: %d steps, want %d", r.Name, r.Steps, want)
			}
			names = append(names, r.Name)
		}
	}
	slices.Sort(names)
	if len(slices.Compact(names)) != len(b.budgets)*len(budgetMethods) {
		t.Errorf("names %q, want each once", names)
	}
}
