// Losses of mixed minibatches, with their gradients.

package mixup

import (
	"fmt"
	"math"

	"github.com/seed-7466c776/mixup/internal/f32"
)

// CrossEntropy is softmax cross-entropy. The zero value is the plain loss.
//
// Its methods return the mean over the rows of a minibatch, and write the
// gradient of that mean with respect to the logits. Logits are row-major, one
// row of classes for each row of the minibatch. The loss of a row is
//
//	Σ_c ClassWeight[c] · t[c] · (log Σⱼ exp(z[j]) - z[c])
//
// for its logits z and targets t, after these were smoothed. The mean divides by
// the number of rows, and not by the sum of the class weights as PyTorch does for
// hard labels, so that hard and soft targets have the same loss.
//
// Logits may be of any size up to 1e35, beyond which a sum in the loss may
// overflow to +Inf. A logit of -Inf excludes its class. A row that contains NaN
// or +Inf, or nothing but -Inf, has the loss NaN and a gradient of NaN. The
// gradient has the same bits on every architecture; the loss may differ in its
// last bits. Methods may run concurrently.
type CrossEntropy struct {
	Smoothing   float64   // label smoothing: t ← (1-Smoothing)·t + Smoothing/classes·Σt; in [0, 1]
	ClassWeight []float32 // weight of each class in loss and gradient; nil: all 1
}

// Mixed returns the loss of a minibatch that was mixed by m,
//
//	Σᵢ Σₖ Wᵢₖ · ℓ(zᵢ, y[jₖ]) / N
//
// for the logits of its Len rows and the labels of the source rows, and writes
// its gradient to grad, which may be the logits themselves. If grad is nil only
// the loss is computed. It equals [CrossEntropy.Soft] on targets from
// [Mix.OneHotTo].
//
// Terms whose label is [Ignore] contribute neither loss nor gradient, and N
// counts the rows that have another term, of positive weight. Without such a row
// the loss is 0.
//
// Mixed panics, before it writes, if the lengths do not fit, if an index, a
// weight or a field of c is invalid, if a label that a row is mixed from is
// neither a class nor Ignore, or if grad overlaps logits in part.
func (c CrossEntropy) Mixed(grad, logits []float32, m *Mix, labels []int, classes int) float64 {
	must(m.wellFormed())
	must(rowsOfClasses("logits", len(logits), m.Len(), classes))
	rows := m.labelled(labels, classes)
	c.check(grad, logits, classes)
	if rows == 0 {
		clear(grad)
		return 0
	}
	keep, spread := 1-c.Smoothing, c.Smoothing/float64(classes)
	classWeights := c.sumWeights(classes)
	mean := 1 / float64(rows)
	all, index, weight := m.Len(), m.Index, m.Weight[:len(m.Index)]
	var loss float64
	var s softmax
	for lo, n := 0, s.rows(classes, all); lo < all; lo += n {
		n = min(n, all-lo)
		z, g := span(logits, lo*classes, (lo+n)*classes), span(grad, lo*classes, (lo+n)*classes)
		f32.Argmax(s.top[:n], z)
		for i := range s.row[:n] {
			// The sum of the targets, and of their products with how far the
			// logits are below the largest: those of the labels, then what
			// smoothing spreads of the labels' weights over all classes.
			var weights, sum, gap float64
			z := rowOf(z, i, classes)
			most := float64(z[s.top[i]])
			for p := (lo + i) * m.K; p < (lo+i+1)*m.K; p++ {
				y, w := labels[index[p]], float64(weight[p])
				if y == Ignore || w == 0 {
					continue
				}
				weights += w
				if t := float64(keep * w * c.weight(y)); t != 0 {
					sum += t
					gap += t * (most - float64(z[y]))
				}
			}
			if spread > 0 && weights > 0 {
				apart, _ := f32.Gap(c.ClassWeight, z, float32(most))
				sum += float64(weights * spread * classWeights)
				gap += weights * spread * apart
			}
			s.row[i].weights, s.sum[i], s.gap[i] = weights, sum, gap
		}
		s.softmax(g, z, nil, n, mean, 0)
		loss += s.finish(g, n)
		for i := 0; i < n && g != nil; i++ {
			r, g := &s.row[i], rowOf(g, i, classes)
			if r.weights == 0 {
				continue
			}
			if spread > 0 {
				b := float32(-r.weights * spread * mean)
				if c.ClassWeight == nil {
					f32.Affine(g, g, 1, b)
				} else {
					f32.AddScaled(g, c.ClassWeight, b)
				}
			}
			for p := (lo + i) * m.K; p < (lo+i+1)*m.K; p++ {
				if y := labels[index[p]]; y != Ignore {
					g[y] -= float32(keep * float64(weight[p]) * c.weight(y) * mean)
				}
			}
		}
	}
	return loss * mean
}

