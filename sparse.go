package mixup

// The sparse matrix W and its products.

import "github.com/seed-7466c776/mixup/internal/f32"

// sparse is W, or its transpose, as a list of terms for each row, to be
// multiplied by minibatches of float32.
type sparse struct {
	rows   int
	k      int       // terms per row, or
	start  []int     // if not nil: row i has the terms start[i] to start[i+1]-1
	index  []int     // of the row that a term reads
	weight []float32 // of that row
	cut    *Cut      // if not nil: has the boxes of the rows
}

// sparse returns W. It shares the memory of m.
func (m *Mix) sparse() sparse {
	return sparse{rows: m.Len(), k: m.K, index: m.Index, weight: m.Weight}
}

// row returns the terms of row i. Of a row that is a copy of the source row of
// its first term it returns that one alone, and of a row with a box two.
func (w *sparse) row(i int) (index []int, weight []float32) {
	if w.start != nil {
		lo, hi := w.start[i], w.start[i+1]
		return w.index[lo:hi], w.weight[lo:hi]
	}
	index, weight = w.index[i*w.k:][:w.k], w.weight[i*w.k:][:w.k]
	if w.boxed(i) {
		return index[:2], weight[:2]
	}
	if weight[0] == 1 && allZero(weight[1:]) {
		return index[:1], weight[:1]
	}
	return index, weight
}

// boxed reports whether row i is not a combination, but its first term with a box
// of its second.
func (w *sparse) boxed(i int) bool { return w.cut != nil && w.cut.Box[i].Area() > 0 }

func allZero(weight []float32) bool {
	for _, w := range weight {
		if w != 0 {
			return false
		}
	}
	return true
}

// transpose returns wᵀ, which has as many rows as w has sources, with the terms
// of each row in the order of the rows of w. It lives in s.
func (w *sparse) transpose(sources int, s *scratch) sparse {
	s.start = resize(s.start, sources+2)
	s.index = resize(s.index, len(w.index))
	s.weight = resize(s.weight, len(w.index))
	clear(s.start)
	// The terms of row j are counted in start[j+2] and summed up to where row j
	// begins in start[j+1], which each term that is filled in then moves on to
	// where the next row begins.
	for i := range w.rows {
		index, _ := w.row(i)
		for _, j := range index {
			s.start[j+2]++
		}
	}
	for j := range sources {
		s.start[j+2] += s.start[j+1]
	}
	for i := range w.rows {
		index, weight := w.row(i)
		for k, j := range index {
			p := s.start[j+1]
			s.index[p], s.weight[p] = i, weight[k]
			s.start[j+1]++
		}
	}
	return sparse{rows: sources, start: s.start, index: s.index, weight: s.weight, cut: w.cut}
}

// mulTo is dst ← w·src, for rows of dim values. dst and src do not overlap.
func (w *sparse) mulTo(dst, src []float32, dim int) {
	product{w: *w, dst: dst, src: src, dim: dim, by: rows}.overRows()
}

// mulRows writes rows lo to hi-1.
func (p *product) mulRows(lo, hi int) {
	from := dense{data: p.src, stride: p.dim, saved: -1}
	for i := lo; i < hi; i++ {
		index, weight := p.w.row(i)
		combine(p.dst[i*p.dim:][:p.dim], &from, index, weight)
	}
}

// dense is a minibatch to read from, or some columns of one. Its rows begin
// stride apart, but for one that may be kept elsewhere.
type dense struct {
	data   []float32
	stride int
	saved  int // number of the row that is kept in save, or -1
	save   []float32
}

// row returns the first n values of row j.
func (x *dense) row(j, n int) []float32 {
	if j == x.saved {
		return x.save[:n]
	}
	return x.data[j*x.stride:][:n]
}

// combine writes a linear combination of rows of x to dst. Up to its third term
// it may read the row that dst is.
func combine(dst []float32, x *dense, index []int, weight []float32) {
	row := func(k int) []float32 { return x.row(index[k], len(dst)) }
	switch {
	case len(index) == 0:
		clear(dst)
	case len(index) == 1 && weight[0] == 1:
		copy(dst, row(0))
	case len(index) == 1:
		f32.Scale(dst, row(0), weight[0])
	case len(index) == 2:
		f32.Mix2(dst, row(0), row(1), weight[0], weight[1])
	default:
		f32.Mix3(dst, row(0), row(1), row(2), weight[0], weight[1], weight[2])
		for k := 3; k < len(index); k++ {
			f32.AddScaled(dst, row(k), weight[k])
		}
	}
}

// resize returns a slice of length n, and s's memory if that is enough. Its
// values are unspecified.
func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
