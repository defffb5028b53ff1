// How much to mix: the question that the paper leaves open.

package main

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/datasets"
	"github.com/seed-7466c776/mixup/examples/nn"
	"github.com/seed-7466c776/mixup/experiments/internal/report"
	"github.com/seed-7466c776/mixup/experiments/internal/runs"
	"github.com/seed-7466c776/mixup/experiments/internal/tables"
	"github.com/seed-7466c776/mixup/experiments/internal/train"
)

var alpha = experiment{
	name:  "alpha",
	about: "training error and generalisation gap against α, and the best α, on any CSV too",
	takes: "6 minutes",
	seeds: 10,
	files: uciFiles + fashionFiles,
	define: func(flags *flag.FlagSet, e *env) func(*env) error {
		flags.StringVar(&e.csv, "csv", "", "`file` of comma-separated values to find the best α for, in place of the sets in -data")
		label := flags.String("label", "", "name or number, from 1, of the `column` of classes in -csv; empty: the last one")
		return withSchedule(30, func(e *env, s schedule) error {
			sets, err := alphaTables(e, *label)
			if err != nil {
				return err
			}
			return runAlpha(e, sets, s)
		})(flags, e)
	},
}

// alphas are compared.
var alphas = []float64{0, 0.1, 0.2, 0.4, 1, 2, 8, math.Inf(1)}

// The number of rows of a set that are used in a run, if it has more, and of
// images, which take longer.
const (
	alphaRows   = 4000
	alphaImages = 2000
)

// alphaTables returns the sets of table 4 and a part of Fashion-MNIST, or the
// table in a file.
func alphaTables(e *env, label string) ([]*classTable, error) {
	if e.csv != "" {
		set, err := csvTable(e.csv, label)
		if err != nil {
			return nil, err
		}
		// The name of the file stays when its rows are edited.
		e.settings += fmt.Sprintf("; SHA-256 of the table: %x", sha256.Sum256(fmt.Append(nil, *set.table)))
		e.printf("%s: %d rows of %d features. The classes: %s.\n", set.name, set.table.Len(), len(set.table.Features), strings.Join(set.names, ", "))
		return []*classTable{set}, nil
	}
	if label != "" {
		return nil, fmt.Errorf("-label %q without -csv, want both", label)
	}
	sets, err := classTables(e)
	if e.data == "" || err != nil {
		return sets, err
	}
	images, _, err := datasets.Open(filepath.Join(e.data, "fashion_mnist"))
	if err != nil {
		return nil, err
	}
	return append(sets, newClassTable("fashion_mnist", pixelTable(images.Slice(0, min(images.Len(), alphaImages))))), nil
}

// maxClasses is the number of classes above which a column is taken for one of
// something else.
const maxClasses = 50

// csvTable reads a user's table, whose label must look like a class.
func csvTable(file, label string) (*classTable, error) {
	t, err := tables.OpenCSV(file, label)
	if err != nil {
		return nil, err
	}
	set := newClassTable(filepath.Base(file), t)
	const instead = "choose another column with -label, or write classes into this one"
	if set.classes > maxClasses {
		return nil, fmt.Errorf("%s: the label has %d different values in %d rows, want at most %d classes; %s", file, set.classes, t.Len(), maxClasses, instead)
	}
	for _, name := range set.names {
		if v, err := strconv.ParseFloat(name, 64); err == nil && v != math.Trunc(v) {
			return nil, fmt.Errorf("%s: the label %s is a number with a fraction, want classes and not numbers to predict; %s", file, name, instead)
		}
	}
	return set, nil
}

// pixelTable returns images as a table.
func pixelTable(s *datasets.Set) *tables.Table {
	t := &tables.Table{Features: make([]string, s.Shape.Size())}
	for _, p := range s.Pixels {
		t.X = append(t.X, float64(p))
	}
	for _, l := range s.Labels {
		t.Labels = append(t.Labels, fmt.Sprint(l))
	}
	return t
}

// An alphaResult is the errors of a net after its last epoch, as shares.
type alphaResult struct{ Training, Validation, Test float64 }

func runAlpha(e *env, sets []*classTable, s schedule) error {
	var list []runs.Run[alphaResult]
	for _, set := range sets {
		for seed := range uint64(e.seeds) {
			r := rand.New(mixup.NewStream(seed, train.Split))
			_, rows := set.split(set.all(), min(1, alphaRows/float64(set.table.Len())), r)
			training, others := set.split(rows, 0.5, r)
			validation, test := set.split(others, 0.5, r)
			for _, side := range [][]int{training, validation, test} {
				if len(side) == 0 {
					return fmt.Errorf("%s: %d rows, %d if rows of the same features count once, want enough for training, validation and test rows",
						set.name, set.table.Len(), 1+slices.Max(set.groups))
				}
			}
			for _, a := range alphas {
				list = append(list, tableRun(set, a, s, seed, training, func(net *nn.Net, rows func([]int) *train.Rows) alphaResult {
					share := func(numbers []int) float64 { return train.Error(net, rows(numbers)) }
					return alphaResult{share(training), share(validation), share(test)}
				}))
			}
		}
	}
	results, err := perform(e, list)
	if err != nil {
		return err
	}
	e.printf("Nets with two hidden layers of 128, %v, minibatches of 16.\n"+
		"Random stratified splits of up to %d rows: half for training, a quarter each for validation and\n"+
		"test. Errors in %%, mean ± standard error over the splits; those on training rows are on rows as\n"+
		"they are, not mixed. The gap is the test error less that on training rows.\n", s, alphaRows)
	r := newAlphaReport()
	bySet(results, len(sets), len(alphas), func(i int, of [][]alphaResult) { r.add(sets[i].name, of) })
	return r.write(e)
}