// Soft returns the loss for targets that are distributions over the classes,
// one row for each row of logits, and writes its gradient to grad, which may be
// the logits themselves. If grad is nil only the loss is computed. Targets need
// not sum to 1; rows that sum to 0 contribute neither loss nor gradient, and are
// not counted in the mean. Without any other row the loss is 0.
//
// Soft panics, before it writes, if the lengths do not fit, if a field of c is
// invalid, if grad overlaps logits in part, or if it overlaps targets.
func (c CrossEntropy) Soft(grad, logits, targets []float32, classes int) float64 {
	checkTargets(logits, targets, classes)
	c.check(grad, logits, classes)
	must(disjoint("grad", grad, "targets", targets))

	// All rows are taken to count until the last was seen.
	all := len(logits) / classes
	rows := all
	keep, spread := 1-c.Smoothing, c.Smoothing/float64(classes)
	mean := 1 / float64(all)
	var loss float64
	var s softmax
	for lo, n := 0, s.rows(classes, all); lo < all; lo += n {
		n = min(n, all-lo)
		z, g := span(logits, lo*classes, (lo+n)*classes), span(grad, lo*classes, (lo+n)*classes)
		t := span(targets, lo*classes, (lo+n)*classes)
		f32.Argmax(s.top[:n], z)
		// Weighted targets are not those that softmax would take: it is left
		// without any, and they are subtracted at the end.
		a, b := t, float32(-keep*mean)
		if c.ClassWeight != nil {
			a = nil
			for i := range s.row[:n] {
				z, t := rowOf(z, i, classes), rowOf(t, i, classes)
				s.row[i].weights, s.sum[i], s.gap[i] = c.weighted(z, t, z[s.top[i]], keep, spread)
			}
		} else if spread > 0 {
			for i := range s.row[:n] {
				z := rowOf(z, i, classes)
				s.row[i].apart, _ = f32.Gap(nil, z, z[s.top[i]])
			}
		}
		s.softmax(g, z, a, n, mean, b)
		for i := range s.row[:n] {
			r := &s.row[i]
			if c.ClassWeight == nil {
				r.weights = s.sum[i]
				if keep == 0 {
					s.gap[i] = 0
				}
				s.gap[i] *= keep
				if spread > 0 {
					s.gap[i] += float64(spread*r.weights) * r.apart
				}
			}
			if r.weights == 0 {
				rows--
			}
		}
		loss += s.finish(g, n)
		for i := 0; i < n && g != nil; i++ {
			r, g, t := &s.row[i], rowOf(g, i, classes), rowOf(t, i, classes)
			d := float32(-float64(spread*r.weights) * mean)
			switch {
			case r.weights == 0:
			case c.ClassWeight != nil:
				for j, w := range c.ClassWeight {
					g[j] += float32(w * (float32(b*t[j]) + d))
				}
			case spread > 0:
				f32.Affine(g, g, 1, d)
			}
		}
	}
	if rows == 0 {
		return 0
	}
	if rows < all && grad != nil {
		f32.Scale(grad, grad, float32(float64(all)/float64(rows)))
	}
	return loss / float64(rows)
}

