// Convolutional nets.

package main

import (
	"math/rand/v2"

	"github.com/seed-7466c776/mixup/examples/datasets"
	"github.com/seed-7466c776/mixup/examples/nn"
)

// convNet returns three convolutions with filters of 3×3 pixels, a hidden layer,
// and a linear classifier. The first convolution has width filters, and each other
// one has twice as many as the one before. A convolution is followed by a 2×2 max
// pool. Behind each pool and behind the hidden layer are the layers that behind
// returns for the shape of what comes there, which of the hidden layer is
// hidden×1×1. If hidden is 0, there is no hidden layer.
func convNet(shape datasets.Shape, width, hidden, classes int, src rand.Source, behind func(datasets.Shape) []nn.Layer) *nn.Net {
	in := shape.Size()
	var layers []nn.Layer
	for i := range 3 {
		c := nn.NewConv2D(shape, width<<i, 3, 1, src)
		pool := &nn.MaxPool{In: c.Shape()}
		shape = pool.Shape()
		layers = append(append(layers, c, pool), behind(shape)...)
	}
	if hidden > 0 {
		layers = append(layers, nn.NewDense(shape.Size(), hidden, src))
		shape = datasets.Shape{Channels: hidden, Height: 1, Width: 1}
		layers = append(layers, behind(shape)...)
	}
	return nn.New(in, append(layers, nn.NewDense(shape.Size(), classes, src))...)
}

// rectified returns a rectifier.
func rectified(datasets.Shape) []nn.Layer { return []nn.Layer{&nn.ReLU{}} }

// normalized returns batch normalisation and a rectifier.
func normalized(shape datasets.Shape) []nn.Layer {
	return []nn.Layer{nn.NewBatchNorm(shape), &nn.ReLU{}}
}
