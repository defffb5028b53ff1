package gomlx

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/train"
	"github.com/gomlx/gomlx/ml/train/loss"
	"github.com/seed-7466c776/mixup"
)

// ways are the ways to mix what d's source yields, from the same step on.
func ways(d Dataset, source func() *source) map[string]train.Dataset {
	fresh := func() *Dataset {
		d := d
		d.Source, d.Inputs = source(), []int{0}
		return &d
	}
	return map[string]train.Dataset{"host": fresh(), "graph": fresh().InGraph(), "map": fresh().Map(backend())}
}

// lossOf returns a loss of the minibatch's labels and logits, and its gradient with
// respect to the logits.
func lossOf(t *testing.T, b train.Batch, lossFn loss.LossFn, logits *tensors.Tensor) (float64, []float32) {
	t.Helper()
	b.Inputs = append(slices.Clone(b.Inputs), logits)
	y := execute(t, true, b, func(inputs, labels []*graph.Node) []*graph.Node {
		logits := inputs[len(inputs)-1]
		value := lossFn(labels, []*graph.Node{logits})
		return []*graph.Node{value, graph.Gradient(value, logits)[0]}
	})
	return float64(y[0].Value().(float32)), flat[float32](t, y[1])
}

// logits are those of a minibatch of so many rows, which differ.
func logits(rows int) []float32 {
	z := make([]float32, rows*classes)
	for i := range z {
		z[i] = 3 * float32(math.Sin(float64(i*i)))
	}
	return z
}

// compare compares a loss and its gradient with the wanted ones. GoMLX computes in
// float32.
func compare(t *testing.T, name string, loss, want float64, grad, wantGrad []float32) {
	t.Helper()
	if !(math.Abs(loss-want) <= 2e-7*max(1, math.Abs(want))) {
		t.Errorf("%s: loss %v, want %v", name, loss, want)
	}
	for i := range grad {
		if !(math.Abs(float64(grad[i]-wantGrad[i])) <= 2e-7) {
			t.Errorf("%s: gradient %v, want %v", name, grad, wantGrad)
			return
		}
	}
}

// TestLoss checks that the loss of both labels and that of soft targets, both of
// GoMLX, are those of this library's cross-entropy, with mixing on the host and in
// the graph.
func TestLoss(t *testing.T) {
	for _, s := range []mixup.Sampler{{}, {Alpha: 0.5, PerSample: true}, {Alpha: 0.5, K: 3, PerSample: true}} {
		for _, form := range []struct {
			name string
			d    Dataset
			loss loss.LossFn
		}{
			{"labels", Dataset{}, loss.SparseCategoricalCrossEntropyLogits},
			{"soft targets", Dataset{Classes: classes}, loss.CategoricalCrossEntropyLogits},
			{"smoothed targets", Dataset{Classes: classes, Smoothing: 0.2}, loss.CategoricalCrossEntropyLogits},
		} {
			wantGrad := make([]float32, n*classes)
			want := mixup.CrossEntropy{Smoothing: form.d.Smoothing}.Mixed(wantGrad, logits(n), drawn(s, 0, 0, 0), classesOf(0), classes)
			d := form.d
			d.Sampler = s
			for name, ds := range ways(d, func() *source { return &source{batches: 1, make: classification} }) {
				if name == "map" && d.Classes == 0 {
					continue
				}
				got, grad := lossOf(t, one(t, ds), Loss(form.loss), tensor(logits(n), n, classes))
				compare(t, form.name+", "+name, got, want, grad, wantGrad)
			}
		}
	}
}

// TestLossPlain checks that labels without a draw go to the loss as they are,
// whatever their shapes: classes and a target, and what an earlier version of Loss
// took for labels of two terms and their weights.
func TestLossPlain(t *testing.T) {
	ints := integers[int32](classesOf(0), n, 1)
	for _, labels := range []list{
		{ints, tensor(values(3, n), n, 1)},
		{ints, ints, tensor(values(2, 2*n), n, 2)},
	} {
		called := false
		lossOf(t, train.Batch{Inputs: list{ints}, Labels: labels}, Loss(func(got, predictions []*graph.Node) *graph.Node {
			called = true
			if len(got) != len(labels) {
				t.Errorf("%d labels, want %d", len(got), len(labels))
			}
			return loss.SparseCategoricalCrossEntropyLogits(got[:1], predictions)
		}), tensor(logits(n), n, classes))
		if !called {
			t.Error("the loss was not called")
		}
	}
}

