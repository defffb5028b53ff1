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
	counts    bool    // some target is not 0
	undefined bool    // the largest logit is not finite
	confident bool    // the largest logit is far above all others
	rest      float64 // of a confident row, in float64
	spread    float64 // what smoothing adds to each of the targets, if these come from labels
}

// Rows that are worked on together are at most softmaxRows, and have at most
// softmaxLogits logits unless there is only one.
const (
	softmaxRows   = 64
	softmaxLogits = 1 << 10
)

// softmaxBlock returns how many of the rows to work on together.
func softmaxBlock(classes, rows int) int {
	return max(1, min(softmaxRows, softmaxLogits/classes, rows))
}

// begin looks at n rows of logits before they may be overwritten.
func (s *softmax) begin(z []float32, n int) {
	f32.Argmax(s.top[:n], z)
	width := len(z) / n
	for i, top := range s.top[:n] {
		z, r := z[i*width:][:width], &s.row[i]
		*r = softmaxRow{undefined: z[top]-z[top] != 0}
		// Nearly always one of the other logits is enough to know.
		other := 0
		if top == 0 {
			other = width - 1
		}
		if other != top && z[other] > z[top]-margin || r.undefined {
			continue
		}
		if r.confident = confident(z, top); r.confident {
			r.rest = restOf(z, top)
		}
	}
}

// finish writes the losses of n rows to loss, unless it is nil. It returns their sum
// and how many rows count. It makes the gradient g of a row zeros if the row does not
// count, and NaN, as the loss, if the softmax is not defined.
func (s *softmax) finish(loss, g []float32, n int) (sum float64, count int) {
	count = n
	for i, rest := range s.rest[:n] {
		var l float64
		switch r := &s.row[i]; {
		case !r.counts:
			count--
			f32.Clear(rowOf(g, i, len(g)/n))
		case r.undefined:
			l = math.NaN()
			g := rowOf(g, i, len(g)/n)
			for j := range g {
				g[j] = float32(l)
			}
		case r.confident:
			// Rounding differences of logits to float32 would show in this loss.
			rest = r.rest
			fallthrough
		default:
			// The largest logit's own term is left out of rest, so that log1p retains
			// the precision of small losses.
			l = float64(s.sum[i]*math.Log1p(rest)) + s.gap[i]
		}
		if loss != nil {
			loss[i] = float32(l)
		}
		sum += l
	}
	return sum, count
}

// margin is how far below the largest logit all others are in a confident row.
const margin = 30

// confident reports whether all logits but the largest are far below it.
func confident(z []float32, top int) bool {
	bound := z[top] - margin
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
