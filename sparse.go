// The sparse matrix W and its transpose.

package mixup

import "slices"

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

// row returns the terms of row i.
func (w *sparse) row(i int) (index []int, weight []float32) {
	lo, hi := w.span(i)
	return w.index[lo:hi], w.weight[lo:hi]
}

// span returns where the terms of row i begin and end. Of a row that is a copy of
// the source row of its first term it is that one alone, and of a row with a box
// they are two.
func (w *sparse) span(i int) (lo, hi int) {
	if w.start != nil {
		return w.start[i], w.start[i+1]
	}
	lo, hi = i*w.k, (i+1)*w.k
	switch {
	case w.boxed(i):
		return lo, lo + 2
	case w.weight[lo] == 1 && allZero(w.weight[lo+1:hi]):
		return lo, lo + 1
	}
	return lo, hi
}

// boxed reports whether row i is not a combination, but its first term with a box
// of its second.
func (w *sparse) boxed(i int) bool { return w.cut != nil && !w.cut.Box[i].Empty() }

// rereads reports whether row i, in place, is read after it is written: by terms
// of its own that come too late.
func (w *sparse) rereads(i int) bool {
	early := 3 // terms that combine reads before it writes
	if w.boxed(i) {
		early = 1
	}
	index, _ := w.row(i)
	return len(index) > early && slices.Contains(index[early:], i)
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
	return sparse{rows: sources, start: s.start, index: s.index, weight: s.weight, cut: w.cut}
}
