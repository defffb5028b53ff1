package mixup_test

// With gonum: its matrices, and a Beta where it takes a distribution.

import (
	"fmt"
	"math/rand/v2"

	"github.com/seed-7466c776/mixup"
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
	"gonum.org/v1/gonum/stat/sampleuv"
)

// A minibatch in a matrix of gonum's is the Data of the matrix, row after row, as
// long as its Stride is its Cols.
func Example_blas32() {
	x := blas32.General{Rows: 2, Cols: 3, Stride: 3, Data: []float32{
		4, 0, 8,
		0, 4, 0,
	}}
	m := mixup.Mix{K: 2, Index: []int{0, 1, 1, 0}, Weight: []float32{0.75, 0.25, 0.5, 0.5}}
	m.Apply(x.Data, x.Cols)

	weight := blas32.General{Rows: 3, Cols: 2, Stride: 2, Data: []float32{
		1, 0,
		0, 1,
		1, 1,
	}}
	z := blas32.General{Rows: 2, Cols: 2, Stride: 2, Data: make([]float32, 4)}
	blas32.Gemm(blas.NoTrans, blas.NoTrans, 1, x, weight, 0, z)
	fmt.Println(x.Data[:3], x.Data[3:])
	fmt.Println(z.Data[:2], z.Data[2:])
	// Output:
	// [3 1 6] [2 2 4]
	// [9 7] [6 6]
}

// Beta goes wherever gonum takes a distuv.Rander.
func Example_gonum() {
	draw := sampleuv.IIDer{Dist: mixup.Beta{Alpha: 0.2, Beta: 0.2, Src: rand.NewPCG(1, 2)}}
	lambda := make([]float64, 1000)
	draw.Sample(lambda)
	var middle int
	for _, v := range lambda {
		if 0.25 < v && v < 0.75 {
			middle++
		}
	}
	fmt.Println(middle, "of", len(lambda), "mixtures have a quarter or more of both")
	// Output: 187 of 1000 mixtures have a quarter or more of both
}
