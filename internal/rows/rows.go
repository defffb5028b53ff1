// Package rows multiplies minibatches by sparse matrices. It is the engine of
// package mixup.
//
// A minibatch is a flat slice that holds rows of dim values, one after the other.
// Each row of the product is a weighted sum of source rows, and a row of a [Matrix] has
// the numbers and the weights of these. The products are
//
//	MulTo            dst ← W·src
//	Mul              x ← W·x, in place
//	MulTransposedTo  dst ← Wᵀ·src
//	MulBytesTo       dst ← W·norm(src), from pixels of uint8
//	Blend, BlendTo   W·x divided by the sums of the rows of W, in float64
//
// and the same products of [Boxes], where a row pastes a box of one image into another
// instead of adding the two.
//
// Products in place are bit-identical to those out of place. A row that is a copy of
// itself is not written in place.
//
// The package checks nothing. Its callers check lengths, indices and overlap.
package rows

// A Matrix is the sparse matrix W: row i has the weight Weight[i*K+k] in column
// Index[i*K+k], for k = 0, …, K-1. If the first weight of a row is 1 and the
// others are 0, the row copies its first source row and reads no other.
type Matrix struct {
	K      int
	Index  []int
	Weight []float32
}

// rows returns the number of rows.
func (w *Matrix) rows() int {
	if w.K == 0 {
		return 0
	}
	return len(w.Index) / w.K
}

// copies reports whether row i copies its first source row.
func (w *Matrix) copies(i int) bool {
	weight := w.Weight[i*w.K:][:w.K]
	return weight[0] == 1 && allZero(weight[1:])
}

// copies2 is copies for a matrix of two terms.
func (w *Matrix) copies2(i int) bool { return w.Weight[2*i] == 1 && w.Weight[2*i+1] == 0 }

func allZero(weight []float32) bool {
	for _, v := range weight {
		if v != 0 {
			return false
		}
	}
	return true
}

// row returns the terms of row i that are read: the first one if the row is a copy, and
// otherwise all.
func (w *Matrix) row(i int) (index []int, weight []float32) {
	r := w.span(i)
	return w.Index[r.lo:r.hi], w.Weight[r.lo:r.hi]
}

// span returns the terms of row i that are read.
func (w *Matrix) span(i int) span {
	if w.copies(i) {
		return span{i * w.K, i*w.K + 1}
	}
	return span{i * w.K, (i + 1) * w.K}
}

// A span is the terms of one row: those from lo to hi-1.
type span struct{ lo, hi int }

// terms are the rows of W, or of its transpose, as lists of terms.
type terms struct {
	row    []span    // of each row
	index  []int     // of each term: the source row
	weight []float32 // of each term
}

// terms returns the rows of w. They are valid until s is used again.
func (w *Matrix) terms(s *Scratch) terms {
	s.spans = resize(s.spans, w.rows())
	for i := range s.spans {
		s.spans[i] = w.span(i)
	}
	return terms{s.spans, w.Index, w.Weight}
}

// unchanged reports whether row i of the product is row i of the source, so that
// it is not written in place.
func (t *terms) unchanged(i int) bool {
	r := t.row[i]
	return r.hi-r.lo == 1 && t.index[r.lo] == i && t.weight[r.lo] == 1
}
