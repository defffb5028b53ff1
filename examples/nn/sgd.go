// Stochastic gradient descent.

package nn

// SGD is stochastic gradient descent with momentum and L2 weight decay, by
// PyTorch's definition:
//
//	g ← ∂p + Decay·p
//	v ← Momentum·v + g
//	p ← p − Rate·v
//
// Fields may be changed between steps.
type SGD struct {
	Rate     float32
	Momentum float32
	Decay    float32

	velocity [][]float32
}

// Step implements [Optimizer].
func (o *SGD) Step(params []*Param) {
	if o.velocity == nil {
		o.velocity = zerosLike(params)
	}
	fit("SGD", o.velocity, params)
	for i, p := range params {
		v := o.velocity[i]
		for j, g := range p.Grad {
			v[j] = o.Momentum*v[j] + (g + o.Decay*p.Value[j])
			p.Value[j] -= o.Rate * v[j]
		}
	}
}

// zerosLike returns a zero for every element of params.
func zerosLike(params []*Param) [][]float32 {
	z := make([][]float32, len(params))
	for i, p := range params {
		z[i] = make([]float32, len(p.Value))
	}
	return z
}
