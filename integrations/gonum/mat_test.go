package gonum

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/seed-7466c776/mixup"
	"gonum.org/v1/gonum/mat"
)

// blend mixes the rows of x, which may be a view into a larger matrix: its rows are
// then not one after the other, and are mixed in a copy.
func blend(m *mixup.Mix, x *mat.Dense) {
	raw := x.RawMatrix()
	if raw.Stride != raw.Cols {
		dense := mat.DenseCopyOf(x)
		mixup.Blend(m, dense.RawMatrix().Data, dense.RawMatrix().Data, raw.Cols)
		x.Copy(dense)
		return
	}
	mixup.Blend(m, raw.Data, raw.Data, raw.Cols)
}

// A minibatch in a mat.Dense is mixed in place, as long as Stride is Cols.
func Example_dense() {
	x := mat.NewDense(2, 3, []float64{0, 1, 2, 4, 5, 6})
	var m mixup.Mix
	m.SetPairs([]int{1, 0}, 0.75)
	blend(&m, x)
	fmt.Println(mat.Formatted(x))
	// Output:
	// ⎡1  2  3⎤
	// ⎣3  4  5⎦
}

// TestView checks a view with a larger Stride: the rows in it are mixed, and the
// columns beside it are left.
func TestView(t *testing.T) {
	all := mat.NewDense(2, 5, []float64{9, 0, 1, 2, 9, 9, 4, 5, 6, 9})
	view := all.Slice(0, 2, 1, 4).(*mat.Dense)
	var m mixup.Mix
	m.SetPairs([]int{1, 0}, 0.75)
	blend(&m, view)
	if got, want := all.RawMatrix().Data, []float64{9, 1, 2, 3, 9, 9, 3, 4, 5, 9}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	// Without the copy, the memory of a view does not fit, which is no silent error.
	defer func() {
		if recover() == nil {
			t.Error("no panic from the memory of a view")
		}
	}()
	raw := view.RawMatrix()
	mixup.Blend(&m, raw.Data, raw.Data, raw.Cols)
}

// TestTraining checks softmax regression in float64 on rows of [][]float64, mixed in
// the memory that all of them share.
func TestTraining(t *testing.T) {
	const n, dim, classes = 64, 3, 2
	r := rand.New(rand.NewPCG(1, 1))
	flat, targets := make([]float64, n*dim), make([]float64, n*classes)
	rows := make([][]float64, n) // a net of one's own takes these
	for i := range rows {
		rows[i] = flat[i*dim:][:dim:dim]
	}
	w := make([]float64, dim)
	s := mixup.Sampler{Alpha: 0.2, Src: rand.NewPCG(1, 2)}
	var m mixup.Mix
	draw := func() {
		clear(targets)
		for i, x := range rows {
			y := i % classes
			copy(x, []float64{2*float64(y) - 1 + 0.3*r.NormFloat64(), r.NormFloat64(), 1})
			targets[i*classes+y] = 1
		}
	}
	p := func(x []float64) float64 { return 1 / (1 + math.Exp(-(w[0]*x[0] + w[1]*x[1] + w[2]*x[2]))) }
	for range 200 {
		draw()
		s.Sample(&m, n)
		mixup.Blend(&m, flat, flat, dim)
		mixup.Blend(&m, targets, targets, classes)
		for i, x := range rows {
			d := p(x) - targets[i*classes+1]
			for j, v := range x {
				w[j] -= 0.5 / n * d * v
			}
		}
	}
	draw()
	hits := 0
	for i, x := range rows {
		if (p(x) > 0.5) == (i%classes == 1) {
			hits++
		}
	}
	if hits < n*95/100 { // the classes are 6 standard deviations apart; chance is one half
		t.Errorf("%d of %d rows are classified, want 95 %%", hits, n)
	}
}
