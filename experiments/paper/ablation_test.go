package main

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/nn"
	"github.com/seed-7466c776/mixup/experiments/internal/train"
)

// named returns a variant.
func named(t *testing.T, name string) variant {
	t.Helper()
	for _, v := range variants {
		if v.name == name {
			return v
		}
	}
	t.Fatalf("no variant %q", name)
	return variant{}
}

// gradients returns the gradients of all parameters after some steps' worth of
// minibatches, each from the same weights.
func gradients(net *nn.Net, streams []*mixup.Stream, gradient func(train.Step) float64) (all []float32) {
	for i, rows := range [][]int{{5, 3, 200, 77}, {1, 2, 3, 4, 5, 6, 7, 8}, {9}} {
		for _, s := range streams {
			s.Seek(uint64(i))
		}
		gradient(train.Step{Number: i, Rows: rows})
		for _, p := range net.Params() {
			all = append(all, p.Grad...)
		}
	}
	return all
}

// variantGradients returns those of a variant.
func variantGradients(v variant, p ablationPlan) []float32 {
	net, hidden := ablationNet(p.training, 3)
	gradient, streams := v.gradient(p, net, hidden, 3)
	return gradients(net, streams, gradient)
}

// TestVariantsAreMixup holds those variants that are mixup to the trainer of the
// other experiments.
func TestVariantsAreMixup(t *testing.T) {
	p := ablationPlan{syntheticImages(), 1, 8}
	for _, test := range []struct {
		name string
		s    mixup.Sampler
		ce   mixup.CrossEntropy
	}{
		{"ERM", mixup.Sampler{}, mixup.CrossEntropy{}},
		{"mixup, α = 1", mixup.Sampler{Alpha: 1}, mixup.CrossEntropy{}},
		{"Dirichlet, K = 3", mixup.Sampler{Alpha: 1, K: 3}, mixup.CrossEntropy{}},
		{"label smoothing 0.1", mixup.Sampler{}, mixup.CrossEntropy{Smoothing: 0.1}},
	} {
		net, _ := ablationNet(p.training, 3)
		stream := mixup.NewStream(3, train.Mixing)
		test.s.Src = stream
		want := gradients(net, []*mixup.Stream{stream}, train.Mixed(net, p.training, test.s, test.ce))
		if got := variantGradients(named(t, test.name), p); !slices.Equal(got, want) {
			t.Errorf("%s: gradients differ from those of mixup", test.name)
		}
	}
}

// TestVariantsDiffer wants each variant to do something of its own.
func TestVariantsDiffer(t *testing.T) {
	p := ablationPlan{syntheticImages(), 1, 8}
	seen := make(map[string][]float32)
	for _, v := range variants {
		g := variantGradients(v, p)
		for name, other := range seen {
			if slices.Equal(g, other) {
				t.Errorf("%s is the same as %s", v.name, name)
			}
		}
		seen[v.name] = g
	}
}

