// Some columns of a minibatch, and sums of their rows.

package rows

import (
	"math"

	"github.com/seed-7466c776/mixup/internal/f32"
)

// columns are n columns of a minibatch. Slots hold the columns of rows that were saved
// before they were written. A number below rows is that of a row, and the slots are
// numbered from rows on.
type columns struct {
	x     []float32 // from the first of the columns on
	dim   int       // from one row of x to the next
	n     int
	rows  int
	slots []float32
}

// columnsOf returns n columns, from column lo on, of x, whose rows have dim values.
// There are no slots.
func columnsOf(x []float32, dim, lo, n int) columns {
	return columns{x: x[lo:], dim: dim, n: n, rows: math.MaxInt}
}

// row returns row j, or the slot of that number.
func (c *columns) row(j int) []float32 {
	if j < c.rows {
		return c.x[j*c.dim:][:c.n]
	}
	return c.slots[(j-c.rows)*c.n:][:c.n]
}

// copied returns a copy, in mem, of the columns of the given number of rows.
func (c *columns) copied(rows int, mem *memory) columns {
	mem.floats = resize(mem.floats, rows*c.n)
	for i := range rows {
		f32.Copy(mem.floats[i*c.n:][:c.n], c.row(i))
	}
	return columnsOf(mem.floats, c.n, 0, c.n)
}

// readFirst is how many rows sum reads before it writes.
const readFirst = 3

// sum writes the weighted sum of rows to dst, added in their order. dst may be one
// of the first rows, up to readFirst.
func (c *columns) sum(dst []float32, index []int, weight []float32) {
	switch {
	case len(index) == 2:
		f32.Mix2(dst, c.row(index[0]), c.row(index[1]), weight[0], weight[1])
	case len(index) == 0:
		f32.Clear(dst)
	case len(index) == 1 && weight[0] == 1:
		f32.Copy(dst, c.row(index[0]))
	case len(index) == 1:
		f32.Scale(dst, c.row(index[0]), weight[0])
	default:
		f32.Mix3(dst, c.row(index[0]), c.row(index[1]), c.row(index[2]), weight[0], weight[1], weight[2])
		c.add(dst, index[readFirst:], weight[readFirst:])
	}
}

// saveAndSum copies dst to save, and then does what sum does.
func (c *columns) saveAndSum(save, dst []float32, index []int, weight []float32) {
	if len(index) < readFirst {
		f32.Copy(save, dst)
		c.sum(dst, index, weight)
		return
	}
	f32.SaveMix3(dst, save, c.row(index[0]), c.row(index[1]), c.row(index[2]), weight[0], weight[1], weight[2])
	c.add(dst, index[readFirst:], weight[readFirst:])
}

// add adds the weighted sum of rows to dst, in their order.
func (c *columns) add(dst []float32, index []int, weight []float32) {
	for k, j := range index {
		f32.AddScaled(dst, c.row(j), weight[k])
	}
}
