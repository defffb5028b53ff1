package mixup

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestProducts(t *testing.T) {
	// Small and large. The tests of internal/rows have more widths, and all the ways
	// in which products are computed.
	shapes := []struct{ n, dim int }{{1, 1}, {2, 7}, {16, 33}, {64, 10}, {31, 700}, {3, 20000}}
	for _, k := range kinds {
		for _, shape := range shapes {
			n, dim := shape.n, shape.dim
			t.Run(fmt.Sprintf("%s/n=%d/dim=%d", k.name, n, dim), func(t *testing.T) {
				r := rand.New(rand.NewPCG(uint64(n), uint64(dim)))
				var m Mix
				k.fill(&m, n, r)
				if err := m.Validate(n); err != nil && k.name != "K=1 scaled" {
					t.Fatal(err)
				}
				x, g := normalRows(n*dim, r), normalRows(n*dim, r)
				// Source rows that no row reads, before and after the others.
				pool := slices.Concat(normalRows(dim, r), x, normalRows(2*dim, r))
				shifted := Mix{K: m.K, Index: slices.Clone(m.Index), Weight: m.Weight}
				for p := range shifted.Index {
					shifted.Index[p]++
				}

				want := slowMul(&m, x, dim)
				dst := normalRows(n*dim, r)
				m.ApplyTo(dst, x, dim)
				wantBits(t, "ApplyTo", dst, want)
				shifted.ApplyTo(dst, pool, dim)
				wantBits(t, "ApplyTo of a pool", dst, want)
				dst = slices.Clone(x)
				m.Apply(dst, dim)
				wantBits(t, "Apply", dst, want)
				dst = slices.Clone(x)
				m.ApplyTo(dst, dst, dim)
				wantBits(t, "ApplyTo itself", dst, want)

				back := slowMulTransposed(&m, g, dim, n)
				dst = normalRows(n*dim, r)
				m.BackwardTo(dst, g, dim)
				wantBits(t, "BackwardTo", dst, back)
				dst = slices.Clone(g)
				m.BackwardTo(dst, dst, dim)
				wantBits(t, "BackwardTo itself", dst, back)
				dst = normalRows(len(pool), r)
				shifted.BackwardTo(dst, g, dim)
				wantBits(t, "BackwardTo a pool", dst, slowMulTransposed(&shifted, g, dim, n+3))

				dense := normalRows(n*(n+3), r)
				shifted.DenseTo(dense, n+3)
				wantBits(t, "DenseTo", dense, slowDense(&shifted, n+3))

				// ⟨Wx, g⟩ = ⟨x, Wᵀg⟩, except for the rounding of n·dim sums of float32.
				var wxg, xwg float64
				for i := range x {
					wxg += float64(want[i]) * float64(g[i])
					xwg += float64(x[i]) * float64(back[i])
				}
				if math.Abs(wxg-xwg) > 1e-5*math.Sqrt(float64(n*dim)) {
					t.Errorf("⟨Wx, g⟩ = %v, ⟨x, Wᵀg⟩ = %v", wxg, xwg)
				}
			})
		}
	}
}

func TestLambdaWeighsTheRowItself(t *testing.T) {
	m := Mix{K: 2, Index: []int{0, 1, 1, 0}, Weight: []float32{0.75, 0.25, 0.75, 0.25}}
	x := []float32{4, 8}
	m.Apply(x, 1)
	wantBits(t, "mixed", x, []float32{5, 7})
	if m.Lambda(1) != 0.75 || m.Partner(1) != 0 || m.Len() != 2 {
		t.Errorf("Lambda, Partner, Len = %v, %v, %v, want 0.75, 0, 2", m.Lambda(1), m.Partner(1), m.Len())
	}
	gather := Mix{K: 1, Index: []int{7}, Weight: []float32{1}}
	if got := gather.Partner(0); got != 7 {
		t.Errorf("Partner of a row of one term = %v, want 7", got)
	}
}

func TestUnmixedRowsAreCopied(t *testing.T) {
	x := []float32{1, inf, nan, 4}
	for _, weight := range [][]float32{{1, 0}, {1, 0, 0}, {1}} {
		k := len(weight)
		m := Mix{K: k, Index: make([]int, 4*k), Weight: slices.Repeat(weight, 4)}
		for p := range m.Index {
			m.Index[p] = (p/k + p%k) % 4
		}
		dst := make([]float32, 4)
		m.ApplyTo(dst, x, 1)
		wantBits(t, fmt.Sprint("ApplyTo, K=", k), dst, x)
		dst = slices.Clone(x)
		m.Apply(dst, 1)
		wantBits(t, fmt.Sprint("Apply, K=", k), dst, x)
		m.BackwardTo(dst, x, 1)
		wantBits(t, fmt.Sprint("BackwardTo, K=", k), dst, x)
	}
}