// Mean returns the mean of any loss over a mixed minibatch, Σᵢ Σₖ Wᵢₖ·loss(i, jₖ) / N,
// where loss compares row i of the minibatch with the label of source row jₖ. It
// is not called for terms of weight 0. A Mix without rows has mean 0.
//
// Mean panics if a weight is invalid or an index negative.
func (m *Mix) Mean(loss func(row, source int) float64) float64 {
	sources := 0
	for _, j := range m.Index {
		sources = max(sources, j+1)
	}
	must(m.check(sources))
	n := m.Len()
	if n == 0 {
		return 0
	}
	var sum float64
	for p, j := range m.Index {
		if w := m.Weight[p]; w != 0 {
			sum += float64(w) * loss(p/m.K, j)
		}
	}
	return sum / float64(n)
}

// check panics unless c, and the lengths and places of grad and logits, fit.
func (c CrossEntropy) check(grad, logits []float32, classes int) {
	must(checkSmoothing(c.Smoothing))
	if c.ClassWeight != nil && len(c.ClassWeight) != classes && len(logits) > 0 {
		panic(fmt.Sprintf("mixup: len(ClassWeight) = %d, want %d classes", len(c.ClassWeight), classes))
	}
	for y, w := range c.ClassWeight {
		if !(w >= 0 && w <= math.MaxFloat32) {
			panic(fmt.Sprintf("mixup: ClassWeight[%d] = %v, want a finite number ≥ 0", y, w))
		}
	}
	checkGrad(grad, logits)
}

// weight returns the weight of class y.
func (c CrossEntropy) weight(y int) float64 {
	if c.ClassWeight == nil {
		return 1
	}
	return float64(c.ClassWeight[y])
}

// weighted returns the sum of the targets t of a row and, after smoothing and
// class weights, their sum and that of their products with how far the logits z
// are below most.
func (c CrossEntropy) weighted(z, t []float32, most float32, keep, spread float64) (weights, sum, gap float64) {
	_, weights = f32.Gap(t, z, most)
	for j, w := range c.ClassWeight {
		if u := float64(float64(w) * (float64(keep*float64(t[j])) + float64(spread*weights))); u != 0 {
			sum += u
			gap += u * (float64(most) - float64(z[j]))
		}
	}
	return weights, sum, gap
}

// sumWeights returns the sum of the class weights.
func (c CrossEntropy) sumWeights(classes int) float64 {
	if c.ClassWeight == nil {
		return float64(classes)
	}
	return f32.Sum(c.ClassWeight)
}

// checkSmoothing checks an amount of label smoothing.
func checkSmoothing(eps float64) error {
	if !(eps >= 0 && eps <= 1) {
		return fmt.Errorf("mixup: smoothing %v, want a number in [0, 1]", eps)
	}
	return nil
}

// checkTargets panics unless logits are rows of so many classes, and targets too.
func checkTargets(logits, targets []float32, classes int) {
	if classes < 1 || len(logits)%classes != 0 {
		panic(fmt.Sprintf("mixup: len(logits) = %d, want rows of %d ≥ 1 classes", len(logits), classes))
	}
	if len(targets) != len(logits) {
		panic(fmt.Sprintf("mixup: len(targets) = %d, want that of logits, %d", len(targets), len(logits)))
	}
}

// checkGrad panics unless grad is nil or fits logits and is the same memory or
// other memory.
func checkGrad(grad, logits []float32) {
	if grad == nil {
		return
	}
	if len(grad) != len(logits) {
		panic(fmt.Sprintf("mixup: len(grad) = %d, want that of logits, %d", len(grad), len(logits)))
	}
	if !same(grad, logits) {
		must(disjoint("grad", grad, "logits", logits))
	}
}

// rowOf returns row i of x, or nil if x is nil.
func rowOf(x []float32, i, width int) []float32 {
	if x == nil {
		return nil
	}
	return x[i*width:][:width]
}

// span returns x[lo:hi], or nil if x is nil.
func span(x []float32, lo, hi int) []float32 {
	if x == nil {
		return nil
	}
	return x[lo:hi]
}
