// Binary cross-entropy of mixed minibatches, with its gradient.

package mixup

import (
	"fmt"
	"math"

	"github.com/seed-7466c776/mixup/internal/f32"
	"github.com/seed-7466c776/mixup/internal/portable"
)

// BinaryCrossEntropy is the cross-entropy of independent yes-or-no decisions, one
// for each class. The zero value is the plain loss.
//
// Its methods return the mean over all elements, rows times classes, and write
// the gradient of that mean with respect to the logits. Logits are row-major, one
// row of classes for each row of the minibatch. The loss of an element is
//
//	-t·log σ(z) - (1-t)·log(1-σ(z))
//
// for its logit z and target t, where σ is the logistic function, and t was
// smoothed and then, if Threshold is set, made 0 or 1. Losses of elements below
// 1e-37 may be taken for 0.
//
// Logits may be of any size up to 1e35, beyond which a sum in the loss may
// overflow to +Inf. An infinite one has the loss 0 and gradient 0 if the target
// is what it says. An element that is NaN makes the loss NaN and its own
// gradient. The gradient has the same bits on every architecture. Methods may run
// concurrently.
type BinaryCrossEntropy struct {
	// Smoothing is label smoothing, in [0, 1]. It draws each target to the mean
	// of its row, as [Smooth] does: t ← (1-Smoothing)·t + Smoothing/classes·Σt. The
	// target of a label is then 1 - Smoothing + Smoothing/classes, and that of
	// another class Smoothing/classes. A row of several labels is the sum of
	// such rows.
	Smoothing float64

	// Threshold, if not 0, turns mixed targets into labels: those greater than
	// Threshold become 1, and the others 0. It is in [0, 1].
	Threshold float64
}

// Mixed returns the loss of a minibatch that was mixed by m,
//
//	Σᵢ Σₖ Wᵢₖ · ℓ(zᵢ, y[jₖ]) / N
//
// for the logits of its Len rows and the labels of the source rows, where ℓ is the
// mean over the classes, and writes its gradient to grad, which may be the logits
// themselves. If grad is nil only the loss is computed. Unless labels are ignored
// it equals [BinaryCrossEntropy.Soft] on targets from [Mix.OneHotTo].
//
// Terms whose label is [Ignore] contribute neither loss nor gradient, and N
// counts the rows that have another term, of positive weight. Without such a row
// the loss is 0. Threshold is compared with the targets of a row as its other
// terms make them up alone: divided by their share of the weight.
//
// Mixed panics, before it writes, if the lengths do not fit, if an index, a
// weight or a field of b is invalid, if a label that a row is mixed from is
// neither a class nor Ignore, or if grad overlaps logits in part.
func (b BinaryCrossEntropy) Mixed(grad, logits []float32, m *Mix, labels []int, classes int) float64 {
	must(m.wellFormed())
	must(rowsOfClasses("logits", len(logits), m.Len(), classes))
	rows := m.labelled(labels, classes)
	b.check(grad, logits)
	if rows == 0 {
		clear(grad)
		return 0
	}
	mean := 1 / (float64(rows) * float64(classes))
	var loss float64
	for i := range m.Len() {
		z, g := rowOf(logits, i, classes), rowOf(grad, i, classes)
		t := labelTerms{index: m.Index[i*m.K : (i+1)*m.K], weight: m.Weight[i*m.K : (i+1)*m.K], labels: labels}
		t.sum()
		if t.known == 0 {
			clear(g)
			continue
		}
		// The classes between the labels have all the same target. The labels
		// are worked on by themselves, so that neither the loss of a confident
		// logit nor a weight close to 1 loses digits to what is subtracted.
		on, _ := b.split(&t, 0, 0, classes)
		target, scale := float32(on/t.known), float32(t.known*mean)
		for lo := 0; lo < classes; lo++ {
			y := t.next(lo, classes)
			loss += t.known * f32.Logistic(span(g, lo, y), z[lo:y], nil, target, scale)
			if lo = y; y < classes {
				weight, rounded := t.of(y)
				on, off := b.split(&t, weight, rounded, classes)
				l, slope := logistic(z[y], on, off)
				loss += l
				if g != nil {
					g[y] = float32(slope * mean)
				}
			}
		}
	}
	return loss * mean
}

