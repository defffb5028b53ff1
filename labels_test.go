package mixup

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/seed-7466c776/mixup/internal/loss"
)

// Labels that PyTorch ignores by default are ignored here, by all parts of the package.
func TestIgnoreValue(t *testing.T) {
	if Ignore != -100 || loss.Ignore != Ignore {
		t.Errorf("Ignore is %d, and for the losses %d, want -100", Ignore, loss.Ignore)
	}
}

// randomLabels returns n labels, of which a tenth is Ignore.
func randomLabels(n, classes int, r *rand.Rand) []int {
	labels := make([]int, n)
	for j := range labels {
		if labels[j] = r.IntN(classes); r.IntN(10) == 0 {
			labels[j] = Ignore
		}
	}
	return labels
}

// oneHot returns Y: a one-hot row for each label, and a row of zeros for Ignore.
func oneHot(labels []int, classes int) []float32 {
	y := make([]float32, len(labels)*classes)
	for j, label := range labels {
		if label != Ignore {
			y[j*classes+label] = 1
		}
	}
	return y
}

func TestGoldenOneHot(t *testing.T) {
	near := func(t *testing.T, got []float32, want []float32) {
		t.Helper()
		for i, w := range want {
			if !(math.Abs(float64(got[i])-float64(w)) <= 1e-7) {
				t.Fatalf("target %d is %v, want %v", i, got[i], w)
			}
		}
	}
	for _, g := range golden(t).OneHot {
		t.Run(fmt.Sprintf("n=%d/classes=%d/eps=%v", g.N, g.Classes, g.Eps), func(t *testing.T) {
			m := goldenMix(g.Lam, g.Partner)
			got := make([]float32, len(g.Want))
			m.OneHotTo(got, g.Labels, g.Classes)
			Smooth(got, g.Classes, g.Eps)
			near(t, got, g.Want)

			// Smoothed first and mixed then.
			got = oneHot(g.Labels, g.Classes)
			Smooth(got, g.Classes, g.Eps)
			m.Apply(got, g.Classes)
			near(t, got, g.Want)
		})
	}
}

func TestOneHotTo(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	for _, k := range kinds {
		for _, classes := range []int{1, 2, 10, 37} {
			const n, extra = 23, 5
			var m Mix
			k.fill(&m, n, r)
			for p := range m.Index {
				m.Index[p] += r.IntN(extra + 1)
			}
			labels := randomLabels(n+extra, classes, r)
			got := normalRows(n*classes, r)
			m.OneHotTo(got, labels, classes)
			wantBits(t, k.name, got, slowMul(&m, oneHot(labels, classes), classes))
		}
	}
	new(Mix).OneHotTo(nil, nil, 10)
}

func TestSmooth(t *testing.T) {
	targets := []float32{
		1, 0, 0, 0,
		0, 0, 0, 0,
		0.25, 0.75, 0, 0,
		2, 0, 2, 0, // twice a distribution
	}
	for _, test := range []struct {
		eps  float64
		want []float32
	}{
		{0, targets},
		{0.5, []float32{
			0.625, 0.125, 0.125, 0.125,
			0, 0, 0, 0,
			0.25, 0.5, 0.125, 0.125,
			1.5, 0.5, 1.5, 0.5,
		}},
		{1, []float32{
			0.25, 0.25, 0.25, 0.25,
			0, 0, 0, 0,
			0.25, 0.25, 0.25, 0.25,
			1, 1, 1, 1,
		}},
	} {
		got := slices.Clone(targets)
		Smooth(got, 4, test.eps)
		wantBits(t, fmt.Sprintf("Smooth by %v", test.eps), got, test.want)
	}
	Smooth(nil, 3, 0.1)
}

