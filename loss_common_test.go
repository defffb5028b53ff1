package mixup

// What the two losses have in common.

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// A lossFunction is CrossEntropy or BinaryCrossEntropy.
type lossFunction interface {
	Mixed(grad, logits []float32, m *Mix, labels []int, classes int) float64
	Soft(grad, logits, targets []float32, classes int) float64
	MixedTo(loss, grad, logits []float32, m *Mix, labels []int, classes int)
	SoftTo(loss, grad, logits, targets []float32, classes int)
}

// wantLoss checks a loss to a relative 2e-6.
func wantLoss(t *testing.T, what string, got, want float64) {
	t.Helper()
	near := math.Abs(got-want) <= 2e-6*math.Abs(want) && !math.IsInf(want, 0)
	if got != want && !near && (got == got || want == want) {
		t.Errorf("%s: loss %v, want %v", what, got, want)
	}
}

// wantGrad checks a gradient to an absolute 1e-6.
func wantGrad(t *testing.T, what string, got []float32, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: gradient of %d values, want %d", what, len(got), len(want))
	}
	for j, w := range want {
		if g := float64(got[j]); !(math.Abs(g-w) <= 1e-6) && (g == g || w == w) {
			t.Fatalf("%s: gradient %d is %v, want %v", what, j, g, w)
		}
	}
}

// wantBCE checks a loss to a relative 2e-6, but not below 1e-37.
func wantBCE(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-37) {
		wantLoss(t, what, got, want)
	}
}

// float64s returns x in float64.
func float64s(x []float32) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	return y
}

// forms are the two forms of a loss for some targets: the mean, and row by row.
type forms struct {
	mean func(grad, logits []float32) float64
	rows func(loss, grad, logits []float32)
}

// checkForms checks both forms of a loss against the losses of the rows and their
// gradients, when the minibatch has so many rows that count, with the gradient in
// memory of its own, over the logits, and left out.
func checkForms(t *testing.T, what string, check func(t *testing.T, what string, got, want float64),
	logits []float32, f forms, wantLoss, wantGrads []float64, count int) {
	t.Helper()
	if len(logits) == 0 {
		t.Fatal("no logits")
	}
	var sum float64
	grad, z := slices.Repeat([]float32{12345}, len(logits)), slices.Clone(logits)
	want := make([]float64, len(wantGrads))
	for j, g := range wantGrads {
		want[j] = g / float64(max(count, 1))
	}
	for _, l := range wantLoss {
		sum += l / float64(max(count, 1))
	}
	mean := f.mean(grad, z)
	wantBits(t, what+": logits", z, logits)
	check(t, what, mean, sum)
	wantGrad(t, what, grad, want)
	for _, again := range []struct {
		name string
		loss float64
	}{
		{"without gradient", f.mean(nil, z)},
		{"in place", f.mean(z, z)},
	} {
		if math.Float64bits(again.loss) != math.Float64bits(mean) && (mean == mean || again.loss == again.loss) {
			t.Errorf("%s %s: loss %v, want %v", what, again.name, again.loss, mean)
		}
	}
	wantBits(t, what+" in place", z, grad)

	// Row by row.
	what += "To"
	copy(z, logits)
	loss, other := slices.Repeat([]float32{12345}, len(wantLoss)), make([]float32, len(wantLoss))
	f.rows(loss, grad, z)
	wantBits(t, what+": logits", z, logits)
	for i, l := range wantLoss {
		check(t, fmt.Sprintf("%s: row %d", what, i), float64(loss[i]), float64(float32(l)))
	}
	wantGrad(t, what, grad, wantGrads)
	f.rows(other, nil, z)
	wantBits(t, what+" without gradient", other, loss)
	f.rows(nil, nil, z)
	wantBits(t, what+": logits", z, logits)
	f.rows(nil, z, z)
	wantBits(t, what+" in place, without loss", z, grad)
}

