package mixup

// Cross-entropy: targets and logits worked out by hand.

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// Losses down to the smallest keep their relative precision, also where rounding
// the difference of two logits to float32 would show.
func TestConfidentRows(t *testing.T) {
	for _, margin := range []float32{5, 15, 27.7, 29.9, 30.1, 33.3, 69.1, 80.3, 87.4, 100.7, 400.9, 744, 746, 1e4} {
		for _, top := range []float32{0, 0.3, 7.7, 34.6, 1234.5} {
			for at := range 3 {
				logits := []float32{top - margin, top - 1.1*margin, top - 1.0001*margin}
				logits[at] = top
				m := Mix{K: 2, Index: []int{0, 0}, Weight: []float32{0.75, 0.25}}
				checkCrossEntropy(t, CrossEntropy{}, logits, &m, []int{at})
			}
		}
	}
}

func TestSpecialLogits(t *testing.T) {
	const huge = 0x1p126 // differences are finite
	identity := Mix{K: 1, Index: []int{0}, Weight: []float32{1}}
	for _, test := range []struct {
		name   string
		c      CrossEntropy
		logits []float32
		label  int
		loss   float64
		grad   []float32
	}{
		{"equal", CrossEntropy{}, []float32{7, 7}, 0, math.Ln2, []float32{-0.5, 0.5}},
		{"zeros of both signs", CrossEntropy{}, []float32{float32(math.Copysign(0, -1)), 0}, 0, math.Ln2, []float32{-0.5, 0.5}},
		{"one class", CrossEntropy{}, []float32{3}, 0, 0, []float32{0}},
		{"one class, smoothed", CrossEntropy{Smoothing: 0.5}, []float32{3}, 0, 0, []float32{0}},
		{"a masked class", CrossEntropy{}, []float32{2, -inf, 2}, 0, math.Ln2, []float32{-0.5, 0, 0.5}},
		{"all but one masked", CrossEntropy{}, []float32{-inf, 2, -inf}, 1, 0, []float32{0, 0, 0}},
		{"a masked label", CrossEntropy{}, []float32{-inf, 2}, 0, math.Inf(1), []float32{-1, 1}},
		{"a masked class, smoothed", CrossEntropy{Smoothing: 0.5}, []float32{-inf, 2}, 1, 0, []float32{0, 0}},
		{"a masked class of three, smoothed", CrossEntropy{Smoothing: 0.5}, []float32{2, -inf, 2}, 0, math.Ln2, []float32{-0.25, 0, 0.25}},
		{"a masked label, smoothed", CrossEntropy{Smoothing: 0.5}, []float32{-inf, 2, 2}, 0, math.Inf(1), []float32{-0.5, 0.25, 0.25}},
		{"a masked label, smoothed away", CrossEntropy{Smoothing: 1}, []float32{-inf, 2}, 0, 0, []float32{0, 0}},
		{"a masked class of no weight, smoothed", CrossEntropy{Smoothing: 0.5, ClassWeight: []float32{0, 1, 1}}, []float32{-inf, 2, 2}, 1, math.Ln2, []float32{0, -0.25, 0.25}},
		{"the largest", CrossEntropy{}, []float32{huge, -huge}, 0, 0, []float32{0, 0}},
		{"the smallest", CrossEntropy{}, []float32{-huge, huge}, 0, 2 * huge, []float32{-1, 1}},
		{"all masked", CrossEntropy{}, []float32{-inf, -inf}, 0, math.NaN(), []float32{nan, nan}},
		{"Inf", CrossEntropy{}, []float32{inf, 1}, 0, math.NaN(), []float32{nan, nan}},
		{"NaN", CrossEntropy{}, []float32{1, nan, 2}, 0, math.NaN(), []float32{nan, nan, nan}},
		{"NaN first", CrossEntropy{Smoothing: 0.5}, []float32{nan, 1}, 1, math.NaN(), []float32{nan, nan}},
		{"NaN in a row without label", CrossEntropy{}, []float32{nan, 1}, Ignore, 0, []float32{0, 0}},
	} {
		classes := len(test.logits)
		targets := make([]float32, classes)
		identity.OneHotTo(targets, []int{test.label}, classes)
		for _, form := range []struct {
			name string
			f    func(grad, logits []float32) float64
		}{
			{"Mixed", func(grad, logits []float32) float64 {
				return test.c.Mixed(grad, logits, &identity, []int{test.label}, classes)
			}},
			{"Soft", func(grad, logits []float32) float64 { return test.c.Soft(grad, logits, targets, classes) }},
		} {
			t.Run(test.name+"/"+form.name, func(t *testing.T) {
				grad := make([]float32, classes)
				wantLoss(t, "loss and gradient", form.f(grad, test.logits), test.loss)
				wantLoss(t, "loss only", form.f(nil, test.logits), test.loss)
				wantBits(t, "gradient", grad, test.grad)
			})
		}
	}
}

