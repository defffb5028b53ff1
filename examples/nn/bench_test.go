package nn

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/seed-7466c776/mixup/examples/datasets"
)

// convNet returns three convolutions with filters of 3×3, each with a pool and
// a rectifier behind it, and a classifier.
func convNet(in datasets.Shape, width, classes int, seed uint64) *Net {
	src := rand.NewPCG(seed, 0)
	var layers []Layer
	shape := in
	for range 3 {
		conv := NewConv2D(shape, width, 3, 1, src)
		pool := &MaxPool{In: conv.Shape()}
		layers = append(layers, conv, pool, &ReLU{})
		shape = pool.Shape()
		width *= 2
	}
	return New(in.Size(), append(layers, NewDense(shape.Size(), classes, src))...)
}

// BenchmarkStep measures a step of training on minibatches of 128 images.
func BenchmarkStep(b *testing.B) {
	const n, classes = 128, 10
	for _, shape := range []datasets.Shape{{Channels: 1, Height: 28, Width: 28}, {Channels: 3, Height: 32, Width: 32}} {
		for _, width := range []int{8, 16} {
			b.Run(fmt.Sprintf("n=%d/image=%v/width=%d", n, shape, width), func(b *testing.B) {
				r := rand.New(rand.NewPCG(1, 2))
				x, grad := normals(n*shape.Size(), r), normals(n*classes, r)
				net := convNet(shape, width, classes, 1)
				opt := &SGD{Rate: 1e-9, Momentum: 0.9}
				b.ReportAllocs()
				for b.Loop() {
					net.Forward(x)
					net.Backward(grad)
					opt.Step(net.Params())
				}
			})
		}
	}
}

// BenchmarkMultiply measures products of the sizes that convolutions have, and a
// square one, on one core, by all packages that there are for this machine.
func BenchmarkMultiply(b *testing.B) {
	available := fused
	defer func() { fused = available }()
	for _, size := range [][3]int{{64, 256, 288}, {128, 64, 576}, {128, 128, 784}, {1024, 1024, 1024}} {
		rows, inner, cols := size[0], size[1], size[2]
		r := rand.New(rand.NewPCG(1, 2))
		x, y, c := normals(rows*inner, r), normals(inner*cols, r), make([]float32, rows*cols)
		for _, f := range []bool{false, true} {
			if fused = f; f && !available {
				continue
			}
			b.Run(fmt.Sprintf("%d×%d by %d×%d/products=%s", rows, inner, inner, cols, Products()), func(b *testing.B) {
				for b.Loop() {
					multiply(c, x, y, inner)
				}
				b.ReportMetric(2*float64(rows*inner*cols)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
			})
		}
	}
}
