// Products out of place.

package rows

import (
	"github.com/seed-7466c776/mixup/internal/alias"
	"github.com/seed-7466c776/mixup/internal/f32"
)

// tile is how many values of each row in hand are worked on at a time, so that
// what is read twice is still in cache when it is read again.
const tile = 16 << 10

// MulTo is dst ← w·src for rows of dim values. dst and src must not overlap.
func (w Matrix) MulTo(dst, src []float32, dim int) { w.mulTo(dst, src, dim, standard()) }

func (w Matrix) mulTo(dst, src []float32, dim int, l limits) {
	if dim > 0 {
		matrixProducts.split(matrixProduct{w, dst, src, dim}, w.rows(), rowsOf(tile, dim), l.goroutines(4*len(dst)), nil)
	}
}

// rowsOf returns how many rows of dim values have about so many values.
func rowsOf(values, dim int) int { return max(1, values/dim) }

// A matrixProduct is dst ← w·src.
type matrixProduct struct {
	w        Matrix
	dst, src []float32
	dim      int
}

var matrixProducts splitter[matrixProduct]

// part computes rows lo to hi-1.
func (p matrixProduct) part(lo, hi int, _ *memory) {
	w, dim := p.w, p.dim
	for i := lo; i < hi; i++ {
		dst := p.dst[i*dim:][:dim]
		if w.K == 2 && !w.unmixed(i) { // what sum does, without its calls
			a, b := p.src[w.Index[2*i]*dim:][:dim], p.src[w.Index[2*i+1]*dim:][:dim]
			f32.Mix2(dst, a, b, w.Weight[2*i], w.Weight[2*i+1])
			continue
		}
		r := w.span(i)
		index := w.Index[r.lo:r.hi]
		sum(dst, w.Weight[r.lo:r.hi], func(k int) []float32 { return p.src[index[k]*dim:][:dim] })
	}
}

// readFirst is how many rows sum reads before it writes.
const readFirst = 3

// sum writes the weighted sum of some rows to dst, added in their order. dst may
// be one of the first rows, up to readFirst.
func sum(dst, weight []float32, row func(k int) []float32) {
	switch {
	case len(weight) == 0:
		clear(dst)
	case len(weight) == 1 && weight[0] == 1:
		copy(dst, row(0))
	case len(weight) == 1:
		f32.Scale(dst, row(0), weight[0])
	case len(weight) == 2:
		f32.Mix2(dst, row(0), row(1), weight[0], weight[1])
	default:
		f32.Mix3(dst, row(0), row(1), row(2), weight[0], weight[1], weight[2])
		for k := readFirst; k < len(weight); k++ {
			f32.AddScaled(dst, row(k), weight[k])
		}
	}
}

// MulTransposedTo is dst ← wᵀ·src for rows of dim values. dst may be src, but
// must not overlap it in part. Source rows that no row reads become 0.
func (w Matrix) MulTransposedTo(dst, src []float32, dim int, s *Scratch) {
	w.mulTransposedTo(dst, src, dim, s, standard())
}

func (w Matrix) mulTransposedTo(dst, src []float32, dim int, s *Scratch, l limits) {
	if dim == 0 {
		return
	}
	s.transpose.of(w.terms(s), len(dst)/dim)
	t := s.transpose.terms
	if alias.Same(dst, src) {
		t.mul(dst, dim, s, l)
		return
	}
	t.mulTo(dst, src, dim, l)
}

// mulTo is dst ← t·src.
func (t terms) mulTo(dst, src []float32, dim int, l limits) {
	termsProducts.split(termsProduct{t, dst, src, dim}, len(t.row), rowsOf(tile, dim), l.goroutines(4*len(dst)), nil)
}

// A termsProduct is dst ← t·src.
type termsProduct struct {
	t        terms
	dst, src []float32
	dim      int
}

var termsProducts splitter[termsProduct]

// part computes rows lo to hi-1.
func (p termsProduct) part(lo, hi int, _ *memory) {
	for i := lo; i < hi; i++ {
		r := p.t.row[i]
		index := p.t.index[r.lo:r.hi]
		sum(p.dst[i*p.dim:][:p.dim], p.t.weight[r.lo:r.hi], func(k int) []float32 {
			return p.src[index[k]*p.dim:][:p.dim]
		})
	}
}
