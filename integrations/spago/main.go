// Spago trains a multilayer perceptron of spaGO on two concentric rings, without
// and with mixup.
//
//	go run .
package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"

	"github.com/nlpodyssey/spago/ag"
	"github.com/nlpodyssey/spago/initializers"
	"github.com/nlpodyssey/spago/mat"
	spagorand "github.com/nlpodyssey/spago/mat/rand"
	"github.com/nlpodyssey/spago/nn"
	"github.com/nlpodyssey/spago/optimizers/adam"
	"github.com/seed-7466c776/mixup"
)

func main() {
	for _, alpha := range []float64{0, 0.2} {
		accuracy, err := run(alpha, 1000)
		if err != nil {
			fmt.Fprintln(os.Stderr, "spago:", err)
			os.Exit(1)
		}
		fmt.Printf("α = %v: accuracy %.1f %%\n", alpha, 100*accuracy)
	}
}

const (
	batch   = 50
	hidden  = 32
	classes = 2
)

// A net is a perceptron whose inputs are the rows of a matrix. Their third column is
// 1, for a bias.
type net struct {
	nn.Module
	W0, W1, W2 *nn.Param
}

func newNet() *net {
	r := spagorand.NewLockedRand(1)
	weights := func(rows, cols int) *nn.Param {
		w := mat.NewDense[float32](mat.WithShape(rows, cols))
		initializers.XavierUniform(w, 1, r)
		return nn.NewParam(w)
	}
	return &net{W0: weights(3, hidden), W1: weights(hidden, hidden), W2: weights(hidden, classes)}
}

func (m *net) forward(x mat.Tensor) mat.Tensor {
	h := ag.ReLU(ag.Mul(x, m.W0))
	h = ag.ReLU(ag.Mul(h, m.W1))
	return ag.Mul(h, m.W2)
}

// run trains for a number of steps and returns the accuracy on points that are not
// mixed.
func run(alpha float64, steps int) (accuracy float64, err error) {
	model := newNet()
	config := adam.NewDefaultConfig()
	config.StepSize = 0.01
	solver := adam.New(config)

	r := rand.New(rand.NewPCG(1, 1))
	s := mixup.Sampler{Alpha: alpha, Src: rand.NewPCG(1, 2)}
	var m mixup.Mix
	var ce mixup.CrossEntropy
	x := mat.NewDense[float32](mat.WithShape(batch, 3))
	grad := mat.NewDense[float32](mat.WithShape(batch, classes))
	labels := make([]int, batch)
	for range steps {
		rings(mat.Data[float32](x), labels, r)
		s.Sample(&m, batch)
		m.Apply(mat.Data[float32](x), 3)
		logits := model.forward(x)
		ce.Mixed(mat.Data[float32](grad), mat.Data[float32](logits.Value()), &m, labels, classes)
		logits.AccGrad(grad)
		if err := ag.Backward(logits); err != nil {
			return 0, err
		}
		// optimizers.Optimizer of spaGO v1.1.0 returns before it is done.
		for _, w := range []*nn.Param{model.W0, model.W1, model.W2} {
			if err := solver.OptimizeParams(w); err != nil {
				return 0, err
			}
		}
	}

	const tests = 20
	m.Identity(batch)
	for range tests {
		rings(mat.Data[float32](x), labels, r)
		accuracy += m.Accuracy(mat.Data[float32](model.forward(x).Value()), labels, classes, 1) / tests
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