// Soft returns the loss for any targets in [0, 1], such as the mixed rows of
// several labels each, and writes its gradient to grad, which may be the logits
// themselves. If grad is nil only the loss is computed. There is a row of targets
// for each row of logits. All rows count: one of zeros says that none of the
// classes is there.
//
// Soft panics, before it writes, if the lengths do not fit, if a field of b is
// invalid, if grad overlaps logits in part, or if it overlaps targets.
func (b BinaryCrossEntropy) Soft(grad, logits, targets []float32, classes int) float64 {
	checkTargets(logits, targets, classes)
	b.check(grad, logits)
	must(disjoint("grad", grad, "targets", targets))
	if len(logits) == 0 {
		return 0
	}
	mean := 1 / float64(len(logits))
	scale := float32(mean)
	if b == (BinaryCrossEntropy{}) {
		return f32.Logistic(grad, logits, targets, 0, scale) * mean
	}
	keep, spread, threshold := float32(1-b.Smoothing), b.Smoothing/float64(classes), float32(b.Threshold)
	var block [256]float32
	var loss float64
	for i := range len(logits) / classes {
		z, t, g := rowOf(logits, i, classes), rowOf(targets, i, classes), rowOf(grad, i, classes)
		base := float32(spread * f32.Sum(t))
		for lo := 0; lo < classes; lo += len(block) {
			hi := min(classes, lo+len(block))
			u := block[:hi-lo]
			f32.Affine(u, t[lo:hi], keep, base)
			if b.Threshold > 0 && base-base == 0 { // else a target is NaN, and all are
				above(u, threshold)
			}
			loss += f32.Logistic(span(g, lo, hi), z[lo:hi], u, 0, scale)
		}
	}
	return loss * mean
}

// check panics unless b, and the lengths and places of grad and logits, fit.
func (b BinaryCrossEntropy) check(grad, logits []float32) {
	must(checkSmoothing(b.Smoothing))
	if !(b.Threshold >= 0 && b.Threshold <= 1) {
		panic(fmt.Sprintf("mixup: threshold %v, want a number in [0, 1]", b.Threshold))
	}
	checkGrad(grad, logits)
}

// above makes targets, none of which is NaN, 1 where they are greater than a
// threshold, and 0 where they are not.
func above(targets []float32, threshold float32) {
	for j, t := range targets {
		// The sign of the difference, as nobody could predict a branch.
		greater := uint32(int32(math.Float32bits(threshold-t)) >> 31)
		targets[j] = math.Float32frombits(greater & 0x3f800000) // 1
	}
}

// split divides the weight of the terms of a row, of which a class has so much,
// into the parts that the targets 1 and 0 of this class have after smoothing and
// threshold. rounded is the weight as Mix.OneHotTo sums it.
func (b BinaryCrossEntropy) split(t *labelTerms, weight float64, rounded float32, classes int) (on, off float64) {
	keep, spread := 1-b.Smoothing, b.Smoothing/float64(classes)
	if b.Threshold == 0 {
		on = float64(keep*weight) + float64(spread*t.known)
		off = float64(keep*(t.known-weight)) + float64((b.Smoothing-spread)*t.known)
		return on, off
	}
	target := float32(float32(keep)*rounded) + float32(spread*t.known)
	if float64(target) > float64(float32(b.Threshold))*t.share {
		return t.known, 0
	}
	return 0, t.known
}

// labelTerms are the terms of a row, for losses that look at labels by class.
type labelTerms struct {
	index  []int
	weight []float32
	labels []int

	known float64 // weight of the terms whose label is not Ignore
	share float64 // of known in the weight of all
}

func (t *labelTerms) sum() {
	var all float64
	for k, j := range t.index {
		all += float64(t.weight[k])
		if t.labels[j] != Ignore {
			t.known += float64(t.weight[k])
		}
	}
	t.share = t.known / all
}

// next returns the least label from lo on, or classes if there is none.
func (t *labelTerms) next(lo, classes int) int {
	least := classes
	for _, j := range t.index {
		if y := t.labels[j]; y >= lo && y < least {
			least = y
		}
	}
	return least
}

// of returns the weight of a label, and that weight as Mix.OneHotTo sums it.
func (t *labelTerms) of(label int) (weight float64, rounded float32) {
	for k, j := range t.index {
		if t.labels[j] == label {
			weight += float64(t.weight[k])
			rounded += t.weight[k]
		}
	}
	return weight, rounded
}

// logistic returns the loss of a logit whose target is 1 with the weight on and 0
// with the weight off, and its derivative.
func logistic(z float32, on, off float64) (loss, slope float64) {
	size := math.Abs(float64(z))
	e := portable.Exp(-size)
	p, miss := float64((on+off)*(e/(1+e))), on // of the less probable side
	if z > 0 {
		miss = off
	}
	loss = (on + off) * math.Log1p(e)
	if miss != 0 {
		loss += miss * size
	}
	if z > 0 {
		return loss, miss - p
	}
	return loss, p - miss
}
