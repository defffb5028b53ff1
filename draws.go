// Draws as values: setting a Mix by hand, copying it and printing it.

package mixup

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
)

// Identity makes m the identity of n rows, W = I with K = 1: each row is itself,
// and nothing is mixed. With it, validation and training with hard labels share the
// code of mixed minibatches. Identity panics, before it writes, if n is negative.
func (m *Mix) Identity(n int) {
	if n < 0 {
		panic(fmt.Sprintf("mixup: Identity of n = %d rows, want ≥ 0", n))
	}
	m.resize(n, 1)
	for i := range n {
		m.Index[i], m.Weight[i] = i, 1
	}
}

// SetPairs makes m a draw of pairs by hand: row i has the weight λ, and its
// partner, source row partner[i], has 1-λ. There is one lambda for all rows or one
// for each. A partner may be any source row, as in [Sampler.SamplePairs].
//
// The weights are float32(λ) and float32(1-λ). To log a draw and to restore it to
// the bit, use the fields K, Index and Weight.
//
// SetPairs panics, before it writes, if there is neither one lambda nor one for
// each partner, if a lambda is not in [0, 1], if a partner is negative, or if
// partner is memory that m.Index is written to.
func (m *Mix) SetPairs(partner []int, lambda ...float64) {
	n := m.pairsOf(partner, 2)
	if len(lambda) != 1 && len(lambda) != n {
		panic(fmt.Sprintf("mixup: SetPairs with %d values of lambda, want 1 or one for each of %d rows", len(lambda), n))
	}
	for i, l := range lambda {
		if !(0 <= l && l <= 1) {
			panic(fmt.Sprintf("mixup: SetPairs: lambda[%d] = %v, want a number in [0, 1]", i, l))
		}
	}
	m.resize(n, 2)
	for i := range n {
		l := lambda[min(i, len(lambda)-1)]
		m.Weight[2*i], m.Weight[2*i+1] = float32(l), float32(1-l)
	}
	m.pair(partner, 2)
}

// drawn counts the draws of all Mixes.
var drawn atomic.Uint64

// resize makes m a new draw of n rows of k terms, whose values are unspecified.
func (m *Mix) resize(n, k int) {
	m.K = k
	m.Index = resize(m.Index, n*k)
	m.Weight = resize(m.Weight, n*k)
	m.drawn = drawn.Add(1)
}

// resize returns a slice of length n, which is s's memory if that is enough. Its
// values are unspecified.
func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// Clone returns a copy of m that shares no memory with it. Its scratch memory is
// its own and empty.
func (m *Mix) Clone() *Mix {
	return &Mix{K: m.K, Index: slices.Clone(m.Index), Weight: slices.Clone(m.Weight)}
}

// String returns one line with N, K and the first rows of m, such as
// "Mix of 2 rows, K = 2: 0.75·x[0] + 0.25·x[1], 0.75·x[1] + 0.25·x[0]".
func (m Mix) String() string {
	if err := m.wellFormed(); err != nil {
		return strings.TrimPrefix(err.Error(), "mixup: ")
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Mix of %d rows, K = %d", m.Len(), m.K)
	const rows, terms = 3, 4 // that are shown
	for i := range min(m.Len(), rows) {
		b.WriteString([]string{": ", ", "}[min(i, 1)])
		for k := range min(m.K, terms) {
			if k > 0 {
				b.WriteString(" + ")
			}
			fmt.Fprintf(&b, "%v·x[%d]", m.Weight[i*m.K+k], m.Index[i*m.K+k])
		}
		if m.K > terms {
			b.WriteString(" + …")
		}
	}
	if m.Len() > rows {
		b.WriteString(", …")
	}
	return b.String()
}
