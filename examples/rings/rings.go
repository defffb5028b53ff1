// The points, and what is measured on them.

package main

import (
	"math"
	"math/rand/v2"

	"github.com/seed-7466c776/mixup/examples/nn"
)

// points are labelled points in the plane.
type points struct {
	x      []float32 // two coordinates each
	labels []int
}

func (p points) len() int           { return len(p.labels) }
func (p points) at(i int) []float32 { return p.x[2*i : 2*i+2] }

// The rings: class 0 is the inner one.
var radius = [2]float64{0.5, 1}

// spread is the standard deviation of a point's distance from its ring.
const spread = 0.05

// rings draws n points, of the two classes in turn.
func rings(n int, r *rand.Rand) points {
	var p points
	for i := range n {
		class := i % 2
		sin, cos := math.Sincos(2 * math.Pi * r.Float64())
		rho := radius[class] + spread*r.NormFloat64()
		p.x = append(p.x, float32(rho*cos), float32(rho*sin))
		p.labels = append(p.labels, class)
	}
	return p
}

// probabilities returns p(y=1|x) for each of the points x.
func probabilities(net *nn.Net, x []float32) []float64 {
	logits := net.Predict(x)
	p := make([]float64, len(x)/2)
	for i := range p {
		p[i] = 1 / (1 + math.Exp(float64(logits[2*i])-float64(logits[2*i+1])))
	}
	return p
}

// accuracy returns the share of points that net puts on the right ring.
func accuracy(net *nn.Net, data points) float64 {
	var right int
	for i, p := range probabilities(net, data.x) {
		if (p > 0.5) == (data.labels[i] == 1) {
			right++
		}
	}
	return float64(right) / float64(data.len())
}

// pairs is the number of pairs that bend looks at.
const pairs = 2000

// bend returns how far p is from linear between training points: the mean of
// |p(λa+(1-λ)b) - (λp(a)+(1-λ)p(b))| over random pairs (a, b) and
// λ = 0.1, 0.2, …, 0.9.
func bend(net *nn.Net, data points, r *rand.Rand) float64 {
	const parts = 10
	var x []float32 // for each pair, the points from b to a
	for range pairs {
		a, b := data.at(r.IntN(data.len())), data.at(r.IntN(data.len()))
		for k := range parts + 1 {
			lambda := float32(k) / parts
			x = append(x, lambda*a[0]+(1-lambda)*b[0], lambda*a[1]+(1-lambda)*b[1])
		}
	}
	var sum float64
	for p := probabilities(net, x); len(p) > 0; p = p[parts+1:] {
		for k := 1; k < parts; k++ {
			lambda := float64(k) / parts
			sum += math.Abs(p[k] - (lambda*p[parts] + (1-lambda)*p[0]))
		}
	}
	return sum / (pairs * (parts - 1))
}
