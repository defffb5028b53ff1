// The matrix product, on all cores.

package nn

import (
	"runtime"
	"sync"
	"sync/atomic"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
)

// A product computes C ← op(A)·op(B) + beta·C as blas32.Gemm does. It has
// gonum's kernels work on tiles that are small enough for gonum to stay on one
// goroutine, and spreads the tiles itself: in this way a product allocates
// nothing after the first, and long dot products are not cut into pieces,
// which for a minibatch of 128 × 784 takes half the time. Every element of C
// is summed by one goroutine in one order, so that the number of cores does
// not show in the bits.
//
// The zero product is ready to use, for one call at a time.
type product struct {
	transA, transB blas.Transpose
	a, b, c        blas32.General
	beta           float32

	next atomic.Int64 // the first tile that nobody has taken
	wait sync.WaitGroup
	work func() // made once: a go statement with a method would allocate
}

// Rows and columns of a tile of C: two of the 64×64 blocks of which gonum asks
// for four before it starts goroutines.
const (
	tileRows = 32
	tileCols = 128
)

// share is the number of multiplications that are worth a goroutine: they take
// some ten times as long as to start and to end one.
const share = 1 << 18

func (p *product) gemm(transA, transB blas.Transpose, a, b blas32.General, beta float32, c blas32.General) {
	if p.work == nil {
		p.work = func() {
			defer p.wait.Done()
			p.tiles()
		}
	}
	p.transA, p.transB, p.a, p.b, p.beta, p.c = transA, transB, a, b, beta, c
	p.next.Store(0)
	tiles := ceilDiv(c.Rows, tileRows) * ceilDiv(c.Cols, tileCols)
	workers := min(runtime.GOMAXPROCS(0), tiles, a.Rows*a.Cols*c.Cols/share)
	for range workers - 1 {
		p.wait.Add(1)
		go p.work()
	}
	p.tiles()
	p.wait.Wait()
}

// tiles computes tiles until none is left.
func (p *product) tiles() {
	across := ceilDiv(p.c.Cols, tileCols)
	count := across * ceilDiv(p.c.Rows, tileRows)
	for t := int(p.next.Add(1)) - 1; t < count; t = int(p.next.Add(1)) - 1 {
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
