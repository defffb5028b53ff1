// The order in which the rows of a product can be written in place.

package mixup

// A plan is the order of rows that follow finds, or the one of arrange with what
// it takes to read the rows in it.
type plan struct {
	order   []int
	readers []int // follow's

	// arrange's:
	rows  []place
	slots int   // how many rows are saved at the same time
	free  []int // slots whose rows are not read any more
}

// A place is that of a row in arrange's order. If other rows are to read what it
// was once it is written, it is saved in a slot first.
type place struct {
	lo, hi  int // its terms
	readers int // how many terms of rows that are not written yet read it
	at      int // its place in the order, or unwritten, or unchanged
	slot    int // where it is saved, or -1
	until   int // the place of the last row that reads the slot
}

const (
	unwritten = -1
	unchanged = -2 // and not in the order
)

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
	if w.k != 2 {
		return false
	}
	const written = -1                    // in place of a number of readers
	p.readers = resize(p.readers, w.rows) // of each row, those that are not written
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

// arrange orders the rows of any w.
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
		for p.rows[i].readers == 0 && p.rows[i].at == unwritten {
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
