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

// part computes rows one by one, or plain targets whose loss is wanted as a sum only
// as one long row.
func (c BinaryCrossEntropy) part(b *Minibatch, lo, hi int) (sum float64) {
	classes := float64(b.Classes)
	mean := 1 / (float64(b.Count) * classes)
	if c.plain() && b.Targets != nil && b.Loss == nil {
		z, g, t := rowsOf(b.Logits, lo, hi, b.Classes), rowsOf(b.Grad, lo, hi, b.Classes), rowsOf(b.Targets, lo, hi, b.Classes)
		return f32.Logistic(g, z, t, 0, float32(mean)) / classes
	}
	for i := lo; i < hi; i++ {
		z, g, t := b.row(i)
		var loss float64
		if t != nil {
			loss = c.targets(g, z, t, float32(mean))
		} else {
			index, weight := b.terms(i)
			loss = c.labels(g, z, terms{index, weight, b.Labels}, mean)
		}
		if b.Loss != nil {
			b.Loss[i] = float32(loss / classes)
		}
		sum += loss
	}
	return sum / classes
}

// plain reports whether no field is set.
func (c *BinaryCrossEntropy) plain() bool {
	return c.Smoothing == 0 && c.Threshold == 0 && !c.weighted()
}

func (c *BinaryCrossEntropy) weighted() bool { return c.ClassWeight != nil || c.PosWeight != nil }

// weights returns the weights of the classes from lo to hi-1, or nil for ones.
func (c *BinaryCrossEntropy) weights(lo, hi int) (class, pos []float32) {
	return rowsOf(c.ClassWeight, lo, hi, 1), rowsOf(c.PosWeight, lo, hi, 1)
}

// target returns the target of a class after smoothing and threshold.
func (c *BinaryCrossEntropy) target(t, logit float32) float32 {
	t = float32(float32(1-c.Smoothing) * t)
	if !excluded(logit) {
		t += float32(c.Smoothing / 2)
	}
	if c.Threshold > 0 {
		t = above(t, float32(c.Threshold))
	}
	return t
}

// above returns 1 if a target is greater than a threshold, and otherwise 0, or NaN
// if the target is.
func above(t, threshold float32) float32 {
	if t != t {
		return t
	}
	// The sign of the difference, as nobody could predict a branch.
	greater := uint32(int32(math.Float32bits(threshold-t)) >> 31)
	return math.Float32frombits(greater & 0x3f800000) // 1
}

// blockClasses is how many targets are written out at a time.
const blockClasses = 256

// targets computes a row of targets t.
func (c *BinaryCrossEntropy) targets(g, z, t []float32, scale float32) (loss float64) {
	if c.Smoothing == 0 && c.Threshold == 0 {
		return c.logistic(g, z, t, 0, scale)
	}
	var block [blockClasses]float32
	for lo := 0; lo < len(z); lo += len(block) {
		hi := min(lo+len(block), len(z))
		u := block[:hi-lo]
		f32.Affine(u, t[lo:hi], float32(1-c.Smoothing), float32(c.Smoothing/2))
		if c.excludes(z[lo:hi]) {
			for j, v := range z[lo:hi] {
				if excluded(v) {
					u[j] = float32(float32(1-c.Smoothing) * t[lo+j])
				}
			}
		}
		if c.Threshold > 0 {
			for j, v := range u {
				u[j] = above(v, float32(c.Threshold))
			}
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
	class, pos := c.weights(lo, lo+len(z))
	return f32.LogisticWeighted(g, z, u, class, pos, scale)
}

// excludes reports whether smoothing has to leave out one of these classes.
func (c *BinaryCrossEntropy) excludes(z []float32) bool {
	if c.Smoothing == 0 {
		return false
	}
	gap, _ := f32.Gap(nil, z, 0)
	return !(gap <= math.MaxFloat64) // or there is a sum that is too large, which does no harm
}

// labels computes a row whose targets come from labels. The classes between the
// labels all have the same target. The labels are worked on by themselves, in
// float64, so that neither the loss of a confident logit nor a weight close to 1
// loses digits to what is subtracted.
func (c *BinaryCrossEntropy) labels(g, z []float32, t terms, mean float64) (loss float64) {
	known, share := t.known()
	if known == 0 {
		clear(g)
		return 0
	}
	excludes := c.excludes(z)
	for lo := 0; lo < len(z); lo++ {
		y, weight, rounded := t.next(lo, len(z))
		others := c.unlabelled(rowsOf(g, lo, y, 1), z[lo:y], lo, excludes, float32(known*mean))
		loss += float64(known * others)
		if lo = y; lo == len(z) {
			break
		}
		// The weight divides into the parts that the targets 1 and 0 have.
		var on, off float64
		if c.Threshold > 0 {
			on = known * float64(c.target(float32(float64(rounded)/share), z[y]))
			off = known - on
		} else {
			on = float64((1 - c.Smoothing) * weight)
			if !excluded(z[y]) {
				on += float64(c.Smoothing / 2 * known)
			}
			off = float64((1-c.Smoothing)*(known-weight)) + float64(c.Smoothing/2*known)
		}
		class, pos := c.weights(y, y+1)
		if pos != nil {
			on = float64(on * float64(pos[0]))
		}
		if class != nil {
			on, off = float64(on*float64(class[0])), float64(off*float64(class[0]))
		}
		l, slope := logistic(z[y], on, off)
		loss += l
		if g != nil {
			g[y] = float32(slope * mean)
		}
	}
	return loss
}

// unlabelled computes classes from number lo on that no label names.
func (c *BinaryCrossEntropy) unlabelled(g, z []float32, lo int, excludes bool, scale float32) (loss float64) {
	if !c.weighted() && !excludes {
		return f32.Logistic(g, z, nil, c.target(0, 0), scale)
	}
	var block [blockClasses]float32
	for len(z) > 0 {
		n := min(len(block), len(z))
		u := block[:n]
		for j, v := range z[:n] {
			u[j] = c.target(0, v)
		}
		loss += c.logistic(rowsOf(g, 0, n, 1), z[:n], u, lo, scale)
		z, lo = z[n:], lo+n
		if g != nil {
			g = g[n:]
		}
	}
	return loss
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

// next returns the least label from lo on, or classes if there is none, with its
// weight and with that weight as mixed one-hot rows have it, summed in float32.
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
