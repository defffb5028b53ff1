package mixup_test

import (
	"fmt"
	"math/rand/v2"

	//lint:ignore SA1019 callers may still have its sources
	xrand "golang.org/x/exp/rand"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/seed-7466c776/mixup"
)

// The training loop: a linear classifier learns, from mixed minibatches, on
// which side of a line points lie.
func Example() {
	const n, dim, classes = 32, 2, 2
	data := rand.New(rand.NewPCG(7, 7))
	s := mixup.Sampler{Alpha: 0.2, Src: rand.NewPCG(1, 2)}
	var m mixup.Mix
	var ce mixup.CrossEntropy

	weights := make([]float32, classes*dim)
	x, labels := make([]float32, n*dim), make([]int, n)
	logits, grad := make([]float32, n*classes), make([]float32, n*classes)
	minibatch := func() {
		for i := range n {
			a, b := data.NormFloat64(), data.NormFloat64()
			x[i*dim], x[i*dim+1], labels[i] = float32(a), float32(b), 0
			if a > b {
				labels[i] = 1
			}
		}
	}
	forward := func() {
		for i := range n {
			for c := range classes {
				logits[i*classes+c] = weights[c*dim]*x[i*dim] + weights[c*dim+1]*x[i*dim+1]
			}
		}
	}
	for range 200 {
		minibatch()
		s.Sample(&m, n)
		m.Apply(x, dim)
		forward()
		ce.Mixed(grad, logits, &m, labels, classes)
		for i := range n {
			for c := range classes {
				weights[c*dim] -= grad[i*classes+c] * x[i*dim]
				weights[c*dim+1] -= grad[i*classes+c] * x[i*dim+1]
			}
		}
	}

	minibatch() // a fresh one, not mixed
	forward()
	m.Identity(n)
	fmt.Printf("accuracy %.2f\n", m.Accuracy(logits, labels, classes, 1))
	// Output: accuracy 1.00
}

// A Mix may be filled in by hand. Each row of x is mixed with the other one.
func ExampleMix_Apply() {
	m := mixup.Mix{
		K:      2,
		Index:  []int{0, 1, 1, 0},
		Weight: []float32{0.75, 0.25, 0.75, 0.25},
	}
	x := []float32{
		0, 0, 4,
		8, 4, 0,
	}
	m.Apply(x, 3)
	fmt.Println(x[:3], x[3:])
	// Output: [2 1 3] [6 3 1]
}

// Rows of a dataset are gathered and mixed in one go.
func ExampleMix_Select() {
	dataset := []float32{0, 10, 20, 30, 40, 50, 60, 70} // 8 rows of one value
	rows := []int{6, 1, 3, 4}                           // of this minibatch

	var m mixup.Mix
	s := mixup.Sampler{Lambda: constant(0.75)}
	s.SamplePairs(&m, []int{1, 0, 3, 2})
	m.Select(rows)

	x := make([]float32, len(rows))
	m.ApplyTo(x, dataset, 1)
	fmt.Println(x)
	// Output: [47.5 22.5 32.5 37.5]
}

// constant is a distribution that always draws the same.
type constant float64

func (c constant) Rand() float64 { return float64(c) }

// Targets of a mixed minibatch, for a loss that takes soft targets.
func ExampleMix_OneHotTo() {
	m := mixup.Mix{K: 2, Index: []int{0, 1, 1, 2, 2, 0}, Weight: []float32{0.75, 0.25, 0.75, 0.25, 0.75, 0.25}}
	labels := []int{2, 0, 2}
	targets := make([]float32, 3*3)
	m.OneHotTo(targets, labels, 3)
	for i := range 3 {
		fmt.Println(targets[3*i : 3*i+3])
	}
	// Output:
	// [0.25 0 0.75]
	// [0.75 0 0.25]
	// [0 0 1]
}

// The loss of both labels, weighted by λ and 1-λ, is that of the mixed targets.
func ExampleCrossEntropy_Mixed() {
	m := mixup.Mix{K: 2, Index: []int{0, 1, 1, 0}, Weight: []float32{0.75, 0.25, 0.75, 0.25}}
	labels := []int{2, 0}
	logits := []float32{1, 2, 3, 3, 2, 1}
	ce := mixup.CrossEntropy{Smoothing: 0.1}

	grad := make([]float32, len(logits))
	fmt.Printf("%.4f\n", ce.Mixed(grad, logits, &m, labels, 3))

	targets := make([]float32, len(logits))
	m.OneHotTo(targets, labels, 3)
	fmt.Printf("%.4f\n", ce.Soft(grad, logits, targets, 3))
	// Output:
	// 0.9576
	// 0.9576
}

