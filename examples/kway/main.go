// Kway mixes K rows at a time, with weights from Dirichlet(α,…,α), and prints how
// a net that was trained on such mixtures does on rows as they are. With K = 2 it
// is the paper's mixup.
//
//	go run ./examples/kway
package main

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/datasets"
	"github.com/seed-7466c776/mixup/examples/nn"
)

const (
	dim, classes = 6, 8
	training     = 160
	batch        = 32
	steps        = 1000
	alpha        = 1
)

func main() {
	r := rand.New(rand.NewPCG(1, 0))
	x, labels := datasets.Clusters(training, dim, classes, r)
	testX, testLabels := datasets.Clusters(4000, dim, classes, r)

	for _, k := range []int{0, 2, 3, 4} {
		s := mixup.Sampler{Alpha: alpha, K: k, PerSample: true, Src: rand.NewPCG(1, 1)}
		if k == 0 {
			s = mixup.Sampler{} // draws the identity
		}
		net, largest := fit(x, labels, s)
		var m mixup.Mix
		m.Identity(len(testLabels))
		test := 1 - m.Accuracy(net.Predict(testX), testLabels, classes, 1)
		m.Identity(len(labels))
		train := 1 - m.Accuracy(net.Predict(x), labels, classes, 1)
		fmt.Printf("K = %d: the largest weight is %.2f on average; error %4.1f %% of training rows and %.1f %% of others\n",
			max(k, 1), largest, 100*train, 100*test)
	}
}

// fit trains a net on mixtures that s draws, and returns the mean of their largest
// weights beside it.
func fit(x []float32, labels []int, s mixup.Sampler) (net *nn.Net, largest float64) {
	net = nn.Perceptron(rand.NewPCG(2, 0), dim, 64, 64, classes)
	opt := nn.NewAdam()
	var (
		m     mixup.Mix
		ce    mixup.CrossEntropy
		rows  = rand.New(rand.NewPCG(3, 0))
		mixed = make([]float32, batch*dim)
		grad  = make([]float32, batch*classes)
	)
	for range steps {
		s.Sample(&m, batch)
		m.Select(rows.Perm(training)[:batch])
		m.ApplyTo(mixed, x, dim)
		ce.Mixed(grad, net.Forward(mixed), &m, labels, classes)
		net.Backward(grad)
		opt.Step(net.Params())
		for weights := range slices.Chunk(m.Weight, m.K) {
			largest += float64(slices.Max(weights)) / (steps * batch)
		}
	}
	return net, largest
}
