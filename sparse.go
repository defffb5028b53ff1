package mixup

import "github.com/seed-7466c776/mixup/internal/f32"

// sparse is W, or its transpose, as a list of terms for each row, to be
// multiplied by minibatches of float32.
type sparse struct {
	rows   int
	k      int       // terms per row, or
	start  []int     // if not nil: row i has the terms start[i] to start[i+1]-1
	index  []int     // of the row that a term reads
	weight []float32 // of that row
}

// sparse returns W. It shares the memory of m.
func (m *Mix) sparse() sparse {
	return sparse{rows: m.Len(), k: m.K, index: m.Index, weight: m.Weight}
}

// row returns the terms of row i. Of a row that is a copy of the source row of
// its first term it returns that one alone.
func (w *sparse) row(i int) (index []int, weight []float32) {
	if w.start != nil {
		lo, hi := w.start[i], w.start[i+1]
		return w.index[lo:hi], w.weight[lo:hi]
	}
	lo, hi := i*w.k, (i+1)*w.k
	if w.weight[lo] == 1 && allZero(w.weight[lo+1:hi]) {
		hi = lo + 1
	}
	return w.index[lo:hi], w.weight[lo:hi]
}

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
	return sparse{rows: sources, start: s.start, index: s.index, weight: s.weight}
}

// mulTo is dst ← w·src, for rows of dim values. dst and src do not overlap.
func (w *sparse) mulTo(dst, src []float32, dim int) {
	from := dense{data: src, stride: dim, saved: -1}
	for i := range w.rows {
		index, weight := w.row(i)
		combine(dst[i*dim:(i+1)*dim], &from, index, weight)
	}
}

// dense is a minibatch to read from, or some columns of one. Its rows begin
// stride apart, but for one that is kept elsewhere.
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
	n := len(dst)
	switch {
	case len(index) == 0:
		clear(dst)
	case len(index) == 1 && weight[0] == 1:
		copy(dst, x.row(index[0], n))
	case len(index) == 1:
		f32.Scale(dst, x.row(index[0], n), weight[0])
	case len(index) == 2:
		f32.Mix2(dst, x.row(index[0], n), x.row(index[1], n), weight[0], weight[1])
	default:
		f32.Mix3(dst, x.row(index[0], n), x.row(index[1], n), x.row(index[2], n), weight[0], weight[1], weight[2])
		for k := 3; k < len(index); k++ {
			f32.AddScaled(dst, x.row(index[k], n), weight[k])
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
