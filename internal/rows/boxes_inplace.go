// Products in place of rows that paste boxes.

package rows

import "image"

// Mul writes the product of b and x to x. It is bit-identical to MulTo. Rows that
// copy themselves are not written.
func (b Boxes) Mul(x []float32, s *Scratch) { b.mul(x, s, standard()) }

func (b Boxes) mul(x []float32, s *Scratch, l limits) {
	if len(x) == 0 {
		return
	}
	t := b.terms(s)
	s.steps.find(t, func(i int) int {
		if b.pastes(i) {
			return 1 // the second is pasted into the first, which is written before
		}
		return readFirst
	})
	s.boxes.find(b, t, &s.steps)
	width := savedWidth(s.steps.slots, someSaved)
	cores, size := b.Grid.shareLines(b.Grid.linesOf(width), l.goroutines(4*len(x)))
	p := boxesStepProduct{b, &s.steps, s.boxes.saved, x}
	boxesStepProducts.split(p, b.Grid.lines(), size, cores, &s.saved)
}

// savedBoxes are the boxes that must be saved of rows before these are written.
type savedBoxes struct {
	saved []image.Rectangle // for each step: the least box of all pixels that are read later
	by    []int             // for each slot: the last step that saved a row there
}

// find finds the boxes for the steps that write the rows of t.
func (s *savedBoxes) find(b Boxes, t terms, order *stepOrder) {
	s.saved, s.by = resize(s.saved, len(order.steps)), resize(s.by, order.slots)
	clear(s.saved)
	rows := len(t.row)
	for n, step := range order.steps {
		if step.saved {
			s.by[step.slot-rows] = n
		}
		r := t.row[step.row]
		for p := r.lo; p < r.hi; p++ {
			slot := order.places[p] - rows
			if slot < 0 {
				continue
			}
			box := b.Grid.bounds()
			if b.pastes(step.row) && p > r.lo {
				box = b.Box[step.row]
			}
			saved := &s.saved[s.by[slot]]
			*saved = saved.Union(box)
		}
	}
}

// A boxesStepProduct is the product of b and x in place. Its parts are ranges of lines.
type boxesStepProduct struct {
	b     Boxes
	order *stepOrder
	saved []image.Rectangle // of each step
	x     []float32
}

var boxesStepProducts splitter[boxesStepProduct]

// part computes lines lo to hi-1.
func (p boxesStepProduct) part(lo, hi int, mem *memory) {
	g := p.b.Grid
	c := p.order.columns(p.x[lo*g.Line:], g.values(), (hi-lo)*g.Line, mem)
	for n, s := range p.order.steps {
		dst := c.row(s.row)
		if s.saved {
			paste(c.row(s.slot), dst, g, p.saved[n], lo, hi)
		}
		p.b.write(dst, s.row, lo, hi, &c, p.order.places)
	}
}
