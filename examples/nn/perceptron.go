// The net that most programs begin with.

package nn

import (
	"fmt"
	"math/rand/v2"
)

// Perceptron returns a multilayer perceptron: linear layers with rectifiers
// between them. The widths are the number of features of the input, those of the
// hidden layers, and that of the output.
func Perceptron(src rand.Source, widths ...int) *Net {
	if len(widths) < 2 {
		panic(fmt.Sprintf("nn: perceptron of widths %v, want two or more", widths))
	}
	var layers []Layer
	for i, in := range widths[:len(widths)-1] {
		if i > 0 {
			layers = append(layers, &ReLU{})
		}
		layers = append(layers, NewDense(in, widths[i+1], src))
	}
	return New(widths[0], layers...)
}