func TestSoftTargets(t *testing.T) {
	r := rand.New(rand.NewPCG(39, 40))
	const n, classes = 5, 20
	logits, targets, grad := normalRows(n*classes, r), make([]float32, n*classes), make([]float32, n*classes)
	convex(targets, classes, r)
	for _, c := range lossKinds(classes, r) {
		// Targets that sum to 2 have twice the loss, to the bit.
		loss := 2 * c.Soft(grad, logits, targets, classes)
		twice, want := slices.Clone(targets), slices.Clone(grad)
		for j := range twice {
			twice[j] *= 2
			want[j] *= 2
		}
		if got := c.Soft(grad, logits, twice, classes); got != loss {
			t.Errorf("%+v: loss of doubled targets %v, want %v", c, got, loss)
		}
		wantBits(t, "gradient of doubled targets", grad, want)

		twice[3*classes+7] = nan
		if got := c.Soft(grad, logits, twice, classes); got == got {
			t.Errorf("%+v: loss of a NaN target %v", c, got)
		}
		for j, g := range grad {
			if row := j / classes; (g != g) != (row == 3) {
				t.Fatalf("%+v: gradient %v in row %d, of which row 3 has a NaN target", c, g, row)
			}
		}
	}
}

func TestIgnore(t *testing.T) {
	logits := []float32{0, 0, 0, 0, 0, 0}
	for _, test := range []struct {
		name   string
		m      Mix
		labels []int
		rows   float64   // that count
		sum    float64   // of the targets of all rows
		grad   []float32 // times rows
	}{
		{"nothing", Mix{K: 2, Index: []int{0, 1, 1, 2, 2, 0}, Weight: []float32{0.75, 0.25, 0.75, 0.25, 0.75, 0.25}},
			[]int{0, 1, 0}, 3, 3, []float32{-0.25, 0.25, 0.25, -0.25, -0.5, 0.5}},
		{"one label", Mix{K: 2, Index: []int{0, 1, 1, 2, 2, 0}, Weight: []float32{0.75, 0.25, 0.75, 0.25, 0.75, 0.25}},
			[]int{Ignore, 1, 0}, 3, 2, []float32{0.125, -0.125, 0.25, -0.25, -0.375, 0.375}},
		{"a row", Mix{K: 2, Index: []int{0, 0, 1, 2, 2, 1}, Weight: []float32{0.75, 0.25, 0.75, 0.25, 0.75, 0.25}},
			[]int{Ignore, 1, 0}, 2, 2, []float32{0, 0, 0.25, -0.25, -0.25, 0.25}},
		{"an unmixed row", Mix{K: 2, Index: []int{0, 1, 1, 2, 2, 0}, Weight: []float32{1, 0, 1, 0, 1, 0}},
			[]int{Ignore, 1, 0}, 2, 2, []float32{0, 0, 0.5, -0.5, -0.5, 0.5}},
		{"a row of partners only", Mix{K: 2, Index: []int{0, 1, 1, 2, 2, 0}, Weight: []float32{0, 1, 0, 1, 0, 1}},
			[]int{Ignore, 1, 0}, 2, 2, []float32{0.5, -0.5, -0.5, 0.5, 0, 0}},
		{"two of three terms", Mix{K: 3, Index: []int{0, 1, 2, 0, 0, 0, 0, 0, 0}, Weight: []float32{0.25, 0.5, 0.25, 1, 0, 0, 0, 0, 1}},
			[]int{Ignore, 1, Ignore}, 1, 0.5, []float32{0.25, -0.25, 0, 0, 0, 0}},
		{"all labels", Mix{K: 2, Index: []int{0, 1, 1, 2, 2, 0}, Weight: []float32{0.75, 0.25, 0.75, 0.25, 0.75, 0.25}},
			[]int{Ignore, Ignore, Ignore}, 0, 0, []float32{0, 0, 0, 0, 0, 0}},
	} {
		t.Run(test.name, func(t *testing.T) {
			count := max(test.rows, 1)
			want := make([]float64, len(test.grad))
			for j, g := range test.grad {
				want[j] = float64(g) / count
			}
			targets := make([]float32, len(logits))
			test.m.OneHotTo(targets, test.labels, 2)
			grad := make([]float32, len(logits))
			wantLoss(t, "Mixed", CrossEntropy{}.Mixed(grad, logits, &test.m, test.labels, 2), test.sum*math.Ln2/count)
			wantGrad(t, "Mixed", grad, want)
			wantLoss(t, "Soft", CrossEntropy{}.Soft(grad, logits, targets, 2), test.sum*math.Ln2/count)
			wantGrad(t, "Soft", grad, want)
			for _, c := range lossKinds(2, rand.New(rand.NewPCG(33, 34))) {
				checkCrossEntropy(t, c, logits, &test.m, test.labels)
			}
		})
	}
}

// A product that was fused with the sum it goes into made this gradient differ
// from 0 on architectures that have the instruction.
func TestGradientIsNotFused(t *testing.T) {
	c := CrossEntropy{Smoothing: 0.1, ClassWeight: []float32{0, 1}}
	grad := make([]float32, 2)
	c.Soft(grad, []float32{1.6983311, 0}, []float32{0.63177556, -0.033251345}, 2)
	wantBits(t, "gradient", grad, []float32{0, 0})
}

