package gomlx

import (
	"iter"
	"math"
	"slices"
	"testing"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes/gotype"
	"github.com/gomlx/compute/gobackend"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train"
	"github.com/seed-7466c776/mixup"
)

const (
	n       = 6 // rows of a minibatch
	dim     = 3
	classes = 4
)

type list = []*tensors.Tensor

// A source yields a number of minibatches in each epoch, which it numbers over all
// epochs. The number is the spec, unless it is told not to have any.
type source struct {
	batches int
	noSpec  bool
	make    func(number int) (inputs, labels list)

	number int
}

func (s *source) Name() string { return "source" }

func (s *source) Iter() iter.Seq2[train.Batch, error] {
	return func(yield func(train.Batch, error) bool) {
		for range s.batches {
			var b train.Batch
			b.Inputs, b.Labels = s.make(s.number)
			if !s.noSpec {
				b.Spec = s.number
			}
			s.number++
			if !yield(b, nil) {
				return
			}
		}
	}
}

// once is a source of one minibatch.
func once(inputs, labels list) *source {
	return &source{batches: 1, make: func(int) (list, list) { return inputs, labels }}
}

// values returns numbers that differ from one another and from those of other
// minibatches.
func values(number, length int) []float32 {
	v := make([]float32, length)
	for i := range v {
		v[i] = float32(number*length+i) / 3
	}
	return v
}

// classesOf returns the labels of a minibatch.
func classesOf(number int) []int {
	y := make([]int, n)
	for i := range y {
		y[i] = (number + i*i) % classes
	}
	return y
}

func tensor[T gotype.Supported](v []T, dims ...int) *tensors.Tensor {
	return tensors.FromFlatDataAndDimensions(v, dims...)
}

// integers returns labels as a tensor of another type.
func integers[T int8 | int16 | int32 | int64 | uint8 | uint16 | uint32 | uint64](y []int, dims ...int) *tensors.Tensor {
	var v []T
	for _, class := range y {
		v = append(v, T(class))
	}
	return tensor(v, dims...)
}

// classification makes minibatches of integer labels.
func classification(number int) (inputs, labels list) {
	return list{tensor(values(number, n*dim), n, dim)}, list{integers[int32](classesOf(number), n, 1)}
}

// stream returns the source of a draw.
func stream(seed uint64, rank int, step uint64) *mixup.Stream {
	s := mixup.NewStream(seed, rank)
	s.Seek(step)
	return s
}

// drawn returns what s draws for a minibatch.
func drawn(s mixup.Sampler, seed uint64, rank int, step uint64) *mixup.Mix {
	s.Src = stream(seed, rank, step)
	var m mixup.Mix
	s.Sample(&m, n)
	return &m
}

// mixed returns the inputs of a minibatch, mixed by m.
func mixed(m *mixup.Mix, number int) []float32 {
	x := values(number, n*dim)
	m.Apply(x, dim)
	return x
}

func flat[T gotype.Supported](t *testing.T, x *tensors.Tensor) []T {
	t.Helper()
	v, err := tensors.CopyFlatData[T](x)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// epoch returns the minibatches of an iteration.
func epoch(t *testing.T, d train.Dataset) (all []train.Batch) {
	t.Helper()
	for b, err := range d.Iter() {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b)
	}
	return all
}

// one returns the only minibatch of an iteration.
func one(t *testing.T, d train.Dataset) train.Batch {
	t.Helper()
	all := epoch(t, d)
	if len(all) != 1 {
		t.Fatalf("%d minibatches, want 1", len(all))
	}
	return all[0]
}

// failure returns the error of an iteration.
func failure(t *testing.T, d train.Dataset) string {
	t.Helper()
	for b, err := range d.Iter() {
		if err != nil {
			if b.Inputs != nil || b.Labels != nil {
				t.Error("inputs or labels beside an error")
			}
			return err.Error()
		}
	}
	return "no error"
}

// check compares a tensor with its wanted shape and bits.
func check[T gotype.Supported](t *testing.T, name string, got *tensors.Tensor, want []T, dims ...int) {
	t.Helper()
	if !slices.Equal(got.Shape().Dimensions, dims) {
		t.Errorf("%s: shape %v, want %v", name, got.Shape(), dims)
		return
	}
	if v := flat[T](t, got); !sameBits(v, want) {
		t.Errorf("%s: got %v, want %v", name, v, want)
	}
}

// sameBits reports whether numbers are the same, with -0 and 0 told apart.
func sameBits[T gotype.Supported](a, b []T) bool {
	return slices.EqualFunc(a, b, func(x, y T) bool {
		switch x := any(x).(type) {
		case float32:
			return math.Float32bits(x) == math.Float32bits(any(y).(float32))
		case float64:
			return math.Float64bits(x) == math.Float64bits(any(y).(float64))
		}
		return x == y
	})
}

// backend is the one of GoMLX that is written in Go.
func backend() compute.Backend { return gobackend.GetBackend() }

// execute runs the model of a graph on a minibatch and returns its outputs.
func execute(t *testing.T, training bool, b train.Batch, f func(inputs, labels []*graph.Node) []*graph.Node) list {
	t.Helper()
	modelFn := Model(func(_ *model.Scope, inputs []*graph.Node) []*graph.Node { return inputs })
	exec, err := model.NewExec(backend(), model.NewStore(), func(scope *model.Scope, args []*graph.Node) []*graph.Node {
		scope.Store().SetTraining(args[0].Graph(), training)
		return f(modelFn(scope, b.Spec, args[:len(b.Inputs)]), args[len(b.Inputs):])
	})
	if err != nil {
		t.Fatal(err)
	}
	outputs, err := exec.Call(anys(slices.Concat(b.Inputs, b.Labels))...)
	if err != nil {
		t.Fatal(err)
	}
	return outputs
}

// anys returns tensors as arguments of a graph.
func anys(all list) (args []any) {
	for _, x := range all {
		args = append(args, x)
	}
	return args
}