func TestAccuracy(t *testing.T) {
	logits := []float32{
		1, 3, 2,
		5, 5, 4,
		nan, 1, 0,
		0, 1, 7,
	}
	pair := func(index []int, weight ...float32) Mix { return Mix{K: 2, Index: index, Weight: weight} }
	half := []float32{0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5}
	self := []int{0, 0, 1, 1, 2, 2, 3, 3}
	for _, test := range []struct {
		name   string
		m      Mix
		logits []float32
		labels []int
		topK   int
		want   float64
	}{
		{"no rows", Mix{}, nil, nil, 1, 0},
		{"all right", pair(self, half...), logits, []int{1, 0, 0, 2}, 3, 1},
		{"NaN counts against the label", pair(self, half...), logits, []int{1, 0, 0, 2}, 1, 0.75},
		{"NaN is larger than the label", pair(self, half...), logits, []int{1, 0, 1, 2}, 1, 0.75},
		{"one NaN leaves room for the second", pair(self, half...), logits, []int{1, 0, 1, 2}, 2, 1},
		{"the lower class wins a tie", pair(self, half...), logits, []int{1, 1, 0, 2}, 1, 0.5},
		{"both of a tie are among two", pair(self, half...), logits, []int{0, 1, 2, 0}, 2, 0.25},
		{"weights", pair([]int{0, 1, 1, 0, 2, 3, 3, 2}, 0.75, 0.25, 0.75, 0.25, 0.75, 0.25, 0.75, 0.25), logits, []int{1, 0, 0, 2}, 1, (0.75 + 0.75 + 0 + 0.75) / 4},
		{"both labels right", pair([]int{0, 1}, 0.75, 0.25), logits[:3], []int{1, 1}, 1, 1},
		{"ignored terms", pair([]int{0, 1, 1, 0, 2, 3, 3, 2}, 0.75, 0.25, 0.75, 0.25, 0.75, 0.25, 0.75, 0.25), logits, []int{1, Ignore, Ignore, 2}, 1, 0.75 * 2 / 4},
		{"ignored rows", pair([]int{0, 1, 1, 1, 2, 2, 3, 1}, 1, 0, 1, 0, 1, 0, 0, 1), logits, []int{1, Ignore, Ignore, 2}, 1, 1},
		{"only ignored rows", pair([]int{0, 1}, 1, 0), logits[:3], []int{Ignore, 1}, 1, 0},
		{"K=1", Mix{K: 1, Index: []int{2}, Weight: []float32{1}}, logits[:3], []int{Ignore, -7, 1}, 1, 1},
		{"K=3", Mix{K: 3, Index: []int{0, 1, 2}, Weight: []float32{0.5, 0.25, 0.25}}, logits[:3], []int{2, 1, 1}, 1, 0.5},
		{"as many as there are classes", pair(self, half...), logits, []int{0, 2, 0, 0}, 3, 1},
		{"more than there are classes", pair(self, half...), logits, []int{0, 2, 0, 0}, 5, 1},
		{"only -Inf", Mix{K: 1, Index: []int{0}, Weight: []float32{1}}, []float32{-inf, -inf, -inf}, []int{0}, 1, 1},
	} {
		if got := test.m.Accuracy(test.logits, test.labels, 3, test.topK); got != test.want {
			t.Errorf("%s: accuracy %v, want %v", test.name, got, test.want)
		}
	}
}

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
				for c := range order {
					order[c] = c
				}
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
			if got, want := m.Accuracy(logits, labels, classes, topK), sum/rows; !(math.Abs(got-want) <= 1e-12) {
				t.Errorf("K=%d, top %d: accuracy %v, want %v", k, topK, got, want)
			}
		}
	}
}

func TestRank(t *testing.T) {
	r := rand.New(rand.NewPCG(23, 24))
	for n := 1; n < 40; n++ {
		z := make([]float32, n)
		for j := range z {
			z[j] = float32(r.IntN(n))
		}
		order := make([]int, n)
		for j := range order {
			order[j] = j
		}
		slices.SortStableFunc(order, func(a, b int) int { return int(z[b] - z[a]) })
		for want, y := range order {
			if got := rank(z, y); got != want {
				t.Errorf("rank(%v, %d) = %d, want %d", z, y, got, want)
			}
		}
	}
}

