package mixup

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// slowLogistic is the definition of the loss of an element whose target is 1 with
// the weight on and 0 with the weight off, and its derivative. Products of 0
// with an infinite loss are 0.
func slowLogistic(z, on, off float64) (loss, slope float64) {
	softplus := func(x float64) float64 { return math.Max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }
	if on != 0 || z != z {
		loss += on * softplus(-z)
	}
	if off != 0 || z != z {
		loss += off * softplus(z)
	}
	return loss, off/(1+math.Exp(-z)) - on/(1+math.Exp(z))
}

// slowTarget returns a target after smoothing, which leaves out excluded classes, and
// threshold. It is rounded as mixed targets are, since it is compared.
func slowTarget(b BinaryCrossEntropy, t, logit float32) float64 {
	t = float32(float32(1-b.Smoothing) * t)
	if logit != -inf {
		t += float32(b.Smoothing / 2)
	}
	switch {
	case b.Threshold == 0 || t != t:
		return float64(t)
	case t > float32(b.Threshold):
		return 1
	}
	return 0
}

// slowWeights returns the weights of the parts that targets of 1 and of 0 have in the
// loss of class c.
func slowWeights(b BinaryCrossEntropy, c int) (pos, neg float64) {
	pos, neg = 1, 1
	if b.PosWeight != nil {
		pos = float64(b.PosWeight[c])
	}
	if b.ClassWeight != nil {
		pos *= float64(b.ClassWeight[c])
		neg *= float64(b.ClassWeight[c])
	}
	return pos, neg
}

// slowMixedBCE is the definition of MixedTo, in float64: the losses of the labels, or
// with a threshold that of the targets which come out. rows is the number of rows that
// count.
func slowMixedBCE(b BinaryCrossEntropy, logits []float32, m *Mix, labels []int, classes int) (loss, grad []float64, rows int) {
	loss, grad = make([]float64, m.Len()), make([]float64, len(logits))
	for i := range m.Len() {
		var all, known float64
		rounded := make([]float32, classes)
		for p := i * m.K; p < (i+1)*m.K; p++ {
			w := m.Weight[p]
			all += float64(w)
			if y := labels[m.Index[p]]; y != Ignore {
				known += float64(w)
				rounded[y] += w
			}
		}
		if known == 0 {
			continue
		}
		rows++
		for c := range classes {
			j := i*classes + c
			pos, neg := slowWeights(b, c)
			add := func(w, t float64) {
				l, g := slowLogistic(float64(logits[j]), w*t*pos, w*(1-t)*neg)
				loss[i] += l / float64(classes)
				grad[j] += g / float64(classes)
			}
			if b.Threshold > 0 {
				add(known, slowTarget(b, float32(float64(rounded[c])/(known/all)), logits[j]))
				continue
			}
			for p := i * m.K; p < (i+1)*m.K; p++ {
				y := labels[m.Index[p]]
				if y == Ignore {
					continue
				}
				t := 0.
				if y == c {
					t = 1 - b.Smoothing
				}
				if logits[j] != -inf {
					t += b.Smoothing / 2
				}
				add(float64(m.Weight[p]), t)
			}
		}
	}
	return loss, grad, rows
}

// slowSoftBCE is the definition of SoftTo, in float64 except for the targets.
func slowSoftBCE(b BinaryCrossEntropy, logits, targets []float32, classes int) (loss, grad []float64) {
	loss, grad = make([]float64, len(logits)/classes), make([]float64, len(logits))
	for j, z := range logits {
		t := slowTarget(b, targets[j], z)
		pos, neg := slowWeights(b, j%classes)
		l, g := slowLogistic(float64(z), t*pos, (1-t)*neg)
		loss[j/classes] += l / float64(classes)
		grad[j] = g / float64(classes)
	}
	return loss, grad
}

