// Remix: label weights for unbalanced classes.

package mixup

import "fmt"

// Remix gives the label of the rarer class all the weight, where the classes of a
// pair are far enough apart in size and the rarer one has little weight to lose.
// It fills labels with the pairs of inputs and with their label weights: for row i
// with λ = inputs.Lambda(i), of a class of nᵢ samples, and its partner, of a class of
// nⱼ samples, the weight of label i is
//
//	0  if nᵢ/nⱼ ≥ kappa and λ < tau
//	1  if nⱼ/nᵢ ≥ kappa and 1-λ < tau
//	λ  otherwise
//
// and that of label j the rest. If both hold, which takes a kappa of 1, the first
// does. The original settings are kappa = 3 and tau = 0.5. A tau of 0 changes
// nothing. Rows one of whose labels is [Ignore] keep their weights.
//
// Mix inputs by inputs, and let labels compute targets, loss and accuracy.
// inputs is not changed, unless it is labels itself, which is allowed. y has a
// label for each source row, and classCount the number of samples of each class in
// the training set. Remix allocates nothing once labels has reached its size.
//
// Remix panics, before it writes, if inputs is not of pairs, if an index or weight
// of it is invalid, if a label that a row is mixed from is neither a class of
// classCount nor Ignore, if the count of such a class is not positive, if kappa is
// not at least 1 or tau not in [0, 1], or if labels is another Mix that shares
// memory with inputs.
func Remix(labels, inputs *Mix, y, classCount []int, kappa, tau float64) {
	// Chou, Chang, Pan, Wei and Juan, "Remix: Rebalanced Mixup", ECCV 2020
	// workshops.
	if inputs.K != 2 && inputs.Len() > 0 {
		panic(fmt.Sprintf("mixup: Remix of K = %d, want 2", inputs.K))
	}
	if !(kappa >= 1) {
		panic(fmt.Sprintf("mixup: Remix: kappa = %v, want ≥ 1", kappa))
	}
	if !(tau >= 0 && tau <= 1) {
		panic(fmt.Sprintf("mixup: Remix: tau = %v, want a number in [0, 1]", tau))
	}
	inputs.labelled(y, len(classCount))
	for p, j := range inputs.Index {
		if y[j] != Ignore && classCount[y[j]] < 1 {
			panic(fmt.Sprintf("mixup: row %d: classCount[%d] = %d, want ≥ 1", p/2, y[j], classCount[y[j]]))
		}
	}
	index, weight := inputs.Index, inputs.Weight
	if labels != inputs {
		index, weight = resize(labels.Index, len(index)), resize(labels.Weight, len(weight))
		must(disjoint("labels.Index", index, "inputs.Index", inputs.Index))
		must(disjoint("labels.Weight", weight, "inputs.Weight", inputs.Weight))
		copy(index, inputs.Index)
		copy(weight, inputs.Weight)
	}
	labels.K, labels.Index, labels.Weight = 2, index, weight
	for p := 0; p < len(index); p += 2 {
		yi, yj, w := y[index[p]], y[index[p+1]], weight[p:p+2]
		if yi == Ignore || yj == Ignore {
			continue
		}
		ni, nj := float64(classCount[yi]), float64(classCount[yj])
		switch {
		case ni/nj >= kappa && float64(w[0]) < tau:
			w[0], w[1] = 0, 1
		case nj/ni >= kappa && float64(w[1]) < tau:
			w[0], w[1] = 1, 0
		}
	}
}
