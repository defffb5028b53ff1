// Spec: what a trainer is told of minibatches that are mixed.

package gomlx

import (
	"fmt"

	"github.com/seed-7466c776/mixup"
)

// A Spec is the spec of a minibatch that the draw travels with, or of one that a
// source without a spec has yielded. GoMLX's trainer builds a graph for each spec and
// puts its String into errors of this graph. dataset.Map builds one for each String.
type Spec struct {
	Source any // the spec that the source has yielded

	dataset      *Dataset
	img          mixup.Image // shape of the images, with boxes
	draw         bool        // whether the draw travels
	mixed        bool        // whether inputs were mixed on the host
	boxes, remix bool        // whether boxes, and weights for labels, are in the draw
}

// String tells what is in a minibatch, and thereby all that a graph of Map depends on.
func (s Spec) String() string {
	var source string
	if s.Source != nil {
		source = fmt.Sprintf(" of spec %v", s.Source)
	}
	if !s.draw {
		return "mixup: inputs mixed, labels mixed (integers into soft targets)" + source
	}
	with := "index, weight"
	if s.boxes {
		with += fmt.Sprintf(", box in %v", s.img)
	}
	if s.remix {
		with += ", label weight"
	}
	return "mixup: " + with + " before the inputs, for a trainer of gomlx.NewTrainer" + source
}

// tensors returns how many tensors the draw has.
func (s Spec) tensors() int {
	n := 2
	if s.boxes {
		n++
	}
	if s.remix {
		n++
	}
	return n
}
