package rows

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// shapes are minibatches of widths around the unrolling of the kernels, and
// beyond the tiles that rows are cut into.
var shapes = []struct{ n, dim int }{
	{1, 1}, {1, 5}, {2, 7}, {3, 8}, {16, 33}, {31, 64}, {64, 10}, {31, 700}, {3, tile + 3}, {2, 2*tile + 1}, {200, 100}, {1, 0},
}

// forMatrices runs a test for matrices of every kind and rows of every width.
func forMatrices(t *testing.T, test func(t *testing.T, w Matrix, dim int, r *rand.Rand)) {
	goroutines(t, 3)
	for number, k := range kinds {
		for _, shape := range shapes {
			if testing.Short() && number%4 > 0 && shape.n*shape.dim > 5000 {
				continue
			}
			t.Run(fmt.Sprintf("%s/n=%d/dim=%d", k.name, shape.n, shape.dim), func(t *testing.T) {
				r := rand.New(rand.NewPCG(uint64(shape.n), uint64(shape.dim)))
				test(t, k.fill(shape.n, r), shape.dim, r)
			})
		}
	}
}

// TestProducts compares every product with the slow one, with every setting.
func TestProducts(t *testing.T) {
	forMatrices(t, func(t *testing.T, w Matrix, dim int, r *rand.Rand) {
		checkProducts(t, w, dim, floats[float32]((w.rows()+3)*dim, r))
	})
}

// checkProducts compares the products of w with the slow ones. pool is three rows more
// than the minibatch.
func checkProducts(t *testing.T, w Matrix, dim int, pool []float32) {
	t.Helper()
	// Source rows that no row reads, before and after the others.
	n, ahead := w.rows(), shifted(w)
	x := pool[dim:][:n*dim]
	want, back := slowMul(w, x, dim), slowMulTransposed(w, x, dim, n)
	backAhead := slowMulTransposed(ahead, x, dim, n+3)
	var s Scratch
	memory := slices.Repeat([]float32{5}, len(pool))
	for _, setting := range settings {
		is := func(product string, got, want []float32) {
			t.Helper()
			wantBits(t, setting.name+": "+product, got, want)
		}
		l, dst := setting.limits, memory[:n*dim]
		w.mulTo(dst, x, dim, l)
		is("MulTo", dst, want)
		ahead.mulTo(dst, pool, dim, l)
		is("MulTo from a pool", dst, want)
		copy(dst, x)
		w.mul(dst, dim, &s, l)
		is("Mul", dst, want)

		w.mulTransposedTo(dst, x, dim, &s, l)
		is("MulTransposedTo", dst, back)
		copy(dst, x)
		w.mulTransposedTo(dst, dst, dim, &s, l)
		is("MulTransposedTo in place", dst, back)
		ahead.mulTransposedTo(memory, x, dim, &s, l)
		is("MulTransposedTo a pool", memory, backAhead)
	}
}

// Small matrices whose rows read few others, themselves, the next ones or the same row
// twice have orders of every form.
func TestProductsOfSmallMatrices(t *testing.T) {
	goroutines(t, 3)
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		n, k := 1+r.IntN(20), 1+r.IntN(5)
		w := anyTerms(n, k, r)
		few, form := 1+r.IntN(n), r.IntN(4)
		for p := range w.Index {
			switch i := p / k; {
			case form == 0:
				w.Index[p] = r.IntN(few)
			case form == 1 && p%k == 0, form == 2 && r.IntN(2) == 0:
				w.Index[p] = i
			case form == 3:
				w.Index[p] = min(i+r.IntN(3), n-1)
			}
		}
		for i := range n {
			if r.IntN(4) == 0 {
				set(w, i, []float32{.5, 1}[r.IntN(2)], 0)
			}
		}
		dim := 1 + r.IntN(4)
		checkProducts(t, w, dim, floats[float32]((n+3)*dim, r))
	}
}

// A product of two rows says at a glance which weight belongs to which row.
func TestTwoRows(t *testing.T) {
	w := Matrix{2, []int{0, 1, 1, 0}, []float32{.75, .25, .5, .5}}
	x := []float32{4, 8}
	w.Mul(x, 1, new(Scratch))
	wantBits(t, "Mul", x, []float32{5, 6})
	w.MulTransposedTo(x, []float32{4, 8}, 1, new(Scratch))
	wantBits(t, "MulTransposedTo", x, []float32{7, 5})
}

// A row whose first weight is 1 and whose others are 0 reads its first source
// only. All other rows read all their terms, and 0·Inf is NaN.
func TestZeroWeights(t *testing.T) {
	for _, dim := range []int{1, 5000} { // small and large
		for _, test := range []struct {
			weight []float32
			index  []int // of row 0, among rows of 1 and Inf
			want   float32
		}{
			{[]float32{1}, []int{0}, 1},
			{[]float32{1, 0}, []int{0, 1}, 1},
			{[]float32{1, 0}, []int{1, 0}, inf},
			{[]float32{1, 0, 0}, []int{0, 1, 1}, 1},
			{[]float32{1, 0, 0}, []int{1, 0, 0}, inf},
			{[]float32{1, negativeZero}, []int{0, 1}, 1},
			{[]float32{.5, 0}, []int{0, 1}, nan},
			{[]float32{.5, 0}, []int{1, 0}, inf},
			{[]float32{.5, 0, 0}, []int{0, 1, 0}, nan},
			{[]float32{.5, 0, 0}, []int{0, 0, 1}, nan},
			{[]float32{0, 1}, []int{1, 0}, nan},
			{[]float32{0, 1, 0}, []int{0, 0, 1}, nan},
			{[]float32{1, 1e-8}, []int{0, 1}, inf},
			{[]float32{1, 0, 1e-8}, []int{0, 0, 1}, inf},
			{[]float32{1, 0, 0, 0}, []int{0, 1, 1, 1}, 1},
			{[]float32{1, 0, 0, 1e-8}, []int{0, 0, 0, 1}, inf},
		} {
			t.Run(fmt.Sprintf("dim=%d/%v of %v", dim, test.weight, test.index), func(t *testing.T) {
				k := len(test.index)
				w := Matrix{k, slices.Concat(test.index, slices.Repeat([]int{1}, k)), slices.Repeat(test.weight, 2)}
				x := slices.Concat(slices.Repeat([]float32{1}, dim), slices.Repeat([]float32{inf}, dim))
				dst, want := make([]float32, 2*dim), slices.Repeat([]float32{test.want}, dim)
				w.MulTo(dst, x, dim)
				wantBits(t, "MulTo", dst[:dim], want)
				w.Mul(x, dim, new(Scratch))
				wantBits(t, "Mul", x[:dim], want)
			})
		}
	}
}
