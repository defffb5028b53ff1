// Ways to mix minibatches of images, for experiments that compare them.

package main

import (
	"fmt"
	"math/rand/v2"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/nn"
	"github.com/seed-7466c776/mixup/experiments/internal/train"
)

// An imageMethod is a way to mix minibatches of images. The zero imageMethod does
// not mix.
type imageMethod struct {
	name    string
	sampler mixup.CutSampler // gradient sets its Image and Src
}

// erm is empirical risk minimisation, which does not mix.
var erm = imageMethod{name: "ERM"}

// mixupMethod returns mixup with λ ~ Beta(α,α).
func mixupMethod(alpha float64) imageMethod { return kwayMethod(alpha, 2) }

// kwayMethod returns mixup of k images with weights from Dirichlet(α,…,α).
func kwayMethod(alpha float64, k int) imageMethod {
	m := imageMethod{name: fmt.Sprintf("mixup, α = %v", alpha)}
	if k > 2 {
		m.name = fmt.Sprintf("mixup, α = %v, K = %d", alpha, k)
	}
	m.sampler.Mixup = mixup.Sampler{Alpha: alpha, K: k}
	return m
}

// cutMixMethod returns CutMix with λ ~ Beta(α,α).
func cutMixMethod(alpha float64) imageMethod {
	return imageMethod{name: fmt.Sprintf("CutMix, α = %v", alpha), sampler: mixup.CutSampler{Alpha: alpha}}
}

// switchedMethod returns mixup and CutMix, one of which is drawn for each
// minibatch with equal probabilities. Both have λ ~ Beta(α,α).
func switchedMethod(alpha float64) imageMethod {
	return imageMethod{
		name:    fmt.Sprintf("mixup or CutMix, α = %v", alpha),
		sampler: mixup.CutSampler{Alpha: alpha, Mixup: mixup.Sampler{Alpha: alpha}, Switch: 0.5},
	}
}

// names returns the names of methods.
func names(methods []imageMethod) []string {
	var s []string
	for _, m := range methods {
		s = append(s, m.name)
	}
	return s
}

// gradient returns the Gradient of net's cross-entropy on minibatches of data that
// are mixed by m with draws from mixing. Each row has the shape of image. copyTo
// copies an image into a minibatch before it is mixed, and may change the copy.
func (m imageMethod) gradient(net *nn.Net, data *train.Rows, image mixup.Image, mixing rand.Source, copyTo func(dst, src []float32)) func(train.Step) float64 {
	s := m.sampler
	s.Image, s.Src = image, mixing
	var (
		cut    mixup.Cut
		x      []float32
		labels []int
		grad   []float32
	)
	return func(step train.Step) float64 {
		n := len(step.Rows)
		if n*data.Dim > len(x) {
			x, labels, grad = make([]float32, n*data.Dim), make([]int, n), make([]float32, n*data.Classes)
		}
		for i, row := range step.Rows {
			copyTo(x[i*data.Dim:][:data.Dim], data.X[row*data.Dim:][:data.Dim])
			labels[i] = data.Labels[row]
		}
		x, grad := x[:n*data.Dim], grad[:n*data.Classes]
		s.Sample(&cut, n)
		cut.Apply(x)
		loss := mixup.CrossEntropy{}.Mixed(grad, net.Forward(x), &cut.Labels, labels[:n], data.Classes)
		net.Backward(grad)
		return loss
	}
}

// toAugment returns a copyTo that moves images by up to border pixels and turns
// every other one left to right, with draws from src.
func toAugment(set *imageSet, border int, src rand.Source) func(dst, src []float32) {
	r := rand.New(src)
	return func(dst, src []float32) { augment(dst, src, set.shape, border, r) }
}
