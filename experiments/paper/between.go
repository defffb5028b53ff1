// Predictions between pairs of training images: figure 2.

package main

import (
	"flag"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/plot"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/nn"
	"github.com/seed-7466c776/mixup/experiments/internal/runs"
	"github.com/seed-7466c776/mixup/experiments/internal/train"
)

var between = experiment{
	name:   "between",
	about:  "misses and gradients of small nets, between training images (figure 2)",
	takes:  "9 minutes together with the nets",
	seeds:  smallSeeds,
	files:  fashionFiles + cifarFiles,
	define: func(*flag.FlagSet, *env) func(*env) error { return reportBetween },
}

const (
	betweenPairs = 500
	betweenParts = 10 // of the way from one image of a pair to the other
)

// A betweenResult has values for λ = 0, 1/betweenParts, …, 1.
type betweenResult struct {
	Misses    []float64 // share of pairs for which the class of neither image is predicted
	Gradients []float64 // mean Euclidean norm of the gradient of the loss with respect to the input
}

// lines returns pairs of rows of data, as a Mix of them. The pairs are the same
// for the same seed.
func lines(data *train.Rows, seed int) *mixup.Mix {
	r := rand.New(mixup.NewStream(uint64(seed), train.Order))
	m := &mixup.Mix{K: 2, Weight: make([]float32, 2*betweenPairs)}
	for range 2 * betweenPairs {
		m.Index = append(m.Index, r.IntN(data.Len()))
	}
	return m
}

// add adds what net makes of the points at λ between pairs. Label and loss are
// those of mixup.
func (r *betweenResult) add(net *nn.Net, data *train.Rows, pairs *mixup.Mix, lambda float32) {
	for i := range pairs.Len() {
		pairs.Weight[2*i], pairs.Weight[2*i+1] = lambda, 1-lambda
	}
	x := make([]float32, pairs.Len()*data.Dim)
	pairs.ApplyTo(x, data.X, data.Dim)
	logits := net.Predict(x)
	misses := 0
	for i := range pairs.Len() {
		z := logits[i*data.Classes:][:data.Classes]
		a, b := data.Labels[pairs.Index[2*i]], data.Labels[pairs.Index[2*i+1]]
		for _, v := range z {
			if v > max(z[a], z[b]) {
				misses++
				break
			}
		}
	}
	grad := make([]float32, len(logits))
	mixup.CrossEntropy{}.Mixed(grad, logits, pairs, data.Labels, data.Classes)
	net.BackwardTo(x, grad)
	var norms float64 // of gradients of the mean loss: their sum is the mean of those of each point
	for i := range pairs.Len() {
		var squares float64
		for _, v := range x[i*data.Dim:][:data.Dim] {
			squares += float64(v) * float64(v)
		}
		norms += math.Sqrt(squares)
	}
	r.Misses = append(r.Misses, float64(misses)/float64(pairs.Len()))
	r.Gradients = append(r.Gradients, norms)
}

func reportBetween(e *env) error {
	plans, err := smallPlans(e)
	if err != nil {
		return err
	}
	table := newComparison(smallAlphas, "set", "mean over λ")
	for _, p := range plans {
		models, err := smallModels(e, p)
		if err != nil {
			return err
		}
		results, err := inspect(e, models, betweenParts+1, func(m smallModel, net *nn.Net, j *runs.Job) (r betweenResult, err error) {
			pairs := lines(p.training, m.seed)
			err = j.Loop(func(step int) error {
				r.add(net, p.training, pairs, float32(step)/betweenParts)
				return nil
			}, &r)
			return r, err
		})
		if err != nil {
			return err
		}
		var plots []*plot.Plot
		for _, q := range []struct {
			name string
			of   func(betweenResult) []float64
		}{
			{"misses, %", func(r betweenResult) []float64 { return scaled(100, r.Misses) }},
			{"norm of the gradient", func(r betweenResult) []float64 { return r.Gradients }},
		} {
			table.add(each(results, func(r betweenResult) float64 { return stat.Mean(q.of(r), nil) }), p.name, q.name)
			lambdas := make([]float64, betweenParts+1)
			for k := range lambdas {
				lambdas[k] = float64(k) / betweenParts
			}
			pl, err := plotAlphas(p.name+", between training images", "λ", q.name, smallAlphas, lambdas, func(k int) [][]float64 {
				return each(results, func(r betweenResult) float64 { return q.of(r)[k] })
			})
			if err != nil {
				return err
			}
			plots = append(plots, pl)
		}
		if err := e.picture(p.name, 4.5, 3.5, plots...); err != nil {
			return err
		}
	}
	return e.table("between", &table.Table)
}

func scaled(by float64, x []float64) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = by * v
	}
	return y
}