// Gradients have the same bits on every architecture.
func TestGradientBits(t *testing.T) {
	for _, test := range []struct {
		name       string
		deviations []float32
		kinds      func(classes int, r *rand.Rand) []lossFunction
		want       uint64
	}{
		{"CrossEntropy", []float32{0.1, 3, 40}, func(classes int, r *rand.Rand) []lossFunction {
			weight := make([]float32, classes)
			for y := range weight {
				weight[y] = r.Float32()
			}
			return []lossFunction{CrossEntropy{}, CrossEntropy{Smoothing: 0.1},
				CrossEntropy{ClassWeight: weight}, CrossEntropy{Smoothing: 0.1, ClassWeight: weight}}
		}, 0xc2ea6a3dca821184},
		{"BinaryCrossEntropy", []float32{0.1, 3, 40, 1e3}, func(classes int, r *rand.Rand) (kinds []lossFunction) {
			for _, b := range bceKinds(classes, r) {
				kinds = append(kinds, b)
			}
			return kinds
		}, 0x96ce07722e602360},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(35, 36))
			const n, classes = 16, 300
			hash := fnv.New64a()
			for _, deviation := range test.deviations {
				// No normal numbers, for which math.Log and the like are not the
				// same everywhere.
				m := Mix{K: 2, Index: make([]int, 2*n), Weight: make([]float32, 2*n)}
				for i := range n {
					m.Index[2*i], m.Index[2*i+1] = i, n-1-i
					m.Weight[2*i] = r.Float32()
					m.Weight[2*i+1] = 1 - m.Weight[2*i]
				}
				logits, labels := make([]float32, n*classes), make([]int, n)
				for j := range logits {
					logits[j] = deviation * (r.Float32() + r.Float32() - 1)
				}
				for j := range labels {
					labels[j] = r.IntN(classes)
				}
				targets, grad := make([]float32, n*classes), make([]float32, n*classes)
				m.OneHotTo(targets, labels, classes)
				for _, l := range test.kinds(classes, r) {
					l.Mixed(grad, logits, &m, labels, classes)
					binary.Write(hash, binary.LittleEndian, grad)
					l.Soft(grad, logits, targets, classes)
					binary.Write(hash, binary.LittleEndian, grad)
				}
			}
			if got := hash.Sum64(); got != test.want {
				t.Errorf("digest %#016x, want %#016x", got, test.want)
			}
		})
	}
}

func TestNoRows(t *testing.T) {
	for _, l := range []lossFunction{
		CrossEntropy{Smoothing: 0.1, ClassWeight: []float32{1, 2, 3}},
		BinaryCrossEntropy{Smoothing: 0.1},
	} {
		if got := l.Mixed(nil, nil, new(Mix), []int{1, 2}, 3); got != 0 {
			t.Errorf("%T.Mixed without rows is %v, want 0", l, got)
		}
		if got := l.Soft([]float32{}, nil, nil, 3); got != 0 {
			t.Errorf("%T.Soft without rows is %v, want 0", l, got)
		}
	}
}