// checkMixedBCE checks Mixed and MixedTo against the definition.
func checkMixedBCE(t *testing.T, b BinaryCrossEntropy, logits []float32, m *Mix, labels []int) {
	t.Helper()
	classes := len(logits) / m.Len()
	loss, grad, rows := slowMixedBCE(b, logits, m, labels, classes)
	checkForms(t, fmt.Sprintf("%+v.Mixed", b), wantBCE, logits, forms{
		func(g, z []float32) float64 { return b.Mixed(g, z, m, labels, classes) },
		func(l, g, z []float32) { b.MixedTo(l, g, z, m, labels, classes) },
	}, loss, grad, rows)
}

// checkSoftBCE checks Soft and SoftTo against the definition.
func checkSoftBCE(t *testing.T, b BinaryCrossEntropy, logits, targets []float32, classes int) {
	t.Helper()
	loss, grad := slowSoftBCE(b, logits, targets, classes)
	checkForms(t, fmt.Sprintf("%+v.Soft", b), wantBCE, logits, forms{
		func(g, z []float32) float64 { return b.Soft(g, z, targets, classes) },
		func(l, g, z []float32) { b.SoftTo(l, g, z, targets, classes) },
	}, loss, grad, len(loss))
}

func TestGoldenBCE(t *testing.T) {
	for _, g := range golden(t).BCE {
		t.Run(fmt.Sprintf("n=%d/classes=%d", g.N, g.Classes), func(t *testing.T) {
			grad := make([]float32, len(g.Logits))
			wantBCE(t, "Soft", BinaryCrossEntropy{}.Soft(grad, g.Logits, g.Targets, g.Classes), g.Loss)
			wantGrad(t, "Soft", grad, g.Grad)
		})
	}
}

// bceKinds returns losses with every combination of their fields. Weights are at most
// 1, so that the gradient has the accuracy that is promised.
func bceKinds(classes int, r *rand.Rand) []BinaryCrossEntropy {
	kinds := []BinaryCrossEntropy{
		{}, {Smoothing: 0.1}, {Smoothing: 1}, {Threshold: 0.2}, {Threshold: 1e-300}, {Threshold: 1}, {Smoothing: 0.1, Threshold: 0.3},
		{Smoothing: 1, Threshold: 1e-4}, // all targets become 1
	}
	class, pos := make([]float32, classes), make([]float32, classes)
	for y := range class {
		class[y], pos[y] = r.Float32(), r.Float32()
		switch r.IntN(6) {
		case 0:
			class[y] = 0
		case 1:
			pos[y] = 0
		}
	}
	for _, smoothing := range []float64{0, 0.1} {
		for _, threshold := range []float64{0, 0.3} {
			b := BinaryCrossEntropy{Smoothing: smoothing, Threshold: threshold}
			b.ClassWeight = class
			kinds = append(kinds, b)
			b.PosWeight = pos
			kinds = append(kinds, b)
			b.ClassWeight = nil
			kinds = append(kinds, b)
		}
	}
	return kinds
}

func TestBinaryCrossEntropy(t *testing.T) {
	shapes := []struct{ n, classes int }{{1, 1}, {1, 2}, {2, 3}, {5, 10}, {16, 17}, {3, 300}, {2, 1025}}
	for _, k := range []int{1, 2, 3, 5} {
		for _, shape := range shapes {
			n, classes := shape.n, shape.classes
			t.Run(fmt.Sprintf("K=%d/n=%d/classes=%d", k, n, classes), func(t *testing.T) {
				r := rand.New(rand.NewPCG(uint64(k), uint64(n)))
				for _, b := range bceKinds(classes, r) {
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
						for range n * classes / 20 { // exclude some classes
							if j := r.IntN(len(logits)); r.IntN(2) == 0 {
								logits[j] = -inf
							}
						}
						checkMixedBCE(t, b, logits, &m, labels)

						targets := make([]float32, len(logits))
						for j := range targets {
							targets[j] = max(0, min(1, 2*r.Float32()-0.5))
						}
						checkSoftBCE(t, b, logits, targets, classes)
					}
				}
			})
		}
	}
}

