package mixup

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// slowBlend returns (Σw·x)/(Σw) in float64, as the definition of Blend has it.
func slowBlend(m *Mix, src []float64, dim int) []float64 {
	dst := make([]float64, m.Len()*dim)
	for i := range m.Len() {
		index, weight := m.Index[i*m.K:(i+1)*m.K], m.Weight[i*m.K:(i+1)*m.K]
		for d := range dim {
			if copied(m, i) {
				dst[i*dim+d] = src[index[0]*dim+d]
				continue
			}
			var sum, total float64
			for k, j := range index {
				term := float64(float64(weight[k]) * src[j*dim+d])
				if sum += term; k == 0 {
					sum = term // not 0 + term, which differs for -0
				}
				total += float64(weight[k])
			}
			dst[i*dim+d] = sum / total
		}
	}
	return dst
}

// For float32, Blend is ApplyTo. For float64 it divides by the sum of the weights. Both
// take dst itself as src, and a source of more rows.
func TestBlend(t *testing.T) {
	for _, k := range kinds {
		for _, shape := range []struct{ n, dim int }{{1, 1}, {2, 7}, {16, 33}, {31, 700}} {
			n, dim := shape.n, shape.dim
			t.Run(fmt.Sprintf("%s/n=%d/dim=%d", k.name, n, dim), func(t *testing.T) {
				r := rand.New(rand.NewPCG(uint64(n), uint64(dim)))
				var m Mix
				k.fill(&m, n, r)
				shifted := Mix{K: m.K, Index: slices.Clone(m.Index), Weight: m.Weight}
				for p := range shifted.Index {
					shifted.Index[p]++
				}

				x := normalRows(n*dim, r)
				want := slowMul(&m, x, dim)
				dst := normalRows(n*dim, r)
				Blend(&m, dst, x, dim)
				wantBits(t, "float32", dst, want)
				Blend(&shifted, dst, slices.Concat(normalRows(dim, r), x), dim)
				wantBits(t, "float32 of a pool", dst, want)
				Blend(&m, x, x, dim)
				wantBits(t, "float32 in place", x, want)

				y := make([]float64, n*dim)
				for p := range y {
					y[p] = r.NormFloat64()
				}
				want64 := slowBlend(&m, y, dim)
				check := func(what string, got []float64) {
					t.Helper()
					if !slices.Equal(got, want64) {
						t.Errorf("%s: %v, want %v", what, got, want64)
					}
				}
				dst64 := slices.Repeat([]float64{math.NaN()}, n*dim)
				Blend(&m, dst64, y, dim)
				check("float64", dst64)
				Blend(&shifted, dst64, slices.Concat(make([]float64, dim), y, make([]float64, 2*dim)), dim)
				check("float64 of a pool", dst64)
				Blend(&m, y, y, dim)
				check("float64 in place", y)
			})
		}
	}
}

// A column of ones stays a column of ones, whatever weights in float32 sum to.
func TestBlendKeepsOnes(t *testing.T) {
	r := rand.New(rand.NewPCG(71, 72))
	for k := 1; k <= 6; k++ {
		var m Mix
		anyTerms(&m, 500, k, r)
		x := slices.Repeat([]float64{1}, 500)
		Blend(&m, x, x, 1)
		for i, v := range x {
			if v != 1 {
				t.Fatalf("K = %d: row %d is %v, want 1", k, i, v)
			}
		}
	}
}

func TestBlendPanics(t *testing.T) {
	blendPanics[float32](t)
	blendPanics[float64](t)
}

func blendPanics[T float32 | float64](t *testing.T) {
	x := []T{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	before := slices.Clone(x)
	pair := func(index int, weight float32) *Mix {
		return &Mix{K: 2, Index: []int{0, 1, 1, index}, Weight: []float32{.5, .5, .5, weight}}
	}
	good := pair(0, .5)
	for _, test := range []struct {
		name, want string
		call       func()
	}{
		{"dst", "mixup: len(dst) = 3, want 2 rows of dim = 2 values", func() { Blend(good, x[:3], x[4:8], 2) }},
		{"src", "mixup: len(src) = 5, want rows of dim = 2 values", func() { Blend(good, x[:4], x[5:10], 2) }},
		{"dim", "mixup: dim = 0, want the number of values in a row, ≥ 1", func() { Blend(good, x[:4], x[4:8], 0) }},
		{"index", "mixup: row 1: index 3, want a source row in [0, 3)", func() { Blend(pair(3, .5), x[:4], x[4:10], 2) }},
		{"weight", "mixup: row 1: weight NaN, want a finite number ≥ 0", func() { Blend(pair(0, nan), x[:4], x[4:8], 2) }},
		{"overlap", "mixup: dst and src overlap", func() { Blend(good, x[:4], x[3:7], 2) }},
		{"overlap with more", "mixup: dst and src overlap", func() { Blend(good, x[:4], x[:8], 2) }},
	} {
		t.Run(fmt.Sprintf("%T/%s", x, test.name), func(t *testing.T) { wantPanic(t, test.want, test.call) })
	}
	if !slices.Equal(x, before) {
		t.Errorf("after the panics: %v, want %v", x, before)
	}
}
