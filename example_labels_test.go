package mixup_test

import (
	"fmt"
	"math/rand/v2"

	"github.com/seed-7466c776/mixup"
)

// Rows are mixed within their classes: labels stay what they are.
func ExampleSameClass() {
	labels := []int{3, 1, 1, 3, 7}
	partner := make([]int, len(labels))
	mixup.SameClass(partner, labels, rand.New(rand.NewPCG(1, 2)))
	fmt.Println(partner)

	var m mixup.Mix
	s := mixup.Sampler{Alpha: 1}
	s.SamplePairs(&m, partner)
	fmt.Println(m.Partner(0))
	// Output:
	// [3 2 1 0 4]
	// 3
}

// Rows are mixed with other classes only.
func ExampleOtherClass() {
	labels := []int{0, 0, 1}
	partner := make([]int, len(labels))
	mixup.OtherClass(partner, labels, rand.New(rand.NewPCG(1, 2)))
	fmt.Println(partner[:2], labels[partner[2]])
	// Output: [2 2] 0
}

// Each of these points is mixed with the nearest other one. With k = 2 it would be
// either of the two nearest.
func ExampleNearest() {
	x := []float32{
		0, 0,
		5, 5,
		1, 0,
		5, 6,
	}
	partner := make([]int, 4)
	mixup.Nearest(partner, x, 2, 1, rand.New(rand.NewPCG(1, 2)))
	fmt.Println(partner)
	// Output: [2 3 0 1]
}

// C-Mixup: the rows of a regression are mixed with rows of similar targets.
func ExampleNearTarget() {
	y := []float32{20.1, 75, 19.9, 76}
	partner := make([]int, len(y))
	mixup.NearTarget(partner, y, 1, 1, rand.New(rand.NewPCG(1, 2)))
	for i, j := range partner {
		if d := y[i] - y[j]; d < -5 || d > 5 {
			fmt.Println("far apart:", y[i], y[j])
		}
	}

	var m mixup.Mix
	s := mixup.Sampler{Alpha: 2}
	s.SamplePairs(&m, partner)
	m.Apply(y, 1) // and the inputs
	// Output:
}

// Inputs are mixed by the weights that were drawn, labels by those of Remix: the
// first row is labelled as the rare class 1, which is three quarters of it anyway,
// and so is the second.
func ExampleRemix_Apply() {
	inputs := mixup.Mix{K: 2, Index: []int{0, 1, 1, 0}, Weight: []float32{0.25, 0.75, 0.75, 0.25}}
	y := []int{0, 1}
	classCount := []int{5000, 100}

	var labels mixup.Mix
	r := mixup.Remix{Kappa: 3, Tau: 0.5, ClassCount: classCount}
	r.Apply(&labels, &inputs, y)

	x := []float32{0, 4}
	inputs.Apply(x, 1)
	targets := make([]float32, 2*2)
	labels.OneHotTo(targets, y, 2)
	fmt.Println(x, targets)
	// Output: [3 3] [0 1 0 1]
}

// The loss of timm's recipes that train ImageNet with binary cross-entropy: a class
// counts as present if its share is more than a fifth.
func ExampleBinaryCrossEntropy_Mixed() {
	m := mixup.Mix{K: 2, Index: []int{0, 1, 1, 0}, Weight: []float32{0.75, 0.25, 0.75, 0.25}}
	labels := []int{2, 0}
	logits := []float32{1, -2, 3, 3, -2, 1}
	bce := mixup.BinaryCrossEntropy{Threshold: 0.2}

	grad := make([]float32, len(logits))
	fmt.Printf("%.4f\n", bce.Mixed(grad, logits, &m, labels, 3))

	targets := []float32{1, 0, 1, 1, 0, 1}
	fmt.Printf("%.4f\n", mixup.BinaryCrossEntropy{}.Soft(grad, logits, targets, 3))
	// Output:
	// 0.1629
	// 0.1629
}

// Rows of several labels each are mixed as they are.
func ExampleBinaryCrossEntropy_Soft() {
	m := mixup.Mix{K: 2, Index: []int{0, 1, 1, 0}, Weight: []float32{0.75, 0.25, 0.75, 0.25}}
	targets := []float32{
		1, 0, 1, // a cat and a sofa
		0, 0, 1, // a sofa
	}
	m.Apply(targets, 3)
	fmt.Println(targets[:3], targets[3:])

	logits := []float32{2, -3, 4, -1, -3, 4}
	grad := make([]float32, len(logits))
	fmt.Printf("%.4f\n", mixup.BinaryCrossEntropy{}.Soft(grad, logits, targets, 3))
	// Output:
	// [0.75 0 1] [0.25 0 1]
	// 0.2206
}
