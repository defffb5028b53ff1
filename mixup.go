// Package mixup is mixup data augmentation for training loops written in Go:
// it trains on convex combinations of pairs of samples and of their labels,
//
//	x̃ = λ·xᵢ + (1-λ)·xⱼ    ỹ = λ·yᵢ + (1-λ)·yⱼ    λ ~ Beta(α, α)
//
// after Zhang, Cissé, Dauphin and Lopez-Paz, "mixup: Beyond Empirical Risk
// Minimization", ICLR 2018.
//
// # Usage
//
// A [Sampler] draws a [Mix] for each minibatch, and the Mix is applied to
// whatever belongs to the rows of the minibatch: inputs, hidden activations,
// targets, the loss, the accuracy. As the draw is one value, they cannot
// disagree, and a draw can be logged, replayed and tested.
//
//	s := mixup.Sampler{Alpha: 0.2, Src: rand.NewPCG(1, 2)}
//	var m mixup.Mix
//	var ce mixup.CrossEntropy
//	for x, labels := range minibatches { // x: n×dim row-major
//		s.Sample(&m, len(labels))
//		m.Apply(x, dim)
//		loss := ce.Mixed(grad, net.Forward(x), &m, labels, classes)
//		net.Backward(grad)
//	}
//
// A Mix is the sparse matrix W that has the weights λ and 1-λ of each row in the
// columns of the row itself and of its partner. Mixing inputs is W·X, mixing
// one-hot labels W·Y ([Mix.OneHotTo]), and the gradient of mixed activations
// goes back through Wᵀ ([Mix.BackwardTo]). With more terms per row it is the
// k-way form of mixup, and with indices into a dataset ([Mix.Select]) it gathers
// the minibatch while it mixes.
//
// # Lambda and other conventions
//
// λ is always the weight of the row itself, and 1-λ that of its partner, as in
// the paper. Minibatches are flat row-major slices: n rows of any one width.
// Labels belong to source rows, and losses are means over the mixed rows.
//
// Methods named …To write to their first argument, which must not overlap the
// others in part; Apply works in place and gives the same bits. All panic before
// they write anything if lengths, labels, indices or weights do not fit. The
// Validate methods report the same findings as errors, for values that come from
// outside the program.
//
// # Reproducibility
//
// Each product and sum of a mixed row is rounded to float32, as PyTorch does it,
// so a Mix gives the same bits on every architecture. So does a seed: sources
// are those of math/rand/v2, and what is drawn from them is computed in
// arithmetic that does not depend on the machine. What a seed draws is frozen
// and changes only with a major version. A [Stream] makes the draws a function
// of seed, rank and training step.
//
// Beta and Dirichlet draws are exact for every α. See [Beta].
//
// # Performance
//
// Mixing in place moves each value from memory and back once, which takes less
// time than a copy of a large minibatch. Once a Mix has seen the largest minibatch,
// samplers, mixing, targets and losses allocate nothing; of the pairings, those by
// labels and distances allocate what their comments say. A float32 minibatch of
// another package is mixed without a copy wherever its memory can be had as a slice.
//
// Minibatches of 32 MiB and more are mixed by GOMAXPROCS goroutines, and smaller ones
// by the caller's own. A loss uses one goroutine for each 65536 logits, at most
// GOMAXPROCS, and the caller's own below 131072 logits. [Nearest] uses several
// goroutines as well. All concurrent calls together have at most GOMAXPROCS-1
// goroutines beside those of their callers, so a program that prepares minibatches on
// every core is not crowded by more. The number of goroutines changes no bit of any
// result.
//
// # Build tags
//
// There is assembly for amd64 (AVX2 and AVX-512) and arm64 (NEON), chosen when
// the program starts by what the processor has. The build tag purego leaves it
// out. The Go code in its place, which other architectures run as well, gives
// the same bits.
package mixup

import (
	"fmt"

	"github.com/seed-7466c776/mixup/internal/alias"
	"github.com/seed-7466c776/mixup/internal/rows"
)

// A Mix is one draw of mixup: a sparse row-stochastic matrix W with K entries
// in each of its N rows. Row i of the mixed minibatch is
//
//	Σₖ Weight[i*K+k] · x[Index[i*K+k]]    for k = 0, …, K-1
//
// and everything a Mix does, to inputs, targets, gradients and losses, is
// multiplication by W or its transpose. For pairwise mixup K is 2, Index[2*i]
// is i, Index[2*i+1] is its partner, and Weight holds λ and 1-λ.
//
// A [Sampler] fills a Mix, and so may the caller. The zero Mix has no rows.
//
// A Mix keeps scratch memory, so that its methods allocate nothing once the
// minibatch has reached its size, and a Sampler that fills it reuses the memory
// of Index and Weight up to their capacity. The scratch memory never refers to the
// values that were mixed.
//
// Apply, ApplyTo and [Blend] with dst for src, ApplyBytesTo, BackwardTo, and all
// that changes a Mix, such as Select and a Sampler, must not run concurrently with
// anything else that uses the Mix. The other methods may run concurrently with
// each other. A copy of a Mix shares all its memory.
type Mix struct {
	K      int       // terms per output row
	Index  []int     // len N*K: source rows
	Weight []float32 // len N*K: finite and non-negative, each row sums to 1

	serial uint64 // number of the draw, counted over the program; 0: set by hand
	rows   rows.Scratch
	pixels rows.Normalizer // ApplyBytesTo's
	exact  []float64       // a Sampler's: the weights that it draws, before they are rounded
	perm   []int           // a Sampler's: a permutation
}

