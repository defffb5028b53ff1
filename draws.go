// Draws as values: setting a Mix by hand, copying it and printing it.

package mixup

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
)

// Identity makes m the identity of n rows, W = I with K = 1: nothing is mixed. With
// it, validation and training without mixing can use the code that is written for mixed
// minibatches. Identity panics, before it writes, if n is negative.
func (m *Mix) Identity(n int) {
	if n < 0 {
		panic(fmt.Sprintf("mixup: Identity of n = %d rows, want ≥ 0", n))
	}
	m.resize(n, 1)
	for i := range n {
		m.Index[i], m.Weight[i] = i, 1
	}
}

// SetPairs sets a draw of pairs by hand: row i gets the weight λ, and its partner,
// source row partner[i], gets 1-λ. There is one lambda for all rows, or one for each
// row. A partner may be any source row, as in [Sampler.SamplePairs].
//
// The weights are float32(λ) and float32(1-λ). To log a draw and restore it exactly, use
// the fields K, Index and Weight.
//
// SetPairs panics, before it writes, if there is neither one lambda nor one for
// each partner, if a lambda is not in [0, 1], if a partner is negative, or if
// partner shares memory with m.Index.
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
	m.setPairs(partner, func(i int) float64 { return lambda[min(i, len(lambda)-1)] })
}

// setPairs makes m a draw of pairs: row i with the weight lambda(i), and its partner.
func (m *Mix) setPairs(partner []int, lambda func(i int) float64) {
	m.resize(len(partner), 2)
	for i, j := range partner {
		l := lambda(i)
		m.Index[2*i], m.Index[2*i+1] = i, j
		m.Weight[2*i], m.Weight[2*i+1] = float32(l), float32(1-l)
	}
}

// pairsOf returns the number of rows of k terms that partner has partners for. It
// panics if there is no such number, if a partner is negative, or if partner overlaps
// the memory that m.Index will use for these rows.
func (m *Mix) pairsOf(partner []int, k int) (n int) {
	if k == 1 {
		panic("mixup: SamplePairs with K = 1, want 2 or more")
	}
	if len(partner)%(k-1) != 0 {
		panic(fmt.Sprintf("mixup: len(partner) = %d for K = %d, want K-1 for each row", len(partner), k))
	}
	for p, j := range partner {
		if j < 0 {
			panic(fmt.Sprintf("mixup: row %d: partner %d, want a row ≥ 0", p/(k-1), j))
		}
	}
	n = len(partner) / (k - 1)
	if n*k <= cap(m.Index) {
		must(disjoint("partner", partner, "m.Index", m.Index[:n*k]))
	}
	return n
}

// serials is the number of draws of all Mixes so far.
var serials atomic.Uint64

// resize makes m a new draw of n rows of k terms. Its indices and weights are
// unspecified.
func (m *Mix) resize(n, k int) {
	m.K = k
	m.Index = resize(m.Index, n*k)
	m.Weight = resize(m.Weight, n*k)
	m.serial = serials.Add(1)
}

// resize returns a slice of length n with unspecified values. It uses the memory of s
// if that is large enough.
func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// Clone returns a copy of m that shares no memory with it.
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
