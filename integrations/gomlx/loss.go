// The loss of mixed rows, and their accuracy.

package gomlx

import (
	"fmt"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train"
	"github.com/gomlx/gomlx/ml/train/metric"
)

// Loss makes a loss for mixed rows out of one for rows that are not mixed. In a
// graph whose [Model] has a draw, it is the mean over the rows of
//
//	Σₖ wₖ · loss(yₖ, predictions)    for pairs λ·loss(ya, ·) + (1-λ)·loss(yb, ·)
//
// for integer labels. The loss function then is called once for each term. It must
// take weights of shape [n] after its labels and divide by the number of rows, as
// loss.SparseCategoricalCrossEntropyLogits does; for predictions of further axes
// the weights have all of them but the last. Labels of float types are mixed, and
// with CutMix labels of pixels are pasted, before the loss function is called.
//
// The sample weight or mask of a term is that of the row it comes from
// (Dataset.Weights). With them, the sum is divided by the number of rows that have
// a term of positive weight that is not masked.
//
// Without a draw, labels are passed to loss as they are.
func Loss(loss train.LossFn) train.LossFn {
	return func(labels, predictions []*graph.Node) *graph.Node {
		defer explain(labels, predictions)
		if len(predictions) > 0 {
			if d := drawOf(predictions[0]); d != nil {
				return d.loss(loss, labels, predictions)
			}
		}
		return loss(labels, predictions)
	}
}

// explain says in an error of a loss that mixup may have to do with it.
func explain(labels, predictions []*graph.Node) {
	switch err := recover().(type) {
	case nil:
	case error:
		panic(fmt.Errorf("gomlx: loss in a trainer for mixup, of labels%v (soft targets if Classes is set) and predictions%v: %w",
			shapesOf(labels), shapesOf(predictions), err))
	default:
		panic(err)
	}
}

func shapesOf(nodes []*graph.Node) (all string) {
	for _, x := range nodes {
		all += " " + x.Shape().String()
	}
	return all
}

// loss returns the loss of labels as the source has yielded them.
func (d *draw) loss(loss train.LossFn, labels, predictions []*graph.Node) *graph.Node {
	n := len(labels) - d.dataset.Weights
	mixed, byTerms, onPixels := d.labels(labels[:n])
	if !byTerms {
		return loss(mixed, predictions)
	}
	var sum, counted *graph.Node
	for k := range d.index {
		args := make([]*graph.Node, n, n+1)
		for i, y := range mixed {
			switch {
			case y != nil:
				args[i] = y
			case onPixels && k == 0:
				args[i] = d.paste(labels[i])
			default:
				args[i] = d.rows(labels[i], k)
			}
		}
		weight := d.label[k]
		if onPixels { // the first term has the pasted labels of rows with a box
			weight = graph.Where(d.boxed(), graph.Scalar(weight.Graph(), weight.DType(), 1-min(k, 1)), weight)
		}
		weight, counts := d.weigh(weight, labels[n:], k)
		term := loss(append(args, expand(weight, predictions[0])), predictions)
		if k == 0 {
			sum, counted = term, counts
		} else {
			sum, counted = graph.Add(sum, term), graph.LogicalOr(counted, counts)
		}
	}
	if d.dataset.Weights == 0 {
		return sum
	}
	rows := counted.Shape().Size()
	number := graph.ReduceAllSum(graph.ConvertDType(counted, sum.DType()))
	return graph.Div(graph.MulScalar(sum, rows), graph.MaxScalar(number, 1))
}

// labels returns labels mixed, with nil for those that differ from term to term,
// and whether there are any and whether they are of pixels.
func (d *draw) labels(labels []*graph.Node) (mixed []*graph.Node, byTerms, onPixels bool) {
	mixed = make([]*graph.Node, len(labels))
	pixels, rows := 0, 0
	for i, y := range labels {
		switch shape := y.Shape(); {
		case d.dataset.Classes > 0 || !isClass(y.DType()):
			mixed[i] = d.mixLabels(y)
		case d.box == nil || isPerRow(shape):
			rows++
		case d.isOnPixels(y):
			pixels++
		default:
			panic(fmt.Errorf("label of shape %v for CutMix, want an integer for each row, or the pixels of %v", shape, d.img))
		}
	}
	if pixels > 0 && rows > 0 {
		panic(fmt.Errorf("integers for the rows beside integers for the pixels%v, want them in different datasets", shapesOf(labels)))
	}
	return mixed, pixels+rows > 0, pixels > 0
}