func TestZeroWeightTimesInfIsNaN(t *testing.T) {
	m := Mix{K: 2, Index: []int{0, 1, 1, 0}, Weight: []float32{0, 1, 0, 1}}
	x := []float32{inf, 2}
	m.Apply(x, 1)
	wantBits(t, "mixed", x, []float32{nan, inf})
}

func TestSelect(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	pool := normalRows(50*3, r)
	rows := r.Perm(50)[:8]
	batch := make([]float32, 8*3)
	for i, j := range rows {
		copy(batch[i*3:(i+1)*3], pool[j*3:])
	}
	var m Mix
	kinds[0].fill(&m, 8, r)
	m.Apply(batch, 3)
	m.Select(rows)
	got := make([]float32, 8*3)
	m.ApplyTo(got, pool, 3)
	wantBits(t, "gathered", got, batch)
	if m.Index[2*5] != rows[5] {
		t.Errorf("row 5 has source %d, want %d", m.Index[2*5], rows[5])
	}
}

func TestEmpty(t *testing.T) {
	var m Mix
	if m.Len() != 0 || m.Validate(0) != nil {
		t.Errorf("zero Mix: Len = %d, Validate = %v, want 0, nil", m.Len(), m.Validate(0))
	}
	m.Apply(nil, 3)
	m.ApplyTo(nil, make([]float32, 6), 3)
	g := []float32{1, 2}
	m.BackwardTo(g, nil, 1)
	wantBits(t, "gradient of sources that nobody read", g, []float32{0, 0})
	m.Select(nil)
	m.DenseTo(nil, 4)
}

func TestValidate(t *testing.T) {
	third := float32(1) / 3
	for _, test := range []struct {
		name string
		m    Mix
		want string
	}{
		{"zero", Mix{}, ""},
		{"K but no rows", Mix{K: 3}, ""},
		{"pair", Mix{K: 2, Index: []int{0, 3}, Weight: []float32{.3, .7}}, ""},
		{"thirds", Mix{K: 3, Index: []int{0, 1, 2}, Weight: []float32{third, third, third}}, ""},
		{"sum within the tolerance", Mix{K: 2, Index: []int{0, 1}, Weight: []float32{.5, .500005}}, ""},
		{"sum beyond the tolerance", Mix{K: 2, Index: []int{0, 1}, Weight: []float32{.5, .50003}}, "mixup: row 0: weights sum to 1.000029981136322, want 1"},
		{"sum", Mix{K: 2, Index: []int{0, 1, 1, 0}, Weight: []float32{.5, .5, .5, .25}}, "mixup: row 1: weights sum to 0.75, want 1"},
		{"sum before index", Mix{K: 2, Index: []int{0, 1, 1, 4}, Weight: []float32{.5, .25, .5, .5}}, "mixup: row 0: weights sum to 0.75, want 1"},
		{"index before sum", Mix{K: 2, Index: []int{0, 4, 1, 0}, Weight: []float32{.5, .5, .5, .25}}, "mixup: row 0: index 4, want a source row in [0, 4)"},
		{"index past the sources", Mix{K: 2, Index: []int{0, 4}, Weight: []float32{1, 0}}, "mixup: row 0: index 4, want a source row in [0, 4)"},
		{"index below 0", Mix{K: 2, Index: []int{0, 0, -1, 0}, Weight: []float32{1, 0, 1, 0}}, "mixup: row 1: index -1, want a source row in [0, 4)"},
		{"NaN", Mix{K: 1, Index: []int{0, 1}, Weight: []float32{1, nan}}, "mixup: row 1: weight NaN, want a finite number ≥ 0"},
		{"Inf", Mix{K: 1, Index: []int{0}, Weight: []float32{inf}}, "mixup: row 0: weight +Inf, want a finite number ≥ 0"},
		{"negative", Mix{K: 2, Index: []int{0, 1}, Weight: []float32{1.5, -.5}}, "mixup: row 0: weight -0.5, want a finite number ≥ 0"},
		{"K missing", Mix{Index: []int{0, 1}, Weight: []float32{1, 0}}, "mixup: Mix has K = 0, len(Index) = 2, len(Weight) = 2, want N*K of both"},
		{"K negative", Mix{K: -2}, "mixup: Mix has K = -2, len(Index) = 0, len(Weight) = 0, want N*K of both"},
		{"half a row", Mix{K: 2, Index: []int{0, 1, 2}, Weight: []float32{1, 0, 1}}, "mixup: Mix has K = 2, len(Index) = 3, len(Weight) = 3, want N*K of both"},
		{"too few weights", Mix{K: 2, Index: []int{0, 1}, Weight: []float32{1}}, "mixup: Mix has K = 2, len(Index) = 2, len(Weight) = 1, want N*K of both"},
	} {
		t.Run(test.name, func(t *testing.T) { wantError(t, test.m.Validate(4), test.want) })
	}
	m := Mix{K: 1, Index: []int{0}, Weight: []float32{1}}
	wantError(t, m.Validate(-1), "mixup: row 0: index 0, want a source row in [0, 0)")
}

