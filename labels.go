// Labels and what is made of them: mixed one-hot targets, label smoothing and
// the accuracy of a mixed minibatch.

package mixup

import (
	"fmt"
	"math"

	"github.com/seed-7466c776/mixup/internal/f32"
)

// Ignore is the label of a source row that has no part in targets, loss and
// accuracy. It is the value that PyTorch's losses ignore by default.
const Ignore = -100

// OneHotTo mixes labels into targets: dst ← W·Y, where row j of Y is the one-hot
// row of labels[j], or zeros where that is [Ignore]. labels has an element for
// each source row, and dst holds Len rows of so many classes. The sums are taken
// in the order of the terms, and so are the bits that mixing one-hot rows gives.
//
// OneHotTo panics, before it writes, if len(dst) is not Len*classes, if an index
// or weight is invalid, or if a label that a row is mixed from is neither in
// [0, classes) nor Ignore.
func (m *Mix) OneHotTo(dst []float32, labels []int, classes int) {
	must(m.wellFormed())
	n := m.Len()
	must(rowsOfClasses("dst", len(dst), n, classes))
	m.labelled(labels, classes)
	clear(dst)
	for i := range n {
		row := dst[i*classes:][:classes]
		for p := i * m.K; p < (i+1)*m.K; p++ {
			if y := labels[m.Index[p]]; y != Ignore {
				row[y] += m.Weight[p]
			}
		}
	}
}

// Smooth applies label smoothing to rows of targets over so many classes, in
// place: t ← (1-eps)·t + eps/classes·Σt. Rows of zeros, whose labels were
// [Ignore], stay as they are, and as smoothing is linear it makes no difference
// whether it comes before or after mixing. eps is in [0, 1].
//
// Smooth panics, before it writes, if len(targets) is not a multiple of classes
// or eps is out of range.
func Smooth(targets []float32, classes int, eps float64) {
	if classes < 1 || len(targets)%classes != 0 {
		panic(fmt.Sprintf("mixup: len(targets) = %d, want rows of %d ≥ 1 classes", len(targets), classes))
	}
	must(checkShare("eps", eps))
	for len(targets) > 0 {
		row := targets[:classes]
		f32.Affine(row, row, float32(1-eps), float32(eps/float64(classes)*f32.Sum(row)))
		targets = targets[classes:]
	}
}

// Accuracy returns the accuracy of a mixed minibatch: the mean over its rows of
// the weights of those terms whose label is among the topK largest logits. Of
// equal logits the one of the lower class counts as the larger, and NaN counts
// against the label, so that a row of NaN is correct only if topK is the number
// of classes. logits holds Len rows of classes
// values, and labels an element for each source row.
// Terms whose label is [Ignore] add nothing, and rows that have no other term of
// positive weight are not counted, see [Mix.Count]. Without any row the accuracy
// is 0. A topK beyond the number of classes means all of them.
//
// Accuracy panics if the lengths do not fit, if an index or weight is invalid,
// if a label that a row is mixed from is neither a class nor Ignore, or if topK
// is less than 1.
func (m *Mix) Accuracy(logits []float32, labels []int, classes, topK int) float64 {
	must(m.wellFormed())
	must(rowsOfClasses("logits", len(logits), m.Len(), classes))
	rows := m.labelled(labels, classes)
	if topK < 1 {
		panic(fmt.Sprintf("mixup: topK = %d, want at least 1", topK))
	}
	if rows == 0 {
		return 0
	}
	var sum float64
	for i := range m.Len() {
		z := logits[i*classes:][:classes]
		for p := i * m.K; p < (i+1)*m.K; p++ {
			y := labels[m.Index[p]]
			if y != Ignore && m.Weight[p] > 0 && rank(z, y) < topK {
				sum += float64(m.Weight[p])
			}
		}
	}
	return sum / float64(rows)
}

// rank returns how many logits are larger than that of class y.
func rank(z []float32, y int) (larger int) {
	own := z[y]
	for _, v := range z[:y] {
		if !(v < own) {
			larger++
		}
	}
	for _, v := range z[y+1:] {
		if !(v <= own) {
			larger++
		}
	}
	return larger
}

// Count returns the N that the losses and [Mix.Accuracy] divide by: the number of
// rows that have a term of positive weight whose label is not [Ignore]. Means over
// parts of a minibatch, of gradient accumulation or of the processes of one job,
// combine to the mean over all of it when each is weighted with its Count.
//
// labels has an element for each source row. Count panics if an index or weight is
// invalid, or if a label that a row is mixed from is negative and not Ignore.
func (m *Mix) Count(labels []int) int {
	must(m.wellFormed())
	return m.labelled(labels, math.MaxInt)
}

// rowsOfClasses returns an error unless x, by its name and length, is n rows of so
// many classes.
func rowsOfClasses(x string, length, n, classes int) error {
	if classes < 1 {
		return fmt.Errorf("mixup: classes = %d, want ≥ 1", classes)
	}
	if length%classes != 0 || length/classes != n {
		return fmt.Errorf("mixup: len(%s) = %d, want %d rows of classes = %d", x, length, n, classes)
	}
	return nil
}

// labelled panics unless labels has a class or Ignore for every source row that
// m reads. It returns the number of rows that count: those which have a term of
// positive weight whose label is not Ignore.
func (m *Mix) labelled(labels []int, classes int) (rows int) {
	must(m.check(math.MaxInt))
	for i := range m.Len() {
		counts := 0
		for p := i * m.K; p < (i+1)*m.K; p++ {
			j := m.Index[p]
			if j >= len(labels) {
				panic(fmt.Sprintf("mixup: row %d: no label for source row %d: len(labels) = %d, want a label "+
					"for each source row, which after Select are those of the dataset", i, j, len(labels)))
			}
			y := labels[j]
			if y == Ignore {
				continue
			}
			if uint(y) >= uint(classes) {
				panic(fmt.Sprintf("mixup: row %d: label %d of source row %d, want a class in [0, %d) or Ignore", i, y, j, classes))
			}
			if m.Weight[p] > 0 {
				counts = 1
			}
		}
		rows += counts
	}
	return rows
}
