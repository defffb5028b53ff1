package gomlx

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/gomlx/compute/distributed"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train"
	"github.com/gomlx/gomlx/ml/train/loss"
	"github.com/gomlx/gomlx/ml/train/optimizer"
	"github.com/seed-7466c776/mixup"
	"gonum.org/v1/gonum/stat/distuv"
)

func zeros(dtype dtypes.DType, dims ...int) *tensors.Tensor {
	return tensors.FromShape(shapes.Make(dtype, dims...))
}

// TestErrors checks that what does not fit is an error, and that the source's
// tensors are then as they were.
func TestErrors(t *testing.T) {
	x := func(dims ...int) *tensors.Tensor {
		return tensor(values(0, shapes.Make(dtypes.Float32, dims...).Size()), dims...)
	}
	finalized := x(n, dim)
	finalized.MustFinalizeAll()
	good := list{x(n, dim)}
	ints := integers[int32](classesOf(0), n, 1)
	classes10 := integers[int32]([]int{0, 1, 2, 10, 4, 5}, n, 1)
	cut := &mixup.CutSampler{Alpha: 1}
	on := mixup.Sampler{Alpha: 1}
	img := mixup.Image{Channels: 1, Height: 4, Width: 5}
	const in, fields = `gomlx: mixup of dataset "source": `, "gomlx: Dataset: "
	for _, tc := range []struct {
		name           string
		d              *Dataset
		inputs, labels list
		want           string
	}{
		{"no inputs", &Dataset{}, nil, nil, in + "there are no inputs"},
		{"scalar", &Dataset{}, list{x()}, nil, in + "inputs[0]: shape is (Float32), want a first axis of rows"},
		{"integer inputs", &Dataset{}, list{x(n, dim), zeros(dtypes.Int32, n, dim)}, nil, in + "inputs[1]: dtype is Int32, want a float or Uint8, or Inputs that leaves it out"},
		{"rows of inputs", &Dataset{}, list{x(n, dim), x(n+1, dim)}, nil, in + "inputs[1]: shape is (Float32)[7, 3], want 6 rows as in inputs[0]"},
		{"rows of labels", &Dataset{}, good, list{x(n - 1)}, in + "labels[0]: shape is (Float32)[5], want 6 rows as in inputs[0]"},
		{"nil", &Dataset{}, list{nil}, nil, in + "inputs[0]: Tensor is nil"},
		{"finalized", &Dataset{}, list{finalized}, nil, in + "inputs[0]: Tensor shape is invalid"},
		{"number of an input", &Dataset{Inputs: []int{1}}, good, nil, in + "number 1 in Inputs, want numbers of the 1 inputs"},
		{"packed labels", &Dataset{Sampler: on}, good, list{zeros(dtypes.Int4, n)}, in + "labels[0]: shape is (Int4)[6], want floats, or an integer or bool for each of 6 rows"},
		{"rows of integers", &Dataset{Sampler: on, Classes: 3}, good, list{zeros(dtypes.Int32, n, 2)}, in + "labels[0]: shape is (Int32)[6, 2], want floats, or an integer or bool for each of 6 rows"},
		{"pixels under mixup", &Dataset{Sampler: on}, list{x(n, 4, 5, 1)}, list{zeros(dtypes.Int32, n, 4, 5)}, in + "labels[0]: shape is (Int32)[6, 4, 5], want floats, or an integer or bool for each of 6 rows, or InGraph, whose loss is that of all terms"},
		{"packed pixels", &Dataset{CutMix: cut}, list{x(n, 4, 5, 1)}, list{zeros(dtypes.Int4, n, 4, 5)}, in + "labels[0]: shape is (Int4)[6, 4, 5], want floats, or an integer or bool for each of 6 rows"},
		{"complex pixels", &Dataset{CutMix: cut}, list{x(n, 4, 5, 1)}, list{zeros(dtypes.Complex64, n, 4, 5)}, in + "labels[0]: shape is (Complex64)[6, 4, 5], want floats, or an integer or bool for each of 6 rows"},
		{"class", &Dataset{Sampler: on, Classes: 10}, good, list{classes10}, in + "labels[0]: row 3: label 10, want a class in [0, 10) or Ignore"},
		{"negative class", &Dataset{Sampler: on, Classes: 10}, good, list{integers[int64]([]int{0, -1, 0, 0, 0, 0}, n)}, in + "labels[0]: row 1: label -1, want a class in [0, 10) or Ignore"},
		{"large class", &Dataset{Sampler: on, Classes: 10}, good, list{integers[uint64]([]int{0, 0, mixup.Ignore, 0, 0, 0}, n)}, in + "labels[0]: row 2: label 18446744073709551516, want a class in [0, 10) or Ignore"},
		{"too many weights", &Dataset{Weights: 2}, good, list{ints}, in + "2 Weights, want at most the 1 labels"},
		{"shape of weights", &Dataset{Weights: 1}, good, list{ints, x(n, 1)}, in + "labels[1]: shape is (Float32)[6, 1], want floats or bool of shape [6], as one of Weights"},
		{"weights of targets", &Dataset{Weights: 1}, good, list{x(n), x(n)}, in + "1 Weights, want integer labels of shape [n] or [n, 1] beside them"},
		{"weights of soft targets", &Dataset{Weights: 1, Classes: 4}, good, list{ints, x(n)}, fields + "Weights = 1, want Classes = 0: a row of soft targets has one weight, not one for each term"},
		{"weights beside soft targets", &Dataset{Classes: 4}, good, list{ints, x(n)}, in + "labels[1]: shape is (Float32)[6], which losses take for sample weights or a mask, want it counted by Weights, or shape [6, 1] for a target"},
		{"weights beside floats", &Dataset{}, good, list{x(n, 4), x(n)}, in + "labels[1]: shape is (Float32)[6], which losses take for sample weights or a mask, want it counted by Weights, or shape [6, 1] for a target"},
		{"a mask beside floats", &Dataset{}, good, list{x(n, 4), zeros(dtypes.Bool, n)}, in + "labels[1]: shape is (Bool)[6], which losses take for sample weights or a mask, want it counted by Weights, or shape [6, 1] for a target"},
		{"weights and a mask", &Dataset{Weights: 1}, good, list{ints, x(n), zeros(dtypes.Bool, n)}, in + "labels[1]: shape is (Float32)[6], which losses take for sample weights or a mask, want it counted by Weights, or shape [6, 1] for a target"},
		{"all left to the model", &Dataset{Inputs: []int{}, Classes: 4}, good, list{ints}, in + errLeft.Error()},
		{"shards", &Dataset{Sampler: on, Shards: 2}, good, list{ints}, in + "2 Shards and Strategy None, want AutoSharding or SPMD, as that of the DistributedAccumulator"},
		{"strategy", &Dataset{Strategy: 7}, good, nil, fields + "Strategy = Strategy(7), want AutoSharding or SPMD, or None without shards"},
		{"negative classes", &Dataset{Classes: -1}, good, nil, fields + "Classes = -1, want ≥ 0"},
		{"negative weights", &Dataset{Weights: -1}, good, nil, fields + "Weights = -1, want ≥ 0"},
		{"negative rank", &Dataset{Rank: -1}, good, nil, fields + "Rank = -1, want ≥ 0"},
		{"negative shards", &Dataset{Shards: -1}, good, nil, fields + "Shards = -1, want ≥ 0"},
		{"smoothing", &Dataset{Smoothing: 2, Classes: 3}, good, nil, fields + "Smoothing = 2, want 0 ≤ Smoothing ≤ 1"},
		{"smoothing of nothing", &Dataset{Smoothing: 0.1}, good, nil, fields + "Smoothing = 0.1, want Classes set, as it is for soft targets"},
		{"sampler", &Dataset{Sampler: mixup.Sampler{Alpha: -1}}, good, nil, "mixup: Sampler: Alpha = -1, want ≥ 0"},
		{"source", &Dataset{Sampler: mixup.Sampler{Src: rand.NewPCG(1, 2)}}, good, nil, fields + "Sampler has a Src, which no step determines, want Seed"},
		{"cut source", &Dataset{CutMix: &mixup.CutSampler{Src: rand.NewPCG(1, 2)}}, good, nil, fields + "CutMix has a Src, which no step determines, want Seed"},
		{"source of the cut's mixup", &Dataset{CutMix: &mixup.CutSampler{Mixup: mixup.Sampler{Src: rand.NewPCG(1, 2)}}}, good, nil, fields + "CutMix has a Src, which no step determines, want Seed"},
		{"lambda", &Dataset{Sampler: mixup.Sampler{Lambda: distuv.UnitUniform}}, good, nil, fields + "Sampler has a Lambda, which no step determines, want Alpha or Draw"},
		{"cut sampler", &Dataset{CutMix: &mixup.CutSampler{Alpha: -1, Image: img}}, good, nil, "mixup: CutSampler: Alpha = -1, want ≥ 0"},
		{"cut sampler, when the shape is known", &Dataset{CutMix: &mixup.CutSampler{Alpha: -1}}, list{x(n, 4, 5, 1)}, nil, in + "mixup: CutSampler: Alpha = -1, want ≥ 0"},
		{"cut lambda", &Dataset{CutMix: &mixup.CutSampler{Mixup: mixup.Sampler{Lambda: distuv.UnitUniform}}}, good, nil, fields + "CutMix.Mixup has a Lambda, which no step determines, want Alpha or Draw"},
		{"two samplers", &Dataset{CutMix: cut, Sampler: on}, good, nil, fields + "CutMix is set, want no Sampler beside it; mixup is CutMix.Mixup"},
		{"draw and sampler", &Dataset{Draw: func(*Drawing) {}, Sampler: on}, good, nil, fields + "Draw is set, want neither Sampler nor CutMix beside it"},
		{"images", &Dataset{CutMix: &mixup.CutSampler{Image: img}, Image: mixup.Image{Channels: 2, Height: 4, Width: 5}}, good, nil, fields + "Image = 2×4×5 NCHW and CutMix.Image = 1×4×5 NCHW differ"},
		{"no images", &Dataset{CutMix: cut}, good, nil, in + "inputs[0]: shape is (Float32)[6, 3], want [n, height, width, channels] or [n, length, channels] for CutMix, or Image set"},
		{"one channel first", &Dataset{CutMix: cut}, list{x(n, 1, 4, 5)}, nil, in + "inputs[0]: shape is (Float32)[6, 1, 4, 5], want [n, height, width, channels] or [n, length, channels] for CutMix, or Image set"},
		{"images of another layout", &Dataset{CutMix: cut, Image: img}, list{x(n, 4, 5, 1)}, nil, in + "inputs[0]: shape is (Float32)[6, 4, 5, 1], want rows of 1×4×5 NCHW for CutMix"},
		{"images of two sizes", &Dataset{CutMix: cut}, list{x(n, 4, 5, 1), x(n, 4, 6, 1)}, nil, in + "inputs[1]: shape is (Float32)[6, 4, 6, 1], want rows of 1×4×5 NHWC for CutMix"},
		{"no image", &Dataset{CutMix: cut, Inputs: []int{}}, list{x(n, 4, 5, 1)}, nil, in + "no input is mixed, want Image set for CutMix"},
		{"labels of other pixels", &Dataset{CutMix: cut}, list{x(n, 4, 5, 1)}, list{x(n, 5, 4, 1)}, in + "labels[0]: shape is (Float32)[6, 5, 4, 1], want a vector for each row, or the pixels of 1×4×5 NHWC"},
		{"channels of bytes", &Dataset{Norm: mixup.Norm{Mean: []float32{1, 2}}}, list{zeros(dtypes.Uint8, n, 4, 3)}, nil, in + "inputs[0]: shape is (Uint8)[6, 4, 3], want 2 channels as in Norm"},
		{"bytes beside floats", &Dataset{Sampler: on, Norm: mixup.Norm{Mean: []float32{1, 2}}}, list{x(n, dim), zeros(dtypes.Uint8, n, 4, 3)}, nil, in + "inputs[1]: shape is (Uint8)[6, 4, 3], want 2 channels as in Norm"},
		{"class beside floats", &Dataset{Sampler: on, Classes: 10}, good, list{x(n, dim), classes10}, in + "labels[1]: row 3: label 10, want a class in [0, 10) or Ignore"},
		{"bytes without channels", &Dataset{Norm: mixup.Norm{Mean: make([]float32, n)}}, list{zeros(dtypes.Uint8, n)}, nil, in + "inputs[0]: shape is (Uint8)[6], want 6 channels as in Norm"},
		{"mean", &Dataset{Norm: mixup.Norm{Mean: []float32{0, float32(math.NaN())}}}, good, nil, fields + "Norm.Mean[1] = NaN, want a finite number"},
		{"std", &Dataset{Norm: mixup.Norm{Std: []float32{0, 1, 1}}}, list{zeros(dtypes.Uint8, n, 4, 3)}, nil, fields + "Norm.Std[0] = 0, want a number from 2⁻¹⁰⁰ to 2¹⁰⁰"},
		{"norm of floats", &Dataset{Norm: mixup.Norm{Mean: []float32{1, 2, 3}}}, good, nil, in + "no input of uint8 is mixed, want Norm zero"},
		{"image of bytes", &Dataset{Image: img, Norm: mixup.Norm{Mean: []float32{1}}}, list{zeros(dtypes.Uint8, n, 4, 3)}, nil, in + "inputs[0]: shape is (Uint8)[6, 4, 3], want rows of 1×4×5 NCHW for Norm"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.d.Source = once(tc.inputs, tc.labels)
			if got := failure(t, tc.d); got != tc.want {
				t.Errorf("error\n%s, want\n%s", got, tc.want)
			}
			for _, x := range slices.Concat(tc.inputs, tc.labels) {
				if x != nil && x.Ok() && x.DType() == dtypes.Float32 {
					check(t, "the source's", x, values(0, x.Size()), x.Shape().Dimensions...)
				}
			}
		})
	}
	if got := failure(t, &Dataset{}); got != fields+"Source is nil" {
		t.Errorf("error %s", got)
	}
	d := &Dataset{Source: once(good, list{ints})}
	left := &Dataset{Source: once(good, list{ints}), Inputs: []int{}, Classes: 4}
	if got, want := failure(t, left.Map(backend())), in+errLeft.Error(); got != want {
		t.Errorf("error %q, want %q", got, want)
	}
	const want = in + "integer labels and Classes = 0, want Classes set, as Map makes soft targets of them"
	if got := failure(t, d.Map(backend())); got != want {
		t.Errorf("error %q, want %q", got, want)
	}
}

