// Softmax of some rows of logits: what cross-entropy computes of them, whatever
// the targets are.

package mixup

import (
	"math"

	"github.com/seed-7466c776/mixup/internal/f32"
)

// softmax is the work on some rows of logits, which is done step by step for all
// of them: short rows have little work for each step, and long ones come one by
// one, to be in the cache for the next step.
type softmax struct {
	row  [softmaxRows]softmaxRow
	top  [softmaxRows]int     // where a row is largest
	rest [softmaxRows]float64 // Σ exp(z-max) without the largest's own term, 1
	sum  [softmaxRows]float64 // Σ t for the targets t
	gap  [softmaxRows]float64 // Σ t·(max-z)
}

type softmaxRow struct {
	weights float64 // of the labels, or 0 if the row does not count
	apart   float64 // Σ (max-z)
	exact   float64 // what confident returns
}

// As many rows are worked on together as are not more than softmaxRows and do not
// have more than softmaxLogits logits, but one at least.
const (
	softmaxRows   = 64
	softmaxLogits = 1 << 10
)

// rows returns how many of the rows to work on together.
func (s *softmax) rows(classes, rows int) int {
	return max(1, min(softmaxRows, softmaxLogits/classes, rows))
}

// softmax computes rest for n rows z, and their gradients g, unless that is nil:
// mean·sum·softmax(z) + b·t. If there are targets t, sum and gap are theirs.
func (s *softmax) softmax(g, z, t []float32, n int, mean float64, b float32) {
	for i, top := range s.top[:n] {
		// Nearly always one logit of the others is enough to know.
		z, other := rowOf(z, i, len(z)/n), 0
		if top == 0 {
			other = len(z) - 1
		}
		s.row[i].exact = -1
		if other == top || !(z[other] > z[top]-margin) {
			s.row[i].exact = confident(z, top)
		}
	}
	f32.Softmax(s.rest[:n], s.gap[:n], s.sum[:n], g, z, t, s.top[:n], mean, b)
}

// finish returns the sum of the losses of n rows. It makes the gradients zeros
// where a row does not count, and NaN, as the loss, where the softmax is not
// defined.
//
// The largest logit's own term is 1 and is left out of the sum, so that log1p
// retains the precision of the losses of confident rows.
func (s *softmax) finish(g []float32, n int) (loss float64) {
	for i, rest := range s.rest[:n] {
		r := &s.row[i]
		switch {
		case r.weights == 0:
			clear(rowOf(g, i, len(g)/n))
			continue
		case r.exact >= 0:
			rest = r.exact
		case r.exact != -1:
			rest = r.exact
			g := rowOf(g, i, len(g)/n)
			for j := range g {
				g[j] = float32(rest)
			}
		}
		loss += float64(s.sum[i]*math.Log1p(rest)) + s.gap[i]
	}
	return loss
}

// margin is how far below the largest logit all others are in a confident row.
const margin = 30

// confident returns -1, unless all logits but the largest are so far below it that
// rounding the difference to float32 would show in the loss: then the sum of
// their exponentials, in float64. It is NaN if the largest is not finite.
func confident(z []float32, top int) float64 {
	most := z[top]
	if most-most != 0 {
		return math.NaN()
	}
	bound := most - margin
	for j, v := range z {
		if v > bound && j != top {
			return -1
		}
	}
	var sum float64
	for j, v := range z {
		if j != top {
			sum += math.Exp(float64(v) - float64(most))
		}
	}
	return sum
}