// TestVariantsByHand compares the gradients of a step of each variant with those of a
// minibatch that is mixed here, row by row, as the text in docs/paper.md describes the
// variant. Only weights and partners are drawn as the variant draws them.
func TestVariantsByHand(t *testing.T) {
	p := ablationPlan{syntheticImages(), 1, 8}
	data := p.training
	rows := []int{5, 3, 200, 77, 9, 10, 12, 13}
	for _, test := range []struct {
		name             string
		weights          mixup.Sampler
		partner          func(partner []int, r *rand.Rand) // in the training set; nil: in the minibatch
		layer            int
		ownLabel         bool
		smoothing, noise float64
	}{
		{name: "ERM"},
		{name: "mixup, α = 1", weights: mixup.Sampler{Alpha: 1}},
		{name: "two loaders", weights: mixup.Sampler{Alpha: 1}, partner: func(q []int, r *rand.Rand) { mixup.Permute(q, r) }},
		{name: "Dirichlet, K = 3", weights: mixup.Sampler{Alpha: 1, K: 3}},
		{name: "Dirichlet, K = 4", weights: mixup.Sampler{Alpha: 1, K: 4}},
		{name: "hidden layer 1", weights: mixup.Sampler{Alpha: 1}, layer: 1},
		{name: "hidden layer 2", weights: mixup.Sampler{Alpha: 1}, layer: 2},
		{name: "same class", weights: mixup.Sampler{Alpha: 1}, partner: func(q []int, r *rand.Rand) { mixup.SameClass(q, data.Labels, r) }},
		{name: "nearest neighbours", weights: mixup.Sampler{Alpha: 1}, partner: func(q []int, r *rand.Rand) { mixup.Nearest(q, data.X, data.Dim, 8, r) }},
		{name: "inputs only", weights: mixup.Sampler{Alpha: 1, Fold: true}, ownLabel: true},
		{name: "inputs only, label smoothing 0.1", weights: mixup.Sampler{Alpha: 1, Fold: true}, ownLabel: true, smoothing: 0.1},
		{name: "label smoothing 0.1", smoothing: 0.1},
		{name: "label smoothing 0.2", smoothing: 0.2},
		{name: "Gaussian noise 0.1", noise: 0.1},
		{name: "Gaussian noise 0.2", noise: 0.2},
	} {
		const seed, step = 3, 4
		weights := mixup.NewStream(seed, train.Weights)
		layers := []nn.Layer{
			nn.NewDense(data.Dim, 128, weights), &nn.ReLU{},
			nn.NewDense(128, 128, weights), &nn.ReLU{},
			nn.NewDense(128, data.Classes, weights),
		}
		mixing, noise := mixup.NewStream(seed, train.Mixing), mixup.NewStream(seed, train.Augmenting)
		mixing.Seek(step)
		noise.Seek(step)
		var m mixup.Mix
		test.weights.Src = mixing
		source := rows // of each index of m
		if test.partner == nil {
			test.weights.Sample(&m, len(rows))
		} else {
			pairing := mixup.NewStream(seed, train.Pairing)
			pairing.Seek(0)
			all := make([]int, data.Len())
			test.partner(all, rand.New(pairing))
			var partner []int
			for i, row := range rows {
				source, partner = append(slices.Clip(source), all[row]), append(partner, len(rows)+i)
			}
			test.weights.SamplePairs(&m, partner)
		}

		// mixed returns W·x for rows of dim values.
		mixed := func(x func(row int) []float32, dim int) []float32 {
			out := make([]float32, len(rows)*dim)
			for p, j := range m.Index {
				for d, v := range x(j) {
					out[p/m.K*dim+d] += m.Weight[p] * v
				}
			}
			return out
		}
		image := func(j int) []float32 { return data.X[source[j]*data.Dim:][:data.Dim] }
		oneHot := func(j int) []float32 {
			y := make([]float32, data.Classes)
			y[data.Labels[source[j]]] = 1
			return y
		}
		targets := mixed(oneHot, data.Classes)
		if test.ownLabel {
			targets = nil
			for i := range rows {
				targets = append(targets, oneHot(i)...)
			}
		}
		for i := range targets {
			targets[i] = float32((1-test.smoothing)*float64(targets[i]) + test.smoothing/float64(data.Classes))
		}
		upper := nn.New([]int{data.Dim, 128, 128}[test.layer], layers[2*test.layer:]...)
		grad := make([]float32, len(targets))
		if test.layer == 0 {
			x, r := mixed(image, data.Dim), rand.New(noise)
			for i := range x {
				if test.noise > 0 {
					x[i] += float32(test.noise * r.NormFloat64())
				}
			}
			mixup.CrossEntropy{}.Soft(grad, upper.Forward(x), targets, data.Classes)
			upper.Backward(grad)
		} else {
			lower := nn.New(data.Dim, layers[:2*test.layer]...)
			var x []float32
			for i := range rows {
				x = append(x, image(i)...)
			}
			h := lower.Forward(x)
			mixup.CrossEntropy{}.Soft(grad, upper.Forward(mixed(func(j int) []float32 { return h[j*128:][:128] }, 128)), targets, data.Classes)
			dMixed, dh := make([]float32, len(h)), make([]float32, len(h))
			upper.BackwardTo(dMixed, grad)
			for p, j := range m.Index {
				for d := range 128 {
					dh[j*128+d] += m.Weight[p] * dMixed[p/m.K*128+d]
				}
			}
			lower.Backward(dh)
		}

		net, hidden := ablationNet(data, seed)
		gradient, streams := named(t, test.name).gradient(p, net, hidden, seed)
		for _, s := range streams {
			s.Seek(step)
		}
		gradient(train.Step{Number: step, Rows: rows})
		var want []*nn.Param
		for _, l := range layers {
			want = append(want, l.Params()...)
		}
		for k, got := range net.Params() {
			for i, g := range got.Grad {
				if w := want[k].Grad[i]; math.Abs(float64(g-w)) > 1e-6 {
					t.Fatalf("%s: gradient %d of tensor %d is %v, want %v", test.name, i, k, g, w)
				}
			}
		}
	}
}

// TestPairings checks the partners that a variant has for an epoch.
func TestPairings(t *testing.T) {
	data := syntheticImages().training
	partner := make([]int, data.Len())
	sameClass(partner, data, nil)
	for i, j := range partner {
		if i == j || data.Labels[i] != data.Labels[j] {
			t.Fatalf("image %d of class %d has the partner %d of class %d, want another one of the class", i, data.Labels[i], j, data.Labels[j])
		}
	}
	nearest(partner, data, nil)
	distance := func(i, j int) (d float64) {
		for k := range data.Dim {
			e := float64(data.X[i*data.Dim+k] - data.X[j*data.Dim+k])
			d += e * e
		}
		return d
	}
	for i, j := range partner {
		nearer := 0
		for k := range partner {
			if k != i && distance(i, k) < distance(i, j) {
				nearer++
			}
		}
		if i == j || nearer >= neighbours {
			t.Fatalf("image %d has the partner %d, which is farther than %d others", i, j, nearer)
		}
	}
}

func TestAblation(t *testing.T) {
	rows := csvOf(t, "ablation", "ablation.csv", "-seeds", "2")[1:]
	if len(rows) != len(variants) {
		t.Fatalf("%d rows, want %d", len(rows), len(variants))
	}
	for i, v := range variants {
		if rows[i][1] != v.name {
			t.Errorf("row %d is of %s, want %s", i, rows[i][1], v.name)
		}
		if e := number(t, rows[i][2]); !(0 <= e && e < 50) {
			t.Errorf("%s: test error %v %%, want less than 50 of a set that is easy to learn", v.name, e)
		}
	}
}
