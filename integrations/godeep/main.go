// Godeep trains a multilayer perceptron of go-deep on two concentric rings, without
// and with mixup.
//
//	go run .
package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"

	deep "github.com/patrikeh/go-deep"
	"github.com/patrikeh/go-deep/training"
	"github.com/seed-7466c776/mixup"
)

func main() {
	for _, alpha := range []float64{0, 0.2} {
		accuracy, err := run(alpha, 100)
		if err != nil {
			fmt.Fprintln(os.Stderr, "godeep:", err)
			os.Exit(1)
		}
		fmt.Printf("α = %v: accuracy %.1f %%\n", alpha, 100*accuracy)
	}
}

const (
	points  = 300
	hidden  = 16
	classes = 2
)

// run trains for a number of epochs and returns the accuracy on points that are not
// mixed. All examples are one minibatch for mixup; go-deep makes its own of them.
func run(alpha float64, epochs int) (accuracy float64, err error) {
	weights := rand.New(rand.NewPCG(1, 3))
	net := deep.NewNeural(&deep.Config{
		Inputs: 2, Layout: []int{hidden, classes}, Activation: deep.ActivationTanh,
		Mode: deep.ModeMultiClass, Weight: func() float64 { return 0.5 * weights.NormFloat64() }, Bias: true,
	})
	trainer := training.NewTrainer(training.NewSGD(0.05, 0.1, 0, false), 0)

	r := rand.New(rand.NewPCG(1, 1))
	s := mixup.Sampler{Alpha: alpha, Src: rand.NewPCG(1, 2)}
	var m mixup.Mix
	x, mixed := make([]float64, points*2), make([]float64, points*2)
	labels := make([]int, points)
	oneHot, targets := make([]float64, points*classes), make([]float64, points*classes)
	rings(x, labels, r)
	for i, label := range labels {
		oneHot[i*classes+label] = 1
	}
	for range epochs {
		s.Sample(&m, points)
		mixup.Blend(&m, mixed, x, 2)
		mixup.Blend(&m, targets, oneHot, classes)
		examples := make(training.Examples, points)
		for i := range examples {
			examples[i] = training.Example{Input: mixed[i*2:][:2], Response: targets[i*classes:][:classes]}
		}
		trainer.Train(net, examples, nil, 1)
	}

	rings(x, labels, r)
	hits := 0
	for i, label := range labels {
		p := net.Predict(x[i*2:][:2])
		if p[label] > p[1-label] {
			hits++
		}
	}
	return float64(hits) / points, nil
}

// rings draws points of two rings in turn, of radius ½ and 1, and their labels.
func rings(x []float64, labels []int, r *rand.Rand) {
	for i := range labels {
		labels[i] = i % 2
		sin, cos := math.Sincos(2 * math.Pi * r.Float64())
		rho := 0.5 + 0.5*float64(labels[i]) + 0.05*r.NormFloat64()
		copy(x[2*i:], []float64{rho * cos, rho * sin})
	}
}
