// Adaptive moment estimation.

package nn

import "math"

// Adam is the method of Kingma and Ba (2015), "Adam: a method for stochastic
// optimization", with L2 weight decay by PyTorch's definition:
//
//	g ← ∂p + Decay·p
//	m ← Beta1·m + (1−Beta1)·g
//	v ← Beta2·v + (1−Beta2)·g²
//	p ← p − Rate·m̂ / (√v̂ + Epsilon),  m̂ = m/(1−Beta1ᵗ),  v̂ = v/(1−Beta2ᵗ)
//
// Fields may be changed between steps. [NewAdam] sets the usual ones.
type Adam struct {
	Rate         float64
	Beta1, Beta2 float64
	Epsilon      float64
	Decay        float64

	step int
	m, v [][]float32
}

// NewAdam returns an Adam with the settings that the paper recommends and
// PyTorch has by default: Rate 0.001, Beta1 0.9, Beta2 0.999, Epsilon 1e-8 and
// no Decay.
func NewAdam() *Adam {
	return &Adam{Rate: 1e-3, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8}
}

// Step implements [Optimizer].
func (o *Adam) Step(params []*Param) {
	if o.m == nil {
		o.m, o.v = zerosLike(params), zerosLike(params)
	}
	fit("Adam", o.m, params)
	fit("Adam", o.v, params)
	o.step++
	t := float64(o.step)
	var (
		rate    = float32(o.Rate / (1 - math.Pow(o.Beta1, t)))
		scale   = float32(1 / math.Sqrt(1-math.Pow(o.Beta2, t)))
		gain1   = float32(1 - o.Beta1)
		gain2   = float32(1 - o.Beta2)
		beta2   = float32(o.Beta2)
		epsilon = float32(o.Epsilon)
		decay   = float32(o.Decay)
	)
	for i, p := range params {
		value, m := p.Value[:len(p.Grad)], o.m[i][:len(p.Grad)]
		v := o.v[i][:len(p.Grad)]
		for j, g := range p.Grad {
			g += decay * value[j]
			m[j] += gain1 * (g - m[j])
			v[j] = beta2*v[j] + gain2*g*g
			value[j] -= rate * m[j] / (float32(math.Sqrt(float64(v[j])))*scale + epsilon)
		}
	}
}
