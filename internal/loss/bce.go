// Binary cross-entropy.

package loss

import (
	"math"

	"github.com/seed-7466c776/mixup/internal/f32"
	"github.com/seed-7466c776/mixup/internal/portable"
)

// BinaryCrossEntropy has the fields of mixup.BinaryCrossEntropy.
type BinaryCrossEntropy struct {
	Smoothing   float64
	Threshold   float64
	ClassWeight []float32
	PosWeight   []float32
}

var binaryCrossEntropies pool[BinaryCrossEntropy]

// Mean computes a minibatch of which b.Count rows count, and returns their mean loss.
func (c BinaryCrossEntropy) Mean(b Minibatch) float64 { return binaryCrossEntropies.mean(c, b) }

// Rows computes the rows of a minibatch, each by itself, whatever b.Count is.
func (c BinaryCrossEntropy) Rows(b Minibatch) { binaryCrossEntropies.rows(c, b) }

// part computes rows one by one. If there are targets and no weights, and only the sum
// of the losses is wanted, all rows are computed as one long row. All rows of targets
// count.
func (c BinaryCrossEntropy) part(b *Minibatch, lo, hi int) (sum float64, count int) {
	classes, step, inPlace := float64(b.Classes), 1, b.inPlace()
	mean := 1 / (float64(b.Count) * classes)
	if b.Targets != nil && b.Loss == nil && !c.weighted() {
		step = hi - lo
	}
	for ; lo < hi; lo += step {
		// Excluded classes are looked for only if the loss is not finite. If the gradient
		// overwrites the logits, this would be too late, and they are looked for before.
		z := rowsOf(b.Logits, lo, lo+step, b.Classes)
		loss, n := c.rows(b, lo, lo+step, mean, inPlace && c.excludes(z))
		if !inPlace && !(loss <= math.MaxFloat64) && c.excludes(z) {
			loss, n = c.rows(b, lo, lo+step, mean, true)
		}
		if b.Loss != nil {
			b.Loss[lo] = float32(loss / classes)
		}
		sum += loss
		count += n
	}
	return sum / classes, count
}

// rows computes the rows from lo to hi-1: one row, or several that are computed as one
// long row. It returns the sum of the losses of their classes, and how many rows count.
func (c *BinaryCrossEntropy) rows(b *Minibatch, lo, hi int, mean float64, excludes bool) (loss float64, count int) {
	z, g := rowsOf(b.Logits, lo, hi, b.Classes), rowsOf(b.Grad, lo, hi, b.Classes)
	if b.Targets != nil {
		return c.targets(g, z, rowsOf(b.Targets, lo, hi, b.Classes), float32(mean), excludes), hi - lo
	}
	index, weight := b.terms(lo)
	t := terms{index, weight, b.Labels}
	known, share := t.known()
	if known == 0 {
		f32.Clear(g)
		return 0, 0
	}
	return c.labels(g, z, t, known, share, mean, excludes), 1
}

func (c *BinaryCrossEntropy) weighted() bool { return c.ClassWeight != nil || c.PosWeight != nil }

// target returns the target of a class after smoothing and threshold.
func (c *BinaryCrossEntropy) target(t, logit float32) float32 {
	t = float32(float32(1-c.Smoothing) * t)
	if !excluded(logit) {
		t += float32(c.Smoothing / 2)
	}
	switch {
	case c.Threshold == 0 || t != t:
		return t
	case t > float32(c.Threshold):
		return 1
	}
	return 0
}

// above makes targets 1 where they are greater than a threshold, and 0 where they are
// not. NaN stays NaN.
func above(targets []float32, threshold float32) {
	if sum := f32.Sum(targets); sum-sum != 0 { // as it hardly ever is
		for j, t := range targets {
			if t > threshold {
				targets[j] = 1
			} else if t == t {
				targets[j] = 0
			}
		}
		return
	}
	for j, t := range targets {
		// The sign of the difference selects. A branch could not be predicted.
		greater := uint32(int32(math.Float32bits(threshold-t)) >> 31)
		targets[j] = math.Float32frombits(greater & 0x3f800000) // 1
	}
}

// blockClasses is how many targets are written out at a time.
const blockClasses = 256

// targets computes a row of targets t.
func (c *BinaryCrossEntropy) targets(g, z, t []float32, scale float32, excludes bool) (loss float64) {
	if c.Smoothing == 0 && c.Threshold == 0 {
		return c.logistic(g, z, t, 0, scale)
	}
	var block [blockClasses]float32
	for lo := 0; lo < len(z); lo += len(block) {
		hi := min(lo+len(block), len(z))
		u := block[:hi-lo]
		f32.Affine(u, t[lo:hi], float32(1-c.Smoothing), float32(c.Smoothing/2))
		if excludes {
			for j, v := range z[lo:hi] {
				u[j] = c.target(t[lo+j], v)
			}
		} else if c.Threshold > 0 {
			above(u, float32(c.Threshold))
		}
		loss += c.logistic(rowsOf(g, lo, hi, 1), z[lo:hi], u, lo, scale)
	}
	return loss
}

