// Manifold mixup in float64, which is Gorgonia's default: W as a node of the graph.

package main

import (
	"math"
	"math/rand/v2"

	"github.com/seed-7466c776/mixup"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// runManifold trains for a number of steps in float64, where the first hidden layer
// is mixed instead of the inputs, and returns the accuracy on points that are not
// mixed.
func runManifold(alpha float64, steps int) (accuracy float64, err error) {
	g := gorgonia.NewGraph()
	r := rand.New(rand.NewPCG(1, 1))
	matrix := func(rows, cols int, name string) *gorgonia.Node {
		return gorgonia.NewMatrix(g, tensor.Float64, gorgonia.WithShape(rows, cols), gorgonia.WithName(name))
	}
	weights := func(rows, cols int, name string) *gorgonia.Node {
		w := make([]float64, rows*cols)
		for i := range w {
			w[i] = r.NormFloat64() * math.Sqrt(2/float64(rows))
		}
		return gorgonia.NewMatrix(g, tensor.Float64, gorgonia.WithShape(rows, cols), gorgonia.WithName(name),
			gorgonia.WithValue(tensor.New(tensor.WithShape(rows, cols), tensor.WithBacking(w))))
	}
	x, y, mix := matrix(batch, 3, "x"), matrix(batch, classes, "y"), matrix(batch, batch, "mix")
	w0, w1 := weights(3, hidden, "w0"), weights(hidden, hidden, "w1")
	w2 := weights(hidden, classes, "w2")

	var logits gorgonia.Value
	h := gorgonia.Must(gorgonia.Rectify(gorgonia.Must(gorgonia.Mul(x, w0))))
	h = gorgonia.Must(gorgonia.Mul(mix, h))
	h = gorgonia.Must(gorgonia.Rectify(gorgonia.Must(gorgonia.Mul(h, w1))))
	z := gorgonia.Must(gorgonia.Mul(h, w2))
	gorgonia.Read(z, &logits)
	logP := gorgonia.Must(gorgonia.Log(gorgonia.Must(gorgonia.SoftMax(z))))
	losses := gorgonia.Must(gorgonia.Sum(gorgonia.Must(gorgonia.HadamardProd(y, logP)), 1))
	loss := gorgonia.Must(gorgonia.Neg(gorgonia.Must(gorgonia.Mean(losses))))
	learnables := gorgonia.Nodes{w0, w1, w2}
	if _, err := gorgonia.Grad(loss, learnables...); err != nil {
		return 0, err
	}
	vm := gorgonia.NewTapeMachine(g, gorgonia.BindDualValues(learnables...))
	defer vm.Close()
	solver := gorgonia.NewAdamSolver(gorgonia.WithLearnRate(0.01))

	points, labels := make([]float32, batch*3), make([]int, batch)
	targets, w := make([]float32, batch*classes), make([]float32, batch*batch)
	step := func(m *mixup.Mix) error {
		rings(points, labels, r)
		m.OneHotTo(targets, labels, classes)
		m.DenseTo(w, batch)
		for node, values := range map[*gorgonia.Node][]float32{x: points, y: targets, mix: w} {
			t := tensor.New(tensor.WithShape(node.Shape()...), tensor.WithBacking(doubles(values)))
			if err := gorgonia.Let(node, t); err != nil {
				return err
			}
		}
		return vm.RunAll()
	}

	s := mixup.Sampler{Alpha: alpha, Src: rand.NewPCG(1, 2)}
	var m mixup.Mix
	for range steps {
		s.Sample(&m, batch)
		if err := step(&m); err != nil {
			return 0, err
		}
		if err := solver.Step(gorgonia.NodesToValueGrads(learnables)); err != nil {
			return 0, err
		}
		vm.Reset()
	}

	const tests = 20
	m.Identity(batch)
	for range tests {
		if err := step(&m); err != nil {
			return 0, err
		}
		accuracy += m.Accuracy(floats(logits.Data().([]float64)), labels, classes, 1) / tests
		vm.Reset()
	}
	return accuracy, nil
}

func doubles(x []float32) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	return y
}

func floats(x []float64) []float32 {
	y := make([]float32, len(x))
	for i, v := range x {
		y[i] = float32(v)
	}
	return y
}
