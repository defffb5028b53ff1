// Products of pixels of uint8, which are normalised to float32 on the way.

package rows

import (
	"image"

	"github.com/seed-7466c776/mixup/internal/f32"
)

// A Normalizer turns the bytes of images into floats: u in channel c becomes
// (u/255 - mean[c]) / std[c]. It keeps its tables from one product to the next.
type Normalizer struct {
	grid   Grid
	planes []f32.Channels // of each plane
	size   int            // values that are worked on at a time
}

// byteTile is how many values are worked on at a time. They fit into the first-level
// cache, because some kernels go through them once for each channel.
const byteTile = 4 << 10

// Set prepares z for images of g. A nil mean is 0 and a nil std is 1 for each channel. If
// z has been set to the same values before, Set takes little time.
func (z *Normalizer) Set(g Grid, mean, std []float32) {
	z.grid = g
	z.size = max(1, byteTile/g.Pixel) * g.Pixel
	z.planes = resize(z.planes, g.Planes)
	for p := range z.planes {
		plane := &z.planes[p]
		plane.Resize(g.Pixel)
		for i := range g.Pixel {
			m, s := 0., 1.
			if mean != nil {
				m = float64(mean[p*g.Pixel+i])
			}
			if std != nil {
				s = float64(std[p*g.Pixel+i])
			}
			plane.Normalize(i, m, s)
		}
	}
}

// piece returns how many values of an image, from value from on, are worked on next, and
// how to normalise them. They are whole pixels of one plane.
func (z *Normalizer) piece(from int) (n int, ch *f32.Channels) {
	plane := z.grid.Height * z.grid.Line
	return min(z.size, plane-from%plane), &z.planes[from/plane]
}

// sum writes the weighted sum of rows of src to dst, added in their order. next has the
// rows that will be read after these. The first two of them are fetched into the cache
// meanwhile.
func (z *Normalizer) sum(dst []float32, src []uint8, index []int, weight []float32, next []int) {
	for from := 0; from < len(dst); {
		n, ch := z.piece(from)
		d := dst[from:][:n]
		row := func(j int) []uint8 { return src[j*len(dst)+from:][:n] }
		if len(index) == 1 {
			f32.ScaleBytes(d, row(index[0]), row(next[0]), ch, weight[0])
		} else {
			nextA, nextB := row(next[0]), row(next[min(1, len(next)-1)])
			f32.MixBytes2(d, row(index[0]), row(index[1]), nextA, nextB, ch, weight[0], weight[1])
			for k := 2; k < len(index); k++ {
				f32.AddScaledBytes(d, row(index[k]), ch, weight[k])
			}
		}
		from += n
	}
}

// MulBytesTo is dst ← w·z(src). They must not overlap.
func (w Matrix) MulBytesTo(dst []float32, src []uint8, z *Normalizer) {
	w.mulBytesTo(dst, src, z, standard())
}

func (w Matrix) mulBytesTo(dst []float32, src []uint8, z *Normalizer, l limits) {
	bytesProducts.split(bytesProduct{w, dst, src, z}, w.rows(), rowsPerTile(z.grid.values()), l.goroutines(4*len(dst)), nil)
}

// A bytesProduct is dst ← w·z(src).
type bytesProduct struct {
	w   Matrix
	dst []float32
	src []uint8
	z   *Normalizer
}

var bytesProducts splitter[bytesProduct]

// part computes rows lo to hi-1.
func (p bytesProduct) part(lo, hi int, _ *memory) {
	dim := p.z.grid.values()
	for i := lo; i < hi; i++ {
		index, weight := p.w.row(i)
		next, _ := p.w.row(min(i+1, p.w.rows()-1))
		p.z.sum(p.dst[i*dim:][:dim], p.src, index, weight, next)
	}
}

// MulBytesTo writes the product of b and z(src) to dst. They must not overlap.
func (b Boxes) MulBytesTo(dst []float32, src []uint8, z *Normalizer, s *Scratch) {
	b.mulBytesTo(dst, src, z, s, standard())
}

func (b Boxes) mulBytesTo(dst []float32, src []uint8, z *Normalizer, s *Scratch, l limits) {
	p := boxesBytesProduct{b, dst, src, z}
	boxesBytesProducts.split(p, len(b.Box), rowsPerTile(b.Grid.values()), l.goroutines(4*len(dst)), &s.saved)
}

// A boxesBytesProduct is the product of b and z(src).
type boxesBytesProduct struct {
	b   Boxes
	dst []float32
	src []uint8
	z   *Normalizer
}

var boxesBytesProducts splitter[boxesBytesProduct]

// part computes rows lo to hi-1.
func (p boxesBytesProduct) part(lo, hi int, mem *memory) {
	w, dim := &p.b.W, p.b.Grid.values()
	for i := lo; i < hi; i++ {
		dst := p.dst[i*dim:][:dim]
		index, weight := w.row(i)
		next, _ := w.row(min(i+1, w.rows()-1))
		if p.b.pastes(i) {
			p.paste(dst, w.Index[i*w.K], w.Index[i*w.K+1], next[0], p.b.Box[i], mem)
			continue
		}
		p.z.sum(dst, p.src, index, weight, next)
	}
}

// paste writes source row i with a box of source row j to dst. It pastes bytes, which are
// smaller than floats, and then normalises them. Source row next is fetched into the
// cache meanwhile.
func (p boxesBytesProduct) paste(dst []float32, i, j, next int, box image.Rectangle, mem *memory) {
	g := p.b.Grid
	row := func(j int) []uint8 { return p.src[j*len(dst):][:len(dst)] }
	b := row(j)
	mem.bytes = resize(mem.bytes, p.z.size)
	for from := 0; from < len(dst); {
		n, ch := p.z.piece(from)
		pasted := mem.bytes[:n]
		copy(pasted, row(i)[from:])
		// The piece has parts of the lines lo to hi-1, and begins within line lo.
		lo, hi := from/g.Line, (from+n+g.Line-1)/g.Line
		skip := from - lo*g.Line
		g.inside(box, lo, hi, func(x0, x1 int) {
			if x0, x1 = max(x0, skip), min(x1, skip+n); x0 < x1 {
				copy(pasted[x0-skip:x1-skip], b[lo*g.Line+x0:])
			}
		})
		f32.ScaleBytes(dst[from:][:n], pasted, row(next)[from:], ch, 1)
		from += n
	}
}
