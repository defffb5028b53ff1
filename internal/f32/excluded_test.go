package f32

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestGapLeft(t *testing.T) {
	r := rand.New(rand.NewPCG(41, 42))
	for _, n := range lengths {
		x, w := normal(n, 3, r), normal(n, 1, r)
		for _, w := range [][]float32{w, nil} {
			gap, sum := Gap(w, x, 5)
			g, s, left := GapLeft(w, x, 5)
			wantSum(t, "GapLeft of finite values", n, g, gap)
			wantSum(t, "GapLeft of finite values: weights", n, s, sum)
			if left != n {
				t.Fatalf("GapLeft of %d finite values counts %d", n, left)
			}
		}
		// The same with weights of 0 for what is left out.
		zeroed, ones, want := slices.Clone(w), make([]float32, n), n
		for j := range x {
			ones[j] = 1
			if r.IntN(3) == 0 {
				x[j], zeroed[j], ones[j] = -inf, 0, 0
				want--
			}
		}
		for _, test := range []struct{ w, zeroed []float32 }{{w, zeroed}, {nil, ones}} {
			gap, sum := Gap(test.zeroed, x, 5)
			g, s, left := GapLeft(test.w, x, 5)
			wantSum(t, "GapLeft", n, g, gap)
			wantSum(t, "GapLeft: weights", n, s, sum)
			if left != want {
				t.Fatalf("GapLeft of %d values counts %d, want %d", n, left, want)
			}
		}
		// What tells that GapLeft is needed.
		if gap, _ := Gap(nil, x, 5); math.IsInf(gap, 1) != (want < n) {
			t.Fatalf("%d of %d values are -Inf: Gap is %v", n-want, n, gap)
		}
	}
}

func TestGradLeft(t *testing.T) {
	r := rand.New(rand.NewPCG(43, 44))
	const n, most, a, b, c = 100, 5, 0.7, -0.3, -0.1
	x, targets, weights := normal(n, 1, r), normal(n, 1, r), normal(n, 1, r)
	for j := range x {
		if x[j] = min(x[j], most); r.IntN(3) == 0 {
			x[j] = -inf
		}
	}
	for _, test := range []struct {
		name string
		t, w []float32
	}{{"plain", nil, nil}, {"targets", targets, nil}, {"weights", nil, weights}, {"both", targets, weights}} {
		want := make([]float32, n)
		for j, v := range x {
			u, w := float32(0), float32(1)
			if test.t != nil {
				u = float32(b * test.t[j])
			}
			if !math.IsInf(float64(v), -1) {
				u += c
			}
			if test.w != nil {
				w = test.w[j]
			}
			want[j] = float32(a*exp(v-most)) + float32(w*u)
		}
		dst := make([]float32, n)
		GradLeft(dst, x, test.t, test.w, most, a, b, c)
		wantBits(t, "GradLeft, "+test.name, dst, want)
		copy(dst, x)
		GradLeft(dst, dst, test.t, test.w, most, a, b, c)
		wantBits(t, "GradLeft in place, "+test.name, dst, want)
	}
}
