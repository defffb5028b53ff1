package mixup

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// imageShapes are minibatches of CIFAR and of ImageNet.
var imageShapes = []minibatch{
	{128, Image{3, 32, 32, NCHW}},
	{128, Image{3, 32, 32, NHWC}},
	{64, Image{3, 224, 224, NCHW}},
	{64, Image{3, 224, 224, NHWC}},
}

// forImages runs the tasks of each shape, of which copying the minibatch is the
// first, and reports how long they take beside it.
func forImages(b *testing.B, tasks func(n int, g Image) []task) {
	for _, s := range imageShapes {
		b.Run(fmt.Sprintf("n=%d/image=%v", s.n, s.image), func(b *testing.B) {
			size, tasks := s.n*s.image.Channels*s.image.Height*s.image.Width, tasks(s.n, s.image)
			run(b, 4*size, tasks...)
			b.Run("ratio", func(b *testing.B) { ratios(b, size, []string{"copies"}, tasks) })
		})
	}
}

// BenchmarkCut times CutMix with boxes of half the image, beside copying the
// minibatch.
func BenchmarkCut(b *testing.B) {
	forImages(b, func(n int, g Image) []task {
		size := n * g.Channels * g.Height * g.Width
		x, dst := normalRows(size, rand.New(rand.NewPCG(1, 2))), make([]float32, size)
		draw := func(s CutSampler) *Cut {
			var c Cut
			s.Image, s.MinMax, s.Src = g, [2]float64{.7, .7}, rand.NewPCG(3, 4)
			s.Sample(&c, n)
			return &c
		}
		one := draw(CutSampler{})
		perSample := draw(CutSampler{PerSample: true})
		switching := draw(CutSampler{PerSample: true, Mixup: Sampler{Alpha: 1}, Switch: .5})
		sampler := CutSampler{Image: g, Alpha: 1, PerSample: true, Mixup: Sampler{Alpha: 1}, Switch: .5, Src: rand.NewPCG(3, 4)}
		var c Cut
		return []task{
			{"copy", func() { copy(dst, x) }},
			{"apply", func() { one.Apply(x) }},
			{"apply-persample", func() { perSample.Apply(x) }},
			{"apply-switching", func() { switching.Apply(x) }},
			{"apply-to", func() { perSample.ApplyTo(dst, x) }},
			{"apply-to-switching", func() { switching.ApplyTo(dst, x) }},
			{"backward-to", func() { perSample.BackwardTo(dst, x) }},
			{"backward-to-itself", func() { perSample.BackwardTo(x, x) }},
			{"sample", func() { sampler.Sample(&c, n) }},
		}
	})
}

// BenchmarkBytes times gathering rows from a dataset of bytes while they are
// mixed, beside copying the minibatch of floats that comes out.
func BenchmarkBytes(b *testing.B) {
	forImages(b, func(n int, g Image) []task { return bytesTasks(n, 16*n, g) })
}

// bytesTasks returns copying a minibatch of n images of float32, and making it from
// a dataset of pool images of bytes.
func bytesTasks(n, pool int, g Image) []task {
	dim := g.dim()
	r := rand.New(rand.NewPCG(1, 2))
	x, dst := normalRows(n*dim, r), make([]float32, n*dim)
	data := bytesOf(pool*dim, r)
	norm := Norm{Mean: []float32{.485, .456, .406}, Std: []float32{.229, .224, .225}}
	minibatches := make([][]int, pool/n)
	perm := r.Perm(pool)
	for i := range minibatches {
		minibatches[i] = perm[i*n:][:n]
	}
	// Each call takes another minibatch, as training does.
	mixing := func(alpha float64) func() {
		var m Mix
		s, step := Sampler{Alpha: alpha, Src: rand.NewPCG(3, 4)}, 0
		return func() {
			s.Sample(&m, n)
			m.Select(minibatches[step%len(minibatches)])
			m.ApplyBytesTo(dst, data, g, norm)
			step++
		}
	}
	cutting := func() func() {
		var c Cut
		s, step := CutSampler{Image: g, Alpha: 1, PerSample: true, Src: rand.NewPCG(3, 4)}, 0
		return func() {
			s.Sample(&c, n)
			c.Select(minibatches[step%len(minibatches)])
			c.ApplyBytesTo(dst, data, norm)
			step++
		}
	}
	return []task{
		{"copy", func() { copy(dst, x) }},
		{"apply-bytes-to", mixing(1)},
		{"apply-bytes-to-unmixed", mixing(0)},
		{"apply-bytes-to-cut", cutting()},
	}
}
