package mixup

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// Accuracy against its definition: for every K and topK, weights of their own for
// every row, ignored labels, and ties.
func TestAccuracyOfAnyMix(t *testing.T) {
	r := rand.New(rand.NewPCG(61, 62))
	const n, classes = 30, 7
	for _, k := range []int{1, 2, 3, 5} {
		for topK := 1; topK <= classes; topK++ {
			var m Mix
			anyTerms(&m, n, k, r)
			for p := range m.Index {
				m.Index[p] = r.IntN(2 * n) // a pool
			}
			labels := randomLabels(2*n, classes, r)
			logits := make([]float32, n*classes)
			for j := range logits {
				logits[j] = float32(r.IntN(5))
			}
			var sum, rows float64
			for i := range n {
				order := make([]int, classes)
				ascend(order)
				slices.SortStableFunc(order, func(a, b int) int { return int(logits[i*classes+b] - logits[i*classes+a]) })
				counts := 0.
				for p := i * k; p < (i+1)*k; p++ {
					y := labels[m.Index[p]]
					if y != Ignore {
						counts = 1
					}
					if slices.Contains(order[:topK], y) {
						sum += float64(m.Weight[p])
					}
				}
				rows += counts
			}
			if got, want := m.Accuracy(logits, labels, topK), sum/rows; !(math.Abs(got-want) <= 1e-12) {
				t.Errorf("K=%d, top %d: accuracy %v, want %v", k, topK, got, want)
			}
		}
	}
}

// Targets of a regression are mixed by Apply, and the squared error of the mixed
// target differs from the mixed squared errors by the variance of the targets
// alone, whatever is predicted: both have the same gradient.
func TestRegressionTargets(t *testing.T) {
	r := rand.New(rand.NewPCG(63, 64))
	const n = 20
	for _, dim := range []int{1, 3} {
		for _, k := range []int{2, 3} {
			s := Sampler{Alpha: 1, K: k, PerSample: true, Src: r}
			var m Mix
			s.Sample(&m, n)
			y := normalRows(n*dim, r)
			mixed := slices.Clone(y)
			m.Apply(mixed)
			wantBits(t, fmt.Sprintf("dim=%d, K=%d", dim, k), mixed, slowMul(&m, y, dim))

			square := func(a, b []float32) (sum float64) {
				for d := range a {
					sum += (float64(a[d]) - float64(b[d])) * (float64(a[d]) - float64(b[d]))
				}
				return sum
			}
			difference := func(predicted []float32) float64 {
				ofMixed := square(predicted, mixed) / n
				return m.Mean(func(row, source int) float64 {
					return square(predicted[row*dim:][:dim], y[source*dim:][:dim])
				}) - ofMixed
			}
			at0, at := difference(make([]float32, n*dim)), difference(normalRows(n*dim, r))
			if !(at0 > 0 && math.Abs(at-at0) <= 1e-6) {
				t.Errorf("dim=%d, K=%d: the two losses differ by %v and by %v, want the same positive number", dim, k, at0, at)
			}
		}
	}
}
