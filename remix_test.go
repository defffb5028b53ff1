package mixup

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestRemix(t *testing.T) {
	count := []int{100, 300, 301, 299, 1, 100}
	for _, test := range []struct {
		name       string
		yi, yj     int
		lambda     float32
		kappa, tau float64
		want       float32
	}{
		{"the same class", 0, 0, 0.25, 3, 0.5, 0.25},
		{"the same size", 0, 5, 0.25, 3, 0.5, 0.25},
		{"three times as large", 1, 0, 0.25, 3, 0.5, 0},
		{"more than that", 2, 0, 0.25, 3, 0.5, 0},
		{"less than that", 3, 0, 0.25, 3, 0.5, 0.25},
		{"large, but too much weight", 1, 0, 0.5, 3, 0.5, 0.5},
		{"large, and nearly too much weight", 1, 0, math.Nextafter32(0.5, 0), 3, 0.5, 0},
		{"a third", 0, 1, 0.75, 3, 0.5, 1},
		{"less than a third", 0, 2, 0.75, 3, 0.5, 1},
		{"more than a third", 0, 3, 0.75, 3, 0.5, 0.75},
		{"a third, but the partner has too much weight", 0, 1, 0.5, 3, 0.5, 0.5},
		{"a third of little weight", 0, 1, 0.25, 3, 0.5, 0.25},
		{"one sample", 2, 4, 0.25, 3, 0.5, 0},
		{"no tau", 2, 4, 0, 3, 0, 0},
		{"no tau for any weight", 2, 4, 0.25, 3, 0, 0.25},
		{"any kappa", 0, 5, 0.25, 1, 0.5, 0},
		{"any kappa for the partner", 0, 5, 0.75, 1, 0.5, 1},
		{"both hold", 0, 5, 0.5, 1, 1, 0},
		{"no kappa", 2, 4, 0.25, math.Inf(1), 1, 0.25},
		{"a ratio as written", 0, 1, 0.75, 300. / 100, 0.5, 1},
		{"own label ignored", Ignore, 4, 0.25, 3, 0.5, 0.25},
		{"partner's label ignored", 2, Ignore, 0.25, 3, 0.5, 0.25},
	} {
		inputs := Mix{K: 2, Index: []int{2, 7}, Weight: []float32{test.lambda, 1 - test.lambda}}
		y := []int{-1, -1, test.yi, -1, -1, -1, -1, test.yj} // others are not looked at
		var labels Mix
		Remix{Kappa: test.kappa, Tau: test.tau, ClassCount: count}.Apply(&labels, &inputs, y)
		want := []float32{test.want, 1 - test.want}
		wantBits(t, test.name, labels.Weight, want)
		if labels.K != 2 || !slices.Equal(labels.Index, inputs.Index) {
			t.Errorf("%s: K = %d, Index = %v, want 2, %v", test.name, labels.K, labels.Index, inputs.Index)
		}
		wantBits(t, test.name+": inputs", inputs.Weight, []float32{test.lambda, 1 - test.lambda})

		Remix{Kappa: test.kappa, Tau: test.tau, ClassCount: count}.Apply(&inputs, &inputs, y)
		wantBits(t, test.name+": in place", inputs.Weight, want)
	}
}

// The rule is the same seen from the partner.
func TestRemixIsSymmetric(t *testing.T) {
	r := rand.New(rand.NewPCG(51, 52))
	const n, classes = 500, 6
	count := make([]int, classes)
	for c := range count {
		count[c] = 1 + r.IntN(40)
	}
	labels := make([]int, n)
	for j := range labels {
		labels[j] = r.IntN(classes)
	}
	var m, mirror, remixed, remixedMirror Mix
	anyTerms(&m, n, 2, r)
	anyTerms(&mirror, n, 2, r)
	for i := range n {
		for k := range 2 {
			mirror.Index[2*i+k], mirror.Weight[2*i+k] = m.Index[2*i+1-k], m.Weight[2*i+1-k]
		}
	}
	Remix{3, 0.5, count}.Apply(&remixed, &m, labels)
	Remix{3, 0.5, count}.Apply(&remixedMirror, &mirror, labels)
	changed := 0
	for i := range n {
		if remixed.Weight[2*i] != remixedMirror.Weight[2*i+1] {
			t.Fatalf("row %d: weights %v, and seen from the partner %v", i, remixed.Weight[2*i:2*i+2], remixedMirror.Weight[2*i:2*i+2])
		}
		if remixed.Weight[2*i] != m.Weight[2*i] {
			changed++
		}
	}
	if changed < n/10 || changed > n/2 {
		t.Errorf("%d of %d rows changed", changed, n)
	}
	if err := remixed.Validate(n); err != nil {
		t.Error(err)
	}
}

// A Mix that labels were remixed into serves for minibatches of other sizes.
func TestRemixReuse(t *testing.T) {
	r := rand.New(rand.NewPCG(53, 54))
	var labels Mix
	for _, n := range []int{5, 8, 0, 3} {
		var inputs Mix
		new(Sampler).Sample(&inputs, n)
		y := slices.Repeat([]int{1}, n)
		Remix{3, 0.5, []int{5, 5}}.Apply(&labels, &inputs, y)
		if labels.Len() != n {
			t.Errorf("%d rows, want %d", labels.Len(), n)
		}
		wantBits(t, fmt.Sprintf("%d rows", n), labels.Weight, inputs.Weight)
	}
	Remix{3, 0.5, nil}.Apply(&labels, new(Mix), nil) // a Mix that was never filled

	var inputs Mix
	inputs.Identity(3) // K = 1, of which one label or Ignore is all there is
	Remix{3, 0.5, []int{1, 9}}.Apply(&labels, &inputs, []int{0, 1, Ignore})
	if labels.K != 1 || !slices.Equal(labels.Index, inputs.Index) || !slices.Equal(labels.Weight, inputs.Weight) {
		t.Errorf("Remix of K = 1: %v, want %v", &labels, &inputs)
	}

	anyTerms(&inputs, 8, 2, r)
	y := []int{0, 1, 0, 1, 0, 1, 0, 1}
	if allocs := testing.AllocsPerRun(10, func() { Remix{3, 0.5, []int{1, 9}}.Apply(&labels, &inputs, y) }); allocs != 0 {
		t.Errorf("%v allocations, want 0", allocs)
	}
}

