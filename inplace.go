package mixup

// Products in place: the order in which rows can overwrite each other.

import "github.com/seed-7466c776/mixup/internal/f32"

// Columns that are worked on at a time, so that what is read twice is in cache
// when it is read again: rowTile values of each of the few rows that a walk has
// in hand, or blockTile values of all rows together. Pieces of rows that are too
// short take longer to fetch: they have pieceMin values, as long as blockMax
// values of all rows are not exceeded.
const (
	rowTile   = 16 << 10
	blockTile = 64 << 10
	blockMax  = 4 << 20
	pieceMin  = 256

	line = 16 // values in a cache line, which goroutines do not share
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
	box    []Box

	pixels pixels // ApplyBytesTo's
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
	if k := min(workers(len(x)), dim/pieceMin); k > 1 {
		share := (dim/k + line) / line * line
		p.inParallel(dim, min(size, share), k)
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
	s.begin(w.rows)
	for i := range s.reads {
		r := &s.reads[i]
		if !w.reads(r, i) {
			return false
		}
		s.note(i, r.terms == 1 && r.wa == 1)
	}
	s.arrange()
	return true
}

// begin prepares for n rows.
func (s *scratch) begin(n int) {
	s.reads = resize(s.reads, n)
	s.readers = resize(s.readers, n)
	s.order = resize(s.order, n)[:0]
	clear(s.readers)
}

// note counts what row i reads. A row that reads no other may be a copy of
// itself.
func (s *scratch) note(i int, copied bool) {
	if o := s.reads[i].other; o != i {
		s.readers[o]++
	} else if copied {
		s.readers[i] -= len(s.readers) // as good as written, whoever reads it
	}
}

// arrange puts the rows into the order of walk.
func (s *scratch) arrange() {
	reads, readers, order := s.reads, s.readers, s.order
	const written = -1
	for i := range readers {
		for j := i; readers[j] == 0; j = reads[j].other {
			order = append(order, j)
			readers[j] = written
			if o := reads[j].other; o != j {
				readers[o]--
			}
		}
	}
	for i := range readers {
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
	n := hi - lo
	*save = resize(*save, n)
	x := dense{data: p.dst[lo:], stride: p.dim, saved: -1, save: *save}
	order, reads := p.s.order, p.s.reads
	for t := 0; t < len(order); t++ {
		i := order[t]
		if i < 0 {
			i = ^i
			j := reads[i].other
			if reads[j].other == i && x.mixPair(i, j, n, reads[i], reads[j]) {
				t++
				continue
			}
			copy(x.save, x.data[i*x.stride:])
			x.saved = i
		}
		dst, r := x.data[i*p.dim:][:n], &reads[i]
		switch {
		case r.terms == 2:
			f32.Mix2(dst, x.row(r.a, n), x.row(r.b, n), r.wa, r.wb)
		case r.terms == 0:
			clear(dst)
		case r.wa == 1:
			copy(dst, x.row(r.a, n))
		default:
			f32.Scale(dst, x.row(r.a, n), r.wa)
		}
	}
}

// mixPair writes rows i and j, which read each other, without saving one of
// them. It reports false if one of them does not read itself.
func (x *dense) mixPair(i, j, n int, r, q reads) bool {
	if r.terms != 2 || q.terms != 2 || r.a == r.b || q.a == q.b {
		return false
	}
	if r.b == i {
		r.wa, r.wb = r.wb, r.wa
	}
	if q.b == j {
		q.wa, q.wb = q.wb, q.wa
	}
	x.saved = -1
	f32.MixPair(x.row(i, n), x.row(j, n), r.wa, r.wb, q.wa, q.wb)
	return true
}

// blockWidth returns how many columns mulBlocks is to work on at a time.
func (w *sparse) blockWidth(dim int) int {
	least := min(pieceMin, blockMax/w.rows)
	return min(dim, max(line, max(least, blockTile/w.rows)/line*line))
}

// mulBlocks copies columns lo to hi-1 of all rows and writes the rows from the
// copy.
func (p *product) mulBlocks(lo, hi int, save *[]float32) {
	n := hi - lo
	from := block(p.dst, p.dim, lo, n, save)
	for i := range p.w.rows {
		index, weight := p.w.row(i)
		combine(p.dst[i*p.dim+lo:][:n], &from, index, weight)
	}
}

// block returns a copy, kept in save, of n columns of all rows from column lo on.
func block(x []float32, dim, lo, n int, save *[]float32) dense {
	rows := len(x) / dim
	*save = resize(*save, rows*n)
	for i := range rows {
		copy((*save)[i*n:][:n], x[i*dim+lo:])
	}
	return dense{data: *save, stride: n, saved: -1}
}
