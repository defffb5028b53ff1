package gomlx_test

import (
	"iter"
	"os"
	"strings"
	"testing"

	"github.com/gomlx/compute/gobackend"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train"
	"github.com/gomlx/gomlx/ml/train/loss"
	"github.com/gomlx/gomlx/ml/train/optimizer"
	"github.com/seed-7466c776/mixup/integrations/gomlx"
)

// TestREADME checks that each block of Go in README.md stands in the program or in
// the examples, so that it compiles.
func TestREADME(t *testing.T) {
	read := func(name string) string {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	compiled := unindent(read("rings/main.go") + read("example_test.go"))
	blocks := strings.Split(read("README.md"), "```go\n")[1:]
	if len(blocks) < 5 {
		t.Errorf("%d blocks of Go, want at least 5", len(blocks))
	}
	for _, block := range blocks {
		block, _, _ := strings.Cut(block, "```")
		if !strings.Contains(compiled, unindent(block)) {
			t.Errorf("README.md has\n%s, want lines of rings/main.go or example_test.go", block)
		}
	}
}

// unindent takes away what lines begin with.
func unindent(s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		b.WriteString(strings.TrimLeft(line, "\t"))
	}
	return b.String()
}

// pictures yields minibatches of images.
type pictures struct {
	images func() *tensors.Tensor
	steps  int
}

func (p pictures) Name() string { return "pictures" }

func (p pictures) Iter() iter.Seq2[train.Batch, error] {
	return func(yield func(train.Batch, error) bool) {
		for range p.steps {
			labels := tensors.FromFlatDataAndDimensions([]int32{3, 1, 4, 1}, 4, 1)
			if !yield(train.Batch{Inputs: []*tensors.Tensor{p.images()}, Labels: []*tensors.Tensor{labels}}, nil) {
				return
			}
		}
	}
}

// TestExamples checks that the examples of README.md train: every loss is finite.
func TestExamples(t *testing.T) {
	const steps = 3
	floats := pictures{func() *tensors.Tensor {
		return tensors.FromFlatDataAndDimensions(make([]float32, 4*3072), 4, 3, 32, 32)
	}, steps}
	bytes := pictures{func() *tensors.Tensor { return tensors.FromFlatDataAndDimensions(make([]uint8, 4*3072), 4, 32, 32, 3) }, steps}
	flat := pictures{func() *tensors.Tensor { return tensors.FromFlatDataAndDimensions(make([]float32, 4*5), 4, 5) }, steps}
	cutBytes := &gomlx.Dataset{Source: bytes, Inputs: []int{}}
	sparse := loss.SparseCategoricalCrossEntropyLogits
	for _, tc := range []struct {
		name  string
		ds    train.Dataset
		model train.ModelFn
		loss  loss.LossFn
	}{
		{"manifold", manifoldOf(flat), gomlx.Model(manifold), sparse},
		{"pixels", cutBytes.InGraph(), gomlx.Model(pixels), sparse},
		{"map", mapped(gobackend.GetBackend(), flat), gomlx.Model(manifold), loss.CategoricalCrossEntropyLogits},
		{"boxes", boxes(floats), gomlx.Model(flattened), sparse},
		{"by hand", byHand(flat), gomlx.Model(flattened), sparse},
	} {
		t.Run(tc.name, func(t *testing.T) {
			// The models are wrapped already, so the trainer is GoMLX's.
			trainer := train.NewTrainer(gobackend.GetBackend(), model.NewStore(), tc.model, gomlx.Loss(tc.loss), optimizer.Adam().Done(), nil, nil)
			if _, err := train.NewLoop(trainer).RunSteps(tc.ds, steps); err != nil { // an infinite loss is an error
				t.Error(err)
			}
		})
	}
}
