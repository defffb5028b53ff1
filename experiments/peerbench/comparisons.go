// What is compared.

package main

import (
	"fmt"
	"math/rand/v2"

	"github.com/seed-7466c776/mixup"
)

// A comparison is an operation of this library beside one in Python that gives
// its caller the same.
type comparison struct {
	name     string // of the operation here
	task     string // of the script
	peer     string // what that is
	n, width int    // rows, and values in each; for draws: how many, and nothing
	alpha    float64
	prepare  func(comparison) (run func())
}

func (c comparison) String() string { return c.name + " " + c.peer + " " + c.size() }

func (c comparison) size() string {
	if c.task == "beta" {
		return fmt.Sprintf("α = %v", c.alpha)
	}
	return fmt.Sprintf("%d×%d", c.n, c.width)
}

// comparisons returns what is compared, in the order of the table.
func comparisons() []comparison {
	var list []comparison
	for _, s := range []struct{ n, dim int }{{16, 128}, {128, 784}, {128, 3072}, {512, 3072}, {64, 150528}, {256, 150528}} {
		add := func(name, task, peer string, apply func(*mixup.Sampler, *mixup.Mix, []float32, []int)) {
			list = append(list, comparison{name, task, peer, s.n, s.dim, .2, minibatch(apply)})
		}
		add("Sample, Apply", "mixup_data", "mixup-cifar10", func(sampler *mixup.Sampler, m *mixup.Mix, x []float32, partner []int) {
			sampler.Sample(m, len(partner))
			m.Apply(x, s.dim)
		})
		add("Flip, SamplePairs, Apply", "timm", "timm", func(sampler *mixup.Sampler, m *mixup.Mix, x []float32, partner []int) {
			mixup.Flip(partner)
			sampler.SamplePairs(m, partner)
			m.Apply(x, s.dim)
		})
		add("Roll, SamplePairs, Apply", "torchvision", "torchvision", func(sampler *mixup.Sampler, m *mixup.Mix, x []float32, partner []int) {
			mixup.Roll(partner)
			sampler.SamplePairs(m, partner)
			m.Apply(x, s.dim)
		})
	}
	for _, s := range []struct{ n, classes int }{{128, 10}, {128, 1000}, {1024, 1000}, {256, 21841}} {
		add := func(name, task, peer string, prepare func(labelled) func()) {
			list = append(list, comparison{name, task, peer, s.n, s.classes, .2, func(c comparison) func() { return prepare(newLabelled(c.n, c.width)) }})
		}
		add("CrossEntropy.Mixed", "two_losses", "PyTorch λ·CE + (1-λ)·CE", func(l labelled) func() {
			var ce mixup.CrossEntropy
			return func() { ce.Mixed(l.grad, l.logits, &l.m, l.labels, s.classes) }
		})
		add("CrossEntropy.Soft", "soft_loss", "PyTorch CE, soft targets", func(l labelled) func() {
			var ce mixup.CrossEntropy
			return func() { ce.Soft(l.grad, l.logits, l.targets, s.classes) }
		})
		add("BinaryCrossEntropy.Soft", "soft_bce", "PyTorch BCE", func(l labelled) func() {
			var bce mixup.BinaryCrossEntropy
			return func() { bce.Soft(l.grad, l.logits, l.targets, s.classes) }
		})
		add("OneHotTo", "one_hot", "timm mixup_target", func(l labelled) func() {
			return func() { l.m.OneHotTo(l.targets, l.labels, s.classes) }
		})
	}
	for _, alpha := range []float64{.1, .2, .4, 1, 2, 8} {
		list = append(list, comparison{"Beta.Rand", "beta", "NumPy Generator.beta", 10000, 0, alpha, draws})
	}
	return list
}

// minibatch prepares to draw for a minibatch and to mix it.
func minibatch(apply func(*mixup.Sampler, *mixup.Mix, []float32, []int)) func(comparison) func() {
	return func(c comparison) func() {
		x := make([]float32, c.n*c.width)
		r := rand.New(rand.NewPCG(1, 2))
		for i := range x {
			x[i] = r.Float32()
		}
		s := mixup.Sampler{Alpha: c.alpha, Src: rand.NewPCG(3, 4)}
		var m mixup.Mix
		partner := make([]int, c.n)
		return func() { apply(&s, &m, x, partner) }
	}
}

// labelled is a minibatch of logits with labels and the targets mixed from them.
type labelled struct {
	m                     mixup.Mix
	labels                []int
	logits, grad, targets []float32
}

func newLabelled(n, classes int) labelled {
	l := labelled{
		labels:  make([]int, n),
		logits:  make([]float32, n*classes),
		grad:    make([]float32, n*classes),
		targets: make([]float32, n*classes),
	}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range l.logits {
		l.logits[i] = float32(r.NormFloat64())
	}
	for i := range l.labels {
		l.labels[i] = i * 7 % classes
	}
	partner := make([]int, n)
	mixup.Flip(partner)
	s := mixup.Sampler{Alpha: .2, Src: rand.NewPCG(3, 4)}
	s.SamplePairs(&l.m, partner)
	l.m.OneHotTo(l.targets, l.labels, classes)
	return l
}

// draws prepares to draw numbers one by one.
func draws(c comparison) func() {
	b := mixup.Beta{Alpha: c.alpha, Beta: c.alpha, Src: rand.NewPCG(1, 2)}
	dst := make([]float64, c.n)
	return func() {
		for i := range dst {
			dst[i] = b.Rand()
		}
	}
}