func TestPanics(t *testing.T) {
	pair := func() *Mix {
		return &Mix{K: 2, Index: []int{0, 1, 1, 0}, Weight: []float32{.5, .5, .5, .5}}
	}
	bad := func(index int, weight float32) *Mix {
		m := pair()
		m.Index[3], m.Weight[3] = index, weight
		return m
	}
	x := []float32{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	before := slices.Clone(x)
	for _, test := range []struct {
		name string
		want string
		call func()
	}{
		{"Apply, odd length", "mixup: len(x) = 5, want 2 rows of dim = 2 values", func() { pair().Apply(x[:5], 2) }},
		{"Apply, no rows", "mixup: len(x) = 5, want 0 rows of dim = 5 values", func() { new(Mix).Apply(x[:5], 5) }},
		{"Apply, a buffer of more rows", "mixup: len(x) = 8, want 2 rows of dim = 2 values", func() { pair().Apply(x[:8], 2) }},
		{"Apply, dim 0", "mixup: dim = 0, want the number of values in a row, ≥ 1", func() { pair().Apply(nil, 0) }},
		{"ApplyTo, dim negative", "mixup: dim = -2, want the number of values in a row, ≥ 1", func() { pair().ApplyTo(x[:4], x[4:8], -2) }},
		{"DenseTo, sources", "mixup: len(dst) = 4, want 2 rows of 0 ≥ 1 sources", func() { pair().DenseTo(x[:4], 0) }},
		{"DenseTo, dst", "mixup: len(dst) = 5, want 2 rows of 2 ≥ 1 sources", func() { pair().DenseTo(x[:5], 2) }},
		// 4 rows of so many sources wrap around to 4 values.
		{"DenseTo, sources that wrap around", fmt.Sprintf("mixup: len(dst) = 4, want 4 rows of %d ≥ 1 sources", math.MaxInt/2+2), func() {
			(&Mix{K: 1, Index: make([]int, 4), Weight: slices.Repeat([]float32{1}, 4)}).DenseTo(x[:4], math.MaxInt/2+2)
		}},
		{"DenseTo, index", "mixup: row 1: index 2, want a source row in [0, 2)", func() { bad(2, .5).DenseTo(x[:4], 2) }},
		{"Apply, index", "mixup: row 1: index 2, want a source row in [0, 2)", func() { bad(2, .5).Apply(x[:4], 2) }},
		{"Apply, weight", "mixup: row 1: weight NaN, want a finite number ≥ 0", func() { bad(0, nan).Apply(x[:4], 2) }},
		{"Apply, K forgotten", "mixup: Mix has K = 0, len(Index) = 2, len(Weight) = 2, want N*K of both", func() {
			(&Mix{Index: []int{0, 1}, Weight: []float32{1, 1}}).Apply(x[:4], 2)
		}},
		{"ApplyTo, no indices", "mixup: Mix has K = 2, len(Index) = 0, len(Weight) = 2, want N*K of both", func() {
			(&Mix{K: 2, Weight: []float32{1, 0}}).ApplyTo(x[:4], x[4:8], 2)
		}},
		{"BackwardTo, K negative", "mixup: Mix has K = -1, len(Index) = 2, len(Weight) = 2, want N*K of both", func() {
			(&Mix{K: -1, Index: []int{0, 1}, Weight: []float32{1, 1}}).BackwardTo(x[:4], x[4:8], 2)
		}},
		{"OneHotTo, half a row", "mixup: Mix has K = 2, len(Index) = 3, len(Weight) = 3, want N*K of both", func() {
			(&Mix{K: 2, Index: []int{0, 1, 0}, Weight: []float32{1, 0, 1}}).OneHotTo(x[:4], []int{0, 1}, 4)
		}},
		{"Accuracy, K forgotten", "mixup: Mix has K = 0, len(Index) = 2, len(Weight) = 2, want N*K of both", func() {
			(&Mix{Index: []int{0, 1}, Weight: []float32{1, 1}}).Accuracy(x[:4], []int{0, 1}, 2, 1)
		}},
		{"Apply, half a row", "mixup: Mix has K = 2, len(Index) = 3, len(Weight) = 4, want N*K of both", func() {
			m := pair()
			m.Index = m.Index[:3]
			m.Apply(x[:4], 2)
		}},
		{"ApplyTo, dst", "mixup: len(dst) = 3, want 2 rows of dim = 2 values", func() { pair().ApplyTo(x[:3], x[4:8], 2) }},
		{"ApplyTo, src", "mixup: len(src) = 5, want rows of dim = 2 values", func() { pair().ApplyTo(x[:4], x[5:10], 2) }},
		{"ApplyTo, index", "mixup: row 1: index 3, want a source row in [0, 3)", func() { bad(3, .5).ApplyTo(x[:4], x[4:10], 2) }},
		{"ApplyTo, weight", "mixup: row 1: weight -0.5, want a finite number ≥ 0", func() { bad(0, -.5).ApplyTo(x[:4], x[4:8], 2) }},
		{"ApplyTo, overlap", "mixup: dst and src overlap", func() { pair().ApplyTo(x[:4], x[3:7], 2) }},
		{"ApplyTo, overlap with more", "mixup: dst and src overlap", func() { pair().ApplyTo(x[:4], x[:8], 2) }},
		{"BackwardTo, ddst", "mixup: len(ddst) = 3, want 2 rows of dim = 2 values", func() { pair().BackwardTo(x[:4], x[5:8], 2) }},
		{"BackwardTo, dsrc", "mixup: len(dsrc) = 5, want rows of dim = 2 values", func() { pair().BackwardTo(x[:5], x[5:9], 2) }},
		{"BackwardTo, index", "mixup: row 1: index 2, want a source row in [0, 2)", func() { bad(2, .5).BackwardTo(x[:4], x[4:8], 2) }},
		{"BackwardTo, weight", "mixup: row 1: weight +Inf, want a finite number ≥ 0", func() { bad(0, inf).BackwardTo(x[:4], x[4:8], 2) }},
		{"BackwardTo, overlap", "mixup: dsrc and ddst overlap", func() { pair().BackwardTo(x[:4], x[2:6], 2) }},
	} {
		t.Run(test.name, func(t *testing.T) { wantPanic(t, test.want, test.call) })
	}
	wantBits(t, "after the panics", x, before)

	m := bad(2, .5)
	index := slices.Clone(m.Index)
	wantPanic(t, "mixup: row 1: index 2, want a source row in [0, 2)", func() { m.Select([]int{5, 6}) })
	wantPanic(t, "mixup: row 1: rows[2] = -7, want a source row ≥ 0", func() { m.Select([]int{5, 6, -7}) })
	wantPanic(t, "mixup: rows and m.Index overlap", func() { m.Select(m.Index) })
	if !slices.Equal(m.Index, index) {
		t.Errorf("Select has left %v, want %v", m.Index, index)
	}
}

// Every method that mixes or reads rows says so of a Mix that is not N rows of K terms,
// whatever else does not fit: Len has no meaning then. TestMalformedMix has the methods
// that take labels.
func TestMixOfHalfARow(t *testing.T) {
	x, y := []float32{1, 2, 3, 4, 5}, []float32{6, 7, 8, 9, 10}
	for _, m := range []Mix{
		{K: 2, Index: []int{0, 1, 7}, Weight: []float32{1, 0, 1}},
		{K: 2, Index: []int{0, 1, 7, 0}, Weight: []float32{1, 0}},
		{K: 0, Index: []int{0, 7}, Weight: []float32{1, 1}},
		{K: -1, Index: []int{0, 7}, Weight: []float32{1, 1}},
	} {
		for name, call := range map[string]func(){
			"Apply":        func() { m.Apply(x, 2) },
			"ApplyTo":      func() { m.ApplyTo(x, y, 2) },
			"ApplyBytesTo": func() { m.ApplyBytesTo(x, []uint8{1}, Image{1, 1, 2, NCHW}, Norm{}) },
			"BackwardTo":   func() { m.BackwardTo(x, y, 2) },
			"Blend":        func() { Blend(&m, []float64{1}, []float64{2}, 2) },
			"DenseTo":      func() { m.DenseTo(x, 2) },
			"Select":       func() { m.Select([]int{-1}) },
			"Lambda":       func() { m.Lambda(9) },
			"Partner":      func() { m.Partner(9) },
		} {
			t.Run(fmt.Sprintf("%s/%+v", name, m.K), func(t *testing.T) { wantPanic(t, m.Validate(9).Error(), call) })
		}
	}
	wantBits(t, "after the panics", x, []float32{1, 2, 3, 4, 5})
}
