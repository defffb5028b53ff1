// The order in which rows are written in place where each is mixed with one other.

package rows

// A runOrder is an order in which rows can be written in place if each row that
// is written is the sum of itself and of one partner.
//
// A run is a sequence of rows, each of which is the partner of the row before it. A row
// can be written once all rows that read it are written. A run that begins with a row
// that no other row reads is a chain. Chains are written first. A chain ends at a row of
// another run, or at a row that is unchanged. The rows that remain form cycles, which
// are written last. The next row to be written is always the one that was just read, so
// it is still in cache.
type runOrder struct {
	order   []int
	runs    []run
	pieces  []piece
	slots   int   // rows that are saved for pieces
	readers []int // of each row: how many rows that are not written yet read it
}

// A run is the rows order[lo:hi]. Each of them reads the next one, and the last of them
// reads the row last.
type run struct {
	lo, hi int
	last   int
	cycle  bool // last is the first of the rows, which is written before it is read
}

// find finds the runs of w. It reports false if w has none. This is so if its rows do not
// have two terms, or if the first term of a row is not the row itself.
func (o *runOrder) find(w Matrix) bool {
	if w.K != 2 {
		return false
	}
	n := w.rows()
	o.readers, o.order = resize(o.readers, n), resize(o.order, n)
	readers, order := o.readers, o.order[:0]
	clear(readers)
	for i := range readers {
		if w.Index[2*i] != i {
			return false
		}
		if j := w.Index[2*i+1]; i != j && !w.copies2(i) {
			readers[j]++
		}
	}

	o.runs = resize(o.runs, n)[:0]
	order = o.chains(&w, order)
	o.order = o.cycles(&w, order)
	return true
}

const written = -1 // in place of a number of readers

// chains appends the runs that begin with a row that nobody reads. It returns order
// with their rows.
func (o *runOrder) chains(w *Matrix, order []int) []int {
	readers := o.readers
	for i := range readers {
		if readers[i] != 0 || w.copies2(i) {
			continue
		}
		r := run{lo: len(order)}
		for ; ; i = r.last {
			order = append(order, i)
			readers[i] = written
			if r.last = w.Index[2*i+1]; r.last == i {
				break
			}
			readers[r.last]--
			if readers[r.last] > 0 || w.copies2(r.last) {
				break
			}
		}
		if end := len(order) - 1; order[end] == r.last && end > r.lo {
			// A row that is its own partner is a run of its own, because kernels need
			// a last row that they do not write.
			o.runs = append(o.runs, run{lo: r.lo, hi: end, last: r.last})
			r.lo = end
		}
		r.hi = len(order)
		o.runs = append(o.runs, r)
	}
	return order
}

// cycles appends the runs that are left when the chains are written. It returns order
// with their rows.
func (o *runOrder) cycles(w *Matrix, order []int) []int {
	readers := o.readers
	for i := range readers {
		if readers[i] == written || w.copies2(i) {
			continue
		}
		r := run{lo: len(order), last: i, cycle: true}
		for j := i; readers[j] != written; j = w.Index[2*j+1] {
			order = append(order, j)
			readers[j] = written
		}
		r.hi = len(order)
		o.runs = append(o.runs, r)
	}
	return order
}

// A piece is a part of a run for one of several goroutines. The row that it reads last
// is saved before if that row is written, by another piece or by this one.
type piece struct {
	run
	saved bool
	slot  int // where
}

// divide divides the runs into pieces of at most size rows. Pieces can be written in any
// order once the rows that they need are saved. divide reports false if more than an
// eighth of the rows would be saved.
func (o *runOrder) divide(w Matrix, size int) bool {
	o.pieces, o.slots = o.pieces[:0], 0
	for _, r := range o.runs {
		for lo := r.lo; lo < r.hi; lo += size {
			p := piece{run: run{lo: lo, hi: min(lo+size, r.hi)}}
			if p.hi < r.hi {
				p.last = o.order[p.hi]
			} else {
				p.last = r.last
			}
			p.cycle = r.cycle && p.hi-p.lo == r.hi-r.lo
			if !p.inOnePass() && p.last != o.order[p.hi-1] && !w.copies2(p.last) {
				p.saved, p.slot = true, o.slots
				o.slots++
			}
			o.pieces = append(o.pieces, p)
		}
	}
	return o.slots <= w.rows()/8
}

// inOnePass reports whether r is a cycle whose rows are all written in one pass, so that
// none has to be saved.
func (r run) inOnePass() bool { return r.cycle && r.hi-r.lo <= 4 }
