package mixup

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// slowTargets returns W·Y in float64.
func slowTargets(m *Mix, labels []int, classes int) []float64 {
	targets := make([]float64, m.Len()*classes)
	for p, j := range m.Index {
		if y := labels[j]; y != Ignore {
			targets[p/m.K*classes+y] += float64(m.Weight[p])
		}
	}
	return targets
}

// slowCrossEntropy is the definition of the losses of rows and their gradients, in
// float64. Products of 0 with an infinite loss are 0. A row whose softmax is not defined
// has NaN in both. rows is the number of rows that count.
func slowCrossEntropy(c CrossEntropy, logits, targets []float64, classes int) (loss, grad []float64, rows int) {
	loss, grad = make([]float64, len(logits)/classes), make([]float64, len(logits))
	for i := range loss {
		z, t, g := logits[i*classes:][:classes], targets[i*classes:][:classes], grad[i*classes:][:classes]
		var sum, left float64
		counts := false
		for j, v := range t {
			sum += v
			counts = counts || v != 0
			if !math.IsInf(z[j], -1) {
				left++
			}
		}
		if !counts {
			continue
		}
		rows++
		top := 0
		for j, v := range z {
			if v > z[top] {
				top = j
			}
		}
		if v := slices.Max(z); v-v != 0 { // NaN, if there is any
			loss[i] = math.NaN()
			for j := range g {
				g[j] = loss[i]
			}
			continue
		}
		var others float64
		for j, v := range z {
			if j != top {
				others += math.Exp(v - z[top])
			}
		}
		var all float64
		for j := range z {
			target := (1 - c.Smoothing) * t[j]
			if !math.IsInf(z[j], -1) {
				target += c.Smoothing / left * sum
			}
			if c.ClassWeight != nil {
				target *= float64(c.ClassWeight[j])
			}
			if target != 0 {
				loss[i] += target * (math.Log1p(others) + (z[top] - z[j]))
			}
			all += target
			g[j] -= target
		}
		for j, v := range z {
			g[j] += all * math.Exp(v-z[top]) / (1 + others)
		}
	}
	return loss, grad, rows
}

// checkCrossEntropy checks Mixed, and Soft on the targets from OneHotTo, against
// the definition.
func checkCrossEntropy(t *testing.T, c CrossEntropy, logits []float32, m *Mix, labels []int) {
	t.Helper()
	classes := len(logits) / m.Len()
	loss, grad, rows := slowCrossEntropy(c, float64s(logits), slowTargets(m, labels, classes), classes)
	checkForms(t, "Mixed", wantLoss, logits, forms{
		func(g, z []float32) float64 { return c.Mixed(g, z, m, labels, classes) },
		func(l, g, z []float32) { c.MixedTo(l, g, z, m, labels, classes) },
	}, loss, grad, rows)
	targets := make([]float32, len(logits))
	m.OneHotTo(targets, labels, classes)
	checkSoft(t, c, logits, targets, classes)
}

// checkSoft checks Soft against the definition.
func checkSoft(t *testing.T, c CrossEntropy, logits, targets []float32, classes int) {
	t.Helper()
	loss, grad, rows := slowCrossEntropy(c, float64s(logits), float64s(targets), classes)
	checkForms(t, "Soft", wantLoss, logits, forms{
		func(g, z []float32) float64 { return c.Soft(g, z, targets, classes) },
		func(l, g, z []float32) { c.SoftTo(l, g, z, targets, classes) },
	}, loss, grad, rows)
}

func TestGoldenLoss(t *testing.T) {
	for _, g := range golden(t).Loss {
		t.Run(fmt.Sprintf("n=%d/classes=%d/smoothing=%v/weighted=%t", g.N, g.Classes, g.Eps, g.Weight != nil), func(t *testing.T) {
			c := CrossEntropy{Smoothing: g.Eps, ClassWeight: g.Weight}
			m := goldenMix(g.Lam, g.Partner)
			grad := make([]float32, len(g.Logits))
			wantLoss(t, "Mixed", c.Mixed(grad, g.Logits, m, g.Labels, g.Classes), g.Loss)
			wantGrad(t, "Mixed", grad, g.Grad)

			targets := make([]float32, len(g.Logits))
			m.OneHotTo(targets, g.Labels, g.Classes)
			wantLoss(t, "Soft", c.Soft(grad, g.Logits, targets, g.Classes), g.Loss)
			wantGrad(t, "Soft", grad, g.Grad)

			c.Smoothing = 0
			Smooth(targets, g.Classes, g.Eps)
			wantLoss(t, "Soft on Smooth", c.Soft(grad, g.Logits, targets, g.Classes), g.Loss)
			wantGrad(t, "Soft on Smooth", grad, g.Grad)
		})
	}
}