// An alphaReport is the tables and the curves of the picture.
type alphaReport struct {
	curves, extremes, best *report.Table
	risen, gaps            []report.Curve // less those of ERM
}

// extremeAlphas are in a table of their own.
var extremeAlphas = []float64{0, 0.2, 1, math.Inf(1)}

func newAlphaReport() *alphaReport {
	r := &alphaReport{
		curves:   &report.Table{Decimals: 1, Columns: []string{"set", "α", "training error", "validation error", "test error", "gap"}},
		extremes: &report.Table{Decimals: 1, Columns: []string{"set"}},
		best:     &report.Table{Decimals: 2, Columns: []string{"set", "best α", "test error, ERM", "α chosen ¹", "difference", "better, equal, worse", "p, corrected"}},
	}
	for _, what := range []string{"training error", "gap"} {
		for _, a := range extremeAlphas {
			r.extremes.Columns = append(r.extremes.Columns, what+", α = "+alphaLabel(a))
		}
	}
	return r
}

// add adds a set, with the results for each α and seed.
func (r *alphaReport) add(name string, of [][]alphaResult) {
	training := each(of, func(r alphaResult) float64 { return 100 * r.Training })
	validation := each(of, func(r alphaResult) float64 { return 100 * r.Validation })
	test := each(of, func(r alphaResult) float64 { return 100 * r.Test })
	gap := each(of, func(r alphaResult) float64 { return 100 * (r.Test - r.Training) })
	rise, narrowing := report.Curve{Name: name}, report.Curve{Name: name}
	for i, a := range alphas {
		r.curves.Add(name, alphaLabel(a), report.Mean(training[i]), report.Mean(validation[i]), report.Mean(test[i]), report.Mean(gap[i]))
		rise.X, rise.Y = append(rise.X, float64(i)), append(rise.Y, report.Mean(report.Minus(training[i], training[0])))
		narrowing.X, narrowing.Y = append(narrowing.X, float64(i)), append(narrowing.Y, report.Mean(report.Minus(gap[i], gap[0])))
	}
	r.risen, r.gaps = append(r.risen, rise), append(r.gaps, narrowing)

	row := []any{name}
	for _, x := range [][][]float64{training, gap} {
		for _, a := range extremeAlphas {
			row = append(row, report.Mean(x[slices.Index(alphas, a)]))
		}
	}
	r.extremes.Add(row...)

	chosen := make([]float64, len(test[0]))
	for seed := range chosen {
		chosen[seed] = test[lowest(validation, seed)][seed]
	}
	d := report.Minus(chosen, test[0])
	r.best.Add(name, alphaLabel(alphas[lowest(validation, -1)]), report.Mean(test[0]), report.Mean(chosen),
		report.Mean(d), report.Signs(d), report.P(report.PairedT(d, 0.5)))
}

// write writes all.
func (r *alphaReport) write(e *env) error {
	if err := e.table("curves", r.curves); err != nil {
		return err
	}
	if err := e.table("extremes", r.extremes); err != nil {
		return err
	}
	if err := e.table("best", r.best); err != nil {
		return err
	}
	e.printf("\nThe best α has the lowest validation error, on average over the splits. Differences are to ERM on the same\n" +
		"split, in points; the p of a t test is corrected for the overlap of splits (Nadeau and Bengio).\n" +
		"¹ Test error with the α whose validation error is lowest in the same split, the smallest if there are several.\n")
	var ticks plot.ConstantTicks
	for i, a := range alphas {
		ticks = append(ticks, plot.Tick{Value: float64(i), Label: alphaLabel(a)})
	}
	var plots []*plot.Plot
	for _, p := range []struct {
		title  string
		curves []report.Curve
	}{{"training error minus ERM's, points", r.risen}, {"gap minus ERM's, points", r.gaps}} {
		pl := report.NewPlot("", "α", p.title)
		pl.X.Tick.Marker = ticks
		pl.Legend.Left = true
		if err := report.AddCurves(pl, p.curves...); err != nil {
			return err
		}
		plots = append(plots, pl)
	}
	plots[1].Legend = plot.NewLegend() // that of the first will do
	return e.picture("alpha", 3.6, 3, plots...)
}

// lowest returns the first α whose x is lowest: for one seed, or on average if
// seed is negative.
func lowest(x [][]float64, seed int) int {
	var values []float64
	for _, of := range x {
		if seed >= 0 {
			of = of[seed : seed+1]
		}
		values = append(values, report.Mean(of).Mean)
	}
	return slices.Index(values, slices.Min(values))
}

// alphaLabel returns α for a picture.
func alphaLabel(a float64) string {
	if math.IsInf(a, 1) {
		return "∞"
	}
	return fmt.Sprint(a)
}
