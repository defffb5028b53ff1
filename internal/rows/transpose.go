// The transpose of a matrix.

package rows

import "github.com/seed-7466c776/mixup/internal/f32"

// transpose is the memory of a transpose.
type transpose struct {
	terms
	later []bool // of each term: whether it is not the first term in its row of W
}

// of makes t the transpose of w, which has sources columns. The terms of a row of t are
// in the order of the rows of w.
func (t *transpose) of(w terms, sources int) {
	t.row = resize(t.row, sources)
	f32.Clear(t.row)
	for _, r := range w.row {
		for _, j := range w.index[r.lo:r.hi] {
			t.row[j].hi++ // the number of its terms, up to now
		}
	}
	total := 0
	for j, r := range t.row {
		t.row[j] = span{total, total} // no terms yet
		total += r.hi
	}
	t.index = resize(t.index, total)
	t.weight = resize(t.weight, total)
	t.later = resize(t.later, total)
	for i, r := range w.row {
		for p := r.lo; p < r.hi; p++ {
			row := &t.row[w.index[p]]
			t.index[row.hi], t.weight[row.hi], t.later[row.hi] = i, w.weight[p], p > r.lo
			row.hi++
		}
	}
}
