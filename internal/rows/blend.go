// Products in float64.

package rows

import "github.com/seed-7466c776/mixup/internal/f32"

// BlendTo divides the rows of w·src by the sums of the rows of w, for rows of dim
// values:
//
//	dst[i] = Σₖ wᵢₖ·src[jₖ] / Σₖ wᵢₖ
//
// Products and sums are float64, in the order of the terms. Rows that copy their
// first source row are neither summed nor divided. dst and src must not overlap.
func (w Matrix) BlendTo(dst, src []float64, dim int) { w.blendTo(dst, src, dim, standard()) }

func (w Matrix) blendTo(dst, src []float64, dim int, l limits) {
	if dim > 0 {
		blends.split(blendProduct{w, dst, src, dim}, w.rows(), rowsPerTile(dim), l.goroutines(8*len(dst)), nil)
	}
}

// A blendProduct is a product out of place.
type blendProduct struct {
	w        Matrix
	dst, src []float64
	dim      int
}

var blends splitter[blendProduct]

// part computes rows lo to hi-1.
func (p blendProduct) part(lo, hi int, _ *memory) {
	for i := lo; i < hi; i++ {
		index, weight := p.w.row(i)
		blendRow(p.dst[i*p.dim:][:p.dim], p.src, p.dim, index, weight)
	}
}

// Blend is BlendTo in place. Rows that copy themselves are not written.
func (w Matrix) Blend(x []float64, dim int, s *Scratch) { w.blend(x, dim, s, standard()) }

func (w Matrix) blend(x []float64, dim int, s *Scratch, l limits) {
	if dim == 0 {
		return
	}
	cores, width := shareColumns(dim, savedWidth(w.rows(), allSaved), l.goroutines(8*len(x)))
	blendsInPlace.split(blendInPlace{w, w.terms(s), x, dim}, dim, width, cores, &s.saved)
}

// A blendInPlace is a product in place. Its parts are ranges of columns.
type blendInPlace struct {
	w   Matrix
	t   terms
	x   []float64
	dim int
}

var blendsInPlace splitter[blendInPlace]

// part computes columns lo to hi-1 from a copy.
func (p blendInPlace) part(lo, hi int, mem *memory) {
	n := hi - lo
	mem.doubles = resize(mem.doubles, p.w.rows()*n)
	for i := range p.t.row {
		copy(mem.doubles[i*n:][:n], p.x[i*p.dim+lo:])
	}
	for i, r := range p.t.row {
		if !p.t.unchanged(i) {
			blendRow(p.x[i*p.dim+lo:][:n], mem.doubles, n, p.t.index[r.lo:r.hi], p.t.weight[r.lo:r.hi])
		}
	}
}

// blendRow writes a row of a product. The rows of src begin dim values apart.
func blendRow(dst, src []float64, dim int, index []int, weight []float32) {
	if len(index) == 1 && weight[0] == 1 {
		f32.Copy(dst, src[index[0]*dim:])
		return
	}
	var total float64
	for _, v := range weight {
		total += float64(v)
	}
	row := func(k int) []float64 { return src[index[k]*dim:][:len(dst)] }
	if len(index) == 2 {
		a, b, wa, wb := row(0), row(1), float64(weight[0]), float64(weight[1])
		for d := range dst {
			dst[d] = (float64(wa*a[d]) + float64(wb*b[d])) / total
		}
		return
	}
	for d, v := range row(0) {
		dst[d] = float64(weight[0]) * v
	}
	for k := 1; k < len(index); k++ {
		w := float64(weight[k])
		for d, v := range row(k) {
			dst[d] += float64(w * v)
		}
	}
	for d := range dst {
		dst[d] /= total
	}
}
