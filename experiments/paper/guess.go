// Guesses of the classes of images without a label, and their losses.

package main

import (
	"math"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/nn"
)

// probabilities sets p to the probabilities of logits, row by row. p may be logits.
func probabilities(p, logits []float32, classes int) {
	row := make([]float64, classes)
	for first := 0; first < len(logits); first += classes {
		softmax(row, logits[first:][:classes])
		for k, v := range row {
			p[first+k] = float32(v)
		}
	}
}

// sharpen raises each of the probabilities p of a row to the power 1/temperature,
// and scales the row to the sum 1: the lower the temperature, the closer the
// largest probability comes to 1. A temperature of 1 changes nothing.
func sharpen(p []float32, classes int, temperature float64) {
	// Berthelot et al. 2019, "MixMatch", equation 7.
	if temperature == 1 {
		return
	}
	powers := make([]float64, classes)
	for first := 0; first < len(p); first += classes {
		row := p[first:][:classes]
		var sum float64
		for k, v := range row {
			powers[k] = math.Pow(float64(v), 1/temperature)
			sum += powers[k]
		}
		for k, v := range powers {
			row[k] = float32(v / sum)
		}
	}
}

// meanOfViews returns the Mix whose row i is the mean of rows i, n+i, 2n+i, …: of
// as many rows as there are views of image i, if each view of all n images follows
// the one before.
func meanOfViews(n, views int) *mixup.Mix {
	m := &mixup.Mix{K: views}
	for i := range n {
		for v := range views {
			m.Index = append(m.Index, v*n+i)
			m.Weight = append(m.Weight, 1/float32(views))
		}
	}
	return m
}

// squareLoss returns weight times the mean, over rows and classes, of the squared
// differences of the probabilities of logits and targets. It sets grad to the
// gradient with respect to logits.
func squareLoss(grad, logits, targets []float32, classes int, weight float64) float64 {
	probabilities(grad, logits, classes)
	scale := weight / float64(len(logits))
	var loss float64
	for first := 0; first < len(logits); first += classes {
		p, t := grad[first:][:classes], targets[first:][:classes]
		var mean float64 // of p - t, weighted by p
		for k := range p {
			d := float64(p[k]) - float64(t[k])
			loss += scale * d * d
			mean += float64(p[k]) * d
		}
		for k := range p {
			p[k] = float32(2 * scale * float64(p[k]) * (float64(p[k]) - float64(t[k]) - mean))
		}
	}
	return loss
}

// follow moves the weights of a mean teacher towards those of its net after the
// given step of training, the first of which is 0: θ' ← a·θ' + (1-a)·θ. In the first
// steps, a is smaller than decay, so that θ' is the plain mean of all θ until now,
// of which those before the first step are one. With a decay of 0, θ' is θ.
func follow(teacher, net []*nn.Param, step int, decay float64) {
	// Tarvainen and Valpola 2017, "Mean teachers are better role models".
	rest := float32(max(1-decay, 1/float64(step+2)))
	for i, p := range teacher {
		if rest == 1 { // which the difference below would round
			copy(p.Value, net[i].Value)
			continue
		}
		for j, v := range net[i].Value {
			p.Value[j] += rest * (v - p.Value[j])
		}
	}
}
