// Products of W and a minibatch, part by part, and those out of place.

package mixup

import "github.com/seed-7466c776/mixup/internal/f32"

// A product is W times a minibatch of rows of dim values.
type product struct {
	w        sparse
	s        *scratch  // with the plan, and the pixels
	dst, src []float32 // the same, but for rows
	dim      int
	by       method
}

// A method is a way to compute part of a product.
type method uint8

const (
	rows       method = iota // some rows, out of place
	cycles                   // some columns in place, cycle by cycle
	columns                  // some columns in place, as the plan has it
	fromPixels               // some rows, from pixels

	cutRows     // some rows of a Cut, out of place
	cutInPlace  // some lines of its rows in place, as the plan has it
	cutBackward // some lines of the source rows, from the gradient of the rows
)

// part computes rows, columns or lines from to to-1, with save to keep rows in.
func (p *product) part(from, to int, save *[]float32) {
	switch p.by {
	case rows:
		p.mulRows(from, to)
	case cycles:
		p.mulCycles(from, to, save)
	case columns:
		p.mulColumns(from, to, save)
	case fromPixels:
		p.mulBytes(from, to)
	case cutRows:
		p.cutRows(from, to)
	case cutInPlace:
		p.cutInPlace(from, to, save)
	case cutBackward:
		p.cutBackward(from, to, save)
	}
}

// mulTo is dst ← w·src, for rows of dim values. dst and src do not overlap.
func (w *sparse) mulTo(dst, src []float32, dim int) {
	product{w: *w, dst: dst, src: src, dim: dim, by: rows}.overRows()
}

// overRows computes the product some rows at a time.
func (p product) overRows() {
	if k := workers(len(p.dst)); k > 1 {
		p.inParallel(p.w.rows, max(1, rowTile/p.dim), k)
	} else {
		p.part(0, p.w.rows, nil)
	}
}

// mulRows writes rows lo to hi-1.
func (p *product) mulRows(lo, hi int) {
	from := dense{data: p.src, stride: p.dim}
	for i := lo; i < hi; i++ {
		dst := p.dst[i*p.dim:][:p.dim]
		if p.w.k == 2 { // as is usual: what combine does, without the calls
			if w := p.w.weight[2*i:][:2]; !unmixed(w) {
				a, b := p.w.index[2*i], p.w.index[2*i+1]
				f32.Mix2(dst, from.row(a, p.dim), from.row(b, p.dim), w[0], w[1])
				continue
			}
		}
		index, weight := p.w.row(i)
		combine(dst, &from, index, weight)
	}
}

// dense is a minibatch to read from, or some columns of one. Its rows begin
// stride apart. Those that come first in a plan's order are overwritten and are
// to be read where they were saved.
type dense struct {
	data    []float32
	stride  int
	rows    []place // of the plan, if there is one
	written int     // how many rows are
	save    []float32
}

// row returns the first n values of row j, or all n that were saved.
func (x *dense) row(j, n int) []float32 {
	if j < len(x.rows) && uint(x.rows[j].at) < uint(x.written) {
		return x.save[x.rows[j].slot*n:][:n]
	}
	return x.data[j*x.stride:][:n]
}

// combine writes a linear combination of rows of x to dst. Up to its third term
// it may read the row that dst is.
func combine(dst []float32, x *dense, index []int, weight []float32) {
	row := func(k int) []float32 { return x.row(index[k], len(dst)) }
	switch {
	case len(index) == 2:
		f32.Mix2(dst, row(0), row(1), weight[0], weight[1])
	case len(index) == 0:
		clear(dst)
	case len(index) == 1 && weight[0] == 1:
		copy(dst, row(0))
	case len(index) == 1:
		f32.Scale(dst, row(0), weight[0])
	default:
		f32.Mix3(dst, row(0), row(1), row(2), weight[0], weight[1], weight[2])
		x.written++ // the row that dst is: from now on it is where it was saved
		for k := 3; k < len(index); k++ {
			f32.AddScaled(dst, row(k), weight[k])
		}
		x.written--
	}
}
