// Dropout.

package nn

import (
	"fmt"
	"math/rand/v2"
)

// Dropout sets a part of the values to zero in training, chosen anew in every
// Forward, and divides the others by the share that is left (Srivastava et al.
// 2014, "Dropout: a simple way to prevent neural networks from overfitting").
// In [Eval] mode it changes nothing.
//
// With a mixup.Stream as Src that is moved to every step before Forward, what is
// dropped is a function of the seed and the step, so that a run can be resumed.
type Dropout struct {
	P   float64     // probability that a value is dropped, in [0, 1)
	Src rand.Source // must not be nil

	scale []float32 // what the values of the last Forward were multiplied by
}

// Out returns in.
func (l *Dropout) Out(in int) int {
	if !(0 <= l.P && l.P < 1) {
		panic(fmt.Sprintf("nn: dropout with probability %v, want one in [0, 1)", l.P))
	}
	return in
}

// Params returns none.
func (*Dropout) Params() []*Param { return nil }

// Forward implements [Layer].
func (l *Dropout) Forward(y, x []float32, mode Mode) {
	l.scale = resize(l.scale, len(x))
	if mode != Train {
		fill(l.scale, 1)
		copy(y, x)
		return
	}
	drop := uint64(l.P * (1 << 32))
	scale := float32(1 / (1 - l.P))
	var bits uint64
	for i, v := range x {
		if i%2 == 0 {
			bits = l.Src.Uint64()
		} else {
			bits >>= 32
		}
		l.scale[i] = scale
		if bits&(1<<32-1) < drop {
			l.scale[i] = 0
		}
		y[i] = v * l.scale[i]
	}
}

// Backward implements [Layer].
func (l *Dropout) Backward(dx, dy []float32) {
	if dx == nil {
		return
	}
	for i, v := range dy {
		dx[i] = v * l.scale[i]
	}
}
