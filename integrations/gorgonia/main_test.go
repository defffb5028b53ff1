package main

import (
	"math"
	"testing"

	"github.com/seed-7466c776/mixup"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// TestRun checks that Gorgonia learns the rings, without mixup and with it. Chance
// is one half.
func TestRun(t *testing.T) {
	for name, run := range map[string]func(alpha float64, steps int) (accuracy float64, err error){"inputs": run, "manifold": runManifold} {
		for _, alpha := range []float64{0, 0.2} {
			accuracy, err := run(alpha, 300)
			if err != nil {
				t.Fatal(err)
			}
			if !(accuracy >= 0.95) {
				t.Errorf("%s, α = %v: accuracy %v, want at least 0.95", name, alpha, accuracy)
			}
		}
	}
}

// TestGradient checks that the gradient which Gorgonia sends through W is that of
// BackwardTo: of the sum of the products of v and W·h with respect to h.
func TestGradient(t *testing.T) {
	const n, dim = 4, 3
	var m mixup.Mix
	m.SetPairs([]int{2, 0, 3, 1}, 0.75, 0.5, 1, 0.25)
	w, v, want := make([]float32, n*n), make([]float32, n*dim), make([]float32, n*dim)
	m.DenseTo(w, n)
	for i := range v {
		v[i] = float32(i*i - 5)
	}
	m.BackwardTo(want, v, dim)

	g := gorgonia.NewGraph()
	node := func(name string, rows, cols int, values []float32) *gorgonia.Node {
		return gorgonia.NewMatrix(g, tensor.Float64, gorgonia.WithShape(rows, cols), gorgonia.WithName(name),
			gorgonia.WithValue(tensor.New(tensor.WithShape(rows, cols), tensor.WithBacking(doubles(values)))))
	}
	h := node("h", n, dim, make([]float32, n*dim))
	mixed := gorgonia.Must(gorgonia.Mul(node("w", n, n, w), h))
	sum := gorgonia.Must(gorgonia.Sum(gorgonia.Must(gorgonia.HadamardProd(node("v", n, dim, v), mixed))))
	if _, err := gorgonia.Grad(sum, h); err != nil {
		t.Fatal(err)
	}
	vm := gorgonia.NewTapeMachine(g, gorgonia.BindDualValues(h))
	defer vm.Close()
	if err := vm.RunAll(); err != nil {
		t.Fatal(err)
	}
	grad, err := h.Grad()
	if err != nil {
		t.Fatal(err)
	}
	for i, got := range grad.Data().([]float64) { // all numbers are exact
		if math.Abs(got-float64(want[i])) != 0 {
			t.Errorf("gradient %d is %v, want %v", i, got, want[i])
		}
	}
}
