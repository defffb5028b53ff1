package mixup

// Columns that are worked on at a time, so that what is read twice is in cache
// when it is read again: rowTile values of each of the few rows that a walk has
// in hand, or blockTile values of all rows together.
const (
	rowTile   = 16 << 10
	blockTile = 32 << 10
)

// scratch is memory that a Mix keeps between calls.
type scratch struct {
	order   []int // walk's: the rows in its order
	other   []int
	readers []int
	save    []float32

	start  []int // the transpose
	index  []int
	weight []float32

	lambda []float64 // what a Sampler has drawn
	perm   []int
}

// mul is x ← w·x in place, for rows of dim values and any square w. It gives
// the bits of mulTo.
func (w *sparse) mul(x []float32, dim int, s *scratch) {
	if dim == 0 {
		return
	}
	if w.walk(s) {
		w.mulWalking(x, dim, s)
	} else {
		w.mulBlocks(x, dim, s)
	}
}

// walk puts the rows into an order in which each can be written in place, with
// one row saved at a time. It reports false if there is none, because a row
// reads two rows besides itself.
//
// Where each row reads at most one other, the rows form chains that lead into
// cycles. A row that nobody reads, or whose readers are all written, can be
// written, which may free the row that it reads: so the chains are walked first,
// from their ends. What remains is cycles. The first row of a cycle is saved for
// its last, and marked by its complement. Either way the row that is written
// next is the one that was just read, and is still in cache.
func (w *sparse) walk(s *scratch) bool {
	n := w.rows
	s.other = resize(s.other, n)
	s.readers = resize(s.readers, n)
	s.order = s.order[:0]
	clear(s.readers)
	for i := range n {
		j, ok := w.other(i)
		if !ok {
			return false
		}
		s.other[i] = j
		if j != i {
			s.readers[j]++
		} else if _, weight := w.row(i); len(weight) == 1 && weight[0] == 1 {
			s.readers[i] -= n // as good as written, whoever reads it
		}
	}
	const written = -1
	for i := range n {
		for j := i; s.readers[j] == 0; j = s.other[j] {
			s.order = append(s.order, j)
			s.readers[j] = written
			if o := s.other[j]; o != j {
				s.readers[o]--
			}
		}
	}
	for i := range n {
		if s.readers[i] < 0 {
			continue
		}
		s.order = append(s.order, ^i)
		s.readers[i] = written
		for j := s.other[i]; j != i; j = s.other[j] {
			s.order = append(s.order, j)
			s.readers[j] = written
		}
	}
	return true
}

// other returns the one row that row i reads besides itself, or i if there is
// none. It reports false if there are several, or if combine would write row i
// before it has read it for the last time.
func (w *sparse) other(i int) (int, bool) {
	other := i
	index, _ := w.row(i)
	for k, j := range index {
		switch {
		case j == i && k >= 3, j != i && other != i && j != other:
			return i, false
		case j != i:
			other = j
		}
	}
	return other, true
}

// mulWalking writes the rows in the order of walk.
func (w *sparse) mulWalking(x []float32, dim int, s *scratch) {
	s.save = resize(s.save, min(dim, rowTile))
	for lo := 0; lo < dim; lo += rowTile {
		n := min(rowTile, dim-lo)
		from := dense{data: x[lo:], stride: dim, saved: -1, save: s.save}
		for _, i := range s.order {
			if i < 0 {
				i = ^i
				from.saved = -1
				copy(s.save, from.row(i, n))
				from.saved = i
			}
			index, weight := w.row(i)
			combine(x[i*dim+lo:][:n], &from, index, weight)
		}
	}
}

// mulBlocks copies a block of columns of all rows and writes the rows from the
// copy.
func (w *sparse) mulBlocks(x []float32, dim int, s *scratch) {
	const line = 16 // values in a cache line
	width := min(dim, max(line, blockTile/w.rows/line*line))
	s.save = resize(s.save, w.rows*width)
	for lo := 0; lo < dim; lo += width {
		n := min(width, dim-lo)
		for i := range w.rows {
			copy(s.save[i*n:][:n], x[i*dim+lo:])
		}
		from := dense{data: s.save, stride: n, saved: -1}
		for i := range w.rows {
			index, weight := w.row(i)
			combine(x[i*dim+lo:][:n], &from, index, weight)
		}
	}
}
