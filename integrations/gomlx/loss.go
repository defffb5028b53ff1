// The loss of labels that are told apart.

package gomlx

import (
	"github.com/gomlx/gomlx/pkg/core/graph"
	"github.com/gomlx/gomlx/pkg/ml/train/losses"
)

// A Spec is the spec of minibatches that a [Dataset] has added labels to, as
// GoMLX wants another spec where there is another number of labels.
type Spec struct {
	Source any // the spec that the source has yielded
}

// Loss makes a loss function for mixed rows out of one for rows that are not
// mixed: the mean over the rows of
//
//	Σₖ wₖ · loss(yₖ, predictions)    for pairs λ·loss(ya, ·) + (1-λ)·loss(yb, ·)
//
// with the labels and weights that a [Dataset] whose Classes is 0 yields for
// integer labels. Other labels, such as those of a dataset for evaluation, are
// passed to loss as they are.
//
// The loss must take weights of shape [n] after its labels and divide by the
// number of rows, as losses.SparseCategoricalCrossEntropyLogits does.
func Loss(loss losses.LossFn) losses.LossFn {
	return func(labels, predictions []*graph.Node) *graph.Node {
		if !areTerms(labels) {
			return loss(labels, predictions)
		}
		k := len(labels) - 1
		weights := graph.ConvertDType(labels[k], predictions[0].DType())
		var sum *graph.Node
		for i, y := range labels[:k] {
			w := graph.Squeeze(graph.SliceAxis(weights, 1, graph.AxisElem(i)), 1)
			term := loss([]*graph.Node{y, w}, predictions)
			if sum == nil {
				sum = term
			} else {
				sum = graph.Add(sum, term)
			}
		}
		return sum
	}
}

// areTerms reports whether labels are the classes of k terms and then the weights
// of these. The weights that GoMLX has for the rows of a dataset have one axis only.
func areTerms(labels []*graph.Node) bool {
	k := len(labels) - 1
	if k < 1 {
		return false
	}
	for _, y := range labels[:k] {
		if !isClass(y.DType()) {
			return false
		}
	}
	return labels[k].DType().IsFloat() && labels[k].Rank() == 2 && labels[k].Shape().Dimensions[1] == k
}
