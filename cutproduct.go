// Products of a Cut and a minibatch of images, in lines of these.

package mixup

import (
	"slices"

	"github.com/seed-7466c776/mixup/internal/f32"
)

// grid returns the lines of the images.
func (c *Cut) grid() grid { return c.Image.grid() }

// mul mixes x in place. It gives the bits of ApplyTo.
func (c *Cut) mul(x []float32) {
	if len(x) == 0 {
		return
	}
	g := c.grid()
	p := product{w: c.sparse(), s: &c.Labels.scratch, dst: x, dim: c.Image.dim(), by: cutInPlace}
	p.s.plan.arrange(&p.w)
	p.overLines(g, g.tile(tileWidth(p.s.plan.slots)))
}

// overLines computes the product for tile lines of all rows at a time.
func (p product) overLines(g grid, tile int) {
	n := g.lines()
	if k := min(workers(len(p.dst)), n, p.dim/page); k > 1 {
		p.inParallel(n, min(tile, (n+k-1)/k), k)
		return
	}
	for lo := 0; lo < n; lo += tile {
		p.part(lo, min(lo+tile, n), &p.s.save)
	}
}

// cutRows writes rows lo to hi-1.
func (p *product) cutRows(lo, hi int) {
	g := p.w.cut.grid()
	from := dense{data: p.src, stride: p.dim}
	for i := lo; i < hi; i++ {
		p.cutRow(p.dst[i*p.dim:][:p.dim], &from, i, g, 0, g.lines())
	}
}

// cutRow writes the lines lo to hi-1 of row i, of which from has the sources.
func (p *product) cutRow(dst []float32, from *dense, i int, g grid, lo, hi int) {
	index, weight := p.w.row(i)
	if !p.w.boxed(i) {
		combine(dst, from, index, weight)
		return
	}
	// What is in the box is written twice, which takes less time than copying
	// what is around it in pieces.
	if src := from.row(index[0], len(dst)); !same(dst, src) {
		copy(dst, src)
	}
	from.written++ // the row that dst is: from now on it is where it was saved
	paste(dst, from.row(index[1], len(dst)), g, p.w.cut.Box[i], lo, hi)
	from.written--
}

// cutInPlace writes lines lo to hi-1 of the rows in the order of the plan.
func (p *product) cutInPlace(lo, hi int, save *[]float32) {
	g, plan := p.w.cut.grid(), &p.s.plan
	begin, n := lo*g.line, (hi-lo)*g.line
	*save = resize(*save, plan.slots*n)
	x := dense{data: p.dst[begin:], stride: p.dim, rows: plan.rows, save: *save}
	for ; x.written < len(plan.order); x.written++ {
		i := plan.order[x.written]
		dst := x.data[i*p.dim:][:n]
		if r := &plan.rows[i]; r.slot >= 0 {
			p.cutSave(x.save[r.slot*n:][:n], dst, i, g, lo, hi)
		}
		p.cutRow(dst, &x, i, g, lo, hi)
	}
}

// cutSave saves what is read of row i once it is written: some boxes of the lines
// lo to hi-1, or all of them.
func (p *product) cutSave(dst, src []float32, i int, g grid, lo, hi int) {
	plan := &p.s.plan
	from := plan.rows[i].at + 1
	if p.w.rereads(i) {
		from--
	}
	for _, j := range plan.order[from : plan.rows[i].until+1] {
		switch index, _ := p.w.row(j); {
		case !slices.Contains(index, i):
		case p.w.boxed(j) && index[0] != i:
			paste(dst, src, g, p.w.cut.Box[j], lo, hi)
		default:
			copy(dst, src)
			return
		}
	}
}

// block returns a copy, kept in save, of n columns of all rows from column lo on.
func block(x []float32, dim, lo, n int, save *[]float32) dense {
	rows := len(x) / dim
	*save = resize(*save, rows*n)
	for i := range rows {
		copy((*save)[i*n:][:n], x[i*dim+lo:])
	}
	return dense{data: *save, stride: n}
}

// cutTile is how many values of a source row are worked on at a time, so that
// they are in the nearest cache when the next term is added to them.
const cutTile = 4 << 10

// cutBackward writes lines lo to hi-1 of the source rows, the rows of p.w.
func (p *product) cutBackward(lo, hi int, save *[]float32) {
	g := p.w.cut.grid()
	begin, n := lo*g.line, (hi-lo)*g.line
	from := dense{data: p.src[begin:], stride: p.dim}
	if same(p.dst, p.src) {
		from = block(p.src, p.dim, begin, n, save)
	}
	for j := range p.w.rows {
		p.cutGradient(p.dst[j*p.dim+begin:][:n], &from, j, g, lo, hi)
	}
}

// cutGradient writes the lines lo to hi-1 of source row j.
func (p *product) cutGradient(dst []float32, from *dense, j int, g grid, lo, hi int) {
	index, weight := p.w.row(j)
	c := p.w.cut
	for t, i := range index {
		grad, b := from.row(i, len(dst)), c.Box[i]
		if b.Empty() {
			if t == 0 {
				f32.Affine(dst, grad, weight[t], 0)
			} else {
				f32.AddScaled(dst, grad, weight[t])
			}
			continue
		}
		if t == 0 {
			clear(dst)
		}
		add := func(from, to int) { f32.AddScaled(dst[from:to], grad[from:to], 1) }
		// A row that has its box from itself is here twice.
		if c.Labels.Index[i*c.Labels.K] == j && !(t > 0 && index[t-1] == i) {
			g.around(b, lo, hi, add)
		} else {
			g.runs(b, lo, hi, add)
		}
	}
	if len(index) == 0 {
		clear(dst)
	}
}
