package gomlx

import (
	"math/rand"
	"slices"
	"testing"

	"github.com/gomlx/gomlx/pkg/core/graph"
	"github.com/gomlx/gomlx/pkg/core/tensors"
	"github.com/gomlx/gomlx/pkg/ml/context"
	"github.com/gomlx/gomlx/pkg/ml/datasets"
	"github.com/gomlx/gomlx/pkg/ml/layers/fnn"
	"github.com/gomlx/gomlx/pkg/ml/train"
	"github.com/gomlx/gomlx/pkg/ml/train/losses"
	"github.com/gomlx/gomlx/pkg/ml/train/metrics"
	"github.com/gomlx/gomlx/pkg/ml/train/optimizers"
	"github.com/seed-7466c776/mixup"
)

// TestTraining checks with GoMLX's loop that a run depends on the seed, and not
// on minibatches being prepared ahead.
func TestTraining(t *testing.T) {
	backend := newBackend(t)
	points := [][]float32{{0, 0}, {1, 0}, {0, 1}, {1, 1}, {2, 0}, {0, 2}, {2, 1}, {1, 2}}
	labels := [][]int32{{0}, {1}, {1}, {0}, {0}, {0}, {1}, {1}}
	data := func() *datasets.InMemoryDataset {
		ds, err := datasets.InMemoryFromData(backend, "points", []any{points}, []any{labels})
		if err != nil {
			t.Fatal(err)
		}
		return ds.BatchSize(4, true).RandomWithReplacement().WithRand(rand.New(rand.NewSource(1)))
	}
	// own is the accuracy with respect to the labels of the rows themselves.
	own := func(ctx *context.Context, labels, predictions []*graph.Node) *graph.Node {
		return metrics.SparseCategoricalAccuracyGraph(ctx, labels[:1], predictions)
	}
	// fit trains for some epochs of two steps and returns the losses of the
	// steps and that of the evaluation.
	fit := func(ds train.Dataset) (all []float32) {
		t.Helper()
		ctx := context.New()
		if err := ctx.SetRNGStateFromSeed(1); err != nil {
			t.Fatal(err)
		}
		model := func(ctx *context.Context, spec any, inputs []*graph.Node) []*graph.Node {
			return []*graph.Node{fnn.New(ctx, inputs[0], 2).NumHiddenLayers(1, 8).Done()}
		}
		trainer := train.NewTrainer(backend, ctx, model, Loss(losses.SparseCategoricalCrossEntropyLogits), optimizers.Adam().Done(),
			[]metrics.Interface{metrics.NewMeanMetric("Accuracy of ya", "acc", metrics.AccuracyMetricType, own, nil)},
			[]metrics.Interface{metrics.NewSparseCategoricalAccuracy("Accuracy", "acc")})
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
		results, err := trainer.Eval(data())
		if err != nil {
			t.Fatal(err)
		}
		return append(all, results[0].Value().(float32))
	}
	mixed := func(alpha float64, seed uint64) *Dataset {
		return &Dataset{Source: data(), Sampler: mixup.Sampler{Alpha: alpha}, Seed: seed}
	}

	want := fit(mixed(1, 1))
	for _, tc := range []struct {
		name string
		ds   train.Dataset
		same bool
	}{
		{"repeated", mixed(1, 1), true},
		{"ReadAhead", datasets.ReadAhead(mixed(1, 1), 3), true},
		{"Freeing", datasets.Freeing(mixed(1, 1)), true},
		{"another seed", mixed(1, 2), false},
		{"ERM", mixed(0, 1), false},
	} {
		if got := fit(tc.ds); slices.Equal(got, want) != tc.same {
			t.Errorf("%s: losses\n%v, mixed at first\n%v, want equality %v", tc.name, got, want, tc.same)
		}
	}
	if got, want := fit(mixed(0, 1)), fit(data()); !slices.Equal(got, want) {
		t.Errorf("losses of the zero Sampler\n%v, want those without\n%v", got, want)
	}
}
