// Mixing of hidden activations.

package nn

import "github.com/seed-7466c776/mixup"

// Mix mixes the rows of a minibatch on their way through a net: manifold mixup
// (Verma et al. 2019, "Manifold mixup: better representations by interpolating
// hidden states"). A net may have several, of which the trainer sets the one
// that a step is to use:
//
//	hidden := []*nn.Mix{{}, {}}
//	net := nn.New(2, hidden[0], nn.NewDense(2, 64, src), &nn.ReLU{}, hidden[1], nn.NewDense(64, 2, src))
//	for x, labels := range minibatches {
//		sampler.Sample(&m, len(labels))
//		chosen := hidden[r.IntN(len(hidden))]
//		chosen.W = &m
//		loss := ce.Mixed(grad, net.Forward(x), &m, labels, classes)
//		net.Backward(grad)
//		chosen.W = nil
//	}
//
// In [Eval] mode it changes nothing.
type Mix struct {
	W *mixup.Mix // nil: rows are left alone

	used *mixup.Mix // by the last Forward
}

// Out returns in.
func (*Mix) Out(in int) int { return in }

// Params returns none.
func (*Mix) Params() []*Param { return nil }

// Forward implements [Layer]: y ← W·x.
func (l *Mix) Forward(y, x []float32, mode Mode) {
	l.used = nil
	if mode == Train {
		l.used = l.W
	}
	if l.used == nil {
		copy(y, x)
		return
	}
	l.used.ApplyTo(y, x, len(y)/l.used.Len())
}

// Backward implements [Layer]: dx ← Wᵀ·dy.
func (l *Mix) Backward(dx, dy []float32) {
	switch {
	case dx == nil:
	case l.used == nil:
		copy(dx, dy)
	default:
		l.used.BackwardTo(dx, dy, len(dy)/l.used.Len())
	}
}
