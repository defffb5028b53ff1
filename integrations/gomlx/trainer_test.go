package gomlx

import (
	"fmt"
	"math/rand"
	"slices"
	"testing"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/dataset"
	"github.com/gomlx/gomlx/ml/layers/fnn"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train"
	"github.com/gomlx/gomlx/ml/train/loss"
	"github.com/gomlx/gomlx/ml/train/metric"
	"github.com/gomlx/gomlx/ml/train/optimizer"
	"github.com/seed-7466c776/mixup"
)

// points yields minibatches of 4 of 8 points, always in the same order.
func points(t *testing.T, batchSize int) *dataset.InMemoryDataset {
	t.Helper()
	x := [][]float32{{0, 0}, {1, 0}, {0, 1}, {1, 1}, {2, 0}, {0, 2}, {2, 1}, {1, 2}}
	y := [][]int32{{0}, {1}, {1}, {0}, {0}, {0}, {1}, {1}}
	ds, err := dataset.InMemoryFromData(backend(), "points", []any{x}, []any{y})
	if err != nil {
		t.Fatal(err)
	}
	return ds.BatchSize(batchSize, true).WithRand(rand.New(rand.NewSource(1)))
}

// fit trains for some epochs of two steps, with metrics of the training as for any
// dataset, and returns the losses of the steps and that of the evaluation.
func fit(t *testing.T, ds train.Dataset, lossFn loss.LossFn) (all []float32) {
	t.Helper()
	store := model.NewStore()
	if err := store.SetRNGStateFromSeed(1); err != nil {
		t.Fatal(err)
	}
	modelFn := func(scope *model.Scope, x *graph.Node) *graph.Node {
		return fnn.New(scope, x, 2).NumHiddenLayers(1, 8).Done()
	}
	var trainMetrics, evalMetrics []metric.Interface
	var targets train.Dataset = points(t, 4)
	if lossFn == nil {
		lossFn = loss.SparseCategoricalCrossEntropyLogits
		trainMetrics = append(trainMetrics, metric.NewMovingAverageSparseCategoricalAccuracy("Accuracy", "~acc", 0.01),
			metric.NewMeanMetric("Accuracy of mixed rows", "#acc", metric.AccuracyMetricType, Accuracy, nil))
		evalMetrics = append(evalMetrics, metric.NewSparseCategoricalAccuracy("Accuracy", "acc"))
	} else {
		targets = &Dataset{Source: targets, Classes: 2}
	}
	trainer := NewTrainer(backend(), store, modelFn, lossFn, optimizer.Adam().Done(), trainMetrics, evalMetrics)
	loop := train.NewLoop(trainer)
	loop.OnStep("loss", 0, func(_ *train.Loop, metrics []*tensors.Tensor) error {
		all = append(all, metrics[0].Value().(float32))
		return nil
	})
	if _, err := loop.RunEpochs(ds, 5); err != nil {
		t.Fatal(err)
	}
	if got, want := len(all), 10; got != want {
		t.Errorf("%d steps, want %d", got, want)
	}
	results, err := trainer.Eval(targets)
	if err != nil {
		t.Fatal(err)
	}
	return append(all, results[0].Value().(float32))
}

// TestTraining checks with GoMLX's loop that a run depends on the seed, and not on
// where or when minibatches are mixed.
func TestTraining(t *testing.T) {
	mixed := func(alpha float64, seed uint64) *Dataset {
		return &Dataset{Source: points(t, 4), Sampler: mixup.Sampler{Alpha: alpha}, Seed: seed}
	}
	want := fit(t, mixed(1, 1), nil)
	for _, tc := range []struct {
		name string
		ds   train.Dataset
		same bool
	}{
		{"repeated", mixed(1, 1), true},
		{"buffered", dataset.Buffer(mixed(1, 1), 3), true},
		{"in the graph", mixed(1, 1).InGraph(), true},
		{"another seed", mixed(1, 2), false},
		{"another seed in the graph", mixed(1, 2).InGraph(), false},
		{"ERM", mixed(0, 1), false},
	} {
		if got := fit(t, tc.ds, nil); slices.Equal(got, want) != tc.same {
			t.Errorf("%s: losses\n%v, mixed at first\n%v, want equality %v", tc.name, got, want, tc.same)
		}
	}
	erm := fit(t, points(t, 4), nil)
	for name, ds := range map[string]train.Dataset{"host": mixed(0, 1), "graph": mixed(0, 1).InGraph()} {
		if got := fit(t, ds, nil); !slices.Equal(got, erm) {
			t.Errorf("%s: losses of the zero Sampler\n%v, want those without\n%v", name, got, erm)
		}
	}

	soft := func() *Dataset { d := mixed(1, 1); d.Classes = 2; return d }
	want = fit(t, soft(), loss.CategoricalCrossEntropyLogits)
	for name, ds := range map[string]train.Dataset{"graph": soft().InGraph(), "map": soft().Map(backend())} {
		if got := fit(t, ds, loss.CategoricalCrossEntropyLogits); !slices.Equal(got, want) {
			t.Errorf("%s: losses of soft targets\n%v, want those of the host\n%v", name, got, want)
		}
	}
}

