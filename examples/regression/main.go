// Regression trains a net to predict numbers, with C-Mixup: the partner of a row is
// drawn from the whole data set, and the nearer its target, the likelier. It prints
// how far apart the targets of partners are, and root mean square errors.
//
//	go run ./examples/regression
package main

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/nn"
)

const (
	dim      = 2
	noise    = 0.1
	training = 200
	batch    = 20
	epochs   = 60
)

func main() {
	r := rand.New(rand.NewPCG(1, 0))
	x, y := draw(training, r)
	testX, testY := draw(2000, r)
	near := func(partner []int, src rand.Source) { mixup.NearTarget(partner, y, 1, 0.1, src) } // σ in units of y
	for _, method := range []struct {
		name  string
		alpha float64
		pair  func(partner []int, src rand.Source)
	}{{"without mixing", 0, mixup.Permute}, {"mixup", 2, mixup.Permute}, {"C-Mixup", 2, near}} {
		net, apart := fit(x, y, method.alpha, method.pair)
		var squares float64
		for i, z := range net.Predict(testX) {
			squares += float64(z-testY[i]) * float64(z-testY[i])
		}
		fmt.Printf("%-15s targets of partners are %.2f apart; test RMSE %.3f\n", method.name+":", apart, math.Sqrt(squares/2000))
	}
}

// draw draws points on a spiral, under noise. The target is how far along a point
// is, of mean 0 and variance 1.
func draw(n int, r *rand.Rand) (x, y []float32) {
	for range n {
		t := r.Float64()
		sin, cos := math.Sincos(4 * math.Pi * t)
		for _, v := range [dim]float64{(0.3 + t) * cos, (0.3 + t) * sin} {
			x = append(x, float32(v+noise*r.NormFloat64()))
		}
		y = append(y, float32((t-0.5)*math.Sqrt(12)))
	}
	return x, y
}

// fit trains a net on rows x with targets y, each mixed with the partner that pair
// draws for it anew in each epoch. It returns the mean distance of their targets
// beside the net.
func fit(x, y []float32, alpha float64, pair func([]int, rand.Source)) (net *nn.Net, apart float64) {
	net = nn.Perceptron(rand.NewPCG(2, 0), dim, 64, 64, 1)
	opt := nn.NewAdam()
	var (
		m       mixup.Mix
		s       = mixup.Sampler{Alpha: alpha, PerSample: true, Src: rand.NewPCG(1, 1)}
		order   = rand.New(rand.NewPCG(3, 0))
		pairing = rand.NewPCG(4, 0)
		partner = make([]int, training) // of each row of the data set
		second  = make([]int, batch)    // of each row of the minibatch: one of a second minibatch behind it
		input   = make([]float32, batch*dim)
		grad    = make([]float32, batch)
	)
	for range epochs {
		pair(partner, pairing)
		for i, j := range partner {
			apart += math.Abs(float64(y[i]-y[j])) / (epochs * training)
		}
		rows := order.Perm(training)
		for first := 0; first < training; first += batch {
			both := rows[first : first+batch : first+batch]
			for i, row := range both {
				second[i] = batch + i
				both = append(both, partner[row])
			}
			s.SamplePairs(&m, second)
			m.Select(both) // rows of the data set
			m.ApplyTo(input, x, dim)
			m.ApplyTo(grad, y, 1) // the mixed targets
			for i, z := range net.Forward(input) {
				grad[i] = (z - grad[i]) / batch // of half of the mean square error
			}
			net.Backward(grad)
			opt.Step(net.Params())
		}
	}
	return net, apart
}
