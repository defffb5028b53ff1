// Products in place: cycle by cycle, or some columns of all rows at a time.

package mixup

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

	// Goroutines share neither a cache line nor, as a rule, a page of a row:
	// shorter pieces on two cores take longer than whole rows on one.
	line = 16
	page = 1 << 10
)

// Products that are computed from a copy of x, which takes less time than finding
// an order: those of fewValues, for which both are in the nearest cache, and
// those of rows that are narrow, up to saveMax values, if the order is not found
// by following partners.
var (
	fewValues = 4 << 10
	narrow    = 256
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
	if k := min(workers(len(x)), dim/page); k > 1 {
		share := (dim/k + line) / line * line
		p.inParallel(dim, min(size, share), k)
		return
	}
	for lo := 0; lo < dim; lo += size {
		p.part(lo, min(lo+size, dim), &s.save)
	}
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