// TestLabelErrors checks that labels which cannot be mixed before the loss are the same
// error, wherever they are to be mixed.
func TestLabelErrors(t *testing.T) {
	const in = `gomlx: mixup of dataset "source": labels[1]: `
	for _, tc := range []struct {
		name string
		d    Dataset
		y    *tensors.Tensor
		want string
	}{
		{"rows of integers", Dataset{}, zeros(dtypes.Int32, n, 2), in + "shape is (Int32)[6, 2], want floats, or an integer or bool for each of 6 rows"},
		{"packed", Dataset{}, zeros(dtypes.Int4, n, 1), in + "shape is (Int4)[6, 1], want floats, or an integer or bool for each of 6 rows"},
		{"other pixels", Dataset{CutMix: &mixup.CutSampler{Alpha: 1}}, zeros(dtypes.Float32, n, 5, 4), in + "shape is (Float32)[6, 5, 4], want a vector for each row, or the pixels of 1×4×5 NHWC"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.d.Classes = classes
			for name, ds := range ways(tc.d, func() *source {
				return once(list{zeros(dtypes.Float32, n, 4, 5, 1)}, list{integers[int32](classesOf(0), n, 1), tc.y})
			}) {
				if got := failure(t, ds); got != tc.want {
					t.Errorf("%s: error\n%s, want\n%s", name, got, tc.want)
				}
			}
		})
	}
}