// TestResumed checks that a run which goes on from a step has the draws of that
// step.
func TestResumed(t *testing.T) {
	fresh := func(step uint64) *Dataset {
		return &Dataset{Source: &source{batches: 3, make: classification}, Sampler: mixup.Sampler{Alpha: 1}, Step: step, Classes: classes}
	}
	whole := fresh(0)
	all := append(epoch(t, whole), epoch(t, whole)...)
	resumed := fresh(3)
	resumed.Source.(*source).number = 3
	for i, b := range epoch(t, resumed) {
		check(t, "inputs", b.Inputs[0], flat[float32](t, all[3+i].Inputs[0]), n, dim)
	}
}

// TestEvaluation checks a dataset that is mixed in the graph, in an evaluation:
// nothing is mixed.
func TestEvaluation(t *testing.T) {
	store := model.NewStore()
	modelFn := func(scope *model.Scope, x *graph.Node) *graph.Node { return Mix(x) }
	trainer := NewTrainer(backend(), store, modelFn, loss.SparseCategoricalCrossEntropyLogits, optimizer.Adam().Done(), nil, nil)
	evaluate := func(ds train.Dataset) float32 {
		results, err := trainer.Eval(ds)
		if err != nil {
			t.Fatal(err)
		}
		return results[0].Value().(float32)
	}
	mixed := (&Dataset{Source: points(t, 4), Sampler: mixup.Sampler{Alpha: 1}}).InGraph()
	if got, want := evaluate(mixed), evaluate(points(t, 4)); got != want {
		t.Errorf("loss %v, want that of the source, %v", got, want)
	}
}

// TestModel checks that a model of any signature gets what the source has yielded.
func TestModel(t *testing.T) {
	d := &Dataset{Sampler: mixup.Sampler{Alpha: 1}, Source: &source{batches: 1, make: func(int) (list, list) {
		return list{tensor(values(0, n), n), tensor(values(1, n), n)}, nil
	}}}
	b := one(t, d.InGraph())
	checkArgs := func(spec any, inputs ...*graph.Node) {
		if spec != 0 || len(inputs) != 2 || inputs[0].Rank() != 1 || inputs[1].Rank() != 1 {
			t.Errorf("spec %v and %d inputs, want 0 and 2 of rank 1", spec, len(inputs))
		}
	}
	for i, modelFn := range []train.ModelFn{
		Model(func(_ *model.Scope, spec any, inputs []*graph.Node) []*graph.Node {
			checkArgs(spec, inputs...)
			return inputs
		}),
		Model(func(_ *model.Scope, spec any, x, y *graph.Node) (*graph.Node, *graph.Node) {
			checkArgs(spec, x, y)
			return x, y
		}),
		Model(func(_ *model.Scope, x, y *graph.Node) []*graph.Node { checkArgs(0, x, y); return []*graph.Node{x, y} }),
		Model(train.ModelFn(func(_ *model.Scope, spec any, inputs []*graph.Node) []*graph.Node {
			checkArgs(spec, inputs...)
			return inputs
		})),
		Model(func(_ *model.Scope, spec any, g *graph.Graph) []*graph.Node {
			if g == nil || spec != 0 {
				t.Errorf("spec %v and graph %v, want 0 and a graph", spec, g)
			}
			return []*graph.Node{graph.Const(g, float32(1)), graph.Const(g, float32(2))}
		}),
	} {
		exec, err := model.NewExec(backend(), model.NewStore(), func(scope *model.Scope, inputs []*graph.Node) []*graph.Node {
			outputs := modelFn(scope, b.Spec, inputs)
			if len(outputs) != 2 {
				t.Errorf("model %d: %d outputs, want 2", i, len(outputs))
			}
			return outputs
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := exec.Call(anys(b.Inputs)...); err != nil {
			t.Errorf("model %d: %v", i, err)
		}
	}
}

// TestMapSpec checks that Map gives minibatches the spec of the source, or one that
// tells errors of mixup.
func TestMapSpec(t *testing.T) {
	for _, noSpec := range []bool{false, true} {
		d := &Dataset{Source: &source{batches: 1, make: classification, noSpec: noSpec}, Sampler: mixup.Sampler{Alpha: 1}, Classes: classes}
		b := one(t, d.Map(backend()))
		if s, ok := b.Spec.(Spec); !noSpec && b.Spec != 0 || noSpec && (!ok || s.draw) {
			t.Errorf("spec %v", b.Spec)
		}
		if len(b.Inputs) != 1 || len(b.Labels) != 1 {
			t.Errorf("%d inputs and %d labels, want 1 and 1", len(b.Inputs), len(b.Labels))
		}
		check(t, "inputs", b.Inputs[0], mixed(drawn(d.Sampler, 0, 0, 0), 0), n, dim)
	}
}

// TestMapSizes checks CutMix by Map of images whose size changes from minibatch to
// minibatch: each size has a graph of its own.
func TestMapSizes(t *testing.T) {
	s := mixup.CutSampler{Alpha: 1, PerSample: true}
	sizes := []int{4, 6}
	d := &Dataset{CutMix: &s, Source: &source{batches: len(sizes), noSpec: true, make: func(number int) (list, list) {
		side := sizes[number]
		return list{tensor(wild(n*side*side), n, side, side, 1)}, nil
	}}}
	for number, b := range epoch(t, d.Map(backend())) {
		side := sizes[number]
		drawn := s
		drawn.Image = mixup.Image{Channels: 1, Height: side, Width: side, Layout: mixup.NHWC}
		drawn.Src = stream(0, 0, uint64(number))
		var c mixup.Cut
		drawn.Sample(&c, n)
		want := wild(n * side * side)
		c.Apply(want)
		check(t, fmt.Sprintf("minibatch %d", number), b.Inputs[0], want, n, side, side, 1)
	}
}
