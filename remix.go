// Remix: label weights for unbalanced classes.

package mixup

import "fmt"

// Remix sets the weights of labels by the sizes of their classes, for training sets
// whose classes are unbalanced. If one class of a pair has at least Kappa times as many
// samples as the other, and the weight of its label is less than Tau, then the label of
// the smaller class gets all the weight. The original settings are Kappa = 3 and
// Tau = 0.5.
//
// The zero value is not valid: Kappa and ClassCount must be set.
type Remix struct {
	Kappa      float64 // how many times larger the larger class must be, ≥ 1
	Tau        float64 // a label of the larger class loses a weight below this, in [0, 1]; 0: never
	ClassCount []int   // number of samples of each class in the training set
}

// Apply fills dst with the pairs of src and with their label weights. For row i with
// λ = src.Lambda(i), whose class has nᵢ samples, and its partner j, whose class has nⱼ
// samples, the weight of label i is
//
//	0  if nᵢ/nⱼ ≥ Kappa and λ < Tau
//	1  if nⱼ/nᵢ ≥ Kappa and 1-λ < Tau
//	λ  otherwise
//
// and label j has the rest. If both conditions hold, which takes a Kappa of 1, the first
// one decides. A row keeps its weights if one of its labels is [Ignore]. A Mix of K = 1
// is copied unchanged.
//
// Mix the inputs by src, and compute targets, loss and accuracy by dst. dst may be src.
// With a [Cut], let dst be another Mix than its Labels, which mix the inputs of rows
// with an empty box. Or call Apply last: after it the methods of the Cut panic, because
// its Labels no longer match the boxes. labels has an element for each source row.
// Apply allocates nothing once dst has reached its size.
//
// Apply panics, before it writes, if K is more than 2, if a field of r, an index or a
// weight is invalid, if src has rows and ClassCount is empty, if a label that a row is
// mixed from is missing, or neither a class of ClassCount nor Ignore, if the count of such
// a class is not positive, or if dst is another Mix that shares memory with src.
func (r Remix) Apply(dst, src *Mix, labels []int) {
	// Chou, Chang, Pan, Wei and Juan, "Remix: Rebalanced Mixup", ECCV 2020
	// workshops.
	must(src.wellFormed())
	if src.K > 2 {
		panic(fmt.Sprintf("mixup: Remix of K = %d, want pairs", src.K))
	}
	if !(r.Kappa >= 1) {
		panic(fmt.Sprintf("mixup: Remix: Kappa = %v, want ≥ 1", r.Kappa))
	}
	if !(r.Tau >= 0 && r.Tau <= 1) {
		panic(fmt.Sprintf("mixup: Remix: Tau = %v, want a number in [0, 1]", r.Tau))
	}
	if len(r.ClassCount) == 0 && src.Len() > 0 {
		panic("mixup: Remix: no ClassCount, want the number of samples of each class")
	}
	src.labelled(labels, len(r.ClassCount))
	for p, j := range src.Index {
		if y := labels[j]; y != Ignore && r.ClassCount[y] < 1 {
			panic(fmt.Sprintf("mixup: row %d: ClassCount[%d] = %d, want ≥ 1", p/src.K, y, r.ClassCount[y]))
		}
	}
	if dst != src {
		n := len(src.Index)
		must(disjoint("dst.Index", dst.Index[:min(n, cap(dst.Index))], "src.Index", src.Index))
		must(disjoint("dst.Weight", dst.Weight[:min(n, cap(dst.Weight))], "src.Weight", src.Weight))
		dst.resize(src.Len(), src.K)
		copy(dst.Index, src.Index)
		copy(dst.Weight, src.Weight)
	} else {
		dst.serial = serials.Add(1) // its weights are not those of the inputs any more
	}
	if dst.K != 2 {
		return
	}
	for i := range dst.Len() {
		yi, yj, w := labels[dst.Index[2*i]], labels[dst.Index[2*i+1]], dst.Weight[2*i:2*i+2]
		if yi == Ignore || yj == Ignore {
			continue
		}
		ni, nj := float64(r.ClassCount[yi]), float64(r.ClassCount[yj])
		switch {
		case ni/nj >= r.Kappa && float64(w[0]) < r.Tau:
			w[0], w[1] = 0, 1
		case nj/ni >= r.Kappa && float64(w[1]) < r.Tau:
			w[0], w[1] = 1, 0
		}
	}
}