// Without ignored labels Mixed is Soft on the targets from OneHotTo, with the
// threshold on the very same targets.
func TestMixedIsSoftBCE(t *testing.T) {
	r := rand.New(rand.NewPCG(41, 42))
	const n, classes = 40, 10
	for _, k := range []int{1, 2, 3, 5} {
		for _, b := range bceKinds(classes, r) {
			var m Mix
			if m.Identity(n); k > 1 {
				s := Sampler{Alpha: 1, K: k, PerSample: true, Src: r}
				s.Sample(&m, n)
			}
			labels := make([]int, n)
			for j := range labels {
				labels[j] = r.IntN(classes)
			}
			logits, targets := normalRows(n*classes, r), make([]float32, n*classes)
			mixed, soft := make([]float32, n*classes), make([]float32, n*classes)
			m.OneHotTo(targets, labels, classes)
			loss := b.Mixed(mixed, logits, &m, labels, classes)
			wantBCE(t, fmt.Sprintf("K=%d, %+v: Mixed", k, b), loss, b.Soft(soft, logits, targets, classes))
			wantGrad(t, fmt.Sprintf("K=%d, %+v: Mixed", k, b), mixed, float64s(soft))
		}
	}
}

// meanMixedBCE is the definition of Mixed, in float64.
func meanMixedBCE(b BinaryCrossEntropy, logits []float32, m *Mix, labels []int, classes int) (mean float64) {
	loss, _, rows := slowMixedBCE(b, logits, m, labels, classes)
	for _, l := range loss {
		mean += l / float64(rows)
	}
	return mean
}

// The gradient is that of the loss: differences of the definition, of which the
// error is about 1e-9 here.
func TestBCEDifferences(t *testing.T) {
	r := rand.New(rand.NewPCG(43, 44))
	const n, classes = 4, 5
	var m Mix
	anyTerms(&m, n, 2, r)
	labels := []int{3, 0, Ignore, 1}
	for _, b := range bceKinds(classes, r) {
		// Multiples of the step, so that float32 has the sums exactly.
		logits := make([]float32, n*classes)
		for j := range logits {
			logits[j] = float32(r.IntN(4096)-2048) * 0x1p-10
		}
		grad := make([]float32, len(logits))
		b.Mixed(grad, logits, &m, labels, classes)
		want := make([]float64, len(logits))
		for j, v := range logits {
			logits[j] = v + 0x1p-10
			above := meanMixedBCE(b, logits, &m, labels, classes)
			logits[j] = v - 0x1p-10
			below := meanMixedBCE(b, logits, &m, labels, classes)
			logits[j] = v
			want[j] = (above - below) / 0x1p-9
		}
		wantGrad(t, fmt.Sprintf("%+v", b), grad, want)
	}
}

// Rows of several labels each are mixed by Apply like any values: the loss is
// that of the two rows, weighted by λ and 1-λ.
func TestMultiLabel(t *testing.T) {
	r := rand.New(rand.NewPCG(45, 46))
	const n, classes = 12, 30
	y := make([]float32, n*classes)
	for j := range y {
		if r.IntN(5) == 0 {
			y[j] = 1
		}
	}
	clear(y[3*classes : 4*classes]) // none of the classes is there
	s := Sampler{Alpha: 1, PerSample: true, Src: r}
	var m Mix
	s.Sample(&m, n)
	mixed := make([]float32, len(y))
	m.ApplyTo(mixed, y, classes)
	logits := normalRows(n*classes, r)
	for _, smoothing := range []float64{0, 0.1} {
		b := BinaryCrossEntropy{Smoothing: smoothing}
		want := m.Mean(func(row, source int) float64 {
			return b.Soft(nil, logits[row*classes:][:classes], y[source*classes:][:classes], classes)
		})
		wantBCE(t, fmt.Sprintf("%+v: mixed rows", b), b.Soft(nil, logits, mixed, classes), want)
	}
}
