package mixup

// Products in place: the order in which rows can overwrite each other.

import "github.com/seed-7466c776/mixup/internal/f32"

// Columns that are worked on at a time, so that what is read twice is in cache
// when it is read again: rowTile values of each of the few rows that a walk has
// in hand, or blockTile values of all rows together, but no fewer than blockMin
// of a row, because pieces of rows that are too short take longer to fetch.
const (
	rowTile   = 16 << 10
	blockTile = 64 << 10
	blockMin  = 256
)

// scratch is memory that a Mix keeps between calls.
type scratch struct {
	reads   []reads // walk's: of each row
	readers []int   // how many rows that are not written yet read a row
	order   []int   // rows, or the complement of one to be saved first
	save    []float32

	start  []int // the transpose
	index  []int
	weight []float32

	lambda []float64 // what a Sampler has drawn
	perm   []int
}

// reads is what a row reads if it has up to two terms: row a and, if there are
// two, row b. other is the one of them that is not the row itself, if any.
type reads struct {
	terms  int
	a, b   int
	other  int
	wa, wb float32
}

// mul is x ← w·x in place, for rows of dim values and any square w. It gives
// the bits of mulTo.
func (w *sparse) mul(x []float32, dim int, s *scratch) {
	if dim == 0 {
		return
	}
	p := product{w: *w, s: s, dst: x, dim: dim, by: blocks}
	size := w.blockWidth(dim)
	if w.walk(s) {
		p.by, size = walking, rowTile
	}
	if k := workers(len(x)); k > 1 {
		p.inParallel(dim, min(size, (dim+k-1)/k), k)
		return
	}
	for lo := 0; lo < dim; lo += size {
		p.part(lo, min(lo+size, dim), &s.save)
	}
}

// walk puts the rows into an order in which each can be written in place, with
// one row saved at a time. It reports false if there is none, because a row
// reads two rows besides itself or has more than two terms.
//
// Where each row reads at most one other, the rows form chains that lead into
// cycles. A row that nobody reads, or whose readers are all written, can be
// written, which may free the row that it reads: so the chains are walked first,
// from their ends. What remains is cycles, of which the first row is saved for
// the last. In either case the row that is written next is the one that was
// just read, and is still in cache.
func (w *sparse) walk(s *scratch) bool {
	n := w.rows
	s.reads = resize(s.reads, n)
	s.readers = resize(s.readers, n)
	s.order = resize(s.order, n)[:0]
	reads, readers, order := s.reads, s.readers, s.order
	clear(readers)
	for i := range reads {
		if !w.reads(&reads[i], i) {
			return false
		}
		if r := &reads[i]; r.other != i {
			readers[r.other]++
		} else if r.terms == 1 && r.wa == 1 {
			readers[i] -= n // as good as written, whoever reads it
		}
	}
	const written = -1
	for i := range n {
		for j := i; readers[j] == 0; j = reads[j].other {
			order = append(order, j)
			readers[j] = written
			if o := reads[j].other; o != j {
				readers[o]--
			}
		}
	}
	for i := range n {
		if readers[i] < 0 {
			continue
		}
		order = append(order, ^i)
		readers[i] = written
		for j := reads[i].other; j != i; j = reads[j].other {
			order = append(order, j)
			readers[j] = written
		}
	}
	s.order = order
	return true
}

// reads sets r to what row i reads. It reports false if that is too much.
func (w *sparse) reads(r *reads, i int) bool {
	index, weight := w.row(i)
	r.terms = len(index)
	r.other = i
	switch len(index) {
	case 0:
		return true
	case 1:
		r.a, r.wa = index[0], weight[0]
		r.other = r.a
		return true
	case 2:
		r.a, r.wa = index[0], weight[0]
		r.b, r.wb = index[1], weight[1]
		r.other = r.a
		if r.a == i {
			r.other = r.b
		}
		return r.a == i || r.b == i || r.a == r.b
	}
	return false
}

// mulWalking writes columns lo to hi-1 of the rows in the order of walk.
func (p *product) mulWalking(lo, hi int, save *[]float32) {
	*save = resize(*save, hi-lo)
	cols := columns{p.dst[lo:], p.dim, -1, *save}
	order, reads := p.s.order, p.s.reads
	for t := 0; t < len(order); t++ {
		i := order[t]
		if i < 0 {
			i = ^i
			j := reads[i].other
			if reads[j].other == i && cols.mixPair(i, j, reads[i], reads[j]) {
				t++
				continue
			}
			cols.keep(i)
		}
		dst, r := cols.data[i*p.dim:][:hi-lo], &reads[i]
		switch {
		case r.terms == 2:
			f32.Mix2(dst, cols.row(r.a), cols.row(r.b), r.wa, r.wb)
		case r.terms == 0:
			clear(dst)
		case r.wa == 1:
			copy(dst, cols.row(r.a))
		default:
			f32.Scale(dst, cols.row(r.a), r.wa)
		}
	}
}

// columns are some columns of a minibatch, as many as save is long. One row may be
// saved.
type columns struct {
	data   []float32
	stride int
	saved  int // its number, or -1
	save   []float32
}

// keep saves row i.
func (t *columns) keep(i int) {
	copy(t.save, t.data[i*t.stride:])
	t.saved = i
}

// row returns row j as it was when it was saved, or as it is.
func (t *columns) row(j int) []float32 {
	if j == t.saved {
		return t.save
	}
	return t.data[j*t.stride:][:len(t.save)]
}

// mixPair writes rows i and j, which read each other, without saving one of
// them. It reports false if one of them does not read itself.
func (t *columns) mixPair(i, j int, x, y reads) bool {
	if x.terms != 2 || y.terms != 2 || x.a == x.b || y.a == y.b {
		return false
	}
	if x.b == i {
		x.wa, x.wb = x.wb, x.wa
	}
	if y.b == j {
		y.wa, y.wb = y.wb, y.wa
	}
	t.saved = -1
	f32.MixPair(t.row(i), t.row(j), x.wa, x.wb, y.wa, y.wb)
	return true
}

// blockWidth returns how many columns mulBlocks is to work on at a time.
func (w *sparse) blockWidth(dim int) int {
	return min(dim, max(blockMin, blockTile/w.rows/blockMin*blockMin))
}

// mulBlocks copies columns lo to hi-1 of all rows and writes the rows from the
// copy.
func (p *product) mulBlocks(lo, hi int, save *[]float32) {
	n := hi - lo
	*save = resize(*save, p.w.rows*n)
	for i := range p.w.rows {
		copy((*save)[i*n:][:n], p.dst[i*p.dim+lo:])
	}
	for i := range p.w.rows {
		index, weight := p.w.row(i)
		combine(p.dst[i*p.dim+lo:][:n], *save, n, index, weight)
	}
}
