package gomlx

import (
	"testing"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/seed-7466c776/mixup"
)

// BenchmarkMix compares both ways to mix on GoMLX's backend in Go, for 128 images of
// CIFAR.
func BenchmarkMix(b *testing.B) {
	const rows, size = 128, 3072
	x := tensor(values(0, rows*size), rows, size)
	s := mixup.Sampler{Alpha: 1}
	b.Run("op=host", func(b *testing.B) {
		d := &Dataset{Sampler: s, Source: &source{batches: b.N, make: func(int) (inputs, labels list) { return list{x}, nil }}}
		b.SetBytes(rows * size * 4)
		for _, err := range d.Iter() {
			if err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("op=graph", func(b *testing.B) {
		d := &Dataset{Sampler: s, Source: &source{batches: b.N, noSpec: true, make: func(int) (inputs, labels list) { return list{x}, nil }}}
		modelFn := Model(func(_ *model.Scope, inputs []*graph.Node) []*graph.Node { return inputs })
		var exec *model.Exec
		b.SetBytes(rows * size * 4)
		for minibatch, err := range d.InGraph().Iter() {
			if err != nil {
				b.Fatal(err)
			}
			if exec == nil {
				exec = model.MustNewExec(backend(), model.NewStore(), func(scope *model.Scope, inputs []*graph.Node) []*graph.Node {
					scope.Store().SetTraining(inputs[0].Graph(), true)
					return modelFn(scope, minibatch.Spec, inputs)
				})
			}
			outputs, err := exec.Call(anys(minibatch.Inputs)...)
			if err != nil {
				b.Fatal(err)
			}
			for _, y := range outputs {
				y.MustFinalizeAll()
			}
		}
	})
}