func TestLabelPanics(t *testing.T) {
	m := Mix{K: 2, Index: []int{0, 1, 1, 0}, Weight: []float32{0.75, 0.25, 1, 0}}
	with := func(change func(*Mix)) *Mix {
		c := Mix{K: m.K, Index: slices.Clone(m.Index), Weight: slices.Clone(m.Weight)}
		change(&c)
		return &c
	}
	labels := []int{1, Ignore, 99} // nobody refers to the last
	x := []float32{1, 2, 3, 4, 5, 6}
	for _, test := range []struct {
		name, want string
		f          func(x []float32)
	}{
		{"short dst", "mixup: len(dst) = 5, want 2 rows of classes = 3", func(x []float32) { m.OneHotTo(x[:5], labels, 3) }},
		{"no classes", "mixup: classes = 0, want ≥ 1", func(x []float32) { m.OneHotTo(x[:0], labels, 0) }},
		{"negative classes", "mixup: classes = -3, want ≥ 1", func(x []float32) { m.OneHotTo(x, labels, -3) }},
		{"few labels", "mixup: row 0: no label for source row 1: len(labels) = 1, want a label for each source row, which after Select are those of the dataset", func(x []float32) { m.OneHotTo(x, labels[:1], 3) }},
		{"large label", "mixup: row 0: label 3 of source row 1, want a class in [0, 3) or Ignore", func(x []float32) { m.OneHotTo(x, []int{Ignore, 3}, 3) }},
		{"negative label", "mixup: row 0: label -1 of source row 1, want a class in [0, 3) or Ignore", func(x []float32) { m.OneHotTo(x, []int{1, -1}, 3) }},
		{"negative weight", "mixup: row 1: weight -1, want a finite number ≥ 0", func(x []float32) {
			with(func(m *Mix) { m.Weight[3] = -1 }).OneHotTo(x, labels, 3)
		}},
		{"odd Mix", "mixup: Mix has K = 2, len(Index) = 4, len(Weight) = 3, want N*K of both", func(x []float32) {
			with(func(m *Mix) { m.Weight = m.Weight[:3] }).OneHotTo(x, labels, 3)
		}},

		{"targets of broken rows", "mixup: len(targets) = 6, want rows of classes = 4", func(x []float32) { Smooth(x, 4, 0.1) }},
		{"targets of no classes", "mixup: classes = 0, want ≥ 1", func(x []float32) { Smooth(x, 0, 0.1) }},
		{"negative smoothing", "mixup: eps = -0.1, want a number in [0, 1]", func(x []float32) { Smooth(x, 3, -0.1) }},
		{"large smoothing", "mixup: eps = 1.1, want a number in [0, 1]", func(x []float32) { Smooth(x, 3, 1.1) }},
		{"smoothing by NaN", "mixup: eps = NaN, want a number in [0, 1]", func(x []float32) { Smooth(x, 3, math.NaN()) }},

		{"broken logits", "mixup: len(logits) = 5, want 2 rows of classes = 3", func(x []float32) { m.Accuracy(x[:5], labels, 3, 1) }},
		{"no logits", "mixup: len(logits) = 0, want 2 rows of classes = 3", func(x []float32) { m.Accuracy(nil, labels, 3, 1) }},
		{"logits of no rows", "mixup: len(logits) = 6, want 0 rows of classes = 3", func(x []float32) { new(Mix).Accuracy(x, labels, 3, 1) }},
		{"accuracy of a large label", "mixup: row 0: label 4 of source row 0, want a class in [0, 3) or Ignore", func(x []float32) { m.Accuracy(x, []int{4, 0}, 3, 1) }},
		{"accuracy without labels", "mixup: row 0: no label for source row 0: len(labels) = 0, want a label for each source row, which after Select are those of the dataset", func(x []float32) { m.Accuracy(x, nil, 3, 1) }},
		{"top 0", "mixup: topK = 0, want at least 1", func(x []float32) { m.Accuracy(x, labels, 3, 0) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := slices.Clone(x)
			wantPanic(t, test.want, func() { test.f(got) })
			wantBits(t, "after the panic", got, x)
		})
	}
}

