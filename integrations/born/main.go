// Born trains a multilayer perceptron of Born on two concentric rings, without
// and with mixup.
//
//	go run .
package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"

	"github.com/born-ml/born/autodiff"
	"github.com/born-ml/born/backend/cpu"
	"github.com/born-ml/born/nn"
	"github.com/born-ml/born/optim"
	"github.com/born-ml/born/tensor"
	"github.com/seed-7466c776/mixup"
)

func main() {
	for _, alpha := range []float64{0, 0.2} {
		accuracy, err := run(alpha, 2000)
		if err != nil {
			fmt.Fprintln(os.Stderr, "born:", err)
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

// backend is Born's for the CPU, with a tape.
type backend = *autodiff.Backend[*cpu.Backend]

// run trains for a number of steps and returns the accuracy on points that are not
// mixed.
func run(alpha float64, steps int) (accuracy float64, err error) {
	b := autodiff.New(cpu.New())
	net := nn.NewSequential[backend](
		nn.NewLinear(2, hidden, b), nn.NewReLU[backend](),
		nn.NewLinear(hidden, hidden, b), nn.NewReLU[backend](),
		nn.NewLinear(hidden, classes, b))
	solver := optim.NewAdam(net.Parameters(), optim.AdamConfig{LR: 0.01, Betas: [2]float32{0.9, 0.999}, Eps: 1e-8}, b)

	r := rand.New(rand.NewPCG(1, 1))
	s := mixup.Sampler{Alpha: alpha, Src: rand.NewPCG(1, 2)}
	var m mixup.Mix
	var ce mixup.CrossEntropy
	x := make([]float32, batch*2)
	labels := make([]int, batch)
	grad := make([]float32, batch*classes)
	forward := func() (*tensor.Tensor[float32, backend], error) {
		input, err := tensor.FromSlice(x, tensor.Shape{batch, 2}, b)
		if err != nil {
			return nil, err
		}
		return net.Forward(input), nil
	}

	b.Tape().StartRecording()
	for range steps {
		rings(x, labels, r)
		s.Sample(&m, batch)
		m.Apply(x, 2)
		logits, err := forward()
		if err != nil {
			return 0, err
		}
		ce.Mixed(grad, logits.Data(), &m, labels, classes)
		gradT, err := tensor.FromSlice(grad, logits.Shape(), b)
		if err != nil {
			return 0, err
		}
		solver.ZeroGrad()
		solver.Step(b.Tape().Backward(gradT.Raw(), b))
		b.Tape().Clear()
	}
	b.Tape().StopRecording()

	const tests = 20
	m.Identity(batch)
	for range tests {
		rings(x, labels, r)
		logits, err := forward()
		if err != nil {
			return 0, err
		}
		accuracy += m.Accuracy(logits.Data(), labels, classes, 1) / tests
	}
	return accuracy, nil
}

// rings draws points of two rings in turn, of radius ½ and 1, and their labels.
func rings(x []float32, labels []int, r *rand.Rand) {
	for i := range labels {
		labels[i] = i % 2
		sin, cos := math.Sincos(2 * math.Pi * r.Float64())
		rho := 0.5 + 0.5*float64(labels[i]) + 0.05*r.NormFloat64()
		copy(x[2*i:], []float32{float32(rho * cos), float32(rho * sin)})
	}
}
