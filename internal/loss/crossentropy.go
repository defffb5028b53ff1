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

// Mean computes a minibatch and returns the mean loss of the rows that count. With
// targets b.Count is the number of all rows.
func (c CrossEntropy) Mean(b Minibatch) float64 {
	if b.Targets != nil && b.inPlace() {
		// Logits that the gradient was written over cannot be read again when the
		// number of rows that count is known.
		b.Count = 0
		for i := range len(b.Logits) / b.Classes {
			if b.counts(i) {
				b.Count++
			}
		}
	}
	return crossEntropies.mean(c, b)
}

// Rows computes the rows of a minibatch, each by itself, whatever b.Count is.
func (c CrossEntropy) Rows(b Minibatch) { crossEntropies.rows(c, b) }

// part computes rows in blocks. Targets have two forms. If they come from labels, a row
// has only a few of them. Their part in the loss and in the gradient is computed term by
// term, and smoothing adds the same amount to all classes. All other targets are rows
// that the kernel reads: those of the caller, or rows that are written out after
// smoothing and class weights.
func (c CrossEntropy) part(b *Minibatch, lo, hi int) (sum float64, count int) {
	var s softmax
	rows := softmaxBlock(b.Classes, hi-lo)
	var memory []float32
	if c.Smoothing > 0 || b.Targets != nil && c.ClassWeight != nil {
		m := memories.Get().(*[]float32)
		defer memories.Put(m)
		if need := rows * b.Classes; cap(*m) < need {
			*m = make([]float32, need)
		}
		memory = *m
	}
	mean := 1 / float64(b.Count)
	block := rows
	for n := 0; lo < hi; lo += n {
		n = min(block, hi-lo)
		s.begin(rowsOf(b.Logits, lo, lo+n, b.Classes), n)
		few := false // whether targets come term by term from labels, so that the kernel reads none
		if b.Targets == nil {
			block = min(2*block, rows)
			n = c.labels(&s, b, lo, n)
			if few = n > 0; !few {
				n, block = 1, 1 // because the next row is probably like this one
			}
		}
		z, g, t := rowsOf(b.Logits, lo, lo+n, b.Classes), rowsOf(b.Grad, lo, lo+n, b.Classes), rowsOf(b.Targets, lo, lo+n, b.Classes)
		if !few && memory != nil {
			t = memory[:n*b.Classes]
			for i := range n {
				c.write(rowOf(t, i, b.Classes), b, lo+i, z[i*b.Classes+s.top[i]])
			}
		}
		f32.Softmax(s.rest[:n], s.gap[:n], s.sum[:n], g, z, t, s.top[:n], mean, float32(-mean))
		for i := 0; i < n && !few; i++ {
			s.row[i].counts = s.sum[i] != 0 || b.counts(lo+i)
		}
		loss, counted := s.finish(rowsOf(b.Loss, lo, lo+n, 1), g, n)
		sum += loss
		count += counted
		if few && g != nil {
			c.subtract(g, &s, b, lo, n, mean)
		}
	}
	return sum, count
}

// memories are for targets that are written out.
var memories = sync.Pool{New: func() any { return new([]float32) }}

// labels computes, for up to n rows from lo on whose targets come from labels, the sum of
// the targets, and the sum of their products with the distances of the logits from the
// largest one. It stops before a row where smoothing must leave out some classes, and
// returns the number of rows.
func (c *CrossEntropy) labels(s *softmax, b *Minibatch, lo, n int) int {
	keep, each, allWeights := 1-c.Smoothing, 0., float64(b.Classes)
	if c.Smoothing > 0 {
		each = c.Smoothing / float64(b.Classes)
		if c.ClassWeight != nil {
			allWeights = f32.Sum(c.ClassWeight)
		}
	}
	labels, index, weight := b.Labels, b.Index, b.Weight[:len(b.Index)]
	for i := range n {
		z := b.Logits[(lo+i)*b.Classes:][:b.Classes]
		most := z[s.top[i]]
		var apart float64
		if c.Smoothing > 0 {
			if apart = gapOf(nil, z, most); apart > math.MaxFloat64 {
				return i
			}
			if c.ClassWeight != nil {
				apart = gapOf(c.ClassWeight, z, most)
			}
		}
		var known, sum, gap float64
		for p := (lo + i) * b.K; p < (lo+i+1)*b.K; p++ {
			y, w := labels[index[p]], float64(weight[p])
			if y == Ignore || w == 0 {
				continue
			}
			known += w
			if t := float64(keep * w * c.weight(y)); t != 0 {
				sum += t
				gap += float64(t * (float64(most) - float64(z[y])))
			}
		}
		if each > 0 && known > 0 {
			sum += float64(known * each * allWeights)
			gap += float64(known * each * apart)
		}
		s.sum[i], s.gap[i] = sum, gap
		s.row[i].counts, s.row[i].spread = known > 0, known*each
	}
	return n
}

// subtract subtracts the targets of n rows from lo on, which come from labels, from
// their gradient g.
func (c *CrossEntropy) subtract(g []float32, s *softmax, b *Minibatch, lo, n int, mean float64) {
	keep, labels, index, weight := 1-c.Smoothing, b.Labels, b.Index, b.Weight[:len(b.Index)]
	for i := range n {
		g, r := g[i*b.Classes:][:b.Classes], &s.row[i]
		if !r.counts {
			continue
		}
		if r.spread > 0 {
			if spread := float32(-r.spread * mean); c.ClassWeight == nil {
				f32.Affine(g, g, 1, spread)
			} else {
				f32.AddScaled(g, c.ClassWeight, spread)
			}
		}
		for p := (lo + i) * b.K; p < (lo+i+1)*b.K; p++ {
			if y := labels[index[p]]; y != Ignore {
				g[y] -= float32(keep * float64(weight[p]) * c.weight(y) * mean)
			}
		}
	}
}

// gapOf returns the sum of the distances of the logits from the largest one, times the
// weights of their classes.
func gapOf(weights, z []float32, most float32) float64 {
	gap, _ := f32.Gap(weights, z, most)
	return gap
}

// weight returns the weight of class y.
func (c *CrossEntropy) weight(y int) float64 {
	if c.ClassWeight == nil {
		return 1
	}
	return float64(c.ClassWeight[y])
}

// write writes the targets of row i to u, after smoothing and class weights.
func (c *CrossEntropy) write(u []float32, b *Minibatch, i int, most float32) {
	z, t := rowOf(b.Logits, i, b.Classes), rowOf(b.Targets, i, b.Classes)
	if t == nil {
		t = u
		f32.Clear(u)
		for p := i * b.K; p < (i+1)*b.K; p++ {
			if y := b.Labels[b.Index[p]]; y != Ignore {
				u[y] += b.Weight[p]
			}
		}
	}
	if c.Smoothing > 0 {
		left := len(z)
		if gapOf(nil, z, most) > math.MaxFloat64 {
			left = included(z)
		}
		keep, spread := float32(1-c.Smoothing), float32(c.Smoothing*f32.Sum(t)/float64(left))
		if left == len(z) { // as nearly always
			f32.Affine(u, t, keep, spread)
		} else {
			for j, v := range z {
				if u[j] = float32(keep * t[j]); !excluded(v) {
					u[j] += spread
				}
			}
		}
		t = u
	}
	for j, w := range c.ClassWeight {
		u[j] = w * t[j]
	}
}

// included returns the number of classes that are not excluded.
func included(z []float32) (n int) {
	for _, v := range z {
		if !excluded(v) {
			n++
		}
	}
	return n
}

// excluded reports whether the class of a logit is excluded.
func excluded(z float32) bool { return z < -math.MaxFloat32 }
