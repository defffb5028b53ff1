// Convolutional nets, small and wide.

package main

import (
	"math/rand/v2"

	"github.com/seed-7466c776/mixup/examples/datasets"
	"github.com/seed-7466c776/mixup/examples/nn"
)

// convNet returns three convolutions with filters of 3×3 pixels and a linear
// classifier. The first convolution has width filters, and each other one has
// twice as many as the one before. A convolution is followed by a 2×2 max pool and
// by the layers that behind returns for images of the shape that the pool puts out.
func convNet(shape datasets.Shape, width, classes int, src rand.Source, behind func(datasets.Shape) []nn.Layer) *nn.Net {
	in := shape.Size()
	var layers []nn.Layer
	for i := range 3 {
		c := nn.NewConv2D(shape, width<<i, 3, 1, src)
		pool := &nn.MaxPool{In: c.Shape()}
		shape = pool.Shape()
		layers = append(append(layers, c, pool), behind(shape)...)
	}
	return nn.New(in, append(layers, nn.NewDense(shape.Size(), classes, src))...)
}

// rectified puts a rectifier behind a pool.
func rectified(datasets.Shape) []nn.Layer { return []nn.Layer{&nn.ReLU{}} }

// normalized puts batch normalisation and a rectifier behind a pool.
func normalized(shape datasets.Shape) []nn.Layer {
	return []nn.Layer{nn.NewBatchNorm(shape), &nn.ReLU{}}
}
