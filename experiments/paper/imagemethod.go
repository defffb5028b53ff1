// Ways to mix minibatches of images, for experiments that compare them.

package main

import (
	"fmt"
	"math/rand/v2"

	"github.com/seed-7466c776/mixup"
)

// An imageMethod is a way to mix minibatches of images. The zero imageMethod does
// not mix.
type imageMethod struct {
	name    string
	sampler mixup.CutSampler // without Image and Src, which on sets
}

// erm is empirical risk minimisation, which does not mix.
var erm = imageMethod{name: "ERM"}

// mixupOrCutMix draws for each minibatch, with equal probabilities, which of the
// two mixes it. Both have α = 1.
var mixupOrCutMix = imageMethod{"mixup or CutMix", mixup.CutSampler{Alpha: 1, Mixup: mixup.Sampler{Alpha: 1}, Switch: 0.5}}

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

func (m imageMethod) String() string { return m.name }

// on returns what draws minibatches of images of a shape, with bits from src.
func (m imageMethod) on(image mixup.Image, src rand.Source) mixup.CutSampler {
	s := m.sampler
	s.Image, s.Src = image, src
	return s
}
