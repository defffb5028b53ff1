// Manifold trains a net with manifold mixup: each step mixes the input or the
// output of a hidden layer, chosen at random, and the gradient goes back through
// the mixing. It prints test errors and how sure the nets are where they are wrong.
//
//	go run ./examples/manifold
package main

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/datasets"
	"github.com/seed-7466c776/mixup/examples/nn"
)

const (
	dim, classes = 6, 8
	training     = 160
	batch        = 32
	steps        = 1000
)

func main() {
	r := rand.New(rand.NewPCG(1, 0))
	x, labels := datasets.Clusters(training, dim, classes, r)
	testX, testLabels := datasets.Clusters(4000, dim, classes, r)
	for _, method := range []struct {
		name   string
		alpha  float64
		layers int // that are candidates, from the input on
	}{{"without mixing", 0, 1}, {"mixup", 1, 1}, {"manifold mixup", 1, 3}} {
		net := fit(x, labels, method.alpha, method.layers)
		wrong, sure := errors(net.Predict(testX), testLabels)
		fmt.Printf("%-15s test error %.1f %%, mean confidence of wrong predictions %.2f\n", method.name+":", 100*wrong, sure)
	}
}

// fit trains a net in which one of the first layers is mixed in each step.
func fit(x []float32, labels []int, alpha float64, layers int) *nn.Net {
	src := rand.NewPCG(2, 0)
	places := []*nn.Mix{{}, {}, {}} // where rows can be mixed; see nn.Mix for how the gradient goes back
	net := nn.New(dim,
		places[0], nn.NewDense(dim, 64, src), &nn.ReLU{},
		places[1], nn.NewDense(64, 64, src), &nn.ReLU{},
		places[2], nn.NewDense(64, classes, src))
	opt := nn.NewAdam()
	var (
		m        mixup.Mix
		ce       mixup.CrossEntropy
		s        = mixup.Sampler{Alpha: alpha, Src: rand.NewPCG(1, 1)}
		r        = rand.New(rand.NewPCG(3, 0))
		input    = make([]float32, batch*dim)
		answers  = make([]int, batch)
		gradient = make([]float32, batch*classes)
	)
	for range steps {
		for i, row := range r.Perm(training)[:batch] {
			copy(input[i*dim:][:dim], x[row*dim:])
			answers[i] = labels[row]
		}
		s.Sample(&m, batch)
		chosen := places[r.IntN(layers)]
		chosen.W = &m
		ce.Mixed(gradient, net.Forward(input), &m, answers, classes)
		net.Backward(gradient)
		chosen.W = nil
		opt.Step(net.Params())
	}
	return net
}

// errors returns the share of wrong predictions, and the mean probability that
// they have.
func errors(logits []float32, labels []int) (wrong, sure float64) {
	for i, label := range labels {
		z := logits[i*classes:][:classes]
		top, sum := 0, 0.
		for c, v := range z {
			if v > z[top] {
				top = c
			}
		}
		for _, v := range z {
			sum += math.Exp(float64(v - z[top]))
		}
		if top != label {
			wrong++
			sure += 1 / sum
		}
	}
	return wrong / float64(len(labels)), sure / wrong
}
