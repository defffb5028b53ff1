package nn

import (
	"math"
	"testing"
)

// TestSGD compares steps with ones taken by hand, in numbers that float32
// holds exactly.
func TestSGD(t *testing.T) {
	for _, test := range []struct {
		name  string
		opt   SGD
		grads []float32
		want  []float32 // the parameter, which starts at 1
	}{
		{"plain", SGD{Rate: 0.25}, []float32{1, -2}, []float32{0.75, 1.25}},
		{"momentum", SGD{Rate: 0.25, Momentum: 0.5}, []float32{1, -2, 0}, []float32{0.75, 1.125, 1.3125}},
		{"decay", SGD{Rate: 0.5, Decay: 0.25}, []float32{0, 1}, []float32{0.875, 0.265625}},
		{"both", SGD{Rate: 0.5, Momentum: 0.5, Decay: 0.5}, []float32{0.5, 0}, []float32{0.5, 0.125}},
	} {
		t.Run(test.name, func(t *testing.T) {
			steps(t, &test.opt, test.grads, test.want, 0)
		})
	}
}

// TestAdam compares steps with ones taken by hand to seven digits.
func TestAdam(t *testing.T) {
	decaying := NewAdam()
	decaying.Decay = 0.5
	for _, test := range []struct {
		name  string
		opt   *Adam
		grads []float32
		want  []float32 // the parameter, which starts at 1
	}{
		// A constant gradient has m̂ = g and v̂ = g², so that its size cancels.
		{"constant", NewAdam(), []float32{4, 4, 4}, []float32{0.999, 0.998, 0.997}},
		// m̂ = -0.01/0.19 and v̂ = 1; then m̂ = 0.191/0.271 and
		// v̂ = 0.005997001/0.002997001.
		{"changing", NewAdam(), []float32{1, -1, 2}, []float32{0.999, 0.9990526, 0.9985544}},
		// The gradient is that of p²/4 alone, first 0.5.
		{"decay", decaying, []float32{0}, []float32{0.999}},
	} {
		t.Run(test.name, func(t *testing.T) {
			steps(t, test.opt, test.grads, test.want, 1.5e-7)
		})
	}
}

// steps checks where opt takes a parameter that starts at 1.
func steps(t *testing.T, opt Optimizer, grads, want []float32, tol float64) {
	t.Helper()
	p := newParam(1)
	p.Value[0] = 1
	for i, g := range grads {
		p.Grad[0] = g
		opt.Step([]*Param{p})
		if got := p.Value[0]; !(math.Abs(float64(got-want[i])) <= tol) {
			t.Errorf("after step %d: %v, want %v", i+1, got, want[i])
		}
	}
}
