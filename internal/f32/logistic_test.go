package f32

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// slowLogistic is the loop that documents Logistic.
func slowLogistic(dst, x, t []float32, scale float32) (sum float64) {
	terms := make([]float32, len(x))
	for j, v := range x {
		size := float32(math.Abs(float64(v)))
		e, u, sign := exp(-size), t[j], float32(1)
		if !math.Signbit(float64(v)) {
			u, sign = 1-u, -1
		}
		terms[j] = log1p(e) + times(u, size)
		slope := e/(1+e) - u
		dst[j] = float32(scale * float32(sign*slope))
		if v != v {
			terms[j], dst[j] = nan, nan
		}
	}
	return slowSum(terms)
}

func TestLogistic(t *testing.T) { atEachLevel(t, testLogistic) }

func testLogistic(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	for _, n := range lengths {
		for _, deviation := range []float64{1, 40, 1e4} {
			x, targets := normal(n, deviation, r), normal(n, 1, r)
			for j := range targets {
				targets[j] = r.Float32()
				switch r.IntN(20) {
				case 0:
					targets[j] = 0
				case 1:
					targets[j] = 1
				}
				switch r.IntN(100) {
				case 0:
					x[j], targets[j] = inf, 1
				case 1:
					x[j], targets[j] = -inf, 0
				case 2:
					x[j] = 0
				case 3:
					x[j] = float32(math.Copysign(0, -1))
				}
			}
			const scale, guard = 0.3, 16
			memory := normal(n+2*guard, 1, r)
			all := slices.Clone(memory)
			dst, want := memory[guard:][:n], all[guard:][:n]
			what := fmt.Sprintf("deviation %v", deviation)
			sum := slowLogistic(want, x, targets, scale)
			wantSum(t, what, n, Logistic(dst, x, targets, nan, scale), sum)
			wantBits(t, what, memory, all)
			wantSum(t, what+", sum only", n, Logistic(nil, x, targets, nan, nan), sum)

			c := r.Float32()
			for j := range targets {
				targets[j] = c
			}
			sum = slowLogistic(want, x, targets, scale)
			wantSum(t, what+", the same target", n, Logistic(dst, x, nil, c, scale), sum)
			wantBits(t, what+", the same target", memory, all)

			copy(dst, x)
			wantSum(t, what+", in place", n, Logistic(dst, dst, nil, c, scale), sum)
			wantBits(t, what+", in place", memory, all)
		}
	}
}

// A value that is not finite shows in its own element and in the sum.
func TestLogisticSpecial(t *testing.T) { atEachLevel(t, testLogisticSpecial) }

func testLogisticSpecial(t *testing.T) {
	for _, test := range []struct{ v, t, loss, slope float32 }{
		{nan, 0, nan, nan},
		{nan, 1, nan, nan},
		{3, nan, nan, nan},
		{-3, nan, nan, nan},
		{inf, 1, 0, 0},
		{-inf, 0, 0, 0},
		{inf, 0.5, inf, 0.5},
		{inf, 0, inf, 1},
		{-inf, 1, inf, -1},
		{100, 1, 0, 0},
		{-1e4, 0, 0, 0},
		{1e4, 0, 1e4, 1},
		{-1e4, 1, 1e4, -1},
	} {
		for at := range 7 {
			x, targets, dst := make([]float32, 7), make([]float32, 7), make([]float32, 7)
			for j := range x {
				x[j] = -100
			}
			x[at], targets[at] = test.v, test.t
			want := make([]float32, 7)
			want[at] = test.slope
			got := Logistic(dst, x, targets, 0, 1)
			wantSum(t, fmt.Sprintf("logit %v, target %v", test.v, test.t), 7, got, float64(test.loss))
			for j := range dst {
				dst[j] += 0 // of either sign
			}
			wantBits(t, fmt.Sprintf("logit %v, target %v", test.v, test.t), dst, want)
		}
	}
}

func TestLog1p(t *testing.T) {
	var worst float64
	check := func(e float32) {
		got, want := float64(log1p(e)), math.Log1p(float64(e))
		worst = max(worst, math.Abs(got-want)/want)
	}
	step := uint32(1 << 10)
	if testing.Short() {
		step <<= 5
	}
	for b := math.Float32bits(0x1p-126); b < math.Float32bits(1); b += step {
		check(math.Float32frombits(b))
	}
	check(1)
	if !(worst < 3e-7) {
		t.Errorf("largest relative error %.3g, want < 3e-7", worst)
	}
	t.Logf("largest relative error %.3g", worst)
	if got := log1p(0); got != 0 {
		t.Errorf("log1p(0) is %v, want 0", got)
	}
}

func BenchmarkLogistic(b *testing.B) {
	x := normal(1000, 1, rand.New(rand.NewPCG(1, 2)))
	t, dst := make([]float32, 1000), make([]float32, 1000)
	b.SetBytes(4000)
	for b.Loop() {
		Logistic(dst, x, t, 0, 1)
	}
}
