// Probabilities of classes from logits.

package main

import (
	"math"
	"slices"
)

// softmax sets p to the probabilities of the logits of one row.
func softmax(p []float64, logits []float32) {
	top := slices.Max(logits)
	var sum float64
	for k, v := range logits {
		p[k] = math.Exp(float64(v - top))
		sum += p[k]
	}
	for k := range p {
		p[k] /= sum
	}
}
