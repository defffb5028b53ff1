// Series cuts and pastes pieces of time series: a series is an image of height 1,
// and CutMix replaces an interval. It prints an interval with its label, and how
// often nets err that were trained without and with it.
//
//	go run ./examples/series
package main

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/nn"
)

const (
	length, classes = 64, 4
	training        = 120
	batch           = 30
	steps           = 1000
)

var series = mixup.Image{Channels: 1, Height: 1, Width: length}

func main() {
	r := rand.New(rand.NewPCG(1, 0))
	x, labels := draw(training, r)
	testX, testLabels := draw(2000, r)

	var c mixup.Cut
	s := mixup.CutSampler{Image: series, Alpha: 1, PerSample: true, Src: rand.NewPCG(1, 1)}
	s.Sample(&c, 8)
	own, partner := c.Labels.Lambda(0), c.Labels.Partner(0)
	fmt.Printf("steps %d to %d of series 0 are those of series %d: its label is %.2f of class %d and %.2f of class %d\n",
		c.Box[0].Min.X, c.Box[0].Max.X-1, partner, own, labels[0], 1-own, labels[partner])

	for _, alpha := range []float64{0, 1} {
		s.Alpha = alpha // with 0 nothing is cut
		net := fit(x, labels, s)
		var m mixup.Mix
		m.Identity(len(testLabels))
		test := 1 - m.Accuracy(net.Predict(testX), testLabels, classes, 1)
		fmt.Printf("CutMix with α = %v: test error %.1f %%\n", alpha, 100*test)
	}
}

// draw draws oscillations under noise. The class says how fast they are.
func draw(n int, r *rand.Rand) (x []float32, labels []int) {
	for i := range n {
		label := i % classes
		speed, phase := 0.2+0.1*float64(label)+0.02*r.NormFloat64(), 2*math.Pi*r.Float64()
		for t := range length {
			x = append(x, float32(math.Sin(speed*float64(t)+phase)+r.NormFloat64()))
		}
		labels = append(labels, label)
	}
	return x, labels
}

// fit trains a net on minibatches that s cuts and pastes.
func fit(x []float32, labels []int, s mixup.CutSampler) *nn.Net {
	net := nn.Perceptron(rand.NewPCG(2, 0), length, 64, classes)
	opt := nn.NewAdam()
	var (
		c     mixup.Cut
		ce    mixup.CrossEntropy
		rows  = rand.New(rand.NewPCG(3, 0))
		input = make([]float32, batch*length)
		grad  = make([]float32, batch*classes)
	)
	for range steps {
		s.Sample(&c, batch)
		c.Select(rows.Perm(training)[:batch])
		c.ApplyTo(input, x)
		ce.Mixed(grad, net.Forward(input), &c.Labels, labels, classes)
		net.Backward(grad)
		opt.Step(net.Params())
	}
	return net
}
