// Gorgonia trains a multilayer perceptron of Gorgonia on two concentric rings,
// without and with mixup.
//
//	go run .
package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"

	"github.com/seed-7466c776/mixup"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

func main() {
	for _, tc := range []struct {
		name  string
		alpha float64
		run   func(alpha float64, steps int) (accuracy float64, err error)
	}{
		{"α = 0", 0, run},
		{"α = 0.2", 0.2, run},
		{"α = 2, manifold mixup", 2, runManifold},
	} {
		accuracy, err := tc.run(tc.alpha, 2000)
		if err != nil {
			fmt.Fprintln(os.Stderr, "gorgonia:", err)
			os.Exit(1)
		}
		fmt.Printf("%s: accuracy %.1f %%\n", tc.name, 100*accuracy)
	}
}

const (
	batch   = 50
	hidden  = 32
	classes = 2
)

// run trains for a number of steps and returns the accuracy on points that are not
// mixed.
func run(alpha float64, steps int) (accuracy float64, err error) {
	g := gorgonia.NewGraph()
	r := rand.New(rand.NewPCG(1, 1))
	matrix := func(rows, cols int, name string) *gorgonia.Node {
		return gorgonia.NewMatrix(g, tensor.Float32, gorgonia.WithShape(rows, cols), gorgonia.WithName(name))
	}
	weights := func(rows, cols int, name string) *gorgonia.Node {
		w := tensor.New(tensor.WithShape(rows, cols), tensor.Of(tensor.Float32))
		for i := range w.Data().([]float32) {
			w.Data().([]float32)[i] = float32(r.NormFloat64() * math.Sqrt(2/float64(rows)))
		}
		return gorgonia.NewMatrix(g, tensor.Float32, gorgonia.WithShape(rows, cols), gorgonia.WithName(name), gorgonia.WithValue(w))
	}
	x, y := matrix(batch, 3, "x"), matrix(batch, classes, "y") // the third input is 1, for a bias
	w0, w1 := weights(3, hidden, "w0"), weights(hidden, hidden, "w1")
	w2 := weights(hidden, classes, "w2")

	var logits gorgonia.Value
	h := gorgonia.Must(gorgonia.Rectify(gorgonia.Must(gorgonia.Mul(x, w0))))
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

	xT := tensor.New(tensor.WithShape(batch, 3), tensor.Of(tensor.Float32))
	yT := tensor.New(tensor.WithShape(batch, classes), tensor.Of(tensor.Float32))
	labels := make([]int, batch)
	step := func(m *mixup.Mix) error {
		m.Apply(xT.Data().([]float32), 3)
		m.OneHotTo(yT.Data().([]float32), labels, classes)
		if err := gorgonia.Let(x, xT); err != nil {
			return err
		}
		if err := gorgonia.Let(y, yT); err != nil {
			return err
		}
		return vm.RunAll()
	}

	s := mixup.Sampler{Alpha: alpha, Src: rand.NewPCG(1, 2)}
	var m mixup.Mix
	for range steps {
		rings(xT.Data().([]float32), labels, r)
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
		rings(xT.Data().([]float32), labels, r)
		if err := step(&m); err != nil {
			return 0, err
		}
		accuracy += m.Accuracy(logits.Data().([]float32), labels, classes, 1) / tests
		vm.Reset()
	}
	return accuracy, nil
}

// rings draws points of two rings in turn, of radius ½ and 1, and their labels.
func rings(x []float32, labels []int, r *rand.Rand) {
	for i := range labels {
		labels[i] = i % 2
		sin, cos := math.Sincos(2 * math.Pi * r.Float64())
		rho := 0.5 + 0.5*float64(labels[i]) + 0.05*r.NormFloat64()
		copy(x[3*i:], []float32{float32(rho * cos), float32(rho * sin), 1})
	}
}
