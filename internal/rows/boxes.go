// Products of rows that paste boxes: out of place, and of the transpose.

package rows

import (
	"image"

	"github.com/seed-7466c776/mixup/internal/alias"
	"github.com/seed-7466c776/mixup/internal/f32"
)

// Boxes are a matrix W and a box for each of its rows. If the box of a row is not empty,
// the product is the first source row outside the box and the second one inside it,
// whatever their weights are. All other terms must have weight 0. If the box is empty,
// the product is the sum of the terms, as without boxes.
type Boxes struct {
	W    Matrix
	Grid Grid
	Box  []image.Rectangle // of each row, within the image
}

// terms returns the rows of b.W without the terms that are not read. They are
// valid until s is used again.
func (b *Boxes) terms(s *Scratch) terms {
	t := b.W.terms(s)
	for i := range t.row {
		if b.pastes(i) {
			t.row[i] = span{i * b.W.K, i*b.W.K + 2}
		}
	}
	return t
}

// pastes reports whether row i pastes a box.
func (b *Boxes) pastes(i int) bool { return !b.Box[i].Empty() }

// write writes the lines lo to hi-1 of row i to dst. src holds only these lines. places
// has, for each term, the number of its source row in src. The first source row may be
// dst.
func (b *Boxes) write(dst []float32, i, lo, hi int, src *columns, places []int) {
	p := i * b.W.K
	if !b.pastes(i) {
		r := b.W.span(i)
		src.sum(dst, places[r.lo:r.hi], b.W.Weight[r.lo:r.hi])
		return
	}
	// The values in the box are written twice. This takes less time than to copy the
	// values around it in pieces.
	if first := src.row(places[p]); !alias.Same(dst, first) {
		f32.Copy(dst, first)
	}
	paste(dst, src.row(places[p+1]), b.Grid, b.Box[i], lo, hi)
}

// MulTo writes the product of b and src to dst. They must not overlap.
func (b Boxes) MulTo(dst, src []float32) { b.mulTo(dst, src, standard()) }

func (b Boxes) mulTo(dst, src []float32, l limits) {
	if len(dst) == 0 {
		return
	}
	boxesProducts.split(boxesProduct{b, dst, src}, len(b.Box), rowsPerTile(b.Grid.values()), l.goroutines(4*len(dst)), nil)
}

// A boxesProduct is the product of b and src.
type boxesProduct struct {
	b        Boxes
	dst, src []float32
}

var boxesProducts splitter[boxesProduct]

// part computes rows lo to hi-1.
func (p boxesProduct) part(lo, hi int, _ *memory) {
	dim := p.b.Grid.values()
	src := columnsOf(p.src, dim, 0, dim)
	for i := lo; i < hi; i++ {
		p.b.write(p.dst[i*dim:][:dim], i, 0, p.b.Grid.lines(), &src, p.b.W.Index)
	}
}

// MulTransposedTo writes the product of the transpose of b and src to dst. dst may be
// src, but must not overlap it in part. Each value is a sum that starts at 0 and adds
// the rows in their order.
func (b Boxes) MulTransposedTo(dst, src []float32, s *Scratch) {
	b.mulTransposedTo(dst, src, s, standard())
}

func (b Boxes) mulTransposedTo(dst, src []float32, s *Scratch, l limits) {
	if len(src) == 0 {
		f32.Clear(dst) // without rows, nobody reads a source row
		return
	}
	s.transpose.of(b.terms(s), len(dst)/b.Grid.values())
	width := transposeTile
	if alias.Same(dst, src) {
		width = savedWidth(len(b.Box), allSaved)
	}
	cores, size := b.Grid.shareLines(b.Grid.linesOf(width), l.goroutines(4*len(dst)))
	p := boxesTransposedProduct{b, &s.transpose, dst, src}
	boxesTransposedProducts.split(p, b.Grid.lines(), size, cores, &s.saved)
}

// transposeTile is how many values of a source row are worked on at a time, so that they
// are in the first-level cache when the next term is added to them.
const transposeTile = 4 << 10

// A boxesTransposedProduct is the product of the transpose of b and src.
type boxesTransposedProduct struct {
	b        Boxes
	t        *transpose
	dst, src []float32
}

var boxesTransposedProducts splitter[boxesTransposedProduct]

// part computes lines lo to hi-1.
func (p boxesTransposedProduct) part(lo, hi int, mem *memory) {
	g, dim := p.b.Grid, p.b.Grid.values()
	begin, n := lo*g.Line, (hi-lo)*g.Line
	src := columnsOf(p.src, dim, begin, n)
	if alias.Same(p.dst, p.src) {
		src = src.copied(len(p.b.Box), mem)
	}
	for j := range p.t.row {
		p.write(p.dst[j*dim+begin:][:n], &src, j, lo, hi)
	}
}

// write writes the lines lo to hi-1 of source row j to dst. src holds only these lines.
func (p boxesTransposedProduct) write(dst []float32, src *columns, j, lo, hi int) {
	r := p.t.row[j]
	if r.lo == r.hi {
		f32.Clear(dst)
	}
	for q := r.lo; q < r.hi; q++ {
		i, weight := p.t.index[q], p.t.weight[q]
		grad := src.row(i)
		if !p.b.pastes(i) {
			if q == r.lo {
				f32.Affine(dst, grad, weight, 0)
			} else {
				f32.AddScaled(dst, grad, weight)
			}
			continue
		}
		if q == r.lo {
			f32.Clear(dst)
		}
		add := func(from, to int) { f32.AddScaled(dst[from:to], grad[from:to], 1) }
		if p.t.later[q] {
			p.b.Grid.inside(p.b.Box[i], lo, hi, add)
		} else {
			p.b.Grid.outside(p.b.Box[i], lo, hi, add)
		}
	}
}