// logistic computes classes from number lo on, whose final targets are u.
func (c *BinaryCrossEntropy) logistic(g, z, u []float32, lo int, scale float32) float64 {
	if !c.weighted() {
		return f32.Logistic(g, z, u, 0, scale)
	}
	class, pos := rowsOf(c.ClassWeight, lo, lo+len(z), 1), rowsOf(c.PosWeight, lo, lo+len(z), 1)
	return f32.LogisticWeighted(g, z, u, class, pos, scale)
}

// excludes reports whether smoothing has to leave out one of these classes. It may also
// report true if logits are so large that their sum overflows, which does no harm.
func (c *BinaryCrossEntropy) excludes(z []float32) bool {
	if c.Smoothing == 0 {
		return false
	}
	gap, _ := f32.Gap(nil, z, 0)
	return !(gap <= math.MaxFloat64)
}

// labels computes a row whose targets come from labels. known is the weight of the labels,
// and share is their share in the weight of the row. The classes between the labels all
// have the same target. Classes with a label are computed one by one in float64, so that
// no digits cancel where a logit is confident or a weight is close to 1.
func (c *BinaryCrossEntropy) labels(g, z []float32, t terms, known, share, mean float64, excludes bool) (loss float64) {
	target, scale := c.target(0, 0), float32(known*mean)
	alike := !c.weighted() && !excludes
	var others float64
	for lo := 0; lo < len(z); {
		y, weight, rounded := t.next(lo, len(z))
		if lo < y && alike {
			others += f32.Logistic(rowsOf(g, lo, y, 1), z[lo:y], nil, target, scale)
		} else if lo < y {
			others += c.unlabelled(rowsOf(g, lo, y, 1), z[lo:y], lo, scale)
		}
		if y < len(z) {
			on, off := c.split(y, z[y], weight, known, float32(float64(rounded)/share))
			l, slope := logistic(z[y], on, off)
			loss += l
			if g != nil {
				g[y] = float32(slope * mean)
			}
		}
		lo = y + 1
	}
	return loss + float64(known*others)
}

// unlabelled computes classes from number lo on that have no label, and whose targets or
// weights differ.
func (c *BinaryCrossEntropy) unlabelled(g, z []float32, lo int, scale float32) (loss float64) {
	var block [blockClasses]float32
	for i := 0; i < len(z); i += len(block) {
		n := min(len(block), len(z)-i)
		u := block[:n]
		for j, v := range z[i : i+n] {
			u[j] = c.target(0, v)
		}
		loss += c.logistic(rowsOf(g, i, i+n, 1), z[i:i+n], u, lo+i, scale)
	}
	return loss
}

// split returns the weights that the targets 1 and 0 of class y have in the loss. known
// is the weight of all labels of the row, and weight that of the label y. t is the target
// before smoothing, for the threshold.
func (c *BinaryCrossEntropy) split(y int, logit float32, weight, known float64, t float32) (on, off float64) {
	if c.Threshold > 0 {
		on = float64(known * float64(c.target(t, logit)))
		off = known - on
	} else {
		half := float64(c.Smoothing / 2 * known)
		on = float64((1 - c.Smoothing) * weight)
		off = float64((1-c.Smoothing)*(known-weight)) + half
		if !excluded(logit) {
			on += half
		}
	}
	if c.PosWeight != nil {
		on = float64(on * float64(c.PosWeight[y]))
	}
	if c.ClassWeight != nil {
		w := float64(c.ClassWeight[y])
		on, off = float64(on*w), float64(off*w)
	}
	return on, off
}

// terms are the labels of a row and their weights.
type terms struct {
	index  []int
	weight []float32
	labels []int
}

// known returns the weight of the terms whose label is not Ignore, and its share in
// the weight of all terms.
func (t terms) known() (known, share float64) {
	var all float64
	for k, j := range t.index {
		all += float64(t.weight[k])
		if t.labels[j] != Ignore {
			known += float64(t.weight[k])
		}
	}
	return known, known / all
}

// next returns the least label from lo on, or classes if there is none. It also returns
// the weight of this label, and the same weight summed in float32, as in mixed one-hot
// rows.
func (t terms) next(lo, classes int) (y int, weight float64, rounded float32) {
	y = classes
	for k, j := range t.index {
		switch l := t.labels[j]; {
		case l < lo || l > y:
		case l < y:
			y, weight, rounded = l, float64(t.weight[k]), t.weight[k]
		default:
			weight += float64(t.weight[k])
			rounded += t.weight[k]
		}
	}
	return y, weight, rounded
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
	loss = float64((on + off) * math.Log1p(e))
	if miss != 0 {
		loss += float64(miss * size)
	}
	if z > 0 {
		return loss, miss - p
	}
	return loss, p - miss
}
