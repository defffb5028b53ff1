package mixup

// Products in place: the order in which rows can overwrite each other.

import "github.com/seed-7466c776/mixup/internal/f32"

// Columns that are worked on at a time, so that what is read twice is in cache
// when it is read again: rowTile values of each of the few rows that are in hand
// as a rule, or saveTile values of all rows together that are saved. Pieces of
// rows that are too short take longer to fetch: they have pieceMin values, as
// long as saveMax values in all are not exceeded.
const (
	rowTile  = 16 << 10
	saveTile = 64 << 10
	saveMax  = 4 << 20
	pieceMin = 256

	line = 16 // values in a cache line, which goroutines do not share
)

// Products that are computed from a copy of x, which takes less time than finding
// an order: those of fewValues, for which both are in the nearest cache, and
// those of rows that are narrow, up to saveMax values, if the order is not found
// by following partners.
var (
	fewValues = 4 << 10
	narrow    = 256
)

// scratch is memory that a Mix keeps between calls.
type scratch struct {
	plan plan
	save []float32

	start  []int // the transpose
	index  []int
	weight []float32

	lambda []float64 // what a Sampler has drawn
	perm   []int
	box    []Box

	pixels pixels // ApplyBytesTo's
}

// A plan is how a product is computed in place: the order in which the rows are
// written, and for each row what it reads and when it is written.
type plan struct {
	order []int
	rows  []place
	free  []int // slots whose rows are not read any more
	slots int

	readers []int
}

// A place is that of a row in a plan. If other rows are to read what it was once
// it is written, it is saved in a slot first.
type place struct {
	lo, hi  int // its terms
	readers int // how many terms of rows that are not written yet read it
	at      int // its place in the order, or
	slot    int // or -1
	until   int // the place of the last row that reads the slot
}

const (
	unwritten = -1
	unchanged = -2 // and not in the order
)

