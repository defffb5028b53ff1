// Segmentation trains a net that says for each pixel whether it is of a figure or
// of the ground. CutMix pastes the masks as it pastes the images. It shows a pasted
// mask, and prints the intersection over union of predicted masks with true ones.
//
//	go run ./examples/segmentation
package main

import (
	"fmt"
	"math/rand/v2"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/datasets"
	"github.com/seed-7466c776/mixup/examples/nn"
)

const (
	side     = 12
	plane    = side * side
	training = 20
	batch    = 20
	steps    = 300
)

var (
	image = mixup.Image{Channels: 3, Height: side, Width: side}
	norm  = mixup.Norm{Mean: []float32{0.5, 0.5, 0.5}, Std: []float32{0.25, 0.25, 0.25}} // to about -2 to 2
)

func main() {
	r := rand.New(rand.NewPCG(1, 0))
	drawing := datasets.Drawing{Side: side, Vary: true, Noise: 60}
	train, masks := drawing.Draw(training, r)
	test, testMasks := drawing.Draw(300, r)

	s := mixup.CutSampler{Image: image, Alpha: 1, PerSample: true, Src: rand.NewPCG(1, 4)}
	var c mixup.Cut
	s.Sample(&c, 6)
	pasted := make([]uint8, 6*plane)
	mixup.Paste(&c, pasted, masks[:6*plane], 1)
	fmt.Printf("mask of image 0, with the box %v of the mask of image %d:\n", c.Box[0], c.Labels.Partner(0))
	for y := range side {
		for _, m := range pasted[y*side:][:side] {
			fmt.Print([]string{"· ", "# "}[m])
		}
		fmt.Println()
	}

	for _, alpha := range []float64{0, 1} {
		s.Alpha = alpha // with 0 nothing is pasted
		net := fit(train, masks, s)
		var m mixup.Mix
		m.Identity(test.Len())
		x := make([]float32, len(test.Pixels))
		m.ApplyBytesTo(x, test.Pixels, image, norm)
		var both, either float64
		for i, z := range net.Predict(x) {
			if z > 0 && testMasks[i] == 1 {
				both++
			}
			if z > 0 || testMasks[i] == 1 {
				either++
			}
		}
		fmt.Printf("CutMix with α = %v: intersection over union %.3f\n", alpha, both/either)
	}
}

// fit trains a net, which gives one logit for each pixel, on images and masks that s
// cuts and pastes.
func fit(data *datasets.Set, masks []uint8, s mixup.CutSampler) *nn.Net {
	src := rand.NewPCG(2, 0)
	hidden := nn.NewConv2D(data.Shape, 8, 5, 2, src)
	net := nn.New(data.Shape.Size(), hidden, &nn.ReLU{}, nn.NewConv2D(hidden.Shape(), 1, 5, 2, src))
	opt := nn.NewAdam()
	var (
		c       mixup.Cut
		bce     mixup.BinaryCrossEntropy
		rows    = rand.New(rand.NewPCG(3, 0))
		x       = make([]float32, batch*data.Shape.Size())
		pasted  = make([]uint8, batch*plane)
		targets = make([]float32, batch*plane)
		grad    = make([]float32, batch*plane)
	)
	for range steps {
		s.Sample(&c, batch)
		c.Select(rows.Perm(data.Len())[:batch]) // rows of the data set, of the images and the masks alike
		c.ApplyBytesTo(x, data.Pixels, norm)
		mixup.Paste(&c, pasted, masks, 1)
		for i, m := range pasted {
			targets[i] = float32(m)
		}
		bce.Soft(grad, net.Forward(x), targets, plane)
		net.Backward(grad)
		opt.Step(net.Params())
	}
	return net
}
