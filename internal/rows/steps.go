// The order in which the rows of any product are written in place.

package rows

import "slices"

// A stepOrder is an order in which the rows of any product can be written in
// place.
//
// A row is ready if no other row reads it, or if all rows that read it are written.
// Ready rows are written first, and each may make rows ready that it reads. When no row
// is ready, one of the others is saved before it is written, for the rows that have not
// read it yet. The best one is a row that is the only one left to read several others,
// because these are then ready. Among equals, the next row is one that was touched last,
// so that it or what it reads is still in cache. With this rule, a quarter of the rows of
// two random permutations are saved. If an arbitrary row was saved instead of the best
// one, it would be half of them.
type stepOrder struct {
	steps  []step
	places []int // of each term: where it finds its source row when it is read
	slots  int   // rows that are saved at the same time

	rows []rowState
	free []int // slots whose rows are no longer needed

	// Stacks of rows to be written next. Some of the rows may be written already.
	ready     []int
	makesMany []int // rows that make several others ready
	makesOne  []int // rows that make another ready
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
	reader  int // the sum of the numbers of these rows: if there is one, its number
	makes   int // how many rows are read by this row alone
}

// find finds an order for t. early returns how many terms of a row are read before
// it is written.
func (o *stepOrder) find(t terms, early func(i int) int) {
	n := len(t.row)
	o.steps, o.free, o.slots = resize(o.steps, n)[:0], resize(o.free, n)[:0], 0
	o.ready, o.makesMany, o.makesOne = resize(o.ready, n)[:0], resize(o.makesMany, n)[:0], resize(o.makesOne, n)[:0]
	o.places = resize(o.places, len(t.index))
	o.rows = resize(o.rows, n)
	clear(o.rows)
	for i, r := range t.row {
		o.rows[i].done = t.unchanged(i)
		for _, j := range t.index[r.lo:r.hi] {
			if j != i {
				o.rows[j].readers++
				o.rows[j].reader += i
			}
		}
	}
	for i := range o.rows {
		switch row := &o.rows[i]; {
		case row.done:
		case row.readers == 0:
			o.ready = append(o.ready, i)
		case row.readers == 1:
			o.leftTo(row.reader)
		}
	}
	for first := 0; first < n; {
		i := o.pop()
		if i < 0 {
			i = first
			first++
		}
		if !o.rows[i].done {
			o.write(&t, i, early(i))
		}
	}
}

// leftTo notes that row i makes another row ready.
func (o *stepOrder) leftTo(i int) {
	row := &o.rows[i]
	if row.makes++; row.makes == 1 {
		o.makesOne = append(o.makesOne, i)
	} else {
		o.makesMany = append(o.makesMany, i)
	}
}

// pop takes a row from the best stack. It returns -1 if all are empty.
func (o *stepOrder) pop() (i int) {
	stack := &o.ready
	if len(*stack) == 0 {
		stack = &o.makesMany
	}
	if len(*stack) == 0 {
		stack = &o.makesOne
	}
	last := len(*stack) - 1
	if last < 0 {
		return -1
	}
	i, *stack = (*stack)[last], (*stack)[:last]
	return i
}

// write appends the step that writes row i.
func (o *stepOrder) write(t *terms, i, early int) {
	r, row := t.row[i], &o.rows[i]
	late := min(r.lo+early, r.hi) // the first term that is read after the row is written
	if row.readers > 0 || late < r.hi && slices.Contains(t.index[late:r.hi], i) {
		row.saved, row.slot = true, o.take()
	}
	row.done = true
	o.steps = append(o.steps, step{i, row.saved, row.slot})
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
		q.reader -= i
		switch {
		case q.saved:
			o.places[p] = q.slot
			if q.readers == 0 {
				o.free = append(o.free, q.slot)
			}
		case q.done:
		case q.readers == 0:
			o.ready = append(o.ready, j)
		case q.readers == 1:
			o.leftTo(q.reader)
		}
	}
	if row.saved && row.readers == 0 {
		o.free = append(o.free, row.slot)
	}
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
