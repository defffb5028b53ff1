package gomlx

import (
	"math"
	"testing"

	"github.com/gomlx/gomlx/backends"
	"github.com/gomlx/gomlx/pkg/core/graph"
	"github.com/gomlx/gomlx/pkg/core/tensors"
	"github.com/gomlx/gomlx/pkg/ml/train/losses"
	"github.com/seed-7466c776/mixup"
)

// TestLoss checks that the loss of both labels and that of soft targets, both of
// GoMLX, and their gradients are those of this library's cross-entropy.
func TestLoss(t *testing.T) {
	backend := newBackend(t)
	logits := values(1, n*classes)
	for _, k := range []int{1, 2, 3} {
		s := mixup.Sampler{Alpha: 0.5, K: k, PerSample: true}
		wantGrad := make([]float32, n*classes)
		want := mixup.CrossEntropy{}.Mixed(wantGrad, logits, drawn(s, 0, 0, 0), classesOf(0))
		for _, form := range []struct {
			name    string
			classes int
			loss    losses.LossFn
		}{
			{"labels", 0, Loss(losses.SparseCategoricalCrossEntropyLogits)},
			{"soft targets", classes, losses.CategoricalCrossEntropyLogits},
			{"soft targets through Loss", classes, Loss(losses.CategoricalCrossEntropyLogits)},
		} {
			d := &Dataset{Source: &source{batches: 1, make: classification}, Sampler: s, Classes: form.classes}
			_, _, labels := yield(t, d)
			loss, grad := run(t, backend, form.loss, labels, logits)
			compare(t, form.name, k, loss, want, grad, wantGrad)
		}
	}

	// Labels that are not mixed, with weights and without.
	_, labels := classification(0)
	unmixed := drawn(mixup.Sampler{}, 0, 0, 0)
	wantGrad := make([]float32, n*classes)
	want := mixup.CrossEntropy{}.Mixed(wantGrad, logits, unmixed, classesOf(0))
	loss, grad := run(t, backend, Loss(losses.SparseCategoricalCrossEntropyLogits), labels, logits)
	compare(t, "unmixed", 1, loss, want, grad, wantGrad)
	twice := []float32{2, 2, 2, 2, 2, 2}
	for i := range wantGrad {
		wantGrad[i] *= 2
	}
	labels = append(labels, tensors.FromFlatDataAndDimensions(twice, n))
	loss, grad = run(t, backend, Loss(losses.SparseCategoricalCrossEntropyLogits), labels, logits)
	compare(t, "unmixed with weights", 1, loss, 2*want, grad, wantGrad)

	// Only after classes are numbers of shape [n, k] weights.
	targets := tensors.FromFlatDataAndDimensions(values(2, n*classes), n, classes)
	others := tensors.FromFlatDataAndDimensions(values(3, n), n, 1)
	run(t, backend, Loss(func(labels, predictions []*graph.Node) *graph.Node {
		if got, want := labels[1].Rank(), 2; len(labels) != 2 || got != want {
			t.Errorf("%d labels, the second of rank %d, want 2 of rank %d, as they are", len(labels), got, want)
		}
		return losses.CategoricalCrossEntropyLogits(labels[:1], predictions)
	}), []*tensors.Tensor{targets, others}, logits)
}

// run returns a loss and its gradient with respect to the logits.
func run(t *testing.T, backend backends.Backend, loss losses.LossFn, labels []*tensors.Tensor, logits []float32) (float64, []float32) {
	t.Helper()
	args := []any{tensors.FromFlatDataAndDimensions(logits, n, classes)}
	for _, y := range labels {
		args = append(args, y)
	}
	exec, err := graph.NewExec(backend, func(args []*graph.Node) (value, grad *graph.Node) {
		value = loss(args[1:], args[:1])
		return value, graph.Gradient(value, args[0])[0]
	})
	if err != nil {
		t.Fatal(err)
	}
	results, err := exec.Exec(args...)
	if err != nil {
		t.Fatal(err)
	}
	return float64(results[0].Value().(float32)), flat[float32](t, results[1])
}

// compare compares a loss and its gradient with the wanted ones. GoMLX computes
// in float32.
func compare(t *testing.T, name string, k int, loss, want float64, grad, wantGrad []float32) {
	t.Helper()
	if !(math.Abs(loss-want) <= 1e-5*want) {
		t.Errorf("%s, K = %d: loss %v, want %v", name, k, loss, want)
	}
	for i := range grad {
		if !(math.Abs(float64(grad[i]-wantGrad[i])) <= 1e-6) {
			t.Errorf("%s, K = %d: gradient %v, want %v", name, k, grad, wantGrad)
			return
		}
	}
}
