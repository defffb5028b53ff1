// Partners that are near in Euclidean distance.

package mixup

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/seed-7466c776/mixup/internal/random"
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
)

// Nearest fills partner with near rows: partner[i] is one of the k rows of x that
// are nearest to row i in Euclidean distance, each with the same probability and
// independently of the other partners. x holds a row of dim values for each
// partner. The row itself is not among the k, but a copy of it may be. A k beyond
// the number of other rows means all of them, and a single row is its own partner.
//
// Distances are compared in float64, so that the neighbours are the same on every
// machine. Of rows at the same distance those of lower number are nearer. A
// distance that is NaN counts as infinite.
//
// The work is half a matrix product of x with its transpose, on all cores; rows
// whose mean is far from 0 compared to their distances take longer. A nil src means
// the global source of math/rand/v2. Nearest allocates up to
// 16 MiB for products, or a row of them if that is more, and for each goroutine
// 24 bytes a row. It panics, before it writes, if len(x) is not len(partner)*dim,
// if dim is less than 1, or if k is.
func Nearest(partner []int, x []float32, dim, k int, src rand.Source) {
	n := len(partner)
	must(rowsOf("x", len(x), n, dim))
	if k < 1 {
		panic(fmt.Sprintf("mixup: k = %d, want at least 1", k))
	}
	if n < 2 {
		clear(partner) // none, or a single row that is its own partner
		return
	}
	k = min(k, n-1)

	// Which of the neighbours it is to be is drawn first. Then their order is
	// needed at that one place only.
	src = random.Source(src)
	for i := range partner {
		partner[i] = random.Below(k, src)
	}
	s := newNeighbours(x, n)
	for s.lo < n {
		s.multiply()
		s.spread(s.hi-s.lo, func(worker, t int) {
			i := s.lo + t
			partner[i] = s.find(i, partner[i], &s.scratch[worker])
		})
		s.lo, s.hi = s.hi, min(n, s.hi+s.hi-s.lo)
	}
}

// neighbours finds the neighbours of rows.
//
// A squared distance is ‖xᵢ‖² + ‖xⱼ‖² - 2·xᵢ·xⱼ. The products come from a matrix
// product in float32, which is fast and inexact, but by no more than a bound that
// holds in whatever order it adds. So nearly all rows are seen to be nearer or
// farther than the one that is asked for, and only where the bounds leave it open
// the distances are computed one by one.
type neighbours struct {
	x      []float32
	n, dim int
	square []float64 // ‖xᵢ‖²

	// Rows lo to hi-1 are worked on: product has their products with all rows.
	lo, hi  int
	product []float32

	// The squared distance of rows i and j is within slack·(‖xᵢ‖²+‖xⱼ‖²) + least.
	slack, least float64

	scratch []neighbourScratch // of each goroutine
}

type neighbourScratch struct {
	low, high []float64 // bounds of the squared distance to each row
	sorted    []float64
	open      []neighbour
}

// A neighbour is a row and its squared distance from another one.
type neighbour struct {
	row    int
	square float64
}

const (
	// tile is the number of rows on either side of a product that is left to
	// gonum: so few that it stays on one goroutine, and long dot products
	// of theirs, tileCols at a time, remain in cache.
	tile     = 32
	tileCols = 1 << 10

	// maxProducts is how many products are kept at a time: 16 MiB.
	maxProducts = 1 << 22
)

// newNeighbours prepares for the n rows of x, from the first ones on.
func newNeighbours(x []float32, n int) *neighbours {
	dim := len(x) / n
	s := &neighbours{x: x, n: n, dim: dim, square: make([]float64, n)}
	s.hi = min(n, max(1, maxProducts/n/tile)*tile)
	s.product = make([]float32, s.hi*n)

	// A dot product of d terms in float32 is off by at most d·u/(1-d·u)·|x|·|y|
	// with u = 2⁻²⁴, in whatever order and with fused operations or without, if
	// nothing underflows (Higham, "Accuracy and stability of numerical
	// algorithms", 3.1), and 2·|x|·|y| is at most |x|² + |y|². The 8 is for what is
	// rounded in float64.
	du := float64(dim+8) * 0x1p-24
	s.slack = du / max(0, 1-2*du)
	s.least = float64(dim) * 0x1p-148

	const share = 1 << 20 // multiplications that are worth a goroutine
	workers := min(runtime.GOMAXPROCS(0), 1+int(float64(s.hi)*float64(len(x))/share))
	s.scratch = make([]neighbourScratch, workers)
	for w := range s.scratch {
		s.scratch[w].low, s.scratch[w].high = make([]float64, n), make([]float64, n)
	}
	s.spread(n, func(_, i int) {
		var sum float64
		for _, v := range s.row(i) {
			sum += float64(v) * float64(v)
		}
		s.square[i] = sum
	})
	return s
}

