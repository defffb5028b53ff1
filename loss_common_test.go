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
