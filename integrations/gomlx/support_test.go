package gomlx

import (
	"io"
	"slices"
	"testing"

	"github.com/gomlx/gomlx/backends"
	_ "github.com/gomlx/gomlx/backends/simplego"
	"github.com/gomlx/gomlx/pkg/core/tensors"
	"github.com/seed-7466c776/mixup"
)

const (
	n       = 6 // rows of a minibatch
	dim     = 3
	classes = 4
)

// A source yields so many minibatches in each epoch. The spec of each is its
// number, counted over all epochs. Its Yield is not safe for concurrent use.
type source struct {
	batches int
	keeps   bool // the tensors, so that they are not to be finalized
	make    func(number int) (inputs, labels []*tensors.Tensor)

	number, inEpoch int
}

func (s *source) Name() string                 { return "source" }
func (s *source) Reset()                       { s.inEpoch = 0 }
func (s *source) IsOwnershipTransferred() bool { return !s.keeps }

func (s *source) Yield() (spec any, inputs, labels []*tensors.Tensor, err error) {
	if s.inEpoch == s.batches {
		return nil, nil, nil, io.EOF
	}
	inputs, labels = s.make(s.number)
	spec = s.number
	s.number++
	s.inEpoch++
	return spec, inputs, labels, nil
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

// classification makes minibatches of integer labels.
func classification(number int) (inputs, labels []*tensors.Tensor) {
	var y []int32
	for _, class := range classesOf(number) {
		y = append(y, int32(class))
	}
	return []*tensors.Tensor{tensors.FromFlatDataAndDimensions(values(number, n*dim), n, dim)},
		[]*tensors.Tensor{tensors.FromFlatDataAndDimensions(y, n, 1)}
}

// drawn returns what s draws for a minibatch.
func drawn(s mixup.Sampler, seed uint64, rank int, step uint64) *mixup.Mix {
	stream := mixup.NewStream(seed, rank)
	stream.Seek(step)
	s.Src = stream
	var m mixup.Mix
	s.Sample(&m, n)
	return &m
}

// mixed returns the inputs of a minibatch, mixed by m.
func mixed(m *mixup.Mix, number int) []float32 {
	x := values(number, n*dim)
	m.Apply(x)
	return x
}

func flat[T int32 | float32](t *testing.T, x *tensors.Tensor) []T {
	t.Helper()
	v, err := tensors.CopyFlatData[T](x)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// yield returns the next minibatch of d.
func yield(t *testing.T, d *Dataset) (spec any, inputs, labels []*tensors.Tensor) {
	t.Helper()
	spec, inputs, labels, err := d.Yield()
	if err != nil {
		t.Fatal(err)
	}
	return spec, inputs, labels
}

// check compares a tensor with its wanted shape and values.
func check[T int32 | float32](t *testing.T, name string, got *tensors.Tensor, want []T, dims ...int) {
	t.Helper()
	if !slices.Equal(got.Shape().Dimensions, dims) {
		t.Errorf("%s: shape %v, want %v", name, got.Shape(), dims)
		return
	}
	if v := flat[T](t, got); !slices.Equal(v, want) {
		t.Errorf("%s: got %v, want %v", name, v, want)
	}
}

func newBackend(t *testing.T) backends.Backend {
	t.Helper()
	b, err := backends.NewWithConfig("go")
	if err != nil {
		t.Fatal(err)
	}
	return b
}
