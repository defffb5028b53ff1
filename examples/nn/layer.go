// Package nn is a small trainer of feed-forward networks, enough to show what
// mixup does to one.
//
// A minibatch is a flat []float32 of rows × features in row-major order, the
// layout that package mixup works on. A [Net] is a chain of layers, its loss is
// the caller's, and the gradient of the loss with respect to the logits is what
// goes into [Net.Backward]:
//
//	net := nn.New(784,
//		nn.NewDense(784, 128, src), &nn.ReLU{},
//		nn.NewDense(128, 10, src))
//	opt := nn.NewAdam()
//	for x, labels := range minibatches {
//		sampler.Sample(&m, len(labels))
//		m.Apply(x, dim)
//		loss := ce.Mixed(grad, net.Forward(x), &m, labels, classes)
//		net.Backward(grad)
//		opt.Step(net.Params())
//	}
//
// Images are rows of channels × height × width, the order of package datasets;
// [Conv2D] and [MaxPool] take them. [Upsample], [Skip] and [ChannelsLast] make
// nets that classify every pixel. [Dropout] and [Mix], which mixes hidden
// activations, are at work in training only.
//
// Once the minibatch has reached its size a step allocates nothing.
//
// Results depend on the seed, not on GOMAXPROCS. Rounding depends on the machine
// too, and may change what comes out of long training. On amd64 with AVX2 and FMA,
// except under macOS, matrices are multiplied by package vek32 of
// github.com/viterin/vek, whose multiply-adds are fused. All these processors get
// the same digits. Other machines, and programs built with the tag purego, use
// gonum's blas32, which takes about three times as long at the sizes of
// convolutions and gets the same digits on all processors of an architecture.
// [Products] tells which of them is used. Outside of products, the compiler fuses
// multiply-adds on arm64 and some other architectures, and on amd64 if the
// program is built with GOAMD64=v3, so that these builds get digits of their own.
//
// Nets, layers and optimisers are not safe for concurrent use.
//
// Functions panic on shapes that do not fit, with a message that begins with
// "nn: ".
package nn

import (
	"encoding"
	"fmt"
	"math/rand/v2"

	"gonum.org/v1/gonum/blas/blas32"

	"github.com/seed-7466c776/mixup/examples/datasets"
)

// A Layer maps rows of features to rows of features, and gradients back.
// Layers that work row by row and those that look at the whole minibatch, with
// parameters and without, fit it alike.
type Layer interface {
	// Out returns the number of features that come out for rows of in features.
	// It panics if the layer cannot take such rows.
	Out(in int) int

	// Forward computes the output y of the rows x. The layer may keep x, and
	// nothing else that is not its own, until Backward.
	Forward(y, x []float32, mode Mode)

	// Backward takes dy, the gradient of the loss with respect to the output of
	// the last Forward, and overwrites the gradients of the layer's parameters
	// with theirs and dx with that of the input. A nil dx is not computed.
	Backward(dx, dy []float32)

	// Params returns the parameters, the same ones in the same order each time.
	Params() []*Param
}

// Mode tells a layer what its output is for.
type Mode int

const (
	Train Mode = iota // a step of training
	Eval              // a prediction: nothing random
)

// A Param is a tensor that an optimiser changes.
type Param struct {
	Value []float32
	Grad  []float32 // of the loss, set by Backward; len(Value)
}

func newParam(n int) *Param {
	return &Param{Value: make([]float32, n), Grad: make([]float32, n)}
}

// An Optimizer changes parameters along their gradients. As bytes it is what it
// carries from one step to the next, without its settings.
type Optimizer interface {
	encoding.BinaryMarshaler
	encoding.BinaryUnmarshaler

	// Step takes one step. Every call must be given the same parameters in the
	// same order, since an optimiser has a state for each. Step panics if the state,
	// which may come from another program, is of other parameters.
	Step(params []*Param)
}

// normal sets x to normal numbers of mean zero and standard deviation sigma.
func normal(x []float32, sigma float64, src rand.Source) {
	r := rand.New(src)
	for i := range x {
		x[i] = float32(sigma * r.NormFloat64())
	}
}

// outSize returns the size of out for a layer that takes images of shape in. It
// panics if rows with that number of features are no such images.
func outSize(layer string, features int, in, out datasets.Shape) int {
	if features != in.Size() {
		panic(fmt.Sprintf("nn: %s is given rows of %d features, want %d for images of %v", layer, features, in.Size(), in))
	}
	return out.Size()
}

// resize returns a slice of n elements that reuses buf's memory if it can. The
// elements are unspecified.
func resize[T any](buf []T, n int) []T {
	if cap(buf) < n {
		return make([]T, n)
	}
	return buf[:n]
}

// row returns row i of x, which has rows of n elements.
func row[T any](x []T, i, n int) []T { return x[i*n:][:n] }

// fill sets all elements of x to v.
func fill(x []float32, v float32) {
	for i := range x {
		x[i] = v
	}
}

// add adds x to sum.
func add(sum, x []float32) {
	blas32.Axpy(1, blas32.Vector{N: len(x), Data: x, Inc: 1}, blas32.Vector{N: len(sum), Data: sum, Inc: 1})
}