// Len returns N, the number of output rows.
func (m *Mix) Len() int {
	if m.K <= 0 {
		return 0
	}
	return len(m.Index) / m.K
}

// Lambda returns λ of row i: the weight of its first term. It panics if there is
// no row i.
func (m *Mix) Lambda(i int) float32 { return m.Weight[m.first(i)] }

// Partner returns the source row that row i is mixed with: the index of its
// second term, or of its only one when K is 1. It panics if there is no row i.
func (m *Mix) Partner(i int) int { return m.Index[m.first(i)+min(1, m.K-1)] }

// first returns where the terms of row i begin.
func (m *Mix) first(i int) int {
	must(m.wellFormed())
	if n := m.Len(); uint(i) >= uint(n) {
		panic(fmt.Sprintf("mixup: row %d of a Mix, want one in [0, %d)", i, n))
	}
	return i * m.K
}

// Apply mixes the minibatch x in place: x ← W·x, where x holds Len rows of dim
// values, one row after the other. Every index must be less than Len; the
// partners need not be a permutation. The result is bit-identical to that of
// [Mix.ApplyTo].
//
// Each product and each sum is rounded to float32, in the order of the terms.
// A row whose first weight is 1 and whose others are 0 is a copy of the source
// row of its first term, and is not written at all if it is that row itself.
// In all other rows a zero weight times Inf or NaN is NaN.
//
// If x is part of the training set itself and not a copy, Apply changes the
// training set, and every epoch mixes what the last one has mixed. To mix rows
// of a dataset use [Mix.Select] and ApplyTo.
//
// Apply panics, before it writes, if len(x) is not Len*dim, if dim is less than
// 1, or if an index or weight is invalid.
func (m *Mix) Apply(x []float32, dim int) {
	m.shape("x", len(x), "x", len(x), dim)
	m.matrix().Mul(x, dim, &m.rows)
}

// ApplyTo mixes rows of src into dst: dst ← W·src. dst holds Len rows of dim
// values, and src any number of rows of dim values: the minibatch, two
// minibatches one after the other, or a dataset that W was pointed into by
// [Mix.Select].
//
// The arithmetic is that of [Mix.Apply]. dst may be src itself, which makes it
// Apply. ApplyTo panics, before it writes, if len(dst) is not Len*dim, if
// len(src) is not a multiple of dim, if an index or weight is invalid, or if dst
// overlaps src in part.
func (m *Mix) ApplyTo(dst, src []float32, dim int) {
	m.shape("dst", len(dst), "src", len(src), dim)
	if alias.Same(dst, src) {
		m.matrix().Mul(dst, dim, &m.rows)
		return
	}
	must(disjoint("dst", dst, "src", src))
	m.matrix().MulTo(dst, src, dim)
}

// BackwardTo is the gradient of [Mix.ApplyTo]: dsrc ← Wᵀ·ddst, where ddst holds
// the gradient with respect to Len mixed rows of dim values, and dsrc receives
// the gradient with respect to the source rows. Source rows that no row was
// mixed from get 0. The terms of a source row are added in the order of the
// mixed rows they come from.
//
// dsrc may be ddst itself. BackwardTo panics, before it writes, if len(ddst) is
// not Len*dim, if len(dsrc) is not a multiple of dim, if an index or weight is
// invalid, or if dsrc overlaps ddst in part.
func (m *Mix) BackwardTo(dsrc, ddst []float32, dim int) {
	m.shape("ddst", len(ddst), "dsrc", len(dsrc), dim)
	must(disjointOrSame("dsrc", dsrc, "ddst", ddst))
	m.matrix().MulTransposedTo(dsrc, ddst, dim, &m.rows)
}

// DenseTo writes W itself: dst, Len rows of sources values, receives the weight of
// source row j in row i at dst[i*sources+j]. Any framework that multiplies
// matrices can mix with it, and differentiate through it.
//
// DenseTo panics, before it writes, if len(dst) is not Len*sources, if sources is
// less than 1, or if an index or weight is invalid.
func (m *Mix) DenseTo(dst []float32, sources int) {
	must(m.wellFormed())
	// Not by a product, which may overflow.
	if sources < 1 || len(dst)%sources != 0 || len(dst)/sources != m.Len() {
		panic(fmt.Sprintf("mixup: len(dst) = %d, want %d rows of %d ≥ 1 sources", len(dst), m.Len(), sources))
	}
	must(m.check(sources))
	clear(dst)
	for p, j := range m.Index {
		dst[p/m.K*sources+j] += m.Weight[p]
	}
}

// Select points m at other source rows: every index j becomes rows[j]. A Mix
// drawn for the n rows of a minibatch then gathers and mixes rows of a dataset,
// where rows holds the dataset's row numbers of the minibatch. Labels are those of
// the dataset from then on.
//
// Select panics, before it writes, if an index is not less than len(rows), if
// the row it selects is negative, or if rows overlaps m.Index.
func (m *Mix) Select(rows []int) {
	must(m.check(len(rows)))
	must(disjoint("rows", rows, "m.Index", m.Index))
	for p, j := range m.Index {
		if rows[j] < 0 {
			panic(fmt.Sprintf("mixup: row %d: rows[%d] = %d, want a source row ≥ 0", p/m.K, j, rows[j]))
		}
	}
	for p, j := range m.Index {
		m.Index[p] = rows[j]
	}
}

// matrix returns W. It shares the memory of m.
func (m *Mix) matrix() rows.Matrix { return rows.Matrix{K: m.K, Index: m.Index, Weight: m.Weight} }
