// Products in place.

package rows

import "github.com/seed-7466c776/mixup/internal/f32"

// Mul is x ← w·x in place, for rows of dim values. It is bit-identical to MulTo.
// Rows that copy themselves are not written.
func (w Matrix) Mul(x []float32, dim int, s *Scratch) { w.mul(x, dim, s, standard()) }

func (w Matrix) mul(x []float32, dim int, s *Scratch, l limits) {
	switch {
	case dim == 0:
	case w.K == 2 && (len(x) <= l.copied || dim <= l.copiedPairs && len(x) <= maxSaved):
		w.mulCopied(x, dim, s)
	case s.runs.find(w):
		w.mulRuns(x, dim, s, l)
	default:
		w.terms(s).mul(x, dim, s, l)
	}
}

// mulCopied is x ← w·x for two terms in each row, computed from a copy of x.
func (w Matrix) mulCopied(x []float32, dim int, s *Scratch) {
	w.mulPairs(x, s.copied(x), dim, 0, w.rows(), true)
}

// mulRuns is x ← w·x, in the order of s.runs.
func (w Matrix) mulRuns(x []float32, dim int, s *Scratch, l limits) {
	cores := l.goroutines(4 * len(x))
	few, width := shareColumns(dim, tile, cores)
	if few < cores && s.runs.divide(w, max(16, w.rows()/(4*cores))) {
		w.mulPieces(x, dim, s, cores)
		return
	}
	runProducts.split(runProduct{w, &s.runs, x, dim}, dim, width, few, &s.saved)
}

// mulPieces is x ← w·x, in the pieces of s.runs.
func (w Matrix) mulPieces(x []float32, dim int, s *Scratch, cores int) {
	o := &s.runs
	s.saved.floats = resize(s.saved.floats, o.slots*dim)
	for _, piece := range o.pieces {
		if piece.saved {
			f32.Copy(s.saved.floats[piece.slot*dim:][:dim], x[piece.last*dim:])
		}
	}
	p := pieceProduct{w, o, x, dim, s.saved.floats}
	pieceProducts.split(p, len(o.pieces), max(1, len(o.pieces)/(8*cores)), cores, nil)
}

// A runProduct is x ← w·x in the order of runs. Its parts are ranges of columns.
type runProduct struct {
	w     Matrix
	order *runOrder
	x     []float32
	dim   int
}

var runProducts splitter[runProduct]

// part computes columns lo to hi-1.
func (p runProduct) part(lo, hi int, mem *memory) {
	c := columnsOf(p.x, p.dim, lo, hi-lo)
	for _, r := range p.order.runs {
		last := c.row(r.last)
		if r.cycle && !r.inOnePass() {
			mem.floats = append(mem.floats[:0], last...)
			last = mem.floats
		}
		c.mix(&p.w, r, p.order.order[r.lo:r.hi], last)
	}
}

// A pieceProduct is x ← w·x in pieces of runs. Its parts are ranges of pieces.
type pieceProduct struct {
	w     Matrix
	order *runOrder
	x     []float32
	dim   int
	saved []float32 // the rows that are saved
}

var pieceProducts splitter[pieceProduct]

// part computes pieces lo to hi-1.
func (p pieceProduct) part(lo, hi int, _ *memory) {
	c := columnsOf(p.x, p.dim, 0, p.dim)
	for _, piece := range p.order.pieces[lo:hi] {
		last := c.row(piece.last)
		if piece.saved {
			last = p.saved[piece.slot*p.dim:][:p.dim]
		}
		c.mix(&p.w, piece.run, p.order.order[piece.lo:piece.hi], last)
	}
}

// mix writes the rows of a run, up to four of them in one pass. last is the row that the
// last row of the run reads.
func (c *columns) mix(w *Matrix, r run, rows []int, last []float32) {
	if r.cycle && len(rows) == 2 {
		i, j := rows[0], rows[1]
		f32.MixPair(c.row(i), c.row(j), w.Weight[2*i], w.Weight[2*i+1], w.Weight[2*j], w.Weight[2*j+1])
		return
	}
	for len(rows) > 4 {
		c.mix4(w, rows, c.row(rows[4]))
		rows = rows[4:]
	}
	switch len(rows) {
	case 4:
		c.mix4(w, rows, last)
	case 3:
		i, j, k := rows[0], rows[1], rows[2]
		f32.MixCycle3(c.row(i), c.row(j), c.row(k), last, &[6]float32{
			w.Weight[2*i], w.Weight[2*i+1], w.Weight[2*j], w.Weight[2*j+1], w.Weight[2*k], w.Weight[2*k+1],
		})
	case 2:
		i, j := rows[0], rows[1]
		f32.MixCycle2(c.row(i), c.row(j), last, &[4]float32{
			w.Weight[2*i], w.Weight[2*i+1], w.Weight[2*j], w.Weight[2*j+1],
		})
	case 1:
		i := rows[0]
		f32.Mix2(c.row(i), c.row(i), last, w.Weight[2*i], w.Weight[2*i+1])
	}
}

// mix4 writes the first four rows. last is the row that the fourth one reads.
func (c *columns) mix4(w *Matrix, rows []int, last []float32) {
	i, j, k, l := rows[0], rows[1], rows[2], rows[3]
	f32.MixCycle4(c.row(i), c.row(j), c.row(k), c.row(l), last, &[8]float32{
		w.Weight[2*i], w.Weight[2*i+1], w.Weight[2*j], w.Weight[2*j+1],
		w.Weight[2*k], w.Weight[2*k+1], w.Weight[2*l], w.Weight[2*l+1],
	})
}

// mul is x ← t·x.
func (t terms) mul(x []float32, dim int, s *Scratch, l limits) {
	if len(x) <= l.copied || dim <= l.copiedDim && len(x) <= maxSaved {
		src := columnsOf(s.copied(x), dim, 0, dim)
		for i, r := range t.row {
			if !t.unchanged(i) {
				src.sum(x[i*dim:][:dim], t.index[r.lo:r.hi], t.weight[r.lo:r.hi])
			}
		}
		return
	}
	s.steps.find(t, func(int) int { return readFirst })
	cores, width := shareColumns(dim, savedWidth(s.steps.slots, someSaved), l.goroutines(4*len(x)))
	stepProducts.split(stepProduct{t.weight, t.row, &s.steps, x, dim}, dim, width, cores, &s.saved)
}

// A stepProduct is x ← w·x, for any w or its transpose. Its parts are ranges of columns.
type stepProduct struct {
	weight []float32
	row    []span
	order  *stepOrder
	x      []float32
	dim    int
}

var stepProducts splitter[stepProduct]

// part computes columns lo to hi-1.
func (p stepProduct) part(lo, hi int, mem *memory) {
	c := p.order.columns(p.x[lo:], p.dim, hi-lo, mem)
	for _, s := range p.order.steps {
		r := p.row[s.row]
		dst, places, weight := c.row(s.row), p.order.places[r.lo:r.hi], p.weight[r.lo:r.hi]
		if s.saved {
			c.saveAndSum(c.row(s.slot), dst, places, weight)
		} else {
			c.sum(dst, places, weight)
		}
	}
}
