// Multilabel mixes rows that have any number of labels each: targets of 0 and 1
// are mixed as the inputs are, and the loss is binary cross-entropy. It prints
// mixed targets, and the share of labels that a net gets wrong.
//
//	go run ./examples/multilabel
package main

import (
	"fmt"
	"math/rand/v2"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/nn"
)

const (
	dim, classes = 12, 6
	training     = 150
	batch        = 30
	steps        = 1000
)

func main() {
	r := rand.New(rand.NewPCG(1, 0))
	x, targets := draw(training, r)
	testX, testTargets := draw(2000, r)

	var m mixup.Mix
	m.SetPairs([]int{1, 0}, 0.7)
	mixed := make([]float32, 2*classes)
	m.ApplyTo(mixed, targets, classes)
	fmt.Printf("targets of row 0        %v\ntargets of row 1        %v\n0.7 row 0 and 0.3 row 1 %v\n",
		targets[:classes], targets[classes:2*classes], mixed[:classes])

	for _, alpha := range []float64{0, 0.4} {
		net := fit(x, targets, mixup.Sampler{Alpha: alpha, Src: rand.NewPCG(1, 1)})
		var wrong float64
		for i, z := range net.Predict(testX) {
			if (z > 0) != (testTargets[i] == 1) {
				wrong++
			}
		}
		fmt.Printf("α = %v: %.1f %% of the labels of other rows are wrong\n", alpha, 100*wrong/float64(len(testTargets)))
	}
}

// draw draws rows. A row has a label if enough of its features say so, or by
// chance.
func draw(n int, r *rand.Rand) (x, targets []float32) {
	for range n {
		row := make([]float64, dim)
		for j := range row {
			row[j] = r.NormFloat64()
			x = append(x, float32(row[j]))
		}
		for c := range classes {
			var target float32
			if row[2*c]+row[(2*c+1)%dim]-row[(2*c+2)%dim]+0.7*r.NormFloat64() > 0.5 {
				target = 1
			}
			targets = append(targets, target)
		}
	}
	return x, targets
}

// fit trains a net on mixtures that s draws.
func fit(x, targets []float32, s mixup.Sampler) *nn.Net {
	net := nn.Perceptron(rand.NewPCG(2, 0), dim, 64, classes)
	opt := nn.NewAdam()
	var (
		m     mixup.Mix
		bce   mixup.BinaryCrossEntropy
		rows  = rand.New(rand.NewPCG(3, 0))
		input = make([]float32, batch*dim)
		mixed = make([]float32, batch*classes)
		grad  = make([]float32, batch*classes)
	)
	for range steps {
		s.Sample(&m, batch)
		m.Select(rows.Perm(training)[:batch])
		m.ApplyTo(input, x, dim)
		m.ApplyTo(mixed, targets, classes)
		bce.Soft(grad, net.Forward(input), mixed, classes)
		net.Backward(grad)
		opt.Step(net.Params())
	}
	return net
}
