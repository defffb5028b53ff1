package mixup_test

// Recipes for what is not a plain row of numbers with a class.

import (
	"fmt"

	"github.com/seed-7466c776/mixup"
)

// Rows of variable length are padded with zeros to one width. A mixed row is as
// long as the longest row in it: its padding mask is the union of theirs, which is
// where the mixed mask is not 0. A row of weight 0 adds nothing.
func Example_paddingMask() {
	const n, width = 3, 4
	x := []float32{
		8, 8, 0, 0,
		4, 4, 4, 4,
		2, 0, 0, 0,
	}
	mask := []float32{
		1, 1, 0, 0,
		1, 1, 1, 1,
		1, 0, 0, 0,
	}
	m := mixup.Mix{K: 2, Index: []int{0, 1, 1, 2, 2, 0}, Weight: []float32{0.75, 0.25, 0.75, 0.25, 1, 0}}
	m.Apply(x, width)
	m.Apply(mask, width)
	for p, v := range mask {
		if v > 0 {
			mask[p] = 1
		}
	}
	for i := range n {
		fmt.Println(x[i*width:][:width], mask[i*width:][:width])
	}
	// Output:
	// [7 7 1 1] [1 1 1 1]
	// [3.5 3 3 3] [1 1 1 1]
	// [2 0 0 0] [1 0 0 0]
}

// Of a table, columns of numbers are mixed and columns of categories are left
// alone. Fold gives each row the larger weight in its own mixture, so its
// categories fit most of the mixed row.
func Example_categories() {
	const n, numbers = 2, 2
	x := []float32{
		20, 1.5,
		60, 2.5,
	}
	colour := []string{"red", "green"} // not touched

	s := mixup.Sampler{Lambda: constant(0.25), Fold: true}
	var m mixup.Mix
	s.SamplePairs(&m, []int{1, 0})
	m.Apply(x, numbers)
	for i := range n {
		fmt.Println(x[i*numbers:][:numbers], colour[i])
	}
	// Output:
	// [30 1.75] red
	// [50 2.25] green
}

// A mixed picture shows the objects of both pictures. List the boxes of both, and
// weight each in the loss by its picture's weight.
func Example_boxes() {
	type box struct{ x, y, width, height, class int }
	boxes := [][]box{
		{{10, 10, 5, 5, 3}, {0, 0, 8, 8, 1}},
		{{20, 4, 6, 6, 2}},
	}
	m := mixup.Mix{K: 2, Index: []int{0, 1, 1, 0}, Weight: []float32{0.75, 0.25, 1, 0}}
	for i := range m.Len() {
		for p := i * m.K; p < (i+1)*m.K; p++ {
			if w := m.Weight[p]; w > 0 {
				for _, b := range boxes[m.Index[p]] {
					fmt.Println("picture", i, "box", b, "weight", w)
				}
			}
		}
	}
	// Output:
	// picture 0 box {10 10 5 5 3} weight 0.75
	// picture 0 box {0 0 8 8 1} weight 0.75
	// picture 0 box {20 4 6 6 2} weight 0.25
	// picture 1 box {20 4 6 6 2} weight 1
}

// A sample's weight belongs to its label, wherever that is mixed into. Targets that
// are scaled by it before they are mixed have the weighted loss and gradient.
func Example_sampleWeights() {
	const classes = 3
	labels, sampleWeight := []int{2, 0}, []float32{1, 4}
	logits := []float32{1, 2, 3, 3, 2, 1}
	m := mixup.Mix{K: 2, Index: []int{0, 1, 1, 0}, Weight: []float32{0.75, 0.25, 0.75, 0.25}}
	var ce mixup.CrossEntropy

	targets := make([]float32, len(labels)*classes)
	for j, y := range labels {
		targets[j*classes+y] = sampleWeight[j]
	}
	m.Apply(targets, classes)
	grad := make([]float32, len(logits))
	fmt.Printf("%.4f\n", ce.Soft(grad, logits, targets, classes))

	// The same, spelled out.
	own := mixup.Mix{K: 1, Index: []int{0}, Weight: []float32{1}}
	fmt.Printf("%.4f\n", m.Mean(func(row, source int) float64 {
		loss := ce.Mixed(nil, logits[row*classes:][:classes], &own, labels[source:][:1], classes)
		return float64(sampleWeight[source]) * loss
	}))
	// Output:
	// 2.2690
	// 2.2690
}

// Targets of a regression are rows of numbers like the inputs, and mixed by the
// same draw.
func Example_regression() {
	x := []float32{
		1, 2,
		5, 2,
	}
	y := []float32{10, 30}
	m := mixup.Mix{K: 2, Index: []int{0, 1, 1, 0}, Weight: []float32{0.75, 0.25, 0.75, 0.25}}
	m.Apply(x, 2)
	m.Apply(y, 1)
	fmt.Println(x, y)
	// Output: [2 2 4 2] [15 25]
}
