// Products of matrices, on one core and on all.

package nn

import (
	"github.com/viterin/vek/vek32"
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
)

// fused says that products are vek's and not gonum's. Those of vek need AVX2 and
// fused multiply-adds. Both sum every element in an order that depends on the sizes
// of the matrices alone, but a fused multiply-add rounds once where gonum's
// kernels round twice, so that their last digits differ.
var fused = !purego && vek32.Info().Acceleration

// Products tells whose products of matrices nets of this package use on this
// machine. Weights have other digits where that, or the architecture, is another.
func Products() string {
	if fused {
		return "vek with AVX2 and FMA"
	}
	return "gonum"
}

// multiply sets c to a·b, for a matrix a with rows of inner elements. It works on
// the goroutine that calls it, and allocates nothing.
func multiply(c, a, b []float32, inner int) {
	cols := len(b) / inner
	if !fused {
		gonum(blas.NoTrans, matrix(a, inner), matrix(b, cols), 0, matrix(c, cols))
		return
	}
	const rows = 3 // from four on, vek starts goroutines
	for len(a) > 0 {
		n := min(rows, len(a)/inner)
		vek32.MatMul_Into(c[:n*cols], a[:n*inner], b, inner)
		c, a = c[n*cols:], a[n*inner:]
	}
}

// addTransposed adds a·bᵀ to c, for matrices a and b with rows of inner elements.
// It works on the goroutine that calls it, and allocates nothing.
func addTransposed(c, a, b []float32, inner int) {
	cols := len(b) / inner
	if !fused {
		gonum(blas.Trans, matrix(a, inner), matrix(b, inner), 1, matrix(c, cols))
		return
	}
	for i := range len(a) / inner {
		line := row(c, i, cols)
		for j := range line {
			line[j] += vek32.Dot(row(a, i, inner), row(b, j, inner))
		}
	}
}

// gonum computes C ← A·op(B) + beta·C tile by tile: tiles are small enough for
// gonum to stay on one goroutine.
func gonum(transB blas.Transpose, a, b blas32.General, beta float32, c blas32.General) {
	// Two of the 64×64 blocks of which gonum asks for four before it starts
	// goroutines.
	const tileRows, tileCols = 32, 128
	for i := 0; i < c.Rows; i += tileRows {
		rows := min(tileRows, c.Rows-i)
		for j := 0; j < c.Cols; j += tileCols {
			cols := min(tileCols, c.Cols-j)
			var part blas32.General
			if transB == blas.Trans {
				part = window(b, j, 0, cols, b.Cols)
			} else {
				part = window(b, 0, j, b.Rows, cols)
			}
			blas32.Gemm(blas.NoTrans, transB, 1, window(a, i, 0, rows, a.Cols), part, beta, window(c, i, j, rows, cols))
		}
	}
}

// window returns the part of a that begins at row i, column j.
func window(a blas32.General, i, j, rows, cols int) blas32.General {
	first := i*a.Stride + j
	return blas32.General{
		Rows:   rows,
		Cols:   cols,
		Stride: a.Stride,
		Data:   a.Data[first : first+(rows-1)*a.Stride+cols],
	}
}

// matrix returns data as a matrix of rows of cols elements.
func matrix(data []float32, cols int) blas32.General {
	return blas32.General{Rows: len(data) / cols, Cols: cols, Stride: cols, Data: data}
}

// A product spreads the rows of a product over all cores, and has the same bits
// as one core has. The zero product is ready to use, for one call at a time. It
// allocates nothing after the first.
type product struct {
	c, a, b    []float32
	inner      int
	transposed bool

	crew crew
	task func(worker, t int) // made once: a method value would allocate
}

// productRows is the number of rows in a task.
const productRows = 8

// multiply is like the function.
func (p *product) multiply(c, a, b []float32, inner int) { p.do(c, a, b, inner, false) }

// addTransposed is like the function.
func (p *product) addTransposed(c, a, b []float32, inner int) { p.do(c, a, b, inner, true) }

func (p *product) do(c, a, b []float32, inner int, transposed bool) {
	if p.task == nil {
		p.task = p.rows
	}
	p.c, p.a, p.b, p.inner, p.transposed = c, a, b, inner, transposed
	tasks := ceilDiv(len(a)/inner, productRows)
	p.crew.do(workers(tasks, len(a)/inner*len(b)), tasks, p.task)
}

// rows does task t.
func (p *product) rows(_, t int) {
	rows := len(p.a) / p.inner
	cols := len(p.c) / rows
	first, end := t*productRows, min((t+1)*productRows, rows)
	c, a := p.c[first*cols:end*cols], p.a[first*p.inner:end*p.inner]
	if p.transposed {
		addTransposed(c, a, p.b, p.inner)
	} else {
		multiply(c, a, p.b, p.inner)
	}
}

// transpose sets dst to the transpose of a matrix with rows of cols elements.
func transpose(dst, src []float32, cols int) {
	rows := len(src) / cols
	for i := range rows {
		for j, v := range row(src, i, cols) {
			dst[j*rows+i] = v
		}
	}
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }
