// Package mixup is data augmentation for training loops written in Go. With mixup,
// a network is trained on convex combinations of pairs of samples and of their
// labels,
//
//	x̃ = λ·xᵢ + (1-λ)·xⱼ
//	ỹ = λ·yᵢ + (1-λ)·yⱼ    λ ~ Beta(α, α)
//
// after Zhang, Cissé, Dauphin and Lopez-Paz, "mixup: Beyond Empirical Risk
// Minimization", ICLR 2018. With CutMix, a box of one image is pasted into another.
//
// # Usage
//
// A [Sampler] draws a [Mix] for each minibatch. The Mix is then applied to
// everything that belongs to the rows of the minibatch: inputs, hidden activations,
// targets, the loss, the accuracy. All of them take the same draw, so they cannot
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
// A Mix is a sparse matrix W. Row i of W has the weight λ in the column of the row
// itself, and 1-λ in the column of its partner. Mixed inputs are W·X, mixed one-hot
// labels are W·Y ([Mix.OneHotTo]), and the gradient of mixed activations goes back
// through Wᵀ ([Mix.BackwardTo]). With more terms in each row, W is the k-way form of
// mixup. With row numbers of a dataset as its indices ([Mix.Select]), it gathers the
// minibatch while it mixes.
//
// For CutMix, a [CutSampler] draws a [Cut]: a box for each image, and a Mix for the
// labels.
//
// A Sampler chooses partners at random. To choose them in another way, fill a slice
// of partners by [Flip], [SameClass], [Nearest] or another such function, and draw the
// weights by [Sampler.SamplePairs].
//
// # Lambda and other conventions
//
// λ is always the weight of the row itself, and 1-λ that of its partner, as in
// the paper. A minibatch is a flat row-major slice of n rows, and the number of values
// in a row is an argument. Labels belong to source rows, which are the rows before
// mixing. Losses are means over the mixed rows.
//
// Methods whose names end in To write to their first argument, which must not overlap
// the others in part. Apply works in place, and is bit-identical to ApplyTo. All of
// them panic before they write anything if lengths, labels, indices or weights do not
// fit. For values that come from outside the program, the Validate methods report the
// same findings as errors.
//
// # Reproducibility
//
// A seed gives the same draws on every architecture, with every version of Go and of
// this library: what a seed draws is frozen and changes only with a major version.
// Sources of random bits are those of math/rand/v2. A [Stream] makes the draws a
// function of seed, rank and training step.
//
// A Mix gives the same bits on every architecture as well. Each product and each sum
// of a mixed row is rounded to float32, as PyTorch does it.
//
// Draws of λ are exact for every α. See [Beta] and [Dirichlet].
//
// # Performance
//
// Mixing in place reads and writes each value of the minibatch once, which takes less
// time than to copy a large minibatch. To mix a float32 minibatch of another package
// without a copy, pass its memory as a slice.
//
// After the largest minibatch has been seen, drawing, mixing, targets and losses
// allocate nothing. Losses, and products on several goroutines, keep their memory in
// pools, which the garbage collector may empty. [SameClass], [OtherClass], [NearTarget]
// and [Nearest] allocate what their comments say.
//
// Minibatches of 32 MiB and more are mixed by up to GOMAXPROCS goroutines, and smaller
// ones by the caller's own. A loss uses one goroutine for each 65536 logits, at most
// GOMAXPROCS, and the caller's own below 131072 logits. [Nearest] uses several
// goroutines as well. All calls that run at the same time share GOMAXPROCS-1 goroutines
// beside those of their callers. A program that prepares minibatches on every core
// therefore does not start GOMAXPROCS goroutines for each minibatch. No bit of any
// result depends on the number of goroutines.
//
// # Build tags
//
// There is assembly for amd64 (AVX2 and AVX-512) and arm64 (NEON), chosen when the
// program starts by what the processor has. Other architectures run Go code, which
// gives the same bits. The build tag purego selects the Go code everywhere. So does
// the tag race, which go build -race sets, because the race detector does not see
// what assembly reads and writes.
package mixup

import (
	"fmt"

	"github.com/seed-7466c776/mixup/internal/alias"
	"github.com/seed-7466c776/mixup/internal/f32"
	"github.com/seed-7466c776/mixup/internal/rows"
)

