// Package neighbours finds rows that are near in Euclidean distance.
//
// Distances are compared in float64, so that the neighbours are the same on every
// machine. Of several rows at the same distance, those with lower numbers count as
// nearer. A distance that is NaN counts as infinite.
//
// The package checks nothing. Its caller checks lengths and numbers.
package neighbours

import (
	"cmp"
	"math"
	"runtime"
	"slices"

	"github.com/seed-7466c776/mixup/internal/parallel"
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
)

// Find replaces each rank[i], which is from 0 for the nearest neighbour up to k-1, by
// the neighbour of row i that has this rank. x holds len(rank) rows, which are at least
// two, and k is less than their number.
func Find(rank []int, x []float32, k int) { newSearch(x, len(rank), k).findAll(rank) }

// A search finds the neighbours of rows.
//
// A squared distance is ‖xᵢ‖² + ‖xⱼ‖² - 2·xᵢ·xⱼ. The inner products come from a matrix
// product in float32. It is fast and inexact, but its error has a bound that holds for
// every order of its sums. The bounds alone show of nearly all rows whether they are
// nearer or farther than the neighbour of the wanted rank. The exact distance is
// computed only of the few rows for which they do not.
type search struct {
	x      []float32
	n, dim int
	square []float64 // ‖xᵢ‖²

	// The band of rows lo to hi-1 is in work. product holds their inner products with
	// all rows.
	lo, hi  int
	product []float32

	// The squared distance of rows i and j is within slack·(‖xᵢ‖²+‖xⱼ‖²) + least.
	slack, least float64

	helpers int          // goroutines beside the caller's
	scratch chan *memory // one for each goroutine
}

// memory is what one goroutine needs.
type memory struct {
	low, high smallest // bounds of squared distances
	open      []neighbour
}

// A neighbour is a row and its squared distance from another one.
type neighbour struct {
	row    int
	square float64
}

const (
	// Each call of gonum multiplies tile rows by tile rows, tileCols columns at a
	// time. This is small enough for gonum to use one goroutine, and for the columns
	// to stay in cache.
	tile     = 32
	tileCols = 1 << 10

	// maxProducts is how many inner products are kept at a time: 16 MiB.
	maxProducts = 1 << 22
)

// bandRows returns how many of n rows a band has. If they are more than a tile, they
// are a number of whole tiles.
func bandRows(n int) int {
	rows := max(1, maxProducts/n)
	if rows > tile {
		rows -= rows % tile
	}
	return min(n, rows)
}

// productError returns a bound of the error of a squared distance that is computed from
// an inner product in float32 of rows of dim values: slack·(‖xᵢ‖²+‖xⱼ‖²) + least.
func productError(dim int) (slack, least float64) {
	// An inner product of d terms in float32 has an error of at most
	// d·u/(1-d·u)·|x|·|y| with u = 2⁻²⁴, in every order and with or without fused
	// operations, if nothing underflows (Higham, "Accuracy and stability of numerical
	// algorithms", 3.1). 2·|x|·|y| is at most |x|² + |y|². The 8 allows for rounding
	// in float64. For rows of 2²³ values and more there is no bound.
	du := float64(dim+8) * 0x1p-24
	return du / max(0, 1-2*du), float64(dim) * 0x1p-148
}

// newSearch prepares to find neighbours among the n rows of x, and the k
// nearest of each.
func newSearch(x []float32, n, k int) *search {
	dim := len(x) / n
	s := &search{x: x, n: n, dim: dim, square: make([]float64, n)}
	s.hi = bandRows(n)
	s.product = make([]float32, s.hi*n)
	s.slack, s.least = productError(dim)

	const share = 1 << 20 // multiplications for each goroutine, at least
	s.helpers = min(runtime.GOMAXPROCS(0)-1, int(float64(s.hi)*float64(len(x))/share))
	s.scratch = make(chan *memory, s.helpers+1)
	for range cap(s.scratch) {
		s.scratch <- &memory{low: make(smallest, k), high: make(smallest, k)}
	}
	s.overRows(0, n, func(i int) {
		var sum float64
		for _, v := range s.row(i) {
			sum += float64(v) * float64(v)
		}
		s.square[i] = sum
	})
	return s
}

// overRows calls f for the rows lo to hi-1.
func (s *search) overRows(lo, hi int, f func(i int)) {
	const block = 8 // rows that a goroutine takes at a time
	parallel.Do((hi-lo+block-1)/block, s.helpers, func(b int) {
		for i := lo + b*block; i < min(hi, lo+(b+1)*block); i++ {
			f(i)
		}
	})
}

// findAll replaces rank[i], for each row i, by the neighbour of row i that has this
// rank.
func (s *search) findAll(rank []int) {
	for band := s.hi; s.lo < s.n; s.lo, s.hi = s.hi, min(s.n, s.hi+band) {
		s.multiply()
		s.overRows(s.lo, s.hi, func(i int) { rank[i] = s.find(i, rank[i]) })
	}
}

// row returns row i of x.
func (s *search) row(i int) []float32 { return s.x[i*s.dim:][:s.dim] }

// multiply computes the inner products of rows lo to hi-1 with all rows. Those of two
// rows of the band are computed once, if the band is of whole tiles.
func (s *search) multiply() {
	across := (s.n + tile - 1) / tile
	down := (s.hi - s.lo + tile - 1) / tile
	parallel.Do(down*across, s.helpers, func(t int) {
		i, j := s.lo+t/across*tile, t%across*tile
		rows, cols := min(tile, s.hi-i), min(tile, s.n-j)
		// In a band that does not begin with a tile, the tile before would write some
		// of the products that are mirrored, too.
		mirrored := s.lo%tile == 0 && s.lo <= j && j+cols <= s.hi
		if mirrored && j < i {
			return
		}
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

// bounds returns bounds of the squared distance of rows i and j, given their inner
// product.
func (s *search) bounds(i, j int, product float32) (low, high float64) {
	sum := s.square[i] + s.square[j]
	slack := s.slack*sum + s.least
	square := sum - 2*float64(product)
	if !(math.Abs(square)+slack <= math.MaxFloat64) {
		return math.Inf(-1), math.Inf(1)
	}
	return square - slack, square + slack
}

// find returns the neighbour of row i that has the given rank; the nearest has 0.
func (s *search) find(i, rank int) int {
	w := <-s.scratch
	defer func() { s.scratch <- w }()
	// If the low bounds of all rows are sorted, and the high bounds likewise, then the
	// squared distance of this rank is between the two bounds at this rank.
	products := s.product[(i-s.lo)*s.n:][:s.n]
	lows, highs := w.low[:rank+1], w.high[:rank+1]
	lows.reset()
	highs.reset()
	for j, p := range products {
		if j != i {
			low, high := s.bounds(i, j, p)
			lows.add(low)
			highs.add(high)
		}
	}
	from, to := lows.greatest(), highs.greatest()
	w.open = w.open[:0]
	for j, p := range products {
		if j == i {
			continue
		}
		switch low, high := s.bounds(i, j, p); {
		case low > to: // farther
		case high < from:
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
