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
// Logits may be of any size, as long as their differences do not overflow
// float32. A logit of -Inf excludes its class. A row that contains NaN or +Inf,
// or nothing but -Inf, has the loss NaN and a gradient of NaN. The gradient has
// the same bits on every architecture; the loss may differ in its last bits.
// Methods may run concurrently.
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
func (c CrossEntropy) Mixed(grad, logits []float32, m *Mix, labels []int) float64 {
	classes := m.classes(len(logits))
	rows := m.labelled(labels, classes)
	c.check(grad, logits, classes)
	if rows == 0 {
		clear(grad)
		return 0
	}
	keep, spread := 1-c.Smoothing, c.Smoothing/float64(classes)
	classWeights := c.sumWeights(classes)
	mean := 1 / float64(rows)
	var loss float64
	for i := range m.Len() {
		z, g := rowOf(logits, i, classes), rowOf(grad, i, classes)
		index, weight := m.Index[i*m.K:(i+1)*m.K], m.Weight[i*m.K:(i+1)*m.K]
		top := f32.Argmax(z)

		// The sum of the targets, and of their products with how far the logits
		// are below the largest: those of the labels, then what smoothing
		// spreads of the labels' weights over all classes.
		var weights, sum, gap float64
		for k, j := range index {
			y, w := labels[j], float64(weight[k])
			if y == Ignore || w == 0 {
				continue
			}
			weights += w
			if t := float64(keep * w * c.weight(y)); t != 0 {
				sum += t
				gap += t * (float64(z[top]) - float64(z[y]))
			}
		}
		if weights == 0 {
			clear(g)
			continue
		}
		if spread > 0 {
			sum += float64(weights * spread * classWeights)
			gap += weights * spread * f32.Gap(c.ClassWeight, z, z[top])
		}
		rowLoss, scale := softmax(g, z, top, sum)
		loss += rowLoss + gap
		if g == nil {
			continue
		}
		a, b := float32(scale*mean), float32(-weights*spread*mean)
		if spread > 0 && c.ClassWeight != nil {
			f32.Mix2(g, g, c.ClassWeight, a, b)
		} else {
			f32.Affine(g, g, a, b)
		}
		for k, j := range index {
			if y := labels[j]; y != Ignore {
				g[y] -= float32(keep * float64(weight[k]) * c.weight(y) * mean)
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
	n := len(logits) / classes
	rows := n
	keep, spread := 1-c.Smoothing, c.Smoothing/float64(classes)
	mean := 1 / float64(n)
	var loss float64
	for i := range n {
		z, t, g := rowOf(logits, i, classes), rowOf(targets, i, classes), rowOf(grad, i, classes)
		sum := f32.Sum(t)
		if sum == 0 {
			rows--
			clear(g)
			continue
		}
		base := float64(spread * sum)
		top := f32.Argmax(z)
		var gap float64
		if c.ClassWeight != nil {
			sum = 0
			for j, w := range c.ClassWeight {
				if u := float64(float64(w) * (float64(keep*float64(t[j])) + base)); u != 0 {
					sum += u
					gap += u * (float64(z[top]) - float64(z[j]))
				}
			}
		} else {
			if keep > 0 {
				gap = keep * f32.Gap(t, z, z[top])
			}
			if spread > 0 {
				gap += base * f32.Gap(nil, z, z[top])
			}
		}
		rowLoss, scale := softmax(g, z, top, sum)
		loss += rowLoss + gap
		if g == nil {
			continue
		}
		a, b, d := float32(scale*mean), float32(-keep*mean), float32(-base*mean)
		if c.ClassWeight != nil {
			for j, w := range c.ClassWeight {
				g[j] = float32(a*g[j]) + float32(w*(float32(b*t[j])+d))
			}
			continue
		}
		f32.Mix2(g, g, t, a, b)
		if spread > 0 {
			f32.Affine(g, g, 1, d)
		}
	}
	if rows == 0 {
		return 0
	}
	if rows < n && grad != nil {
		f32.Scale(grad, grad, float32(float64(n)/float64(rows)))
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

// softmax writes exp(z-max) to e, unless that is nil, for a row z whose largest
// logit is at top. It returns weight·log Σ exp(z-max), and weight / Σ exp(z-max)
// to scale e with. Both, and e, are NaN if the softmax is not defined.
//
// The largest logit's own term is 1 and is left out of the sum, so that log1p
// retains the precision of the losses of confident rows.
func softmax(e, z []float32, top int, weight float64) (loss, scale float64) {
	max := z[top]
	if max-max != 0 {
		nan := math.NaN()
		for j := range e {
			e[j] = float32(nan)
		}
		return nan, nan
	}
	rest, ok := confident(z, top)
	sum := f32.ExpSum(e, z, top)
	if !ok {
		rest = sum
	}
	return weight * math.Log1p(rest), weight / (1 + sum)
}

// confident reports whether all logits but the largest are so far below it that
// rounding the difference to float32 would show in the loss, and if so sums
// their exponentials in float64.
func confident(z []float32, top int) (sum float64, ok bool) {
	bound := z[top] - 30
	for j, v := range z {
		if v > bound && j != top {
			return 0, false
		}
	}
	for j, v := range z {
		if j != top {
			sum += math.Exp(float64(v) - float64(z[top]))
		}
	}
	return sum, true
}
