// The order in which the rows of any product are written in place.

package rows

import "slices"

// A stepOrder is an order in which the rows of any product can be written in
// place.
//
// A row can be written at once if no other row reads it, or if all rows that read it are
// written. Such rows are written first, and each may allow a row that it reads to be
// written next. Each of the other rows is saved before it is written, for the rows that
// have not read it yet. In both cases the next row to be written is, if possible, one
// that was just read, so that it is still in cache.
type stepOrder struct {
	steps  []step
	places []int // of each term: where it finds its source row when it is read
	slots  int   // rows that are saved at the same time

	rows []rowState
	free []int // slots whose rows are no longer needed
}

// A step writes one row. Slots are numbered from the number of rows on, as in columns.
type step struct {
	row   int
	saved bool // the row is saved first
	slot  int  // where
}

// A rowState is what is known of a row while the order is found.
type rowState struct {
	done    bool // it is written, or unchanged
	saved   bool
	slot    int
	readers int // how many terms of rows that are not written yet read it
}

// find finds an order for t. early returns how many terms of a row are read before
// it is written.
func (o *stepOrder) find(t terms, early func(i int) int) {
	n := len(t.row)
	o.steps, o.free, o.slots = resize(o.steps, n)[:0], resize(o.free, n)[:0], 0
	o.places = resize(o.places, len(t.index))
	o.rows = resize(o.rows, n)
	clear(o.rows)
	for i, r := range t.row {
		o.rows[i].done = t.unchanged(i)
		for _, j := range t.index[r.lo:r.hi] {
			if j != i {
				o.rows[j].readers++
			}
		}
	}
	for i := range o.rows {
		for o.rows[i].readers == 0 && !o.rows[i].done {
			i = o.write(t, i, early(i))
		}
	}
	for i := range o.rows {
		for !o.rows[i].done {
			i = o.write(t, i, early(i))
		}
	}
}

// write appends the step that writes row i. It returns a row to be written next,
// or i if the row reads none that is not written.
func (o *stepOrder) write(t terms, i, early int) (next int) {
	r, row := t.row[i], &o.rows[i]
	late := min(r.lo+early, r.hi) // the first term that is read after the row is written
	if row.readers > 0 || slices.Contains(t.index[late:r.hi], i) {
		row.saved, row.slot = true, o.take()
	}
	row.done = true
	o.steps = append(o.steps, step{i, row.saved, row.slot})
	next = i
	for p := r.lo; p < r.hi; p++ {
		j := t.index[p]
		q := &o.rows[j]
		o.places[p] = j
		if j == i {
			if p >= late {
				o.places[p] = row.slot
			}
			continue
		}
		q.readers--
		switch {
		case q.saved:
			o.places[p] = q.slot
			if q.readers == 0 {
				o.free = append(o.free, q.slot)
			}
		case !q.done && (next == i || q.readers == 0):
			next = j
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
	return len(o.rows) + o.slots - 1
}

// columns returns n columns of x, with the slots in mem.
func (o *stepOrder) columns(x []float32, dim, n int, mem *memory) columns {
	mem.floats = resize(mem.floats, o.slots*n)
	return columns{x, dim, n, len(o.rows), mem.floats}
}
