// Products out of place.

package rows

import (
	"github.com/seed-7466c776/mixup/internal/alias"
	"github.com/seed-7466c776/mixup/internal/f32"
)

// MulTo is dst ← w·src for rows of dim values. dst and src must not overlap.
func (w Matrix) MulTo(dst, src []float32, dim int) { w.mulTo(dst, src, dim, standard()) }

func (w Matrix) mulTo(dst, src []float32, dim int, l limits) {
	if dim > 0 {
		matrixProducts.split(matrixProduct{w, dst, src, dim}, w.rows(), rowsPerTile(dim), l.goroutines(4*len(dst)), nil)
	}
}

// A matrixProduct is dst ← w·src.
type matrixProduct struct {
	w        Matrix
	dst, src []float32
	dim      int
}

var matrixProducts splitter[matrixProduct]

// part computes rows lo to hi-1.
func (p matrixProduct) part(lo, hi int, _ *memory) {
	if p.w.K == 2 {
		p.w.mulPairs(p.dst, p.src, p.dim, lo, hi, false)
		return
	}
	src := columnsOf(p.src, p.dim, 0, p.dim)
	for i := lo; i < hi; i++ {
		index, weight := p.w.row(i)
		src.sum(p.dst[i*p.dim:][:p.dim], index, weight)
	}
}

// mulPairs writes the rows lo to hi-1 of w·src to dst, for two terms in each row. If dst
// is a copy of src, rows that copy themselves need not be written.
func (w *Matrix) mulPairs(dst, src []float32, dim, lo, hi int, isCopy bool) {
	for lo < hi {
		mixed := lo
		for mixed < hi && !w.copies2(mixed) {
			mixed++
		}
		f32.MixRows(dst[lo*dim:mixed*dim], src, dim, w.Index[2*lo:2*mixed], w.Weight[2*lo:2*mixed])
		if mixed < hi && !(isCopy && w.Index[2*mixed] == mixed) {
			f32.Copy(dst[mixed*dim:][:dim], src[w.Index[2*mixed]*dim:])
		}
		lo = mixed + 1
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
	termsProducts.split(termsProduct{t, dst, src, dim}, len(t.row), rowsPerTile(dim), l.goroutines(4*len(dst)), nil)
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
	src := columnsOf(p.src, p.dim, 0, p.dim)
	for i := lo; i < hi; i++ {
		r := p.t.row[i]
		src.sum(p.dst[i*p.dim:][:p.dim], p.t.index[r.lo:r.hi], p.t.weight[r.lo:r.hi])
	}
}
