// Cutmix trains a small convolutional net without and with CutMix. Minibatches are
// cut and pasted from the bytes of the data set, and normalised on the way. It
// shows a mixed image with its label, and prints errors on images as they are and
// on images of which a part is hidden.
//
//	go run ./examples/cutmix
package main

import (
	"fmt"
	rectangle "image"
	"math/rand/v2"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/datasets"
	"github.com/seed-7466c776/mixup/examples/nn"
)

const side, batch, steps = 12, 30, 1500

var (
	image = mixup.Image{Channels: 3, Height: side, Width: side}
	norm  = mixup.Norm{Mean: []float32{0.5, 0.5, 0.5}, Std: []float32{0.25, 0.25, 0.25}} // to about -2 to 2
)

func main() {
	r := rand.New(rand.NewPCG(1, 0))
	drawing := datasets.Drawing{Side: side, Vary: true, Noise: 10}
	train, _ := drawing.Draw(300, r)
	test, _ := drawing.Draw(900, r)

	s := mixup.CutSampler{Image: image, Alpha: 1, PerSample: true, Src: rand.NewPCG(1, 2)}
	var c mixup.Cut
	s.Sample(&c, 6) // the first six images: one of each figure
	x := make([]float32, 6*train.Shape.Size())
	c.ApplyBytesTo(x, train.Pixels, norm)
	own, other, lambda := datasets.FigureNames()[0], datasets.FigureNames()[c.Labels.Partner(0)], c.Labels.Lambda(0)
	fmt.Printf("box %v of a %s in a %s, label: %.2f %s + %.2f %s\n", c.Box[0], other, own, lambda, own, 1-lambda, other)
	for y := range side {
		for _, v := range x[y*side:][:side] { // of the red channel
			fmt.Print([]string{"# ", ": ", "  "}[min(max(int(v+1), 0), 2)])
		}
		fmt.Println()
	}

	for _, alpha := range []float64{0, 1} {
		s.Alpha = alpha // with 0 nothing is cut
		net := fit(train, s)
		fmt.Printf("CutMix with α = %v: error %.1f %% of other images, and %.1f %% if a quarter of each is hidden\n", alpha, 100*errorOf(net, test, 1), 100*errorOf(net, test, 0.75))
	}
}

// fit trains a net on minibatches of data that s cuts and pastes.
func fit(data *datasets.Set, s mixup.CutSampler) *nn.Net {
	src := rand.NewPCG(2, 0)
	conv := nn.NewConv2D(data.Shape, 8, 3, 1, src)
	pool := &nn.MaxPool{In: conv.Shape()}
	net := nn.New(data.Shape.Size(), conv, pool, &nn.ReLU{}, nn.NewDense(pool.Shape().Size(), data.Classes, src))
	opt := nn.NewAdam()
	var (
		c    mixup.Cut
		ce   mixup.CrossEntropy
		rows = rand.New(rand.NewPCG(3, 0))
		x    = make([]float32, batch*data.Shape.Size())
		grad = make([]float32, batch*data.Classes)
	)
	for range steps {
		s.Sample(&c, batch)
		c.Select(rows.Perm(data.Len())[:batch])
		c.ApplyBytesTo(x, data.Pixels, norm)
		ce.Mixed(grad, net.Forward(x), &c.Labels, data.Labels, data.Classes) // labels weigh as much as their areas
		net.Backward(grad)
		opt.Step(net.Params())
	}
	return net
}

// errorOf returns the share of images that net puts in a wrong class when it sees a
// share of each: a box of the rest is grey.
func errorOf(net *nn.Net, data *datasets.Set, seen float64) float64 {
	var m mixup.Mix
	m.Identity(data.Len())
	x := make([]float32, len(data.Pixels))
	m.ApplyBytesTo(x, data.Pixels, image, norm)
	r := rand.New(rand.NewPCG(4, 0))
	var box rectangle.Rectangle
	for i := range x {
		if i%data.Shape.Size() == 0 { // a box for each image
			box = image.Box(seen, side/4+r.IntN(side/2), side/4+r.IntN(side/2))
		}
		if (rectangle.Point{X: i % side, Y: i / side % side}).In(box) {
			x[i] = 0
		}
	}
	return 1 - m.Accuracy(net.Predict(x), data.Labels, data.Classes, 1)
}
