package f32

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestSoftmax(t *testing.T) {
	atEachLevel(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(7, 8))
		for _, width := range lengths[1:] {
			for _, deviation := range []float64{1, 30, 1e4} {
				top := make([]int, 1+r.IntN(3))
				x := normal(len(top)*width, deviation, r)
				for i := range top {
					row := rowOf(x, i, width)
					for range width / 8 {
						row[r.IntN(width)] = -inf
					}
					// Some of the others are as large as the largest.
					top[i] = r.IntN(width)
					row[top[i]] = max(slices.Max(row), -1e30)
					for range r.IntN(1 + width/8) {
						row[r.IntN(width)] = row[top[i]]
					}
				}
				checkSoftmax(t, x, top, r)
			}
		}
	})
}

// Every difference, those included for which the exponent wraps around, has the
// bits of exp.
func TestSoftmaxOfAnything(t *testing.T) {
	atEachLevel(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(11, 12))
		for range 300 {
			x := normal(333, 1, r)
			for j := range x {
				const sign, infinity = 1 << 31, 0xff << 23
				x[j] = math.Float32frombits(sign | uint32(r.IntN(infinity+1)))
			}
			top := r.IntN(len(x))
			x[top] = 0
			checkSoftmax(t, x, []int{top}, r)
		}
	})
}

// checkSoftmax checks Softmax with dst in memory of its own, in place and left
// out, with and without t.
func checkSoftmax(t *testing.T, x []float32, top []int, r *rand.Rand) {
	t.Helper()
	const guard, mean, b = 16, 0.3, -0.7
	n, width := len(x), len(x)/len(top)
	targets := normal(n, 1, r)
	for range n / 2 {
		targets[r.IntN(n)] = 0
	}
	memory := normal(n+2*guard, 1, r)
	dst := memory[guard:][:n]
	for _, with := range []struct {
		name string
		t    []float32
	}{{"", nil}, {", with targets", targets}} {
		want := slices.Clone(memory)
		rests, gaps, weights := make([]float64, len(top)), make([]float64, len(top)), make([]float64, len(top))
		rest, gap, weight := make([]float64, len(top)), make([]float64, len(top)), make([]float64, len(top))
		for i, k := range top {
			row := rowOf(x, i, width)
			e := rowOf(want[guard:][:n], i, width)
			for j, v := range row {
				e[j] = exp(v - row[k])
			}
			terms := slices.Clone(e)
			terms[k] = 0
			rests[i] = slowSum(terms)
			weights[i] = r.Float64()
			weight[i] = weights[i]
			u := rowOf(with.t, i, width)
			if u != nil {
				for j, v := range row {
					terms[j] = times(u[j], row[k]-v)
				}
				gaps[i], weights[i] = slowSum(terms), slowSum(u)
			}
			a := float32(weights[i] / (1 + rests[i]) * mean)
			for j := range e {
				e[j] = float32(a * e[j])
				if u != nil {
					e[j] += float32(b * u[j])
				}
			}
		}
		check := func(what string, dst, x, want []float32) {
			t.Helper()
			what = fmt.Sprintf("Softmax with the largest at %d%s%s", top[:min(len(top), 4)], with.name, what)
			Softmax(rest, gap, weight, dst, x, with.t, top, mean, b)
			for i := range rests {
				wantSum(t, what, width, rest[i], rests[i])
				wantSum(t, what+": gap", width, gap[i], gaps[i])
				wantSum(t, what+": weight", width, weight[i], weights[i])
			}
			wantBits(t, what, memory, want)
		}
		check(", without dst", nil, x, slices.Clone(memory))
		check("", dst, x, want)
		copy(dst, x)
		check(", in place", dst, dst, want)
	}
}

// The factor of a row of one class is the mean, rounded once: this one is half way
// between two float32.
func TestSoftmaxOfOne(t *testing.T) {
	const mean = 1 + 3*0x1p-24
	atEachLevel(t, func(t *testing.T) {
		rest, gap, weight, dst := make([]float64, 1), make([]float64, 1), []float64{1}, make([]float32, 1)
		Softmax(rest, gap, weight, dst, []float32{7}, nil, []int{0}, mean, 0)
		wantBits(t, "Softmax of one class", dst, []float32{1 + 0x1p-22})
		wantSum(t, "rest", 1, rest[0], 0)
	})
}

func BenchmarkSoftmax(b *testing.B) {
	for _, width := range []int{10, 100, 1000, 20000} {
		b.Run(fmt.Sprintf("width=%d", width), func(b *testing.B) {
			x, t := normal(width, 1, rand.New(rand.NewPCG(1, 2))), make([]float32, width)
			dst, top := make([]float32, width), make([]int, 1)
			rest, gap, weight := make([]float64, 1), make([]float64, 1), make([]float64, 1)
			b.SetBytes(int64(4 * width))
			for b.Loop() {
				Argmax(top, x)
				Softmax(rest, gap, weight, dst, x, t, top, 1, 1)
			}
		})
	}
}
