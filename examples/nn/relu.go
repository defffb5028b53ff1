// The rectifier.

package nn

import "math"

// ReLU sets what is negative to zero. The zero ReLU is ready to use.
type ReLU struct {
	x []float32 // of the last Forward
}

// Out returns in.
func (*ReLU) Out(in int) int { return in }

// Params returns none.
func (*ReLU) Params() []*Param { return nil }

// Forward implements [Layer].
func (l *ReLU) Forward(y, x []float32, _ Mode) {
	l.x = x
	for i, v := range x {
		y[i] = max(v, 0)
	}
}

// Backward implements [Layer]. The derivative at zero is zero.
func (l *ReLU) Backward(dx, dy []float32) {
	if dx == nil {
		return
	}
	dx, dy = dx[:len(l.x)], dy[:len(l.x)]
	for i, v := range l.x {
		// Without branches, half of which would be mispredicted: the mask is all
		// ones where v is positive.
		bits := int32(math.Float32bits(v))
		mask := uint32(-bits >> 31 &^ (bits >> 31))
		dx[i] = math.Float32frombits(math.Float32bits(dy[i]) & mask)
	}
}