// TestWeights checks sample weights and masks: each term has those of the row it
// comes from, as in this library's losses a label that is ignored.
func TestWeights(t *testing.T) {
	s := mixup.Sampler{Alpha: 0.5, PerSample: true}
	m := drawn(s, 0, 0, 0)
	weights := []float32{1, 0.5, 2, 3, 0.25, 1.5}
	mask := []bool{true, false, true, true, false, true}
	row := make([]float32, n*n) // losses of single rows: of logits i and the label of j
	for i := range n {
		for j := range n {
			l := logits(n)[i*classes:][:classes]
			var id mixup.Mix
			id.Identity(1)
			row[i*n+j] = float32(mixup.CrossEntropy{}.Mixed(nil, l, &id, classesOf(0)[j:j+1], classes))
		}
	}
	for _, tc := range []struct {
		name  string
		extra list
		use   func(j int) float64
	}{
		{"weights", list{tensor(weights, n)}, func(j int) float64 { return float64(weights[j]) }},
		{"mask", list{tensor(mask, n)}, func(j int) float64 { return map[bool]float64{true: 1}[mask[j]] }},
		{"both", list{tensor(weights, n), tensor(mask, n)}, func(j int) float64 {
			return float64(weights[j]) * map[bool]float64{true: 1}[mask[j]]
		}},
	} {
		want, counted := 0.0, 0.0
		for i := range n {
			counts := false
			for k := range 2 {
				j, w := m.Index[2*i+k], float64(m.Weight[2*i+k])
				want += w * tc.use(j) * float64(row[i*n+j])
				counts = counts || w > 0 && (tc.name == "weights" || mask[j])
			}
			if counts {
				counted++
			}
		}
		for name, ds := range ways(Dataset{Sampler: s, Weights: len(tc.extra)}, func() *source {
			labels := append(list{integers[int64](classesOf(0), n, 1)}, tc.extra...)
			return once(list{tensor(values(0, n*dim), n, dim)}, labels)
		}) {
			if name == "map" {
				continue
			}
			got, _ := lossOf(t, one(t, ds), Loss(loss.SparseCategoricalCrossEntropyLogits), tensor(logits(n), n, classes))
			if !(math.Abs(got-want/counted) <= 1e-6*want) {
				t.Errorf("%s, %s: loss %v, want %v", tc.name, name, got, want/counted)
			}
		}
	}
}

// TestIgnoreAndMask checks that a mask counts rows as Ignore does.
func TestIgnoreAndMask(t *testing.T) {
	partner := []int{1, 0, 3, 2, 5, 4}
	labels := classesOf(0)
	mask := slices.Repeat([]bool{true}, n)
	for _, i := range []int{0, 1, 2} { // both terms of rows 0 and 1, one of rows 2 and 3
		labels[i] = mixup.Ignore
		mask[i] = false
	}
	var m mixup.Mix
	m.SetPairs(partner, 0.75)
	wantGrad := make([]float32, n*classes)
	want := mixup.CrossEntropy{}.Mixed(wantGrad, logits(n), &m, labels, classes)
	d := &Dataset{Inputs: []int{0}, Weights: 1, Draw: func(d *Drawing) { d.Mix.SetPairs(partner, 0.75) },
		Source: once(list{tensor(values(0, n*dim), n, dim)}, list{integers[int32](classesOf(0), n, 1), tensor(mask, n)})}
	got, grad := lossOf(t, one(t, d.InGraph()), Loss(loss.SparseCategoricalCrossEntropyLogits), tensor(logits(n), n, classes))
	compare(t, "masked", got, want, grad, wantGrad)
}