func TestLossPanics(t *testing.T) {
	type invalid struct {
		name, want string
		loss       lossFunction
	}
	for _, test := range []struct {
		plain   lossFunction
		invalid []invalid
	}{
		{CrossEntropy{}, []invalid{
			{"negative smoothing", "mixup: CrossEntropy: Smoothing = -0.1, want a number in [0, 1]", CrossEntropy{Smoothing: -0.1}},
			{"large smoothing", "mixup: CrossEntropy: Smoothing = 1.5, want a number in [0, 1]", CrossEntropy{Smoothing: 1.5}},
			{"smoothing by NaN", "mixup: CrossEntropy: Smoothing = NaN, want a number in [0, 1]", CrossEntropy{Smoothing: math.NaN()}},
			{"few weights", "mixup: CrossEntropy: len(ClassWeight) = 2, want classes = 3", CrossEntropy{ClassWeight: []float32{1, 1}}},
			{"no weights", "mixup: CrossEntropy: len(ClassWeight) = 0, want classes = 3", CrossEntropy{ClassWeight: []float32{}}},
			{"negative weight", "mixup: CrossEntropy: ClassWeight[1] = -1, want a finite number ≥ 0", CrossEntropy{ClassWeight: []float32{1, -1, 1}}},
			{"infinite weight", "mixup: CrossEntropy: ClassWeight[2] = +Inf, want a finite number ≥ 0", CrossEntropy{ClassWeight: []float32{1, 1, inf}}},
			{"NaN weight", "mixup: CrossEntropy: ClassWeight[0] = NaN, want a finite number ≥ 0", CrossEntropy{ClassWeight: []float32{nan, 1, 1}}},
		}},
		{BinaryCrossEntropy{}, []invalid{
			{"negative smoothing", "mixup: BinaryCrossEntropy: Smoothing = -0.1, want a number in [0, 1]", BinaryCrossEntropy{Smoothing: -0.1}},
			{"large smoothing", "mixup: BinaryCrossEntropy: Smoothing = 1.5, want a number in [0, 1]", BinaryCrossEntropy{Smoothing: 1.5}},
			{"smoothing by NaN", "mixup: BinaryCrossEntropy: Smoothing = NaN, want a number in [0, 1]", BinaryCrossEntropy{Smoothing: math.NaN()}},
			{"negative threshold", "mixup: BinaryCrossEntropy: Threshold = -0.5, want a number in [0, 1]", BinaryCrossEntropy{Threshold: -0.5}},
			{"large threshold", "mixup: BinaryCrossEntropy: Threshold = 1.5, want a number in [0, 1]", BinaryCrossEntropy{Threshold: 1.5}},
			{"NaN threshold", "mixup: BinaryCrossEntropy: Threshold = NaN, want a number in [0, 1]", BinaryCrossEntropy{Threshold: math.NaN()}},
		}},
	} {
		m := Mix{K: 2, Index: []int{0, 1, 1, 0}, Weight: []float32{0.75, 0.25, 1, 0}}
		labels := []int{1, Ignore}
		x := make([]float32, 20) // logits, targets and gradient are parts of it
		for j := range x {
			x[j] = float32(j)
		}
		before := slices.Clone(x)
		z, y, g := x[:6], x[7:13], x[14:20]
		check := func(name, want string, f func()) {
			t.Run(fmt.Sprintf("%T/%s", test.plain, name), func(t *testing.T) {
				wantPanic(t, want, f)
				wantBits(t, "after the panic", x, before)
			})
		}
		l := test.plain
		check("Mixed/broken rows", "mixup: len(logits) = 5, want 2 rows of classes = 3", func() { l.Mixed(g, z[:5], &m, labels, 3) })
		check("Mixed/no logits", "mixup: len(logits) = 0, want 2 rows of classes = 3", func() { l.Mixed(g, nil, &m, labels, 3) })
		check("Mixed/no rows", "mixup: len(logits) = 6, want 0 rows of classes = 3", func() { l.Mixed(g, z, new(Mix), labels, 3) })
		check("Mixed/few labels", "mixup: row 0: no label for source row 1: len(labels) = 1, want a label for each source row, which after Select are those of the dataset", func() { l.Mixed(g, z, &m, labels[:1], 3) })
		check("Mixed/large label", "mixup: row 0: label 3 of source row 0, want a class in [0, 3) or Ignore", func() { l.Mixed(g, z, &m, []int{3, 0}, 3) })
		check("Mixed/negative label", "mixup: row 0: label -1 of source row 1, want a class in [0, 3) or Ignore", func() { l.Mixed(g, z, &m, []int{0, -1}, 3) })
		check("Mixed/weight", "mixup: row 0: weight NaN, want a finite number ≥ 0", func() {
			l.Mixed(g, z, &Mix{K: 1, Index: []int{0, 0}, Weight: []float32{nan, 1}}, labels, 3)
		})
		check("Mixed/odd Mix", "mixup: Mix has K = 1, len(Index) = 1, len(Weight) = 2, want N*K of both", func() {
			l.Mixed(g, z, &Mix{K: 1, Index: []int{0}, Weight: []float32{1, 1}}, labels, 3)
		})
		check("Soft/broken rows", "mixup: len(logits) = 5, want rows of classes = 3 ≥ 1", func() { l.Soft(g, z[:5], y[:5], 3) })
		check("Soft/no classes", "mixup: len(logits) = 6, want rows of classes = 0 ≥ 1", func() { l.Soft(g, z, y, 0) })
		check("Soft/targets", "mixup: len(targets) = 3, want that of logits, 6", func() { l.Soft(g, z, y[:3], 3) })
		check("Soft/grad and targets", "mixup: grad and targets overlap", func() { l.Soft(y, z, y, 3) })
		for _, form := range []struct {
			name string
			f    func(l lossFunction, g []float32)
		}{
			{"Mixed", func(l lossFunction, g []float32) { l.Mixed(g, z, &m, labels, 3) }},
			{"Soft", func(l lossFunction, g []float32) { l.Soft(g, z, y, 3) }},
		} {
			for _, bad := range test.invalid {
				check(form.name+"/"+bad.name, bad.want, func() { form.f(bad.loss, g) })
			}
			check(form.name+"/short grad", "mixup: len(grad) = 5, want that of logits, 6", func() { form.f(l, g[:5]) })
			check(form.name+"/empty grad", "mixup: len(grad) = 0, want that of logits, 6", func() { form.f(l, g[:0]) })
			check(form.name+"/overlap", "mixup: grad and logits overlap", func() { form.f(l, x[1:7]) })
		}
	}
}

func TestLossAllocs(t *testing.T) {
	r := rand.New(rand.NewPCG(37, 38))
	const n = 8
	for _, k := range []int{2, 3} {
		for _, classes := range []int{20, 300} {
			var m Mix
			anyTerms(&m, n, k, r)
			labels := randomLabels(n, classes, r)
			logits, targets, grad := normalRows(n*classes, r), make([]float32, n*classes), make([]float32, n*classes)
			check := func(what string, f func()) {
				t.Helper()
				if allocs := testing.AllocsPerRun(10, f); allocs != 0 {
					t.Errorf("K=%d, %d classes, %s: %v allocations, want 0", k, classes, what, allocs)
				}
			}
			check("targets", func() {
				m.OneHotTo(targets, labels, classes)
				Smooth(targets, classes, 0.1)
				m.Accuracy(logits, labels, classes, 5)
			})
			for _, c := range lossKinds(classes, r) {
				check(fmt.Sprintf("%+v", c), func() {
					c.Mixed(grad, logits, &m, labels, classes)
					c.Mixed(nil, logits, &m, labels, classes)
					c.Soft(grad, logits, targets, classes)
					c.Soft(nil, logits, targets, classes)
				})
			}
			for _, b := range bceKinds(classes, r) {
				check(fmt.Sprintf("%+v", b), func() {
					b.Mixed(grad, logits, &m, labels, classes)
					b.Mixed(nil, logits, &m, labels, classes)
					b.Soft(grad, logits, targets, classes)
					b.Soft(nil, logits, targets, classes)
				})
			}
		}
	}
}
