package mixup

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// imageShapes are minibatches of CIFAR and of ImageNet.
var imageShapes = []struct {
	n     int
	image Image
}{
	{128, Image{3, 32, 32, NCHW}},
	{128, Image{3, 32, 32, NHWC}},
	{64, Image{3, 224, 224, NCHW}},
	{64, Image{3, 224, 224, NHWC}},
}

// BenchmarkCut times CutMix with boxes of half the image, beside copying the
// minibatch.
func BenchmarkCut(b *testing.B) {
	for _, s := range imageShapes {
		b.Run(fmt.Sprintf("n=%d/image=%v", s.n, s.image), func(b *testing.B) {
			size := s.n * s.image.Channels * s.image.Height * s.image.Width
			x, dst := normalRows(size, rand.New(rand.NewPCG(1, 2))), make([]float32, size)
			draw := func(s CutSampler, n int, g Image) *Cut {
				var c Cut
				s.MinMax, s.Src = [2]float64{.7, .7}, rand.NewPCG(3, 4)
				s.Sample(&c, n, g)
				return &c
			}
			one := draw(CutSampler{}, s.n, s.image)
			perSample := draw(CutSampler{PerSample: true}, s.n, s.image)
			switching := draw(CutSampler{PerSample: true, Mixup: Sampler{Alpha: 1}}, s.n, s.image)
			sampler := CutSampler{Alpha: 1, PerSample: true, Mixup: Sampler{Alpha: 1}, Src: rand.NewPCG(3, 4)}
			var c Cut
			run(b, 4*size,
				task{"copy", func() { copy(dst, x) }},
				task{"apply", func() { one.Apply(x) }},
				task{"apply-persample", func() { perSample.Apply(x) }},
				task{"apply-switching", func() { switching.Apply(x) }},
				task{"apply-to", func() { perSample.ApplyTo(dst, x) }},
				task{"backward-to", func() { perSample.BackwardTo(dst, x) }},
				task{"sample", func() { sampler.Sample(&c, s.n, s.image) }})
		})
	}
}

// BenchmarkBytes times mixing from bytes, beside copying the minibatch of floats
// that comes out.
func BenchmarkBytes(b *testing.B) {
	for _, s := range imageShapes {
		b.Run(fmt.Sprintf("n=%d/image=%v", s.n, s.image), func(b *testing.B) {
			size := s.n * s.image.Channels * s.image.Height * s.image.Width
			r := rand.New(rand.NewPCG(1, 2))
			x, dst, src := normalRows(size, r), make([]float32, size), bytesOf(size, r)
			norm := Norm{Image: s.image, Mean: []float32{.485, .456, .406}, Std: []float32{.229, .224, .225}}
			var pair, unmixed Mix
			var cut Cut
			(&Sampler{Alpha: 1, Src: rand.NewPCG(3, 4)}).Sample(&pair, s.n)
			(&Sampler{}).Sample(&unmixed, s.n)
			(&CutSampler{Alpha: 1, PerSample: true, Src: rand.NewPCG(3, 4)}).Sample(&cut, s.n, s.image)
			run(b, 4*size,
				task{"copy", func() { copy(dst, x) }},
				task{"apply-bytes-to", func() { pair.ApplyBytesTo(dst, src, norm) }},
				task{"apply-bytes-to-unmixed", func() { unmixed.ApplyBytesTo(dst, src, norm) }},
				task{"apply-bytes-to-cut", func() { cut.ApplyBytesTo(dst, src, norm) }})
		})
	}
}
