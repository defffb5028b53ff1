// The fully connected layer.

package nn

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// Dense is a fully connected layer: y = W·x + b for every row x.
type Dense struct {
	Weight *Param // out × in, row-major
	Bias   *Param // out

	in, out int
	x       []float32 // of the last Forward
	turned  []float32 // the transpose of the output's gradient
	product product
}

// NewDense returns a layer from in to out features. Its weights are normal
// with variance 2/in, which keeps the variance of activations through ReLU
// layers (He et al. 2015, "Delving deep into rectifiers"), and its biases zero.
func NewDense(in, out int, src rand.Source) *Dense {
	if in <= 0 || out <= 0 {
		panic(fmt.Sprintf("nn: dense layer from %d to %d features, want positive numbers", in, out))
	}
	d := &Dense{Weight: newParam(out * in), Bias: newParam(out), in: in, out: out}
	normal(d.Weight.Value, math.Sqrt(2/float64(in)), src)
	return d
}

// Out returns the number of output features.
func (d *Dense) Out(in int) int {
	if in != d.in {
		panic(fmt.Sprintf("nn: dense layer is given rows of %d features, want %d", in, d.in))
	}
	return d.out
}

// Params returns the weights and the biases.
func (d *Dense) Params() []*Param { return []*Param{d.Weight, d.Bias} }

// Forward implements [Layer].
func (d *Dense) Forward(y, x []float32, _ Mode) {
	d.x = x
	for row := y; len(row) > 0; row = row[d.out:] {
		copy(row, d.Bias.Value)
	}
	d.product.addTransposed(y, x, d.Weight.Value, d.in)
}

// Backward implements [Layer].
func (d *Dense) Backward(dx, dy []float32) {
	d.turned = resize(d.turned, len(dy))
	transpose(d.turned, dy, d.out)
	d.product.multiply(d.Weight.Grad, d.turned, d.x, len(dy)/d.out)
	clear(d.Bias.Grad)
	for row := dy; len(row) > 0; row = row[d.out:] {
		add(d.Bias.Grad, row[:d.out])
	}
	if dx != nil {
		d.product.multiply(dx, dy, d.Weight.Value, d.out)
	}
}
