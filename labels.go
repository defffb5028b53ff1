// Labels: mixed one-hot targets, label smoothing, the accuracy of a mixed minibatch,
// and the number of its rows that count.

package mixup

import (
	"fmt"
	"math"

	"github.com/seed-7466c776/mixup/internal/f32"
)

// Ignore is the label of a source row that has no part in targets, loss and
// accuracy. It is the value that PyTorch's losses ignore by default.
const Ignore = -100

// OneHotTo mixes labels into targets: dst ← W·Y, where row j of Y is the one-hot row of
// labels[j], or zeros if that is [Ignore]. labels has an element for each source row,
// and dst holds Len rows of classes values. Sums are taken in the order of the terms, so
// the result is bit-identical to that of mixing one-hot rows with [Mix.ApplyTo].
//
// OneHotTo panics, before it writes, if len(dst) is not Len*classes, if an index or
// weight is invalid, or if a label that a row is mixed from is missing, or neither in
// [0, classes) nor Ignore. A draw whose indices are rows of a dataset, see [Mix.Select],
// takes the labels of the dataset. Labels beyond the last source row are not an error.
func (m *Mix) OneHotTo(dst []float32, labels []int, classes int) {
	must(m.wellFormed())
	n := m.Len()
	must(rowsOfClasses("dst", len(dst), n, classes))
	m.labelled(labels, classes)
	f32.Clear(dst)
	for i := range n {
		row := dst[i*classes:][:classes]
		for p := i * m.K; p < (i+1)*m.K; p++ {
			if y := labels[m.Index[p]]; y != Ignore {
				row[y] += m.Weight[p]
			}
		}
	}
}

// Smooth applies label smoothing in place to rows of targets, each of classes values:
// t ← (1-eps)·t + eps/classes·Σt. Rows of zeros, whose labels were [Ignore], stay as they
// are. Smoothing is linear, so it makes no difference, except for rounding, whether it
// comes before or after mixing. eps is in [0, 1].
//
// Smooth panics, before it writes, if len(targets) is not a multiple of classes or eps
// is out of range.
func Smooth(targets []float32, classes int, eps float64) {
	must(wholeRows("targets", len(targets), classes))
	must(checkShare("eps", eps))
	for len(targets) > 0 {
		row := targets[:classes]
		f32.Affine(row, row, float32(1-eps), float32(eps/float64(classes)*f32.Sum(row)))
		targets = targets[classes:]
	}
}

// Accuracy returns the accuracy of a mixed minibatch: the mean over its rows of the
// weights of those terms whose label is among the topK largest logits. logits holds Len
// rows of classes values, and labels has an element for each source row. A topK beyond
// the number of classes means all of them.
//
// Of equal logits, the one of the lower class counts as the larger. NaN counts against
// the label, so that a row of NaN is correct only if topK is at least classes.
//
// Terms whose label is [Ignore] add nothing. The mean is over the rows that have another
// term of positive weight, see [Mix.Count], and without any such row it is 0.
//
// Accuracy panics if a length does not fit, if an index or weight is invalid, if a label
// that a row is mixed from is missing, or neither in [0, classes) nor Ignore, or if topK
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

// rank returns how many logits count as larger than that of class y.
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

// Count returns the N that the losses and [Mix.Accuracy] divide by: the number of rows
// that have a term of positive weight whose label is not [Ignore]. Means over parts of a
// minibatch combine to the mean over all of it if each is weighted with its Count. Parts
// may be the steps of gradient accumulation or the processes of one job.
//
// labels has an element for each source row. Count panics if an index or weight is
// invalid, or if a label that a row is mixed from is missing, or negative and not Ignore.
func (m *Mix) Count(labels []int) int {
	must(m.wellFormed())
	return m.labelled(labels, anyClass)
}

// wholeRows returns an error unless x, given by its name and length, is some rows of
// classes values.
func wholeRows(x string, length, classes int) error {
	if classes < 1 {
		return fmt.Errorf("mixup: classes = %d, want ≥ 1", classes)
	}
	if length%classes != 0 {
		return fmt.Errorf("mixup: len(%s) = %d, want rows of classes = %d", x, length, classes)
	}
	return nil
}

// rowsOfClasses returns an error unless x, given by its name and length, is n rows of
// classes values.
func rowsOfClasses(x string, length, n, classes int) error {
	if classes < 1 {
		return fmt.Errorf("mixup: classes = %d, want ≥ 1", classes)
	}
	if length%classes != 0 || length/classes != n {
		return fmt.Errorf("mixup: len(%s) = %d, want %d rows of classes = %d", x, length, n, classes)
	}
	return nil
}

// anyClass is a number of classes that no label exceeds.
const anyClass = math.MaxInt

// labelled panics unless m is a valid draw and labels has a class or Ignore for every
// source row that m reads. It returns the number of rows that count: those which have
// a term of positive weight whose label is not Ignore.
func (m *Mix) labelled(labels []int, classes int) (rows int) {
	weight := m.Weight[:len(m.Index)]
	for i := range m.Len() {
		counts := 0
		for p := i * m.K; p < (i+1)*m.K; p++ {
			j := m.Index[p]
			if !valid(j, weight[p], math.MaxInt) {
				panic(m.fault(p, max(j+1, len(labels))).Error())
			}
			if j >= len(labels) {
				panic(fmt.Sprintf("mixup: row %d: no label for source row %d: len(labels) = %d, want a label "+
					"for each source row, which after Select are those of the dataset", i, j, len(labels)))
			}
			y := labels[j]
			if y == Ignore {
				continue
			}
			if uint(y) >= uint(classes) {
				panic(noClass(i, j, y, classes))
			}
			if weight[p] > 0 {
				counts = 1
			}
		}
		rows += counts
	}
	return rows
}

// noClass says that the label y of source row j, which row i is mixed from, is not one.
func noClass(i, j, y, classes int) string {
	want := fmt.Sprintf("a class in [0, %d)", classes)
	if classes == anyClass {
		want = "a class"
	}
	return fmt.Sprintf("mixup: row %d: label %d of source row %d, want %s or Ignore", i, y, j, want)
}