// isOnPixels reports whether y labels the pixels of CutMix.
func (d *draw) isOnPixels(y *graph.Node) bool {
	_, ok := pixelsOf(y.Shape(), d.img)
	return ok && d.box != nil
}

// mixLabels returns labels that are the same for all terms: floats mixed, pixels
// pasted, and integers as soft targets.
func (d *draw) mixLabels(y *graph.Node) *graph.Node {
	float := y.DType().IsFloat()
	switch {
	case d.isOnPixels(y) && float:
		return d.pasteOrMix(y, d.label)
	case d.isOnPixels(y):
		return d.paste(y)
	case d.box != nil && y.Rank() > 2:
		panic(fmt.Errorf("label of shape %v for CutMix, want a vector for each row, or the pixels of %v", y.Shape(), d.img))
	case float:
		return d.combine(y, d.label)
	case isClass(y.DType()) && isPerRow(y.Shape()) && d.dataset.Classes > 0:
		return d.softTargets(y)
	}
	panic(fmt.Errorf("label of shape %v, want floats, or an integer or bool for each row and Classes", y.Shape()))
}

// softTargets returns the soft targets of integers for the rows.
func (d *draw) softTargets(y *graph.Node) *graph.Node {
	classes, eps := d.dataset.Classes, d.dataset.Smoothing
	y = graph.Reshape(graph.ConvertDType(y, dtypes.Int32), y.Shape().Dimensions[0])
	t := d.combine(graph.OneHot(y, classes, dtypes.Float32), d.label)
	if eps > 0 {
		sum := graph.ReduceAndKeep(t, graph.ReduceSum, -1)
		t = graph.Add(graph.MulScalar(t, 1-eps), graph.MulScalar(sum, eps/float64(classes)))
	}
	return t
}

// weigh multiplies the weight of term k by the sample weights of its rows. counts
// tells which rows have such a term.
func (d *draw) weigh(weight *graph.Node, extra []*graph.Node, k int) (weighted, counts *graph.Node) {
	counts = graph.GreaterThan(weight, graph.ScalarZero(weight.Graph(), weight.DType()))
	for _, w := range extra {
		w = d.rows(w, k)
		if w.DType() == dtypes.Bool {
			counts = graph.LogicalAnd(counts, w)
			w = graph.ConvertDType(w, weight.DType())
		}
		weight = graph.Mul(weight, graph.ConvertDType(w, weight.DType()))
	}
	return weight, counts
}

// expand gives the weights of rows the type of predictions, and for predictions of
// more than two axes all of these but the last.
func expand(weight, predictions *graph.Node) *graph.Node {
	weight = graph.ConvertDType(weight, predictions.DType())
	dims := predictions.Shape().Dimensions
	if len(dims) < 3 {
		return weight
	}
	dims = dims[:len(dims)-1]
	for weight.Rank() < len(dims) {
		weight = graph.InsertAxes(weight, -1)
	}
	return graph.BroadcastToDims(weight, dims...)
}

// Accuracy is the accuracy of mixed rows, for metric.NewMeanMetric and the like: a
// row counts by the weights of those of its terms whose label is predicted. Labels
// are integers of shape [n, 1]. Without a draw it is
// metric.SparseCategoricalAccuracyGraph. (That function in a training with a draw
// compares with the labels of the rows themselves.)
func Accuracy(scope *model.Scope, labels, predictions []*graph.Node) *graph.Node {
	d := drawOf(predictions[0])
	if d == nil {
		return metric.SparseCategoricalAccuracyGraph(scope, labels, predictions)
	}
	choice := graph.ArgMax(predictions[0], -1, labels[0].DType())
	var sum *graph.Node
	for k, weight := range d.label {
		hit := graph.Equal(choice, graph.Squeeze(d.rows(labels[0], k), -1))
		hits := graph.Mul(graph.ConvertDType(hit, weight.DType()), weight)
		if k == 0 {
			sum = hits
		} else {
			sum = graph.Add(sum, hits)
		}
	}
	return graph.ReduceAllMean(sum)
}