// Rows count unless all of their targets are 0, whatever they sum to, and what is not a
// distribution has the loss that the formula says.
func TestTargetsThatAreNoDistributions(t *testing.T) {
	logits := []float32{1, 0, 2, 2, 5, -5}
	targets := []float32{1, -1, 0, 0, -0.5, 3}
	for _, c := range []CrossEntropy{{}, {Smoothing: 0.25}, {ClassWeight: []float32{0.5, 0}}} {
		checkSoft(t, c, logits, targets, 2)
	}
	grad := make([]float32, 6)
	wantLoss(t, "sum 0", CrossEntropy{}.Soft(grad[:2], logits[:2], targets[:2], 2), -1) // z[1] - z[0]
	wantBits(t, "gradient of sum 0", grad[:2], []float32{-1, 1})
}

// N is exact in the gradient, in place as well as not: a row that does not count
// changes nothing of the others.
func TestGradientIsRoundedOnce(t *testing.T) {
	r := rand.New(rand.NewPCG(91, 92))
	const n, classes = 7, 11
	logits, targets := normalRows(n*classes, r), make([]float32, n*classes)
	convex(targets, classes, r)
	for _, l := range []CrossEntropy{{}, {Smoothing: 0.1}} {
		want := make([]float32, n*classes)
		loss := l.Soft(want, logits, targets, classes)
		// Four rows that do not count, in front.
		z := append(normalRows(4*classes, r), logits...)
		y := append(make([]float32, 4*classes), targets...)
		grad := make([]float32, len(z))
		if got := l.Soft(grad, z, y, classes); got != loss {
			t.Errorf("%+v: loss %v, want %v", l, got, loss)
		}
		wantBits(t, "gradient", grad[4*classes:], want)
		wantBits(t, "gradient of rows that do not count", grad[:4*classes], make([]float32, 4*classes))
		if got := l.Soft(z, z, y, classes); got != loss {
			t.Errorf("%+v in place: loss %v, want %v", l, got, loss)
		}
		wantBits(t, "gradient in place", z, grad)
	}
}

// Excluded classes are as if they were not there, for labels of the other classes.
func TestExcludedClasses(t *testing.T) {
	r := rand.New(rand.NewPCG(93, 94))
	const n, classes = 130, 9
	m, labels := Mix{K: 2}, make([]int, n)
	anyTerms(&m, n, 2, r)
	weight := normalRows(classes, r)
	for y := range weight {
		weight[y] = weight[y] * weight[y]
	}
	for _, l := range []CrossEntropy{{}, {Smoothing: 0.2}, {Smoothing: 1}, {Smoothing: 0.2, ClassWeight: weight}} {
		for _, every := range []int{1, 2, 50} { // so many rows have excluded classes
			logits := normalRows(n*classes, r)
			for j := range labels {
				labels[j] = 3 * r.IntN(classes/3) // never excluded
			}
			for i := 0; i < n; i += every {
				logits[i*classes+1], logits[i*classes+8] = -inf, -inf
			}
			grad, loss := make([]float32, n*classes), make([]float32, n)
			l.MixedTo(loss, grad, logits, &m, labels, classes)
			left := []int{0, 2, 3, 4, 5, 6, 7}
			for i := 0; i < n; i += every {
				row := Mix{K: 2, Index: m.Index[2*i:][:2], Weight: m.Weight[2*i:][:2]}
				z, renamed, small := make([]float32, len(left)), make([]int, n), CrossEntropy{Smoothing: l.Smoothing}
				for k, c := range left {
					z[k] = logits[i*classes+c]
					if l.ClassWeight != nil {
						small.ClassWeight = append(small.ClassWeight, weight[c])
					}
				}
				for j, y := range labels {
					renamed[j] = slices.Index(left, y)
				}
				want := make([]float32, len(left))
				wantLoss(t, fmt.Sprintf("%+v: row %d", l, i), float64(loss[i]), small.Mixed(want, z, &row, renamed, len(left)))
				got := make([]float32, len(left))
				for k, c := range left {
					got[k] = grad[i*classes+c]
				}
				wantGrad(t, fmt.Sprintf("%+v: row %d", l, i), got, float64s(want))
				if a, b := grad[i*classes+1], grad[i*classes+8]; a != 0 || b != 0 {
					t.Fatalf("%+v: row %d: gradients of excluded classes %v and %v, want 0", l, i, a, b)
				}
			}
		}
	}
}

// A row whose label has the class weight 0 counts, also where its targets are written
// out because smoothing leaves out a class.
func TestRowOfNoClassWeightCounts(t *testing.T) {
	var m Mix
	m.Identity(2)
	c := CrossEntropy{Smoothing: .25, ClassWeight: []float32{0, 1}}
	logits, labels, loss := []float32{0, -inf, 0, 0}, []int{0, 1}, make([]float32, 2)
	c.MixedTo(loss, nil, logits, &m, labels, 2)
	wantBits(t, "losses", loss, []float32{0, .875 * math.Ln2})
	if got, want := c.Mixed(nil, logits, &m, labels, 2), float64(.875*math.Ln2)/2; math.Abs(got-want) > 1e-7 {
		t.Errorf("mean %v, want %v", got, want)
	}
}
