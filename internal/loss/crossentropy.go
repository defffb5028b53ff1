// Softmax cross-entropy.

package loss

import (
	"math"
	"sync"

	"github.com/seed-7466c776/mixup/internal/f32"
)

// CrossEntropy has the fields of mixup.CrossEntropy.
type CrossEntropy struct {
	Smoothing   float64
	ClassWeight []float32
}

var crossEntropies pool[CrossEntropy]

// Mean computes a minibatch of which b.Count rows count, and returns their mean loss.
func (c CrossEntropy) Mean(b Minibatch) float64 { return crossEntropies.mean(c, b) }

// Rows computes the rows of a minibatch, each by itself, whatever b.Count is.
func (c CrossEntropy) Rows(b Minibatch) { crossEntropies.rows(c, b) }

// part computes rows in blocks. There are two forms of targets. Labels without
// smoothing are few: their part in the loss and in the gradient is computed term by
// term. Other targets are rows that the kernel takes: those of the caller, or rows
// in memory where they are written out after smoothing and class weights.
func (c CrossEntropy) part(b *Minibatch, lo, hi int) (sum float64) {
	var s softmax
	few := b.Targets == nil && c.Smoothing == 0
	written := !few && (c.Smoothing > 0 || c.ClassWeight != nil)
	rows := s.rows(b.Classes, hi-lo)
	var memory *[]float32
	if written {
		memory = memories.Get().(*[]float32)
		defer memories.Put(memory)
		if need := rows * b.Classes; cap(*memory) < need {
			*memory = make([]float32, need)
		}
	}
	mean := 1 / float64(b.Count)
	for ; lo < hi; lo += rows {
		rows = min(rows, hi-lo)
		z, g := rowsOf(b.Logits, lo, lo+rows, b.Classes), rowsOf(b.Grad, lo, lo+rows, b.Classes)
		t := rowsOf(b.Targets, lo, lo+rows, b.Classes)
		s.begin(z, rows)
		switch {
		case few:
			for i := range rows {
				s.sum[i], s.gap[i], s.row[i].counts = c.labels(b, lo+i, s.row[i].most)
			}
		case written:
			t = (*memory)[:rows*b.Classes]
			for i := range rows {
				s.row[i].counts = c.write(rowOf(t, i, b.Classes), b, lo+i, s.row[i].most)
			}
		default:
			for i := range rows {
				s.row[i].counts = !f32.Zero(rowOf(t, i, b.Classes))
			}
		}
		f32.Softmax(s.rest[:rows], s.gap[:rows], s.sum[:rows], g, z, t, s.top[:rows], mean, float32(-mean))
		if few && g != nil {
			for i := range rows {
				c.subtract(rowOf(g, i, b.Classes), b, lo+i, mean)
			}
		}
		for i := range rows {
			loss := s.finish(i, rowOf(g, i, b.Classes))
			if b.Loss != nil {
				b.Loss[lo+i] = float32(loss)
			}
			sum += loss
		}
	}
	return sum
}

// memories are for targets that are written out.
var memories = sync.Pool{New: func() any { return new([]float32) }}

// labels returns the sum of the weighted targets of row i, which come from labels
// without smoothing, and the sum of their products with how far the logits are
// below the largest.
func (c *CrossEntropy) labels(b *Minibatch, i int, most float32) (sum, gap float64, counts bool) {
	index, weight := b.terms(i)
	for k, j := range index {
		y := b.Labels[j]
		if y == Ignore || weight[k] == 0 {
			continue
		}
		counts = true
		if t := float64(float64(weight[k]) * c.weight(y)); t != 0 {
			sum += t
			gap += float64(t * (float64(most) - float64(b.Logits[i*b.Classes+y])))
		}
	}
	return sum, gap, counts
}

// subtract subtracts the weighted targets of row i, which come from labels without
// smoothing, from its gradient.
func (c *CrossEntropy) subtract(g []float32, b *Minibatch, i int, mean float64) {
	index, weight := b.terms(i)
	for k, j := range index {
		if y := b.Labels[j]; y != Ignore {
			g[y] -= float32(float64(float64(weight[k])*c.weight(y)) * mean)
		}
	}
}

// weight returns the weight of class y.
func (c *CrossEntropy) weight(y int) float64 {
	if c.ClassWeight == nil {
		return 1
	}
	return float64(c.ClassWeight[y])
}

// write writes the targets of row i to u, after smoothing and class weights. It
// reports whether the row counts.
func (c *CrossEntropy) write(u []float32, b *Minibatch, i int, most float32) (counts bool) {
	z, _, t := b.row(i)
	keep, left := 1-c.Smoothing, c.left(z, most)
	if t != nil {
		counts = !f32.Zero(t)
		spread := float32(c.Smoothing * f32.Sum(t) / float64(left))
		f32.Affine(u, t, float32(keep), spread)
		for j := 0; left < len(u) && j < len(u); j++ {
			if excluded(z[j]) {
				u[j] = float32(float32(keep) * t[j])
			}
		}
	} else {
		index, weight := b.terms(i)
		var known float64
		for k, j := range index {
			if b.Labels[j] != Ignore {
				known += float64(weight[k])
			}
		}
		counts = known > 0
		fill(u, float32(c.Smoothing*known/float64(left)))
		for j := 0; left < len(u) && j < len(u); j++ {
			if excluded(z[j]) {
				u[j] = 0
			}
		}
		for k, j := range index {
			if y := b.Labels[j]; y != Ignore {
				u[y] += float32(keep * float64(weight[k]))
			}
		}
	}
	for j, w := range c.ClassWeight {
		u[j] *= w
	}
	return counts
}

// left returns the number of classes that smoothing spreads targets over: those
// whose logit is not -Inf.
func (c *CrossEntropy) left(z []float32, most float32) int {
	if c.Smoothing == 0 {
		return len(z)
	}
	if gap, _ := f32.Gap(nil, z, most); gap <= math.MaxFloat64 {
		return len(z) // as nearly always
	}
	left := 0
	for _, v := range z {
		if !excluded(v) {
			left++
		}
	}
	return left
}

// excluded reports whether the class of a logit is excluded.
func excluded(z float32) bool { return z < -math.MaxFloat32 }

// fill sets all values of x to v.
func fill(x []float32, v float32) {
	// By copies, which have vector instructions.
	if len(x) == 0 {
		return
	}
	x[0] = v
	for n := 1; n < len(x); n *= 2 {
		copy(x[n:], x[:n])
	}
}
