package f32

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

var inf, nan = float32(math.Inf(1)), float32(math.NaN())

// lengths are those around the registers, the lanes and the blocks of sums.
var lengths = func() (n []int) {
	for i := range 301 {
		n = append(n, i)
	}
	return append(n, 511, 512, 513, 527, 528, 529, 543, 544, 545, 768, 1000)
}()

// slowSum is a sum in lanes, with zeros behind the last term.
func slowSum(terms []float32) (sum float64) {
	for len(terms) > 0 {
		var s [block]float32
		terms = terms[copy(s[:], terms):]
		for j := lanes; j < block; j++ {
			s[j%lanes] += s[j]
		}
		for half := lanes / 2; half > 0; half /= 2 {
			for j := range half {
				s[j] += s[j+half]
			}
		}
		sum += float64(s[0])
	}
	return sum
}

// normal returns n normal values of the given standard deviation, which start at
// any place in their memory.
func normal(n int, deviation float64, r *rand.Rand) []float32 {
	x := make([]float32, n+8)[r.IntN(8):]
	for i := range x {
		x[i] = float32(deviation * r.NormFloat64())
	}
	return x[:n:n]
}

// wantBits checks that got and want are the same bits, or both NaN.
func wantBits(t *testing.T, what string, got, want []float32) {
	t.Helper()
	for i, w := range want {
		if g := got[i]; math.Float32bits(g) != math.Float32bits(w) && (g == g || w == w) {
			t.Fatalf("%s: value %d of %d is %v (%#08x), want %v (%#08x)", what, i, len(want), g, math.Float32bits(g), w, math.Float32bits(w))
		}
	}
}

// wantSum checks that got and want are the same bits, or both NaN.
func wantSum(t *testing.T, what string, n int, got, want float64) {
	t.Helper()
	if math.Float64bits(got) != math.Float64bits(want) && (got == got || want == want) {
		t.Fatalf("%s of %d values is %v (%#016x), want %v (%#016x)", what, n, got, math.Float64bits(got), want, math.Float64bits(want))
	}
}

func TestSum(t *testing.T) {
	atEachLevel(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(1, 2))
		for _, n := range lengths {
			x := normal(n, 1, r)
			wantSum(t, "Sum", n, Sum(x), slowSum(x))
			if n > 0 {
				x[r.IntN(n)] = inf
				wantSum(t, "Sum with Inf", n, Sum(x), slowSum(x))
				x[r.IntN(n)] = nan
				wantSum(t, "Sum with NaN", n, Sum(x), math.NaN())
			}
		}
	})
}

func TestGap(t *testing.T) {
	atEachLevel(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(3, 4))
		for _, n := range lengths {
			for _, most := range []float32{5, 1e30, inf, -inf, nan} {
				x, w := normal(n, 10, r), normal(n, 1, r)
				terms, weighted := make([]float32, n), make([]float32, n)
				for j := range x {
					switch r.IntN(6) {
					case 0:
						w[j] = 0
					case 1:
						w[j], x[j] = float32(math.Copysign(0, -1)), -inf
					}
					if w[j] != 0 {
						weighted[j] = w[j] * (most - x[j])
					}
					terms[j] = most - x[j]
				}
				check := func(what string, w []float32, wantGap, wantSums float64) {
					t.Helper()
					what = fmt.Sprintf("Gap from %v%s", most, what)
					gap, sum := Gap(w, x, most)
					wantSum(t, what, n, gap, wantGap)
					wantSum(t, what+", weights", n, sum, wantSums)
				}
				check("", w, slowSum(weighted), slowSum(w))
				check(" without weights", nil, slowSum(terms), float64(n))
				if n > 0 && most == 5 {
					w[r.IntN(n)] = nan
					check(" with a weight of NaN", w, math.NaN(), math.NaN())
				}
			}
		}
	})
}

func TestArgmax(t *testing.T) {
	slow := func(x []float32) int {
		if i := slices.IndexFunc(x, func(v float32) bool { return v != v }); i >= 0 {
			return i
		}
		top := 0
		for j, v := range x {
			if v > x[top] {
				top = j
			}
		}
		return top
	}
	check := func(t *testing.T, x []float32, width int) {
		t.Helper()
		top := make([]int, len(x)/width)
		Argmax(top, x)
		for i, got := range top {
			if want := slow(rowOf(x, i, width)); got != want {
				t.Fatalf("Argmax of row %d of %d, %v, is %d, want %d", i, len(top), rowOf(x, i, width), got, want)
			}
		}
	}
	atEachLevel(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(5, 6))
		values := []float32{-inf, -2, -1, 0, float32(math.Copysign(0, -1)), 1, 2, inf}
		for _, width := range append(lengths[1:], 2047, 2048, 2049, 5000) {
			for range 20 {
				// Few values make ties; those of the largest kind come late or never.
				x := normal(width*(1+r.IntN(3)), 1, r)
				most := 1 + r.IntN(len(values))
				for j := range x {
					x[j] = values[r.IntN(most)]
				}
				check(t, x, width)
				for range 2 {
					x[r.IntN(len(x))] = nan
				}
				check(t, x, width)
			}
			check(t, normal(3*width, 1, r), width)
		}
	})
}

func TestExp(t *testing.T) {
	for _, test := range []struct{ d, want float32 }{
		{0, 1},
		{float32(math.Copysign(0, -1)), 1},
		{-0x1p-149, 1},
		{-0x1p-25, 1},
		{-87.68311, 0x1.6a0a64p-127},
		{-87.68312, 0},
		{-88.03, 0},
		{-89, 0},
		{-1e4, 0},
		{-0x1.8p23 * math.Ln2, 0}, // where rounding to an integer wraps around
		{-8.7e6, 0},
		{-math.MaxFloat32, 0},
		{-inf, 0},
	} {
		if got := Exp(test.d); got != test.want {
			t.Errorf("Exp(%v) is %v (%x), want %v", test.d, got, got, test.want)
		}
	}

	// The worst of all float32 is 0.9897 ulp, at -5.858424.
	step := uint32(997)
	if testing.Short() {
		step = 99991
	}
	first, last := math.Float32bits(float32(math.Copysign(0, -1))), math.Float32bits(-87.68311)
	for b := first; b <= last; b += step {
		d := math.Float32frombits(b)
		got, want := float64(Exp(d)), math.Exp(float64(d))
		_, e := math.Frexp(want)
		if ulp := math.Ldexp(1, max(e-24, -149)); !(math.Abs(got-want) < ulp) {
			t.Fatalf("Exp(%v) is %v, want %v: %v ulp", d, got, want, (got-want)/ulp)
		}
	}
}

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
// bits of Exp.
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
				e[j] = Exp(v - row[k])
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
			what = fmt.Sprintf("Softmax with the largest at %d%s%s", top, with.name, what)
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
