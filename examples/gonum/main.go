// Gonum mixes the rows of a mat.Dense of gonum, in float64 and in place, and
// compares with the matrix product W·X that it stands for. A view of some columns
// of a matrix is copied before it is mixed, as its rows do not lie together.
//
//	go run ./examples/gonum
package main

import (
	"fmt"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/seed-7466c776/mixup"
)

func main() {
	x := mat.NewDense(4, 3, []float64{
		1, 2, 3,
		4, 5, 6,
		7, 8, 9,
		10, 11, 12,
	})

	// λ can come from any distribution of gonum.
	src := rand.NewPCG(1, 0)
	s := mixup.Sampler{Lambda: distuv.Uniform{Min: 0.5, Max: 1, Src: src}, Src: src}
	var m mixup.Mix
	s.Sample(&m, 4)
	fmt.Println(m)

	// W as a matrix, whose product with X is what mixing is.
	w := weights(&m, 4)
	var product mat.Dense
	product.Mul(w, x)
	mixed := mat.DenseCopyOf(x)
	mix(&m, mixed)
	show("W =", w)
	show("mixed rows =", mixed)
	var apart mat.Dense
	apart.Sub(mixed, &product)
	fmt.Printf("apart from W·X by %.0e at most: the weights are float32, and mix divides by their sum\n", max(mat.Max(&apart), -mat.Min(&apart)))

	// Columns 1 and 2 alone.
	view := mat.DenseCopyOf(x.Slice(0, 4, 1, 3))
	mix(&m, view)
	show("columns 1 and 2, mixed =", view)
}

// mix mixes the rows of x in place: W·X, with rows of W that sum to 1 exactly. It panics if they do not lie together.
func mix(m *mixup.Mix, x *mat.Dense) {
	raw := x.RawMatrix()
	if raw.Stride != raw.Cols {
		panic(fmt.Sprintf("rows of %d values lie %d apart, want a copy: mat.DenseCopyOf", raw.Cols, raw.Stride))
	}
	mixup.Blend(m, raw.Data, raw.Data, raw.Cols)
}

// weights returns W as a matrix.
func weights(m *mixup.Mix, sources int) *mat.Dense {
	w := make([]float32, m.Len()*sources)
	m.DenseTo(w, sources)
	wide := make([]float64, len(w))
	for i, v := range w {
		wide[i] = float64(v)
	}
	return mat.NewDense(m.Len(), sources, wide)
}

func show(name string, m mat.Matrix) {
	fmt.Printf("%s\n%.3f\n", name, mat.Formatted(m))
}