// mul is x ← w·x in place, for rows of dim values and any square w. It gives
// the bits of mulTo.
func (w *sparse) mul(x []float32, dim int, s *scratch) {
	if dim == 0 {
		return
	}
	p := product{w: *w, s: s, dst: x, dim: dim}
	var size int
	switch {
	case len(x) > fewValues && s.plan.follow(w):
		p.by, size = cycles, rowTile
	case len(x) <= fewValues || dim <= narrow && len(x) <= saveMax:
		s.save = append(s.save[:0], x...)
		w.mulTo(x, s.save, dim)
		return
	default:
		s.plan.arrange(w)
		p.by, size = columns, tileWidth(s.plan.slots)
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

// follow orders the rows by whom they are mixed with, where each row has itself
// for its first term and one partner for its second. It reports false if that is
// not so.
//
// The rows then form chains that lead into cycles. A row that is nobody's
// partner, or whose readers are all written, can be written, which may free its
// partner: so the chains are written first, from their ends, and then the cycles.
// The row that is written next is the one that was just read, and is still in
// cache. The first of a cycle is in the order as its complement.
func (p *plan) follow(w *sparse) bool {
	if w.k != 2 || w.cut != nil {
		return false
	}
	const written = -1
	p.readers = resize(p.readers, w.rows) // which are not written
	readers := p.readers
	clear(readers)
	index := w.index[:2*len(readers)]
	for i := range readers {
		if index[2*i] != i {
			return false
		}
		readers[index[2*i+1]]++
	}
	order := resize(p.order, w.rows)[:0]
	for i := range readers {
		for readers[i] == 0 {
			order = append(order, i)
			readers[i] = written
			i = index[2*i+1]
			readers[i]--
		}
	}
	for i := range readers {
		if readers[i] == written {
			continue
		}
		order = append(order, ^i)
		for j := index[2*i+1]; j != i; j = index[2*j+1] {
			order = append(order, j)
			readers[j] = written
		}
	}
	p.order = order
	return true
}

// mulCycles writes columns lo to hi-1 of the rows in the order of follow. It
// saves the first of a cycle for the last.
func (p *product) mulCycles(lo, hi int, save *[]float32) {
	n := hi - lo
	*save = resize(*save, n)
	x := dense{data: p.dst[lo:], stride: p.dim}
	order, first := p.s.plan.order, -1
	for t := 0; t < len(order); t++ {
		i := order[t]
		begin := i < 0
		if begin {
			i = ^i
		}
		j := p.w.index[2*i+1]
		w := p.w.weight[2*i:][:2]
		dst, src := x.row(i, n), x.row(j, n)
		switch {
		case begin && i != j:
			v := p.w.weight[2*j:][:2]
			if p.w.index[2*j+1] == i && !unmixed(w) && !unmixed(v) {
				f32.MixPair(dst, src, w[0], w[1], v[0], v[1])
				t++
				continue
			}
			first = i
			copy(*save, dst)
		case j == first:
			src = *save
		}
		if !unmixed(w) {
			f32.Mix2(dst, dst, src, w[0], w[1])
		}
	}
}

// unmixed reports whether a row with such weights is a copy of its first term.
func unmixed(weight []float32) bool { return weight[0] == 1 && weight[1] == 0 }

// arrange makes p the plan of x ← w·x.
//
// A row that nobody reads, or whose readers are all written, can be written as
// it is, which may free a row that it reads. So those are written first. What
// remains is written all the same, and saved before. In either case the row that
// is written next is one that was just read, and is still in cache.
//
// Where each row reads at most one other, the rows form chains that lead into
// cycles. The chains are written from their ends and then the cycles, with the
// first row of each saved for the last.
func (p *plan) arrange(w *sparse) {
	p.begin(w)
	for i := range p.rows {
		for r := &p.rows[i]; r.readers == 0 && r.at == unwritten; r = &p.rows[i] {
			i = p.write(w, i)
		}
	}
	for i := range p.rows {
		for p.rows[i].at == unwritten {
			i = p.write(w, i)
		}
	}
}

// begin prepares p for w, with no row written.
func (p *plan) begin(w *sparse) {
	p.order = resize(p.order, w.rows)[:0]
	p.rows = resize(p.rows, w.rows)
	p.free, p.slots = p.free[:0], 0
	clear(p.rows)
	for i := range p.rows {
		r := &p.rows[i]
		r.lo, r.hi = w.span(i)
		r.at = unwritten
		if r.hi-r.lo == 1 && w.index[r.lo] == i && w.weight[r.lo] == 1 {
			r.at = unchanged
		}
		for _, j := range w.index[r.lo:r.hi] {
			if j != i {
				p.rows[j].readers++
			}
		}
	}
}

// write puts row i in the order. It returns a row to be written next, or i if
// the row reads none that is not written.
func (p *plan) write(w *sparse, i int) (next int) {
	r := &p.rows[i]
	t := len(p.order)
	p.order = append(p.order, i)
	r.at, r.slot, r.until = t, -1, t
	if r.readers > 0 || w.rereads(i) {
		r.slot = p.take()
	}
	next = i
	for _, j := range w.index[r.lo:r.hi] {
		if j == i {
			continue
		}
		q := &p.rows[j]
		q.readers--
		switch {
		case q.at >= 0:
			q.until = t
			if q.readers == 0 {
				p.free = append(p.free, q.slot)
			}
		case q.at == unwritten && (next == i || q.readers == 0):
			next = j
		}
	}
	if r.slot >= 0 && r.readers == 0 {
		p.free = append(p.free, r.slot)
	}
	return next
}

// take returns a slot that is free.
func (p *plan) take() (slot int) {
	if last := len(p.free) - 1; last >= 0 {
		slot, p.free = p.free[last], p.free[:last]
		return slot
	}
	p.slots++
	return p.slots - 1
}

// tileWidth returns how many columns are to be worked on at a time if they are
// saved of so many rows.
func tileWidth(saved int) int {
	saved = max(saved, 1)
	width := max(saveTile/saved, min(pieceMin, saveMax/saved))
	return min(rowTile, max(width/line*line, line))
}

// mulColumns writes columns lo to hi-1 of the rows in place.
func (p *product) mulColumns(lo, hi int, save *[]float32) {
	n := hi - lo
	plan := &p.s.plan
	*save = resize(*save, plan.slots*n)
	x := dense{data: p.dst[lo:], stride: p.dim, rows: plan.rows, save: *save}
	for ; x.written < len(plan.order); x.written++ {
		i := plan.order[x.written]
		r := &plan.rows[i]
		dst := x.data[i*x.stride:][:n]
		if r.slot >= 0 {
			copy(x.save[r.slot*n:][:n], dst)
		}
		combine(dst, &x, p.w.index[r.lo:r.hi], p.w.weight[r.lo:r.hi])
	}
}
