package main

import (
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
