package f32

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// slowLogisticWeighted is the loop that documents LogisticWeighted.
func slowLogisticWeighted(dst, x, t, w, pos []float32, scale float32) (sum float64) {
	terms := make([]float32, len(x))
	for j, v := range x {
		weight, on, off := float32(1), t[j], 1-t[j]
		if w != nil {
			weight = w[j]
		}
		if pos != nil {
			on = float32(pos[j] * t[j])
		}
		size := float32(math.Abs(float64(v)))
		e, u, sign := exp(-size), on, float32(1)
		if !math.Signbit(float64(v)) {
			u, sign = off, -1
		}
		loss := float32((on+off)*log1p(e)) + times(u, size)
		slope := float32((on+off)*(e/(1+e))) - u
		terms[j], dst[j] = float32(weight*loss), float32(scale*float32(weight*float32(sign*slope)))
		switch {
		case v != v || t[j] != t[j]:
			terms[j], dst[j] = nan, nan
		case weight == 0:
			terms[j], dst[j] = 0, 0
		}
	}
	return slowSum(terms)
}

func TestLogisticWeighted(t *testing.T) {
	r := rand.New(rand.NewPCG(27, 28))
	for _, n := range lengths {
		for _, deviation := range []float64{1, 40, 1e4} {
			x, targets, weight, pos := normal(n, deviation, r), normal(n, 1, r), normal(n, 1, r), normal(n, 1, r)
			for j := range targets {
				targets[j], weight[j], pos[j] = r.Float32(), 3*r.Float32(), 3*r.Float32()
				switch r.IntN(100) {
				case 0:
					x[j], targets[j] = inf, 1
				case 1:
					x[j], targets[j] = -inf, 0
				case 2:
					x[j] = 0
				case 3:
					x[j] = float32(math.Copysign(0, -1))
				case 4:
					x[j], weight[j] = inf, 0
				case 5:
					x[j], pos[j] = -inf, 0
				}
			}
			for _, w := range [][]float32{weight, nil} {
				for _, p := range [][]float32{pos, nil} {
					what := fmt.Sprintf("deviation %v, weights %t, positive weights %t", deviation, w != nil, p != nil)
					got, want := make([]float32, n), make([]float32, n)
					wantLoss := slowLogisticWeighted(want, x, targets, w, p, 0.3)
					wantSum(t, what, n, LogisticWeighted(got, x, targets, w, p, 0.3), wantLoss)
					wantBits(t, what, got, want)
					wantSum(t, what+", without dst", n, LogisticWeighted(nil, x, targets, w, p, 0.3), wantLoss)
					copy(got, x)
					LogisticWeighted(got, got, targets, w, p, 0.3)
					wantBits(t, what+", in place", got, want)
				}
			}
		}
	}
}

// Weights of 1 have the loss of Logistic, up to rounding, and what is NaN stays NaN
// whatever its weight is.
func TestLogisticWeightedByOne(t *testing.T) {
	r := rand.New(rand.NewPCG(29, 30))
	const n = 300
	x, targets, ones := normal(n, 5, r), make([]float32, n), slices.Repeat([]float32{1}, n)
	for j := range targets {
		targets[j] = r.Float32()
	}
	got, want := make([]float32, n), make([]float32, n)
	loss, wantLoss := LogisticWeighted(got, x, targets, ones, ones, 1), Logistic(want, x, targets, 0, 1)
	if !(math.Abs(loss-wantLoss) <= 1e-6*wantLoss) {
		t.Errorf("loss %v, want %v", loss, wantLoss)
	}
	for j := range got {
		if !(math.Abs(float64(got[j]-want[j])) <= 1e-6) {
			t.Errorf("gradient %d is %v, want %v", j, got[j], want[j])
		}
	}
	for _, v := range []struct{ x, t float32 }{{nan, 1}, {1, nan}, {nan, nan}} {
		dst := make([]float32, 1)
		if loss := LogisticWeighted(dst, []float32{v.x}, []float32{v.t}, []float32{0}, []float32{0}, 1); loss == loss || dst[0] == dst[0] {
			t.Errorf("logit %v and target %v of weight 0: loss %v and gradient %v, want NaN", v.x, v.t, loss, dst[0])
		}
	}
}
