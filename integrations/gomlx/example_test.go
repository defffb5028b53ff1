// The code of README.md.

package gomlx_test

import (
	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/layers"
	"github.com/gomlx/gomlx/ml/layers/activation"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train"
	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/integrations/gomlx"
)

// manifold mixes a hidden layer.
func manifold(scope *model.Scope, x *graph.Node) *graph.Node {
	h := activation.Relu(layers.Dense(scope.In("hidden"), x, true, 64))
	h = gomlx.Mix(h)
	return layers.Dense(scope.In("logits"), h, true, 10)
}

// manifoldOf leaves the mixing to the model.
func manifoldOf(trainDS train.Dataset) train.Dataset {
	hidden := &gomlx.Dataset{Source: trainDS, Sampler: mixup.Sampler{Alpha: 2}, Inputs: []int{}}
	return hidden.InGraph()
}

// pixels normalises and mixes images of uint8.
func pixels(scope *model.Scope, x *graph.Node) *graph.Node {
	norm := mixup.Norm{Mean: []float32{0.49, 0.48, 0.45}, Std: []float32{0.25, 0.24, 0.26}}
	x = gomlx.MixImages(gomlx.Normalize(x, norm, mixup.NHWC))
	return layers.Dense(scope, graph.Reshape(x, x.Shape().Dimensions[0], -1), true, 10)
}

// mapped mixes before the model.
func mapped(backend compute.Backend, trainDS train.Dataset) train.Dataset {
	mixedDS := (&gomlx.Dataset{Source: trainDS, Sampler: mixup.Sampler{Alpha: 0.2}, Classes: 10}).Map(backend)
	return mixedDS
}

// boxes is CutMix and mixup in turn, for channels-first images.
func boxes(trainDS train.Dataset) train.Dataset {
	cut := &mixup.CutSampler{
		Image: mixup.Image{Channels: 3, Height: 32, Width: 32, Layout: mixup.NCHW},
		Alpha: 1, Switch: 0.5, Mixup: mixup.Sampler{Alpha: 0.8},
	}
	return &gomlx.Dataset{Source: trainDS, CutMix: cut, Seed: 1}
}

// byHand pairs rows of different classes, and stops mixing at a step.
func byHand(trainDS train.Dataset) train.Dataset {
	return &gomlx.Dataset{Source: trainDS, Draw: func(d *gomlx.Drawing) {
		s := mixup.Sampler{Alpha: 0.2, Src: d.Src}
		if d.Step >= 50000 {
			s.Alpha = 0
		}
		partner := make([]int, d.Rows)
		mixup.OtherClass(partner, d.Labels, d.Src)
		s.SamplePairs(&d.Mix, partner)
	}}
}

// flattened is a linear model.
func flattened(scope *model.Scope, x *graph.Node) *graph.Node {
	return layers.Dense(scope, graph.Reshape(x, x.Shape().Dimensions[0], -1), true, 10)
}
