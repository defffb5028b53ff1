// Cross-entropy of mixed minibatches, the mean of any other loss over one, and what
// the losses have in common.

package mixup

import (
	"fmt"
	"math"

	"github.com/seed-7466c776/mixup/internal/loss"
)

// CrossEntropy is softmax cross-entropy. The zero value is the plain loss.
//
// Logits are row-major: one row of classes values for each row of the minibatch.
// The loss of a row with logits z and targets t is
//
//	Σ_c ClassWeight[c] · t[c] · (log Σⱼ exp(z[j]) - z[c])
//
// where t has been smoothed. Mixed and Soft return the mean of this over the rows of
// a minibatch and write its gradient with respect to the logits. MixedTo and SoftTo
// write the loss of each row, and the gradient of that loss. Means divide by the
// number of rows N, see [Mix.Count], and not by the sum of the class weights as
// PyTorch does for hard labels. Hard and soft targets therefore have the same loss.
//
// A logit of -Inf excludes its class. Its probability is 0, and what Smoothing
// spreads goes in equal parts to the other classes. A label on an excluded class has
// the loss +Inf. Targets that were smoothed before, by [Smooth], are not changed, and
// have the loss +Inf as well. A row that contains NaN or +Inf, or nothing but -Inf,
// has the loss NaN and a gradient of NaN.
//
// Logits of a row may differ by up to 1e35. Beyond this, a sum in the loss may
// overflow to +Inf. The loss has a relative error of at most 2e-6 and the gradient of
// a row an absolute error of at most 1e-6, for targets that sum to 1 and class
// weights of at most 1. The gradient is bit-identical on every architecture and for
// every GOMAXPROCS. The loss does not depend on GOMAXPROCS, but its last bits may
// differ between architectures.
//
// Methods may run concurrently. Those of large minibatches share their rows among
// several goroutines, as the package comment says.
type CrossEntropy struct {
	Smoothing   float64   // label smoothing: t ← (1-Smoothing)·t + Smoothing/classes·Σt; in [0, 1]
	ClassWeight []float32 // weight of each class in loss and gradient, finite and ≥ 0; nil: all 1
}

// Mixed returns the loss of a minibatch that was mixed by m,
//
//	Σᵢ Σₖ Wᵢₖ · ℓ(zᵢ, y[jₖ]) / N
//
// where z are the logits of its Len rows and y the labels of the source rows. It
// writes the gradient to grad, which may be the logits themselves. If grad is nil
// only the loss is computed. Mixed equals [CrossEntropy.Soft] on targets from
// [Mix.OneHotTo].
//
// Terms whose label is [Ignore] contribute neither loss nor gradient. N is
// m.Count(labels), the number of rows that have another term of positive weight.
// Without such a row the loss is 0.
//
// Mixed panics, before it writes, if a length does not fit, if an index, a weight or
// a field of c is invalid, if a label that a row is mixed from is neither a class nor
// Ignore, or if grad overlaps logits in part.
func (c CrossEntropy) Mixed(grad, logits []float32, m *Mix, labels []int, classes int) float64 {
	b := mixed(nil, grad, logits, m, labels, classes)
	c.check(classes)
	return loss.CrossEntropy(c).Mean(b)
}

// Soft returns the loss for targets that are distributions over the classes, one row
// for each row of logits. It writes the gradient to grad, which may be the logits
// themselves. If grad is nil only the loss is computed.
//
// A row whose targets are all 0 contributes neither loss nor gradient, and N is the
// number of other rows. Without any other row the loss is 0.
//
// The values of targets are not checked. The loss is linear in them: a row that sums
// to 2 has twice the loss and gradient, and negative targets have a negative part in
// both, so that the loss has no lower bound. If a row has a NaN or infinite target,
// its loss and gradient are NaN or infinite.
//
// Soft panics, before it writes, if a length does not fit, if a field of c is
// invalid, if grad overlaps logits in part, or if it overlaps targets.
func (c CrossEntropy) Soft(grad, logits, targets []float32, classes int) float64 {
	b := soft(nil, grad, logits, targets, classes)
	c.check(classes)
	return loss.CrossEntropy(c).Mean(b)
}

// MixedTo writes the loss of each row of a minibatch that was mixed by m to loss,
//
//	loss[i] = Σₖ Wᵢₖ · ℓ(zᵢ, y[jₖ])
//
// and the gradient of this row's loss with respect to its logits to row i of grad.
// Nothing is averaged: the mean that [CrossEntropy.Mixed] returns is the sum of loss
// divided by m.Count(labels), and its gradient is grad divided by the same number. To
// weight samples, multiply loss[i] and row i of grad by the weight of row i. Rows that
// do not count have the loss 0 and a gradient of zeros.
//
// loss holds Len values. loss and grad may be nil if they are not wanted, and grad may
// be the logits themselves.
//
// MixedTo panics as Mixed does, and if loss overlaps grad or logits.
func (c CrossEntropy) MixedTo(loss, grad, logits []float32, m *Mix, labels []int, classes int) {
	b := mixed(loss, grad, logits, m, labels, classes)
	c.check(classes)
	c.rows(b)
}