// TestNormInGraph checks that Norm is refused where it would have no effect.
func TestNormInGraph(t *testing.T) {
	const want = `gomlx: mixup of dataset "source": mixing in a graph ignores Norm, want Normalize in the model`
	for name, ds := range ways(Dataset{Norm: mixup.Norm{Std: []float32{1, 1, 1}}}, func() *source {
		return once(list{zeros(dtypes.Uint8, n, 4, 3)}, nil)
	}) {
		got := failure(t, ds)
		if name == "host" && got != "no error" || name != "host" && got != want {
			t.Errorf("%s: error\n%s, want\n%s", name, got, want)
		}
	}
}

// TestAccepted checks the other side of what is refused.
func TestAccepted(t *testing.T) {
	for _, d := range []*Dataset{
		{Shards: 2, Strategy: distributed.SPMD},
		{Shards: 2, Strategy: distributed.AutoSharding},
		{Shards: 2, Classes: classes},
	} {
		d.Source = &source{batches: 2, make: classification}
		epoch(t, d)
	}
}

// TestGraphErrors checks that errors in a graph speak of mixup, those of GoMLX
// included: where a loss does not take what it gets, and where a trainer of GoMLX's
// own gets a draw that it does not know of.
func TestGraphErrors(t *testing.T) {
	linear := func(scope *model.Scope, x *graph.Node) *graph.Node { return graph.MulScalar(x, 2) }
	first := func(scope *model.Scope, inputs []*graph.Node) *graph.Node { return graph.MulScalar(inputs[0], 2) }
	sparse, dense := loss.SparseCategoricalCrossEntropyLogits, loss.CategoricalCrossEntropyLogits
	labelled := func() *source {
		return &source{batches: 1, noSpec: true, make: func(int) (list, list) {
			return list{tensor(values(0, n*classes), n, classes)}, list{integers[int32](classesOf(0), n, 1)}
		}}
	}
	newTrainer := func(loss loss.LossFn) *train.Trainer {
		return NewTrainer(backend(), model.NewStore(), linear, loss, optimizer.StochasticGradientDescent().Done(), nil, nil)
	}
	plain := func(loss loss.LossFn) *train.Trainer {
		return train.NewTrainer(backend(), model.NewStore(), first, loss, optimizer.StochasticGradientDescent().Done(), nil, nil)
	}
	mixing := func(mix func(x *graph.Node) *graph.Node) *train.Trainer {
		modelFn := func(_ *model.Scope, x *graph.Node) *graph.Node { return mix(x) }
		return NewTrainer(backend(), model.NewStore(), modelFn, sparse, optimizer.StochasticGradientDescent().Done(), nil, nil)
	}
	const twice = "gomlx: mixup in a model of inputs that are all mixed already, want Inputs in the Dataset, empty if the model mixes all"
	on := mixup.Sampler{Alpha: 1}
	for _, tc := range []struct {
		name    string
		trainer *train.Trainer
		d       *Dataset
		inGraph bool
		want    string
	}{
		{"soft targets for a sparse loss", newTrainer(sparse), &Dataset{Sampler: on, Classes: classes}, false, "gomlx: loss in a trainer for mixup, of labels (Float32)[6, 4] (soft targets if Classes is set)"},
		{"soft targets for a sparse loss in the graph", newTrainer(sparse), &Dataset{Sampler: on, Classes: classes}, true, "gomlx: loss in a trainer for mixup"},
		{"integers for another loss", newTrainer(dense), &Dataset{Sampler: on}, false, "gomlx: loss in a trainer for mixup"},
		{"GoMLX's trainer, soft targets for a sparse loss", plain(sparse), &Dataset{Sampler: on, Classes: classes}, false, "mixup: inputs mixed, labels mixed"},
		{"Mix of what the host has mixed", mixing(Mix), &Dataset{Sampler: on}, false, twice},
		{"Mix of what the graph has mixed", mixing(Mix), &Dataset{Sampler: on}, true, twice},
		{"MixImages of what the graph has mixed", mixing(MixImages), &Dataset{Sampler: on}, true, twice},
		{"GoMLX's trainer, draw", plain(sparse), &Dataset{Sampler: on}, false, "mixup: index, weight before the inputs, for a trainer of gomlx.NewTrainer"},
		{"GoMLX's trainer, draw for the graph", plain(sparse), &Dataset{Sampler: on}, true, "mixup: index, weight before the inputs, for a trainer of gomlx.NewTrainer"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.d.Source = labelled()
			var ds train.Dataset = tc.d
			if tc.inGraph {
				ds = tc.d.InGraph()
			}
			_, err := train.NewLoop(tc.trainer).RunSteps(ds, 1)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error\n%v, want one with\n%s", err, tc.want)
			}
		})
	}
}
