// Classifiers.

package train

import (
	"slices"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/nn"
)

// Rows are labelled rows of features.
type Rows struct {
	X       []float32 // row after row
	Dim     int       // features in a row
	Labels  []int     // one for each row, in [0, Classes)
	Classes int
}

// Len returns the number of rows.
func (r *Rows) Len() int { return len(r.Labels) }

// Mixed returns the Gradient of net's cross-entropy on minibatches of data that
// s mixes: the paper's mixup, and empirical risk minimisation if s is the zero
// Sampler. Labels are smoothed and weighted as ce says.
func Mixed(net *nn.Net, data *Rows, s mixup.Sampler, ce mixup.CrossEntropy) func(Step) float64 {
	var m mixup.Mix
	return gradient(net, data, ce, func(x []float32, rows []int) *mixup.Mix {
		s.Sample(&m, len(rows))
		m.Select(rows)
		m.ApplyTo(x, data.X, data.Dim)
		return &m
	})
}

// Cut returns the Gradient of net's cross-entropy on minibatches of data that s
// cuts or mixes. The Image of s is the shape of a row.
func Cut(net *nn.Net, data *Rows, s mixup.CutSampler, ce mixup.CrossEntropy) func(Step) float64 {
	var c mixup.Cut
	return gradient(net, data, ce, func(x []float32, rows []int) *mixup.Mix {
		s.Sample(&c, len(rows))
		c.Select(rows)
		c.ApplyTo(x, data.X)
		return &c.Labels
	})
}

// gradient returns the Gradient of net's cross-entropy on minibatches that mix
// sets to mixtures of rows of data. The result of mix says how labels are mixed.
func gradient(net *nn.Net, data *Rows, ce mixup.CrossEntropy, mix func(x []float32, rows []int) *mixup.Mix) func(Step) float64 {
	var x, grad []float32
	return func(step Step) float64 {
		n := len(step.Rows)
		x, grad = slices.Grow(x[:0], n*data.Dim)[:n*data.Dim], slices.Grow(grad[:0], n*data.Classes)[:n*data.Classes]
		m := mix(x, step.Rows)
		loss := ce.Mixed(grad, net.Forward(x), m, data.Labels, data.Classes)
		net.Backward(grad)
		return loss
	}
}

// Predict calls f with what net makes of the rows x of dim features, as many at
// a time as keep memory small: logits are those of row first and the following
// ones.
func Predict(net *nn.Net, x []float32, dim int, f func(first int, logits []float32)) {
	const chunk = 500
	for first := 0; first*dim < len(x); first += chunk {
		f(first, net.Predict(x[first*dim:min((first+chunk)*dim, len(x))]))
	}
}

// Error returns the share of rows that net puts in a wrong class.
func Error(net *nn.Net, data *Rows) float64 {
	var right float64
	Predict(net, data.X, data.Dim, func(first int, logits []float32) {
		var m mixup.Mix
		n := len(logits) / data.Classes
		m.Identity(n)
		right += float64(n) * m.Accuracy(logits, data.Labels[first:first+n], data.Classes, 1)
	})
	return 1 - right/float64(data.Len())
}

// Loss returns net's mean cross-entropy.
func Loss(net *nn.Net, data *Rows) float64 {
	var sum float64
	Predict(net, data.X, data.Dim, func(first int, logits []float32) {
		var m mixup.Mix
		n := len(logits) / data.Classes
		m.Identity(n)
		sum += float64(n) * mixup.CrossEntropy{}.Mixed(nil, logits, &m, data.Labels[first:first+n], data.Classes)
	})
	return sum / float64(data.Len())
}
