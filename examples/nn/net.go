// Layers in a chain.

package nn

import "fmt"

// A Net is a chain of layers.
type Net struct {
	layers []Layer
	width  []int       // features that go into layer i; last, those that come out of the net
	params []*Param    // of all layers
	out    [][]float32 // out[i] is the output of layer i
	grad   [][]float32 // grad[i] is the gradient with respect to out[i]; the last one is the caller's
}

// New returns the chain of layers for rows of in features.
func New(in int, layers ...Layer) *Net {
	if in <= 0 || len(layers) == 0 {
		panic(fmt.Sprintf("nn: net of %d layers for rows of %d features, want positive numbers", len(layers), in))
	}
	n := &Net{
		layers: layers,
		width:  []int{in},
		out:    make([][]float32, len(layers)),
		grad:   make([][]float32, len(layers)),
	}
	for _, l := range layers {
		in = l.Out(in)
		n.width = append(n.width, in)
		n.params = append(n.params, l.Params()...)
	}
	return n
}

// Params returns the parameters of all layers, from first to last.
func (n *Net) Params() []*Param { return n.params }

// Forward returns what comes out for the rows x in training. The caller must
// leave x alone until Backward is done. The result is valid until the next
// Forward or Predict, and may be written to.
func (n *Net) Forward(x []float32) []float32 { return n.forward(x, Train) }

// Predict is Forward with the layers in [Eval] mode. Backward may follow it, as
// it does where the gradient is taken with respect to the input.
func (n *Net) Predict(x []float32) []float32 { return n.forward(x, Eval) }

func (n *Net) forward(x []float32, mode Mode) []float32 {
	rows := len(x) / n.width[0]
	if rows == 0 || len(x) != rows*n.width[0] {
		panic(fmt.Sprintf("nn: input has %d elements, want a positive multiple of %d", len(x), n.width[0]))
	}
	for i, l := range n.layers {
		n.out[i] = resize(n.out[i], rows*n.width[i+1])
		l.Forward(n.out[i], x, mode)
		x = n.out[i]
	}
	return x
}

// Backward takes the gradient of the loss with respect to what the last Forward
// or Predict returned, and sets the gradients of all parameters.
func (n *Net) Backward(dy []float32) { n.BackwardTo(nil, dy) }

// BackwardTo is Backward that also sets dx to the gradient with respect to the
// input, unless dx is nil.
func (n *Net) BackwardTo(dx, dy []float32) {
	last := len(n.layers) - 1
	if len(dy) != len(n.out[last]) {
		panic(fmt.Sprintf("nn: output gradient has %d elements, want %d", len(dy), len(n.out[last])))
	}
	if want := len(dy) / n.width[last+1] * n.width[0]; dx != nil && len(dx) != want {
		panic(fmt.Sprintf("nn: input gradient has %d elements, want %d", len(dx), want))
	}
	for i := last; i > 0; i-- {
		n.grad[i-1] = resize(n.grad[i-1], len(n.out[i-1]))
		n.layers[i].Backward(n.grad[i-1], dy)
		dy = n.grad[i-1]
	}
	n.layers[0].Backward(dx, dy)
}

// Finite reports whether all parameters are finite numbers. If they are not, the
// optimiser's rate was too high.
func (n *Net) Finite() bool {
	for _, p := range n.params {
		for _, v := range p.Value {
			if v-v != 0 {
				return false
			}
		}
	}
	return true
}