// SoftTo writes the loss of each row to loss, and the gradient of this row's loss
// with respect to its logits to row i of grad, for targets as [CrossEntropy.Soft]
// takes them. Nothing is averaged, see [CrossEntropy.MixedTo]. loss and grad may be
// nil if they are not wanted, and grad may be the logits themselves.
//
// SoftTo panics as Soft does, and if loss overlaps grad, logits or targets.
func (c CrossEntropy) SoftTo(loss, grad, logits, targets []float32, classes int) {
	b := soft(loss, grad, logits, targets, classes)
	c.check(classes)
	c.rows(b)
}

// rows computes the losses of rows one by one.
func (c CrossEntropy) rows(b loss.Minibatch) { loss.CrossEntropy(c).Rows(b) }

// check panics unless the fields of c are valid.
func (c CrossEntropy) check(classes int) {
	must(checkShare("CrossEntropy: Smoothing", c.Smoothing))
	must(checkWeights("CrossEntropy", "ClassWeight", c.ClassWeight, classes))
}

// Mean returns the mean of any loss over a mixed minibatch, Σᵢ Σₖ Wᵢₖ·loss(i, jₖ) / N,
// where loss compares row i of the minibatch with the label of source row jₖ. N is
// Len. loss is not called for terms of weight 0. A Mix without rows has mean 0.
//
// Mean panics, before it calls loss, if a weight is invalid or an index negative.
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
			sum += float64(float64(w) * loss(p/m.K, j))
		}
	}
	return sum / float64(n)
}

// mixed returns the arguments of Mixed or MixedTo. It panics unless they fit.
func mixed(rowLoss, grad, logits []float32, m *Mix, labels []int, classes int) loss.Minibatch {
	must(m.wellFormed())
	must(rowsOfClasses("logits", len(logits), m.Len(), classes))
	b := loss.Minibatch{Logits: logits, Grad: grad, Loss: rowLoss, Classes: classes,
		Count: m.labelled(labels, classes), Labels: labels, K: m.K, Index: m.Index, Weight: m.Weight}
	checkResults(b)
	return b
}

// soft returns the arguments of Soft or SoftTo. It panics unless they fit.
func soft(rowLoss, grad, logits, targets []float32, classes int) loss.Minibatch {
	must(wholeRows("logits", len(logits), classes))
	if len(targets) != len(logits) {
		panic(fmt.Sprintf("mixup: len(targets) = %d, want that of logits, %d", len(targets), len(logits)))
	}
	b := loss.Minibatch{Logits: logits, Grad: grad, Loss: rowLoss, Classes: classes,
		Count: len(logits) / classes, Targets: targets}
	checkResults(b)
	return b
}

// checkResults panics unless the gradient and the losses of rows have their sizes,
// and share no memory with anything but the gradient with the logits.
func checkResults(b loss.Minibatch) {
	if b.Grad != nil {
		if len(b.Grad) != len(b.Logits) {
			panic(fmt.Sprintf("mixup: len(grad) = %d, want that of logits, %d", len(b.Grad), len(b.Logits)))
		}
		must(disjointOrSame("grad", b.Grad, "logits", b.Logits))
		must(disjoint("grad", b.Grad, "targets", b.Targets))
	}
	if b.Loss != nil {
		if rows := len(b.Logits) / b.Classes; len(b.Loss) != rows {
			panic(fmt.Sprintf("mixup: len(loss) = %d, want one for each of %d rows", len(b.Loss), rows))
		}
		must(disjoint("loss", b.Loss, "grad", b.Grad))
		must(disjoint("loss", b.Loss, "logits", b.Logits))
		must(disjoint("loss", b.Loss, "targets", b.Targets))
	}
}

// checkShare returns an error unless a number, by its name, is in [0, 1].
func checkShare(name string, v float64) error {
	if !(v >= 0 && v <= 1) {
		return fmt.Errorf("mixup: %s = %v, want a number in [0, 1]", name, v)
	}
	return nil
}

// checkWeights returns an error unless weights, which are a field of a loss, are nil
// or one for each class.
func checkWeights(of, field string, weights []float32, classes int) error {
	if weights != nil && len(weights) != classes {
		return fmt.Errorf("mixup: %s: len(%s) = %d, want classes = %d", of, field, len(weights), classes)
	}
	for y, w := range weights {
		if !(w >= 0 && w <= math.MaxFloat32) {
			return fmt.Errorf("mixup: %s: %s[%d] = %v, want a finite number ≥ 0", of, field, y, w)
		}
	}
	return nil
}