// TestSegmentation checks labels of the pixels: under CutMix those of both rows are
// pasted, for the loss of GoMLX, on the host and in the graph, also if some rows are
// mixed and have no box.
func TestSegmentation(t *testing.T) {
	const height, width = 4, 5
	img := mixup.Image{Channels: 1, Height: height, Width: width, Layout: mixup.NHWC}
	x := values(0, n*height*width)
	y := make([]int32, len(x))
	for i := range y {
		y[i] = int32(i*i/7) % classes // which differ from row to row
	}
	pixelLogits := wild(len(x) * classes)
	for _, s := range []mixup.CutSampler{
		{Alpha: 1, PerSample: true, Skip: 0.3, Image: img},
		{Alpha: 1, PerSample: true, Switch: 0.6, Mixup: mixup.Sampler{Alpha: 0.5}, Image: img},
	} {
		c := cutOf(s)
		// The reference: the pasted label alone in rows with a box, else both.
		pasted := make([]int32, len(y))
		mixup.Paste(c, pasted, y, 1)
		want := 0.0
		for i := range n {
			for p := range height * width {
				at := i*height*width + p
				if c.Box[i].Empty() {
					for k := range 2 {
						want += float64(c.Labels.Weight[2*i+k]) * pixelLoss(pixelLogits, at, y[c.Labels.Index[2*i+k]*height*width+p])
					}
				} else {
					want += pixelLoss(pixelLogits, at, pasted[at])
				}
			}
		}
		want /= float64(len(y))
		pixels := func() *source {
			return once(list{tensor(x, n, height, width, 1)}, list{tensor(y, n, height, width, 1)})
		}
		refuses := func(name string, ds train.Dataset) {
			const wanted = "labels of dtype Int32 for the pixels of a row that is mixed and has no box, want floats, CutMix alone, or InGraph with Classes = 0"
			if got := failure(t, ds); !strings.HasSuffix(got, wanted) {
				t.Errorf("%s: error %q, want %q", name, got, wanted)
			}
		}
		if s.Mixup.Alpha > 0 {
			for name, ds := range ways(Dataset{CutMix: &s, Classes: classes}, pixels) {
				refuses(name+" with Classes", ds)
			}
		}
		for name, ds := range ways(Dataset{CutMix: &s}, pixels) {
			if name != "graph" && s.Mixup.Alpha > 0 {
				refuses(name, ds)
				continue
			}
			got, _ := lossOf(t, one(t, ds), Loss(loss.SparseCategoricalCrossEntropyLogits), tensor(pixelLogits, n, height, width, classes))
			if !(math.Abs(got-want) <= 1e-6*want) {
				t.Errorf("%s: loss %v, want %v", name, got, want)
			}
		}
	}
}

// pixelLoss is the cross-entropy of the row of logits.
func pixelLoss(logits []float32, row int, label int32) float64 {
	var id mixup.Mix
	id.Identity(1)
	return mixup.CrossEntropy{}.Mixed(nil, logits[row*classes:][:classes], &id, []int{int(label)}, classes)
}

// TestPixelLoss checks labels of the pixels under mixup: the loss of both.
func TestPixelLoss(t *testing.T) {
	s := mixup.Sampler{Alpha: 1, PerSample: true}
	m := drawn(s, 0, 0, 0)
	const pixels = 6
	y := make([]int32, n*pixels)
	for i := range y {
		y[i] = int32(i*i/7) % classes // which differ from row to row
	}
	z := wild(len(y) * classes)
	want := 0.0
	for i := range n {
		for p := range pixels {
			for k := range 2 {
				want += float64(m.Weight[2*i+k]) * pixelLoss(z, i*pixels+p, y[m.Index[2*i+k]*pixels+p]) / float64(len(y))
			}
		}
	}
	d := &Dataset{Sampler: s, Inputs: []int{0}, Source: once(list{tensor(values(0, n*dim), n, dim)}, list{tensor(y, n, 2, 3, 1)})}
	got, _ := lossOf(t, one(t, d.InGraph()), Loss(loss.SparseCategoricalCrossEntropyLogits), tensor(z, n, 2, 3, classes))
	if !(math.Abs(got-want) <= 1e-6*want) {
		t.Errorf("loss %v, want %v", got, want)
	}
}

// TestAccuracy checks the accuracy of mixed rows.
func TestAccuracy(t *testing.T) {
	s := mixup.Sampler{Alpha: 1, PerSample: true}
	z := wild(n * classes)
	for _, training := range []bool{true, false} {
		want := drawn(s, 0, 0, 0).Accuracy(z, classesOf(0), classes, 1)
		if !training {
			want = drawn(mixup.Sampler{}, 0, 0, 0).Accuracy(z, classesOf(0), classes, 1)
		}
		d := &Dataset{Sampler: s, Source: once(list{tensor(z, n, classes)}, list{integers[int32](classesOf(0), n, 1)}), Inputs: []int{}}
		y := execute(t, training, one(t, d.InGraph()), func(inputs, labels []*graph.Node) []*graph.Node {
			return []*graph.Node{Accuracy(nil, labels, inputs)}
		})
		if got := float64(y[0].Value().(float32)); !(math.Abs(got-want) <= 1e-6) {
			t.Errorf("training %v: accuracy %v, want %v", training, got, want)
		}
	}
}
