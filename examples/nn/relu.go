// The rectifier.

package nn

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
	for i, v := range l.x {
		if v > 0 {
			dx[i] = dy[i]
		} else {
			dx[i] = 0
		}
	}
}