// row returns row i of x.
func (s *neighbours) row(i int) []float32 { return s.x[i*s.dim:][:s.dim] }

// spread calls f for the tasks 0 to n-1 on all workers.
func (s *neighbours) spread(n int, f func(worker, task int)) {
	var next atomic.Int64
	work := func(worker int) {
		for t := next.Add(1) - 1; t < int64(n); t = next.Add(1) - 1 {
			f(worker, int(t))
		}
	}
	var wait sync.WaitGroup
	for worker := 1; worker < len(s.scratch); worker++ {
		wait.Go(func() { work(worker) })
	}
	work(0)
	wait.Wait()
}

// multiply computes the products of rows lo to hi-1 with all rows, those among
// themselves once.
func (s *neighbours) multiply() {
	across := (s.n + tile - 1) / tile
	down := (s.hi - s.lo + tile - 1) / tile
	s.spread(down*across, func(_, t int) {
		i, j := s.lo+t/across*tile, t%across*tile
		mirrored := s.lo <= j && j < s.hi
		if mirrored && j < i {
			return
		}
		rows, cols := min(tile, s.hi-i), min(tile, s.n-j)
		c := blas32.General{Rows: rows, Cols: cols, Stride: s.n, Data: s.product[(i-s.lo)*s.n+j:]}
		for d := 0; d < s.dim; d += tileCols {
			width := min(tileCols, s.dim-d)
			a := blas32.General{Rows: rows, Cols: width, Stride: s.dim, Data: s.x[i*s.dim+d:]}
			b := blas32.General{Rows: cols, Cols: width, Stride: s.dim, Data: s.x[j*s.dim+d:]}
			beta := float32(1)
			if d == 0 {
				beta = 0
			}
			blas32.Gemm(blas.NoTrans, blas.Trans, 1, a, b, beta, c)
		}
		if mirrored && j > i {
			for p := range rows {
				for q := range cols {
					s.product[(j-s.lo+q)*s.n+i+p] = c.Data[p*s.n+q]
				}
			}
		}
	})
}

// find returns the neighbour of row i that has the given rank; the nearest has 0.
func (s *neighbours) find(i, rank int, w *neighbourScratch) int {
	for j, p := range s.product[(i-s.lo)*s.n:][:s.n] {
		sum := s.square[i] + s.square[j]
		slack := s.slack*sum + s.least
		square := sum - 2*float64(p)
		w.low[j], w.high[j] = square-slack, square+slack
		if !(math.Abs(square)+slack <= math.MaxFloat64) {
			w.low[j], w.high[j] = math.Inf(-1), math.Inf(1)
		}
	}
	w.low[i], w.high[i] = math.Inf(1), math.Inf(1)

	// The squared distance of that rank is between those of the bounds.
	low, high := w.ranked(w.low, rank), w.ranked(w.high, rank)
	w.open = w.open[:0]
	for j := range s.n {
		switch {
		case j == i || w.low[j] > high: // farther
		case w.high[j] < low:
			rank--
		default:
			w.open = append(w.open, neighbour{row: j})
		}
	}
	if len(w.open) > 1 {
		for p := range w.open {
			w.open[p].square = squaredDistance(s.row(i), s.row(w.open[p].row))
		}
		slices.SortFunc(w.open, func(a, b neighbour) int {
			return cmp.Or(cmp.Compare(a.square, b.square), cmp.Compare(a.row, b.row))
		})
	}
	return w.open[rank].row
}

// ranked returns the value that has the given rank in ascending order.
func (w *neighbourScratch) ranked(values []float64, rank int) float64 {
	s := append(w.sorted[:0], values[:rank+1]...)
	slices.Sort(s)
	for _, v := range values[rank+1:] {
		if v < s[rank] {
			p, _ := slices.BinarySearch(s, v)
			copy(s[p+1:], s[p:])
			s[p] = v
		}
	}
	w.sorted = s
	return s[rank]
}

// squaredDistance returns ‖a-b‖², or +Inf if it is NaN.
func squaredDistance(a, b []float32) (square float64) {
	for d, v := range a {
		t := float64(v) - float64(b[d])
		square += float64(t * t)
	}
	if square != square {
		return math.Inf(1)
	}
	return square
}