// The images of a Cut can be mixed after its labels were remixed into another Mix.
func TestRemixOfACut(t *testing.T) {
	s := CutSampler{Image: oblong, Alpha: 1, Src: rand.NewPCG(55, 56)}
	var c Cut
	s.Sample(&c, 4)
	x := normalRows(4*oblong.dim(), rand.New(rand.NewPCG(57, 58)))
	want := slices.Clone(x)
	c.Apply(want)
	var labels Mix
	Remix{1, 1, []int{1, 9}}.Apply(&labels, &c.Labels, []int{0, 1, 0, 1})
	if err := c.Validate(4); err != nil {
		t.Error(err)
	}
	c.Apply(x)
	wantBits(t, "images", x, want)
}

func TestRemixPanics(t *testing.T) {
	pairs := func() *Mix { return &Mix{K: 2, Index: []int{0, 1, 1, 0}, Weight: []float32{0.75, 0.25, 1, 0}} }
	inputs := pairs()
	y, count := []int{0, 1}, []int{5, 1}
	copied := *inputs
	indices := &Mix{K: 2, Index: inputs.Index, Weight: make([]float32, 4)}
	for _, test := range []struct {
		name, want string
		labels     *Mix
		inputs     *Mix
		y, count   []int
		kappa, tau float64
	}{
		{"three terms", "mixup: Remix of K = 3, want pairs", pairs(), &Mix{K: 3, Index: []int{0, 1, 1}, Weight: []float32{0.5, 0.25, 0.25}}, y, count, 3, 0.5},
		{"kappa below 1", "mixup: Remix: Kappa = 0.5, want ≥ 1", pairs(), inputs, y, count, 0.5, 0.5},
		{"kappa NaN", "mixup: Remix: Kappa = NaN, want ≥ 1", pairs(), inputs, y, count, math.NaN(), 0.5},
		{"negative tau", "mixup: Remix: Tau = -0.5, want a number in [0, 1]", pairs(), inputs, y, count, 3, -0.5},
		{"large tau", "mixup: Remix: Tau = 1.5, want a number in [0, 1]", pairs(), inputs, y, count, 3, 1.5},
		{"tau NaN", "mixup: Remix: Tau = NaN, want a number in [0, 1]", pairs(), inputs, y, count, 3, math.NaN()},
		{"few labels", "mixup: row 0: no label for source row 1: len(labels) = 1, want a label for each source row, which after Select are those of the dataset", pairs(), inputs, y[:1], count, 3, 0.5},
		{"a class without a count", "mixup: row 0: label 1 of source row 1, want a class in [0, 1) or Ignore", pairs(), inputs, y, count[:1], 3, 0.5},
		{"negative label", "mixup: row 0: label -1 of source row 1, want a class in [0, 2) or Ignore", pairs(), inputs, []int{0, -1}, count, 3, 0.5},
		{"no counts", "mixup: Remix: no ClassCount, want the number of samples of each class", pairs(), inputs, y, nil, 3, 0.5},
		{"a count of 0", "mixup: row 0: ClassCount[1] = 0, want ≥ 1", pairs(), inputs, y, []int{5, 0}, 3, 0.5},
		{"a negative count", "mixup: row 0: ClassCount[0] = -5, want ≥ 1", pairs(), inputs, y, []int{-5, 5}, 3, 0.5},
		{"weight", "mixup: row 0: weight NaN, want a finite number ≥ 0", pairs(), &Mix{K: 2, Index: []int{0, 1}, Weight: []float32{nan, 1}}, y, count, 3, 0.5},
		{"a copy", "mixup: dst.Index and src.Index overlap", &copied, inputs, y, count, 3, 0.5},
		{"shared indices", "mixup: dst.Index and src.Index overlap", indices, inputs, y, count, 3, 0.5},
		{"shared indices behind the length", "mixup: dst.Index and src.Index overlap", &Mix{K: 2, Index: inputs.Index[:0]}, inputs, y, count, 3, 0.5},
		{"shared weights behind the length", "mixup: dst.Weight and src.Weight overlap", &Mix{K: 2, Weight: inputs.Weight[:0]}, inputs, y, count, 3, 0.5},
		{"shared weights", "mixup: dst.Weight and src.Weight overlap", &Mix{K: 2, Index: make([]int, 4), Weight: inputs.Weight}, inputs, y, count, 3, 0.5},
	} {
		t.Run(test.name, func(t *testing.T) {
			index, weight := slices.Clone(test.labels.Index), slices.Clone(test.labels.Weight)
			wantPanic(t, test.want, func() { Remix{test.kappa, test.tau, test.count}.Apply(test.labels, test.inputs, test.y) })
			if got := test.labels; got.K != 2 || !slices.Equal(got.Index, index) || !slices.Equal(got.Weight, weight) {
				t.Errorf("after the panic: labels %v, want %v and %v", got, index, weight)
			}
		})
	}
}
