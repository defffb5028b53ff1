// The matrix product, on one core and on all.

package nn

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
)

// A product computes C ← op(A)·op(B) + beta·C as blas32.Gemm does. It has
// gonum's kernels work on tiles that are small enough for gonum to stay on one
// goroutine, and spreads the tiles itself: in this way a product allocates
// nothing after the first, and long dot products are not cut into pieces,
// which for a minibatch of 128 × 784 takes half the time. Every element of C
// is summed by one goroutine in one order.
//
// The zero product is ready to use, for one call at a time.
type product struct {
	tiles
	crew crew
	task func(worker, t int) // made once: a method value would allocate
}

// Rows and columns of a tile of C: two of the 64×64 blocks of which gonum asks
// for four before it starts goroutines.
const (
	tileRows = 32
	tileCols = 128
)

// gemm computes the product on all cores.
func (p *product) gemm(transA, transB blas.Transpose, a, b blas32.General, beta float32, c blas32.General) {
	if p.task == nil {
		p.task = func(_, t int) { p.tile(t) }
	}
	p.tiles = tiles{transA, transB, a, b, c, beta}
	count := p.count()
	p.crew.do(workers(count, a.Rows*a.Cols*c.Cols), count, p.task)
}

// gemm computes the product on the goroutine that calls it, in the same bits.
func gemm(transA, transB blas.Transpose, a, b blas32.General, beta float32, c blas32.General) {
	p := tiles{transA, transB, a, b, c, beta}
	for t := range p.count() {
		p.tile(t)
	}
}

// tiles is a product that is computed tile by tile.
type tiles struct {
	transA, transB blas.Transpose
	a, b, c        blas32.General
	beta           float32
}

// count returns the number of tiles.
func (p *tiles) count() int { return ceilDiv(p.c.Rows, tileRows) * ceilDiv(p.c.Cols, tileCols) }

// tile computes tile t.
func (p *tiles) tile(t int) {
	across := ceilDiv(p.c.Cols, tileCols)
	i, j := t/across*tileRows, t%across*tileCols
	rows, cols := min(tileRows, p.c.Rows-i), min(tileCols, p.c.Cols-j)
	var a, b blas32.General
	if p.transA == blas.NoTrans {
		a = window(p.a, i, 0, rows, p.a.Cols)
	} else {
		a = window(p.a, 0, i, p.a.Rows, rows)
	}
	if p.transB == blas.NoTrans {
		b = window(p.b, 0, j, p.b.Rows, cols)
	} else {
		b = window(p.b, j, 0, cols, p.b.Cols)
	}
	blas32.Gemm(p.transA, p.transB, 1, a, b, p.beta, window(p.c, i, j, rows, cols))
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

func ceilDiv(a, b int) int { return (a + b - 1) / b }