func TestGoldenSoftLoss(t *testing.T) {
	for _, g := range golden(t).SoftLoss {
		t.Run(fmt.Sprintf("n=%d/classes=%d", g.N, g.Classes), func(t *testing.T) {
			grad := make([]float32, len(g.Logits))
			wantLoss(t, "Soft", CrossEntropy{}.Soft(grad, g.Logits, g.Targets, g.Classes), g.Loss)
			wantGrad(t, "Soft", grad, g.Grad)
		})
	}
}

// lossKinds are losses with every combination of their fields.
func lossKinds(classes int, r *rand.Rand) []CrossEntropy {
	weight := make([]float32, classes)
	for y := range weight {
		if r.IntN(4) > 0 {
			weight[y] = 3 * r.Float32()
		}
	}
	return []CrossEntropy{{}, {Smoothing: 0.1}, {Smoothing: 1}, {ClassWeight: weight}, {Smoothing: 0.3, ClassWeight: weight}}
}

func TestCrossEntropy(t *testing.T) {
	shapes := []struct{ n, classes int }{{1, 1}, {1, 2}, {2, 3}, {5, 10}, {16, 17}, {3, 300}, {2, 1000}, {2, 1025}}
	for _, k := range []int{1, 2, 3} {
		for _, shape := range shapes {
			n, classes := shape.n, shape.classes
			r := rand.New(rand.NewPCG(uint64(k), uint64(n)))
			for _, c := range lossKinds(classes, r) {
				t.Run(fmt.Sprintf("K=%d/n=%d/classes=%d/smoothing=%v/weighted=%t", k, n, classes, c.Smoothing, c.ClassWeight != nil), func(t *testing.T) {
					for _, deviation := range []float32{1, 20, 1e4} {
						// Sources are a pool of which the rows read some.
						var m Mix
						anyTerms(&m, n, k, r)
						for p := range m.Index {
							m.Index[p] = r.IntN(2*n + 1)
						}
						logits := normalRows(n*classes, r)
						for j := range logits {
							logits[j] *= deviation
						}
						labels := randomLabels(2*n+1, classes, r)
						checkCrossEntropy(t, c, logits, &m, labels)
						for i := range n { // exclude some classes, but one at least is left
							for range 1 + classes/20 {
								logits[i*classes+r.IntN(classes)] = -inf
							}
							logits[i*classes+r.IntN(classes)] = deviation
						}
						checkCrossEntropy(t, c, logits, &m, labels)
					}
				})
			}
		}
	}
}

// meanCrossEntropy is the definition of the mean loss, in float64.
func meanCrossEntropy(c CrossEntropy, logits, targets []float64, classes int) (mean float64) {
	loss, _, rows := slowCrossEntropy(c, logits, targets, classes)
	for _, l := range loss {
		mean += l / float64(rows)
	}
	return mean
}

// The gradient is that of the loss: differences of the definition, of which the
// error is about 1e-9 here.
func TestCrossEntropyDifferences(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 32))
	const n, classes, step = 4, 5, 1e-4
	var m Mix
	anyTerms(&m, n, 2, r)
	labels := []int{3, 0, Ignore, 1}
	for _, c := range lossKinds(classes, r) {
		logits := normalRows(n*classes, r)
		z, targets := float64s(logits), slowTargets(&m, labels, classes)
		want := make([]float64, len(z))
		for j, v := range z {
			z[j] = v + step
			above := meanCrossEntropy(c, z, targets, classes)
			z[j] = v - step
			below := meanCrossEntropy(c, z, targets, classes)
			z[j] = v
			want[j] = (above - below) / (2 * step)
		}
		grad := make([]float32, len(logits))
		c.Mixed(grad, logits, &m, labels, classes)
		wantGrad(t, fmt.Sprintf("%+v", c), grad, want)
	}
}

func TestMean(t *testing.T) {
	m := Mix{K: 2, Index: []int{0, 7, 1, 3}, Weight: []float32{0.75, 0.25, 1, 0}}
	var calls [][2]int
	got := m.Mean(func(row, source int) float64 {
		calls = append(calls, [2]int{row, source})
		return float64(10*row + source)
	})
	if want := (0.25*7 + 11) / 2; got != want {
		t.Errorf("mean %v, want %v", got, want)
	}
	if want := [][2]int{{0, 0}, {0, 7}, {1, 1}}; !slices.Equal(calls, want) {
		t.Errorf("calls %v, want %v", calls, want)
	}
	if got := new(Mix).Mean(nil); got != 0 {
		t.Errorf("mean of no rows %v, want 0", got)
	}
	m.Weight[1] = -0.25
	wantPanic(t, "mixup: row 0: weight -0.25, want a finite number ≥ 0", func() { m.Mean(func(int, int) float64 { return 0 }) })
	m.Weight[1], m.Index[3] = 0.25, -3
	wantPanic(t, "mixup: row 1: index -3, want a source row in [0, 8)", func() { m.Mean(func(int, int) float64 { return 0 }) })
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
			m.Apply(mixed, dim)
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