// Any other loss is averaged over the terms of each row: here the squared error
// of a regression.
func ExampleMix_Mean() {
	m := mixup.Mix{K: 2, Index: []int{0, 1, 1, 0}, Weight: []float32{0.75, 0.25, 0.75, 0.25}}
	y, predicted := []float64{1, 3}, []float64{1, 2}
	fmt.Println(m.Mean(func(row, source int) float64 {
		d := predicted[row] - y[source]
		return d * d
	}))
	// Output: 1
}

// Three samples are mixed into one, with weights from Dirichlet(1, 1, 1).
func ExampleSampler_kWay() {
	s := mixup.Sampler{Alpha: 1, K: 3, Src: rand.NewPCG(1, 2)}
	var m mixup.Mix
	s.Sample(&m, 4)
	var sum float64
	for _, w := range m.Weight[:m.K] {
		sum += float64(w)
	}
	fmt.Printf("%d rows of %d terms, the weights of a row sum to %.6f\n", m.Len(), m.K, sum)
	// Output: 4 rows of 3 terms, the weights of a row sum to 1.000000
}

// λ may come from any distribution of gonum's.
func ExampleSampler_lambda() {
	s := mixup.Sampler{
		Lambda: distuv.Uniform{Min: 0.5, Max: 1, Src: rand.NewPCG(1, 2)},
		Src:    rand.NewPCG(3, 4),
	}
	var m mixup.Mix
	s.Sample(&m, 16)
	fmt.Println(m.Lambda(0) >= 0.5)
	// Output: true
}

// The sources of golang.org/x/exp/rand, and its Rand, are sources of this package as
// they are.
func ExampleSampler_expRand() {
	s := mixup.Sampler{Alpha: 0.2, Src: xrand.NewSource(1)}
	r := xrand.New(xrand.NewSource(2))
	partner := make([]int, 16)
	mixup.Derange(partner, r)
	var m mixup.Mix
	s.SamplePairs(&m, partner)
	fmt.Println(m.Validate(16))

	s.Src = r
	s.Sample(&m, 16)
	fmt.Println(m.Validate(16))
	// Output:
	// <nil>
	// <nil>
}

// A pairing other than the random permutation: no row is its own partner.
func ExampleSampler_SamplePairs() {
	src := rand.NewPCG(1, 2)
	s := mixup.Sampler{Alpha: 0.2, Src: src}
	partner := make([]int, 5)
	var m mixup.Mix
	mixup.Derange(partner, src)
	s.SamplePairs(&m, partner)
	own := 0
	for i := range m.Len() {
		if m.Partner(i) == i {
			own++
		}
	}
	fmt.Println(own, "of", m.Len(), "rows are their own partners")
	// Output: 0 of 5 rows are their own partners
}

// With a Stream, a run that resumes from a checkpoint at step 1000 draws what
// the uninterrupted run draws there.
func ExampleStream() {
	draw := func(stream *mixup.Stream, step uint64) float32 {
		s := mixup.Sampler{Alpha: 0.2, Src: stream}
		var m mixup.Mix
		stream.Seek(step)
		s.Sample(&m, 128)
		return m.Lambda(0)
	}
	const seed, rank = 42, 0
	uninterrupted := mixup.NewStream(seed, rank)
	var want float32
	for step := range uint64(1001) {
		want = draw(uninterrupted, step)
	}
	fmt.Println(draw(mixup.NewStream(seed, rank), 1000) == want)
	// Output: true
}

// For a small α, λ is close to 0 or to 1, and how close is exact: of Beta(0.001,
// 0.001) a quarter is below 1e-290, and a half is 1 to the last bit.
func ExampleBeta() {
	b := mixup.Beta{Alpha: 1e-3, Beta: 1e-3, Src: rand.NewPCG(1, 2)}
	extreme := 0
	for range 1000 {
		if lambda := b.Rand(); lambda < 1e-290 || lambda == 1 {
			extreme++
		}
	}
	fmt.Println(extreme, "of 1000")
	// Output: 734 of 1000
}
