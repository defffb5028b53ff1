package mixup

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// raced says whether this is a build with the race detector.
var raced bool

var inf, nan = float32(math.Inf(1)), float32(math.NaN())

// wantPanic runs f and checks that it panics with the text want.
func wantPanic(t *testing.T, want string, f func()) {
	t.Helper()
	defer func() {
		t.Helper()
		switch got := recover().(type) {
		case nil:
			t.Errorf("no panic, want %q", want)
		case string:
			if got != want {
				t.Errorf("panic %q, want %q", got, want)
			}
		default:
			t.Errorf("panic %v, want %q", got, want)
		}
	}()
	f()
}

// wantError checks that err has the text want, or is nil if want is empty.
func wantError(t *testing.T, err error, want string) {
	t.Helper()
	if want == "" && err != nil || want != "" && (err == nil || err.Error() != want) {
		t.Errorf("error %v, want %q", err, want)
	}
	if err != nil && !strings.HasPrefix(err.Error(), "mixup: ") {
		t.Errorf("error %q lacks the prefix", err)
	}
}

// wantBits checks that got and want are the same floats, bit for bit, except for
// the payload and sign of NaNs, which differ between architectures.
func wantBits(t *testing.T, what string, got, want []float32) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d values, want %d", what, len(got), len(want))
	}
	for i := range want {
		if got[i] != got[i] && want[i] != want[i] {
			continue
		}
		if g, w := math.Float32bits(got[i]), math.Float32bits(want[i]); g != w {
			t.Fatalf("%s: value %d is %v (%#08x), want %v (%#08x)", what, i, got[i], g, want[i], w)
		}
	}
}

// normalRows returns n standard normal values.
func normalRows(n int, r *rand.Rand) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return x
}

// convex fills weight with k random weights for each row, which sum to 1 up to
// rounding.
func convex(weight []float32, k int, r *rand.Rand) {
	for i := 0; i+k <= len(weight); i += k {
		var sum float64
		row := make([]float64, k)
		for j := range row {
			row[j] = r.ExpFloat64()
			sum += row[j]
		}
		for j := range row {
			weight[i+j] = float32(row[j] / sum)
		}
	}
}

// A kind is a way to fill in a Mix of n rows by hand.
type kind struct {
	name string
	fill func(m *Mix, n int, r *rand.Rand)
}

// pairs fills m with n pairs of random λ, of which row i's partner is partner(i).
func pairs(m *Mix, n int, r *rand.Rand, partner func(i int) int) {
	m.K, m.Index, m.Weight = 2, make([]int, 2*n), make([]float32, 2*n)
	convex(m.Weight, 2, r)
	for i := range n {
		m.Index[2*i], m.Index[2*i+1] = i, partner(i)
	}
}

// anyTerms fills m with n rows of k terms, any rows with random weights.
func anyTerms(m *Mix, n, k int, r *rand.Rand) {
	m.K, m.Index, m.Weight = k, make([]int, n*k), make([]float32, n*k)
	convex(m.Weight, k, r)
	for p := range m.Index {
		m.Index[p] = r.IntN(n)
	}
}

