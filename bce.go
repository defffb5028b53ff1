// Binary cross-entropy of mixed minibatches.

package mixup

import "github.com/seed-7466c776/mixup/internal/loss"

// BinaryCrossEntropy is the cross-entropy of independent yes-or-no decisions, one
// for each class. The zero value is the plain loss.
//
// Logits are row-major: one row of classes values for each row of the minibatch. Each
// class of a row is a binary label of its own. The loss of a class with logit z and
// target t is
//
//	-ClassWeight · (PosWeight · t·log σ(z) + (1-t)·log(1-σ(z)))
//
// where σ is the logistic function. Targets come from labels or from the caller, then
// Smoothing is applied to them, then Threshold, and then the weights. Mixed and Soft
// return the mean of this over all rows that count and all classes, and write its
// gradient with respect to the logits. MixedTo and SoftTo write the loss of each row,
// which is the mean over its classes, and the gradient of that loss.
//
// The weights are those of PyTorch's BCEWithLogitsLoss: ClassWeight is its weight, as
// one row that is broadcast, and PosWeight its pos_weight. The mean divides by the
// number of elements, as PyTorch does, and not by the sum of the weights.
//
// A logit of -Inf excludes its class, and Smoothing leaves the class out. Its loss and
// gradient are 0. If a label is on the class, its loss is +Inf and its gradient is
// negative. A logit of +Inf has the loss 0 and the gradient 0 if its target is 1, and
// otherwise the loss +Inf. A logit that is NaN makes the loss and its own gradient NaN.
//
// Logits may have any size up to 1e35. Beyond this, a sum in the loss may overflow to
// +Inf. Losses of elements below 1e-37 may become 0. The loss has a relative
// error of at most 2e-6 and the gradient of a row an absolute error of at most 1e-6,
// for targets in [0, 1] and weights of at most 1. The gradient is bit-identical on
// every architecture and for every GOMAXPROCS. The loss does not depend on GOMAXPROCS,
// but its last bits may differ between architectures.
//
// Methods may run concurrently. Those of large minibatches share their rows among
// several goroutines, as the package comment says.
type BinaryCrossEntropy struct {
	// Smoothing is label smoothing, in [0, 1]. It moves each target towards ½:
	// t ← (1-Smoothing)·t + Smoothing/2. To move the targets of a row towards their
	// mean instead, as for a single label per row, use [Mix.OneHotTo] and [Smooth],
	// and then Soft.
	Smoothing float64

	// Threshold, if not 0, turns smoothed targets into labels: targets greater than
	// Threshold become 1, and the others 0. It is in [0, 1]. Smoothed targets are
	// between Smoothing/2 and 1 - Smoothing/2, so a Threshold outside of this range
	// makes all of them equal.
	Threshold float64

	ClassWeight []float32 // weight of each class, finite and ≥ 0; nil: all 1
	PosWeight   []float32 // weight of the positive part of each class, finite and ≥ 0; nil: all 1
}

// Mixed returns the loss of a minibatch that was mixed by m,
//
//	Σᵢ Σₖ Wᵢₖ · ℓ(zᵢ, y[jₖ]) / N
//
// where z are the logits of its Len rows, y the labels of the source rows, and ℓ the
// mean over the classes. It writes the gradient to grad, which may be the logits
// themselves. If grad is nil only the loss is computed. Unless labels are ignored,
// Mixed equals [BinaryCrossEntropy.Soft] on targets from [Mix.OneHotTo].
//
// Terms whose label is [Ignore] contribute neither loss nor gradient. N is
// m.Count(labels), the number of rows that have another term of positive weight.
// Without such a row the loss is 0. If some terms of a row are ignored, Threshold is
// compared with the targets of the other terms alone, divided by their share of the
// weight.
//
// Mixed panics, before it writes, if a length does not fit, if an index, a weight or
// a field of b is invalid, if a label that a row is mixed from is neither a class nor
// Ignore, or if grad overlaps logits in part.
func (b BinaryCrossEntropy) Mixed(grad, logits []float32, m *Mix, labels []int, classes int) float64 {
	x := mixed(nil, grad, logits, m, labels, classes)
	b.check(classes)
	return loss.BinaryCrossEntropy(b).Mean(x)
}

// Soft returns the loss for targets such as the mixed rows of several labels each,
// one row for each row of logits. It writes the gradient to grad, which may be the
// logits themselves. If grad is nil only the loss is computed. All rows count: a row
// of zeros says that it belongs to none of the classes.
//
// The values of targets are meant to be in [0, 1], but are not checked. The loss is
// linear in them. A target above 1 or below 0 has a loss without lower bound, as its
// gradient σ(z) - t never becomes 0. After Threshold such a target is 1 or 0 like any
// other. A NaN or infinite target makes the loss and its own gradient NaN or infinite.
//
// Soft panics, before it writes, if a length does not fit, if a field of b is
// invalid, if grad overlaps logits in part, or if it overlaps targets.
func (b BinaryCrossEntropy) Soft(grad, logits, targets []float32, classes int) float64 {
	x := soft(nil, grad, logits, targets, classes)
	b.check(classes)
	return loss.BinaryCrossEntropy(b).Mean(x)
}

// MixedTo writes the loss of each row of a minibatch that was mixed by m to loss,
//
//	loss[i] = Σₖ Wᵢₖ · ℓ(zᵢ, y[jₖ])
//
// where ℓ is the mean over the classes, and the gradient of this row's loss with
// respect to its logits to row i of grad. Nothing is averaged over rows: the mean that
// [BinaryCrossEntropy.Mixed] returns is the sum of loss divided by m.Count(labels),
// and its gradient is grad divided by the same number. To weight samples, multiply
// loss[i] and row i of grad by the weight of row i. Rows that do not count have the
// loss 0 and a gradient of zeros.
//
// loss holds Len values. loss and grad may be nil if they are not wanted, and grad may
// be the logits themselves.
//
// MixedTo panics as Mixed does, and if loss overlaps grad or logits.
func (b BinaryCrossEntropy) MixedTo(loss, grad, logits []float32, m *Mix, labels []int, classes int) {
	x := mixed(loss, grad, logits, m, labels, classes)
	b.check(classes)
	b.rows(x)
}

// SoftTo writes the loss of each row, the mean over its classes, to loss, and the
// gradient of this row's loss with respect to its logits to row i of grad, for targets
// as [BinaryCrossEntropy.Soft] takes them. Nothing is averaged over rows, see
// [BinaryCrossEntropy.MixedTo]. loss and grad may be nil if they are not wanted, and
// grad may be the logits themselves.
//
// SoftTo panics as Soft does, and if loss overlaps grad, logits or targets.
func (b BinaryCrossEntropy) SoftTo(loss, grad, logits, targets []float32, classes int) {
	x := soft(loss, grad, logits, targets, classes)
	b.check(classes)
	b.rows(x)
}

// rows computes the losses of rows one by one.
func (b BinaryCrossEntropy) rows(x loss.Minibatch) { loss.BinaryCrossEntropy(b).Rows(x) }

// check panics unless the fields of b are valid.
func (b BinaryCrossEntropy) check(classes int) {
	must(checkShare("BinaryCrossEntropy: Smoothing", b.Smoothing))
	must(checkShare("BinaryCrossEntropy: Threshold", b.Threshold))
	must(checkWeights("BinaryCrossEntropy", "ClassWeight", b.ClassWeight, classes))
	must(checkWeights("BinaryCrossEntropy", "PosWeight", b.PosWeight, classes))
}
