// Softmax of some rows of logits, whatever the targets are.

package loss

import (
	"math"

	"github.com/seed-7466c776/mixup/internal/f32"
)

// softmax is the work on some rows of logits, which is done step by step for all
// of them: short rows have little work for each step, and long ones come one by
// one, so that they are in the cache for the next step.
type softmax struct {
	row  [softmaxRows]softmaxRow
	top  [softmaxRows]int     // where a row is largest
	rest [softmaxRows]float64 // Σ exp(z-max) without the largest's own term, which is 1
	sum  [softmaxRows]float64 // Σ t for the targets t
	gap  [softmaxRows]float64 // Σ t·(max-z)
}

// softmaxRow is what else is known of a row.
type softmaxRow struct {
	counts  bool    // some target is not 0
	defined bool    // the largest logit is finite
	most    float32 // the largest logit

	// If the largest logit is far above all others, rest is computed in float64,
	// since rounding their differences to float32 would show in the loss.
	confident bool
	rest      float64
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

// begin looks at n rows of logits before they may be overwritten.
func (s *softmax) begin(z []float32, n int) {
	f32.Argmax(s.top[:n], z)
	for i, top := range s.top[:n] {
		z, r := rowOf(z, i, len(z)/n), &s.row[i]
		r.most = z[top]
		r.defined = r.most-r.most == 0
		r.confident = r.defined && confident(z, top)
		if r.confident {
			r.rest = restOf(z, top)
		}
	}
}

// finish returns the loss of row i, whose gradient is g. It makes the gradient zeros
// if the row does not count, and NaN, as the loss, if its softmax is not defined.
func (s *softmax) finish(i int, g []float32) float64 {
	r, rest := &s.row[i], s.rest[i]
	switch {
	case !r.counts:
		clear(g)
		return 0
	case !r.defined:
		for j := range g {
			g[j] = float32(math.NaN())
		}
		return math.NaN()
	case r.confident:
		rest = r.rest
	}
	// The largest logit's own term is left out of the sum, so that log1p retains the
	// precision of the losses of confident rows.
	return float64(s.sum[i]*math.Log1p(rest)) + s.gap[i]
}

// margin is how far below the largest logit all others are in a confident row.
const margin = 30

// confident reports whether all logits but the largest are far below it.
func confident(z []float32, top int) bool {
	bound := z[top] - margin
	// Nearly always one logit of the others is enough to know.
	if other := len(z) - 1; z[other] > bound && other != top {
		return false
	}
	for j, v := range z {
		if v > bound && j != top {
			return false
		}
	}
	return true
}

// restOf returns Σ exp(z-max) without the largest's own term, in float64.
func restOf(z []float32, top int) (sum float64) {
	for j, v := range z {
		if j != top {
			sum += math.Exp(float64(v) - float64(z[top]))
		}
	}
	return sum
}
