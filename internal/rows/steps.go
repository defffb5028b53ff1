// The order in which the rows of any product are written in place.

package rows

import "slices"

// A stepOrder is an order in which the rows of any product can be written in
// place.
//
// A row that nobody reads, or whose readers are all written, can be written as it
// is, which may free a row that it reads. So such rows are written first. Each of
// the others is saved before it is written, for those that are still to read it.
// In either case the row that is written next is one that was just read, and is
// still in cache.
type stepOrder struct {
	steps  []step
	places []place // of each term of the product
	slots  int     // rows that are saved at the same time

	rows []rowState
	free []int // slots whose rows are not read any more
}

// A step writes one row.
type step struct {
	row   int
	saved bool // the row is saved first
	slot  int  // where
}

// A place is where a term finds its source row at the time it is read.
type place struct {
	saved bool
	at    int // the number of the row, or of the slot if it is saved
}

// A rowState is what is known of a row while the order is found.
type rowState struct {
	done    bool // it is written, or unchanged
	saved   bool
	slot    int
	readers int // how many terms of rows that are not written yet read it
}

// A reading is a product for which an order is to be found.
type reading struct {
	terms
	// early returns how many terms of a row are read before it is written.
	early func(i int) int
}

// find finds an order for r.
func (o *stepOrder) find(r reading) {
	o.steps, o.free, o.slots = o.steps[:0], o.free[:0], 0
	o.places = resize(o.places, len(r.index))
	o.rows = resize(o.rows, len(r.row))
	clear(o.rows)
	for i, s := range r.row {
		o.rows[i].done = r.unchanged(i)
		for _, j := range r.index[s.lo:s.hi] {
			if j != i {
				o.rows[j].readers++
			}
		}
	}
	for i := range o.rows {
		for o.rows[i].readers == 0 && !o.rows[i].done {
			i = o.write(r, i)
		}
	}
	for i := range o.rows {
		for !o.rows[i].done {
			i = o.write(r, i)
		}
	}
}

// write appends the step that writes row i. It returns a row to be written next,
// or i if the row reads none that is not written.
func (o *stepOrder) write(r reading, i int) (next int) {
	s, row := r.row[i], &o.rows[i]
	early := min(s.lo+r.early(i), s.hi)
	if row.readers > 0 || slices.Contains(r.index[early:s.hi], i) {
		row.saved, row.slot = true, o.take()
	}
	row.done = true
	o.steps = append(o.steps, step{i, row.saved, row.slot})
	next = i
	for p := s.lo; p < s.hi; p++ {
		j := r.index[p]
		q := &o.rows[j]
		if j == i {
			o.places[p] = place{at: i}
			if p >= early {
				o.places[p] = place{saved: true, at: q.slot}
			}
			continue
		}
		q.readers--
		switch {
		case q.saved:
			o.places[p] = place{saved: true, at: q.slot}
			if q.readers == 0 {
				o.free = append(o.free, q.slot)
			}
		default:
			o.places[p] = place{at: j}
			if !q.done && (next == i || q.readers == 0) {
				next = j
			}
		}
	}
	if row.saved && row.readers == 0 {
		o.free = append(o.free, row.slot)
	}
	return next
}

// take returns a slot that is free.
func (o *stepOrder) take() (slot int) {
	if last := len(o.free) - 1; last >= 0 {
		slot, o.free = o.free[last], o.free[:last]
		return slot
	}
	o.slots++
	return o.slots - 1
}