// kinds are the shapes that W can have for Apply.
var kinds = []kind{
	{"permutation", func(m *Mix, n int, r *rand.Rand) {
		perm := r.Perm(n)
		pairs(m, n, r, func(i int) int { return perm[i] })
	}},
	{"mirrored", func(m *Mix, n int, r *rand.Rand) {
		pairs(m, n, r, func(i int) int { return n - 1 - i })
	}},
	{"one cycle", func(m *Mix, n int, r *rand.Rand) {
		pairs(m, n, r, func(i int) int { return (i + 1) % n })
	}},
	{"own partner", func(m *Mix, n int, r *rand.Rand) {
		pairs(m, n, r, func(i int) int { return i })
	}},
	{"any map", func(m *Mix, n int, r *rand.Rand) {
		pairs(m, n, r, func(int) int { return r.IntN(n) })
	}},
	{"all to one", func(m *Mix, n int, r *rand.Rand) {
		pairs(m, n, r, func(int) int { return n / 2 })
	}},
	{"partner first", func(m *Mix, n int, r *rand.Rand) {
		perm := r.Perm(n)
		pairs(m, n, r, func(i int) int { return perm[i] })
		for i := range n {
			m.Index[2*i], m.Index[2*i+1] = m.Index[2*i+1], m.Index[2*i]
		}
	}},
	{"some rows unmixed", func(m *Mix, n int, r *rand.Rand) {
		perm := r.Perm(n)
		pairs(m, n, r, func(i int) int { return perm[i] })
		for i := range n {
			if r.IntN(3) == 0 {
				m.Weight[2*i], m.Weight[2*i+1] = 1, 0
			}
		}
	}},
	{"unmixed", func(m *Mix, n int, r *rand.Rand) {
		perm := r.Perm(n)
		pairs(m, n, r, func(i int) int { return perm[i] })
		for i := range n {
			m.Weight[2*i], m.Weight[2*i+1] = 1, 0
		}
	}},
	{"partner only", func(m *Mix, n int, r *rand.Rand) {
		perm := r.Perm(n)
		pairs(m, n, r, func(i int) int { return perm[i] })
		for i := range n {
			m.Weight[2*i], m.Weight[2*i+1] = 0, 1
		}
	}},
	{"any pairs", func(m *Mix, n int, r *rand.Rand) { anyTerms(m, n, 2, r) }},
	{"K=1 permuted", func(m *Mix, n int, r *rand.Rand) {
		m.K, m.Index, m.Weight = 1, r.Perm(n), make([]float32, n)
		for i := range m.Weight {
			m.Weight[i] = 1
		}
	}},
	{"K=1 scaled", func(m *Mix, n int, r *rand.Rand) {
		anyTerms(m, n, 1, r)
		for i := range m.Weight {
			m.Weight[i] = r.Float32()
		}
	}},
	{"K=3", func(m *Mix, n int, r *rand.Rand) { anyTerms(m, n, 3, r) }},
	{"K=3 permutations", func(m *Mix, n int, r *rand.Rand) {
		anyTerms(m, n, 3, r)
		p, q := r.Perm(n), r.Perm(n)
		for i := range n {
			m.Index[3*i], m.Index[3*i+1], m.Index[3*i+2] = i, p[i], q[i]
		}
	}},
	{"K=5", func(m *Mix, n int, r *rand.Rand) { anyTerms(m, n, 5, r) }},
	{"K=5, itself last", func(m *Mix, n int, r *rand.Rand) {
		anyTerms(m, n, 5, r)
		for i := range n {
			j := r.IntN(n)
			copy(m.Index[5*i:], []int{j, j, i, j, i})
		}
	}},
}

// copied reports whether row i is a copy of the source row of its first term.
func copied(m *Mix, i int) bool {
	return m.Weight[i*m.K] == 1 && !slices.ContainsFunc(m.Weight[i*m.K+1:(i+1)*m.K], func(w float32) bool { return w != 0 })
}

// slowMul returns W·src, as the definition has it.
func slowMul(m *Mix, src []float32, dim int) []float32 {
	dst := make([]float32, m.Len()*dim)
	for i := range m.Len() {
		index, weight := m.Index[i*m.K:(i+1)*m.K], m.Weight[i*m.K:(i+1)*m.K]
		for d := range dim {
			sum := float32(weight[0] * src[index[0]*dim+d])
			for k := 1; k < m.K && !copied(m, i); k++ {
				term := float32(weight[k] * src[index[k]*dim+d])
				sum += term
			}
			dst[i*dim+d] = sum
		}
	}
	return dst
}

// slowDense returns W for a number of sources.
func slowDense(m *Mix, sources int) []float32 {
	w := make([]float32, m.Len()*sources)
	for p, j := range m.Index {
		w[p/m.K*sources+j] += m.Weight[p]
	}
	return w
}

// slowMulTransposed returns Wᵀ·ddst for a number of sources.
func slowMulTransposed(m *Mix, ddst []float32, dim, sources int) []float32 {
	dsrc := make([]float32, sources*dim)
	first := make([]bool, sources)
	for j := range first {
		first[j] = true
	}
	for p, j := range m.Index {
		i := p / m.K
		if p%m.K > 0 && copied(m, i) {
			continue
		}
		for d := range dim {
			term := float32(m.Weight[p] * ddst[i*dim+d])
			if first[j] {
				dsrc[j*dim+d] = term
			} else {
				dsrc[j*dim+d] += term
			}
		}
		first[j] = false
	}
	return dsrc
}
