package mixup_test

import (
	"fmt"

	"github.com/seed-7466c776/mixup"
)

// Gradient accumulation: a minibatch of four rows is computed in two parts. Where
// labels are ignored the parts have means over different numbers of rows, so each mean
// and its gradient is multiplied by the part's Count, and the sum is divided by that of
// the whole minibatch. The processes of data-parallel training combine their means in
// the same way.
func ExampleMix_Count() {
	const n, classes = 4, 2
	labels := []int{0, 1, mixup.Ignore, 1}
	logits := []float32{2, 0, 1, 1, 0, 3, -1, 1}
	var ce mixup.CrossEntropy
	var m mixup.Mix
	m.SetPairs([]int{1, 0, 2, 3}, 0.75)

	// The whole minibatch.
	whole := make([]float32, n*classes)
	fmt.Printf("%d rows count: %.6f\n", m.Count(labels), ce.Mixed(whole, logits, &m, labels, classes))

	// Rows 0 and 1, and then rows 2 and 3. Their indices are those of the whole minibatch,
	// and so are the labels.
	grad := make([]float32, n*classes)
	var loss float64
	for lo := 0; lo < n; lo += 2 {
		part := mixup.Mix{K: m.K, Index: m.Index[lo*m.K : (lo+2)*m.K], Weight: m.Weight[lo*m.K : (lo+2)*m.K]}
		g := grad[lo*classes : (lo+2)*classes]
		mean := ce.Mixed(g, logits[lo*classes:(lo+2)*classes], &part, labels, classes)
		share := float64(part.Count(labels)) / float64(m.Count(labels))
		loss += share * mean
		for p := range g {
			g[p] *= float32(share)
		}
	}
	fmt.Printf("two parts: %.6f\n", loss)
	for p := range grad {
		if d := grad[p] - whole[p]; d < -1e-7 || d > 1e-7 {
			fmt.Println("the gradients differ:", grad, whole)
		}
	}
	// Output:
	// 3 rows count: 0.482334
	// two parts: 0.482334
}

// Rows have weights of their own, here those of importance sampling. MixedTo averages
// nothing, so that loss and gradient of each row can be multiplied by its weight.
func ExampleCrossEntropy_MixedTo() {
	const n, classes = 2, 3
	labels, weight := []int{2, 0}, []float32{0.5, 1.5}
	logits := []float32{1, 2, 3, 3, 2, 1}
	m := mixup.Mix{K: 2, Index: []int{0, 1, 1, 0}, Weight: []float32{0.75, 0.25, 0.75, 0.25}}

	loss, grad := make([]float32, n), make([]float32, n*classes)
	mixup.CrossEntropy{}.MixedTo(loss, grad, logits, &m, labels, classes)
	var mean float32
	for i, w := range weight {
		mean += w * loss[i] / n
		for p := i * classes; p < (i+1)*classes; p++ {
			grad[p] *= w / n
		}
	}
	fmt.Printf("%.4f\n%.4f\n", loss, mean)
	fmt.Printf("%.4f\n%.4f\n", grad[:classes], grad[classes:])
	// Output:
	// [0.9076 0.9076]
	// 0.9076
	// [-0.0400 0.0612 -0.0212]
	// [-0.0636 0.1835 -0.1200]
}
