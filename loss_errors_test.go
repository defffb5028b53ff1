package mixup

// What the losses refuse.

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

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
			{"few weights", "mixup: BinaryCrossEntropy: len(ClassWeight) = 2, want classes = 3", BinaryCrossEntropy{ClassWeight: []float32{1, 1}}},
			{"no weights", "mixup: BinaryCrossEntropy: len(ClassWeight) = 0, want classes = 3", BinaryCrossEntropy{ClassWeight: []float32{}}},
			{"negative weight", "mixup: BinaryCrossEntropy: ClassWeight[1] = -1, want a finite number ≥ 0", BinaryCrossEntropy{ClassWeight: []float32{1, -1, 1}}},
			{"many positive weights", "mixup: BinaryCrossEntropy: len(PosWeight) = 4, want classes = 3", BinaryCrossEntropy{PosWeight: make([]float32, 4)}},
			{"infinite positive weight", "mixup: BinaryCrossEntropy: PosWeight[2] = +Inf, want a finite number ≥ 0", BinaryCrossEntropy{PosWeight: []float32{1, 1, inf}}},
			{"NaN positive weight", "mixup: BinaryCrossEntropy: PosWeight[0] = NaN, want a finite number ≥ 0", BinaryCrossEntropy{PosWeight: []float32{nan, 1, 1}}},
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
		check("Soft/broken rows", "mixup: len(logits) = 5, want rows of classes = 3", func() { l.Soft(g, z[:5], y[:5], 3) })
		check("Soft/no classes", "mixup: classes = 0, want ≥ 1", func() { l.Soft(g, z, y, 0) })
		check("Soft/targets", "mixup: len(targets) = 3, want that of logits, 6", func() { l.Soft(g, z, y[:3], 3) })
		check("Soft/grad and targets", "mixup: grad and targets overlap", func() { l.Soft(y, z, y, 3) })
		check("SoftTo/loss and targets", "mixup: loss and targets overlap", func() { l.SoftTo(y[1:3], g, z, y, 3) })
		for _, form := range []struct {
			name string
			f    func(l lossFunction, loss, g []float32)
		}{
			{"MixedTo", func(l lossFunction, loss, g []float32) { l.MixedTo(loss, g, z, &m, labels, 3) }},
			{"SoftTo", func(l lossFunction, loss, g []float32) { l.SoftTo(loss, g, z, y, 3) }},
		} {
			check(form.name+"/many losses", "mixup: len(loss) = 3, want one for each of 2 rows", func() { form.f(l, make([]float32, 3), g) })
			check(form.name+"/empty loss", "mixup: len(loss) = 0, want one for each of 2 rows", func() { form.f(l, []float32{}, g) })
			check(form.name+"/loss and grad", "mixup: loss and grad overlap", func() { form.f(l, g[4:], g) })
			check(form.name+"/loss and logits", "mixup: loss and logits overlap", func() { form.f(l, z[:2], g) })
			check(form.name+"/loss and logits in place", "mixup: loss and grad overlap", func() { form.f(l, z[:2], z) })
		}
		loss := make([]float32, 2)
		for _, form := range []struct {
			name string
			f    func(l lossFunction, g []float32)
		}{
			{"Mixed", func(l lossFunction, g []float32) { l.Mixed(g, z, &m, labels, 3) }},
			{"Soft", func(l lossFunction, g []float32) { l.Soft(g, z, y, 3) }},
			{"MixedTo", func(l lossFunction, g []float32) { l.MixedTo(loss, g, z, &m, labels, 3) }},
			{"SoftTo", func(l lossFunction, g []float32) { l.SoftTo(loss, g, z, y, 3) }},
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

// Weights at the ends of what is allowed are taken, and without rows as well the
// fields of a loss must fit.
func TestLossWeightBoundaries(t *testing.T) {
	m := Mix{K: 1, Index: []int{0}, Weight: []float32{1}}
	weight := []float32{0, math.MaxFloat32}
	for _, l := range []lossFunction{CrossEntropy{ClassWeight: weight}, BinaryCrossEntropy{ClassWeight: weight}, BinaryCrossEntropy{PosWeight: weight}} {
		if got := l.Mixed(make([]float32, 2), []float32{0, -inf}, &m, []int{0}, 2); got != 0 {
			t.Errorf("%+v: loss %v, want 0, as the weight of the label is 0 and the other class is excluded", l, got)
		}
	}
	for _, l := range []lossFunction{CrossEntropy{ClassWeight: weight}, BinaryCrossEntropy{PosWeight: weight}} {
		if err := recovered(func() { l.Mixed(nil, nil, new(Mix), nil, 3) }); err == nil {
			t.Errorf("%T with 2 weights takes 3 classes if there are no rows", l)
		}
	}
}

// recovered returns what f panics with.
func recovered(f func()) (v any) {
	defer func() { v = recover() }()
	f()
	return nil
}