// A Mix is one draw of mixup: a sparse row-stochastic matrix W with K entries
// in each of its N rows. Row i of the mixed minibatch is
//
//	Σₖ Weight[i*K+k] · x[Index[i*K+k]]    for k = 0, …, K-1
//
// What a Mix does to inputs, targets, gradients and losses is always a multiplication
// by W or by its transpose. For pairwise mixup, K is 2, Index[2*i] is i, Index[2*i+1] is
// the partner of row i, and Weight holds λ and 1-λ.
//
// A [Sampler] fills a Mix. The caller may also fill it by hand, by [Mix.SetPairs] or
// field by field. The zero Mix has no rows.
//
// A Mix keeps scratch memory, so that its methods allocate nothing once they have seen
// the largest minibatch. A Sampler that fills it reuses the memory of Index and Weight
// up to their capacity. The scratch memory never refers to the values that were mixed.
//
// Methods that change a Mix or use its scratch memory must not run concurrently with
// anything else that uses the Mix. These are Apply, ApplyBytesTo, BackwardTo, ApplyTo
// and [Blend] if dst is src, Identity, SetPairs, Select, and everything else that fills
// the Mix. The other methods may run concurrently with each other. A Mix that is copied
// by assignment shares all its memory with the copy; see [Mix.Clone].
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
// In all other rows, a zero weight times Inf or NaN is NaN.
//
// If x is part of the training set itself and not a copy, then Apply changes the
// training set, and every epoch mixes again what the epoch before has mixed. To mix
// rows of a dataset without changing it, use [Mix.Select] and ApplyTo.
//
// Apply panics, before it writes, if len(x) is not Len*dim, if dim is less than
// 1, or if an index or weight is invalid.
func (m *Mix) Apply(x []float32, dim int) {
	m.shape("x", len(x), "x", len(x), dim)
	m.matrix().Mul(x, dim, &m.rows)
}

// ApplyTo mixes rows of src into dst: dst ← W·src. dst holds Len rows of dim
// values, and src any number of rows of dim values. src may be the minibatch, two
// minibatches one after the other, or a dataset whose row numbers m has got from
// [Mix.Select].
//
// The arithmetic is that of [Mix.Apply]. If dst is src itself, ApplyTo is Apply.
// ApplyTo panics, before it writes, if len(dst) is not Len*dim, if
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

// BackwardTo is the gradient of [Mix.ApplyTo]: dsrc ← Wᵀ·ddst. ddst holds the gradient
// of a loss with respect to the Len mixed rows of dim values, and dsrc receives its
// gradient with respect to the source rows. Source rows that no row was mixed from get
// 0. The terms of a source row are added in the order of the mixed rows they come from.
//
// dsrc may be ddst itself. BackwardTo panics, before it writes, if len(ddst) is
// not Len*dim, if len(dsrc) is not a multiple of dim, if an index or weight is
// invalid, or if dsrc overlaps ddst in part.
func (m *Mix) BackwardTo(dsrc, ddst []float32, dim int) {
	m.shape("ddst", len(ddst), "dsrc", len(dsrc), dim)
	must(disjointOrSame("dsrc", dsrc, "ddst", ddst))
	m.matrix().MulTransposedTo(dsrc, ddst, dim, &m.rows)
}

// DenseTo writes W itself to dst, which holds Len rows of sources values. The weight of
// source row j in row i is written to dst[i*sources+j]. Any framework that multiplies
// matrices can mix by a product with W, and differentiate through it.
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
	f32.Clear(dst)
	for p, j := range m.Index {
		dst[p/m.K*sources+j] += m.Weight[p]
	}
}

// Select replaces the source rows of m: every index j becomes rows[j]. Use it to mix
// rows of a dataset. Draw a Mix for the n rows of a minibatch, and let rows hold their
// row numbers in the dataset. After Select, [Mix.ApplyTo] gathers and mixes rows of the
// dataset, and methods that take labels need those of the whole dataset.
//
// Select panics, before it writes, if an index is not less than len(rows), if
// the row it selects is negative, if a weight is invalid, or if rows overlaps m.Index.
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