// What reads labels refuses a Mix whose fields do not belong together, and one that
// was made by hand with a wrong index, before it writes.
func TestMalformedMix(t *testing.T) {
	const odd = "mixup: Mix has K = 2, len(Index) = 3, len(Weight) = 3, want N*K of both"
	for _, test := range []struct {
		name, want string
		m          Mix
	}{
		{"half a row", odd, Mix{K: 2, Index: []int{0, 1, 1}, Weight: []float32{0.5, 0.5, 1}}},
		{"few weights", "mixup: Mix has K = 2, len(Index) = 4, len(Weight) = 3, want N*K of both",
			Mix{K: 2, Index: []int{0, 1, 1, 0}, Weight: []float32{0.5, 0.5, 1}}},
		{"no K", "mixup: Mix has K = 0, len(Index) = 4, len(Weight) = 4, want N*K of both",
			Mix{Index: []int{0, 1, 1, 0}, Weight: []float32{0.5, 0.5, 1, 0}}},
		{"negative K", "mixup: Mix has K = -2, len(Index) = 4, len(Weight) = 4, want N*K of both",
			Mix{K: -2, Index: []int{0, 1, 1, 0}, Weight: []float32{0.5, 0.5, 1, 0}}},
		{"negative index", "mixup: row 1: index -1, want a source row in [0, 2)",
			Mix{K: 2, Index: []int{0, 1, -1, 0}, Weight: []float32{0.5, 0.5, 1, 0}}},
		{"infinite weight", "mixup: row 1: weight +Inf, want a finite number ≥ 0",
			Mix{K: 2, Index: []int{0, 1, 1, 0}, Weight: []float32{0.5, 0.5, inf, 0}}},
	} {
		m, labels := &test.m, []int{0, 1}
		dst, logits, one := make([]float32, 4), make([]float32, 4), []float32{1, 2}
		other := Mix{K: 2, Index: []int{7, 8}, Weight: []float32{0.25, 0.75}}
		for name, f := range map[string]func(){
			"OneHotTo":                   func() { m.OneHotTo(dst, labels, 2) },
			"Accuracy":                   func() { m.Accuracy(logits, labels, 2, 1) },
			"Count":                      func() { m.Count(labels) },
			"Mean":                       func() { m.Mean(func(int, int) float64 { t.Error("called"); return 0 }) },
			"Remix":                      func() { Remix{3, 0.5, []int{1, 9}}.Apply(&other, m, labels) },
			"CrossEntropy.Mixed":         func() { CrossEntropy{}.Mixed(dst, logits, m, labels, 2) },
			"CrossEntropy.MixedTo":       func() { CrossEntropy{}.MixedTo(one, dst, logits, m, labels, 2) },
			"BinaryCrossEntropy.Mixed":   func() { BinaryCrossEntropy{}.Mixed(dst, logits, m, labels, 2) },
			"BinaryCrossEntropy.MixedTo": func() { BinaryCrossEntropy{}.MixedTo(one, dst, logits, m, labels, 2) },
		} {
			t.Run(test.name+"/"+name, func(t *testing.T) {
				wantPanic(t, test.want, f)
				wantBits(t, "dst", dst, make([]float32, 4))
				wantBits(t, "loss", one, []float32{1, 2})
				if other.K != 2 || !slices.Equal(other.Index, []int{7, 8}) || !slices.Equal(other.Weight, []float32{0.25, 0.75}) {
					t.Errorf("dst of Remix is %v after the panic", other)
				}
			})
		}
	}
}

// Count is the number of rows with a label that counts, by definition.
func TestCount(t *testing.T) {
	m := Mix{K: 2, Index: []int{0, 1, 1, 1, 2, 1, 1, 2, 0, 1}, Weight: []float32{0.5, 0.5, 0.5, 0.5, 1, 0, 1, 0, 0, 1}}
	for _, test := range []struct {
		labels []int
		want   int
	}{
		{[]int{3, 0, 1}, 5},
		{[]int{3, Ignore, 1}, 2}, // rows 0 and 2: the others have their weight on label 1
		{[]int{Ignore, Ignore, Ignore}, 0},
		{[]int{1 << 30, Ignore, Ignore}, 1},
	} {
		if got := m.Count(test.labels); got != test.want {
			t.Errorf("Count(%v) is %d, want %d", test.labels, got, test.want)
		}
	}
	if got := new(Mix).Count(nil); got != 0 {
		t.Errorf("Count of no rows is %d, want 0", got)
	}
	wantPanic(t, "mixup: row 0: label -1 of source row 0, want a class or Ignore", func() { m.Count([]int{-1, 0, 0}) })
	wantPanic(t, "mixup: row 2: no label for source row 2: len(labels) = 2, want a label for each source row, "+
		"which after Select are those of the dataset", func() { m.Count([]int{0, 0}) })
}
