// Drawing a Mix: λ, and the partners of the rows.

package mixup

import (
	"fmt"
	"math/rand/v2"

	"github.com/seed-7466c776/mixup/internal/random"
)

// A Sampler draws the randomness of mixup, a [Mix], for one minibatch at a time.
// The zero Sampler leaves minibatches as they are: W = I, empirical risk
// minimisation.
//
// The draws are exact for every Alpha. With a seeded Src they are the same bits
// on every machine. Drawing does not change a Sampler. A Sampler may be used
// concurrently, with a Mix for each goroutine, if its Src and Lambda may.
type Sampler struct {
	// Alpha is the parameter of the Beta(α,α) distribution of λ, or for K > 2
	// of the Dirichlet(α,…,α) distribution of the weights. +Inf means weights of
	// 1/K. 0 means no mixing: PerSample, Fold and Skip then have no effect, so that
	// a search over α can begin at 0.
	Alpha float64

	// Lambda, if not nil, draws λ in place of Beta(Alpha, Alpha): any
	// distribution of gonum's distuv, or a [Beta] with two parameters. It draws
	// numbers in [0, 1] from its own source. Alpha must then be 0, and K 0 or 2.
	Lambda interface{ Rand() float64 }

	// K is the number of terms per row: how many samples are mixed into one.
	// 0 means 2. With K = 1 nothing is mixed, and Alpha, PerSample, Fold and Skip
	// must be zero.
	K int

	// PerSample draws weights for each row. Otherwise all rows of a minibatch have
	// the same weights.
	PerSample bool

	// Fold gives the row itself the largest of its weights: λ ← max(λ, 1-λ). Weights
	// that are equal, as for an Alpha of +Inf, stay as they are.
	Fold bool

	// Skip is the probability that the minibatch, or with PerSample the row,
	// is left unmixed.
	Skip float64

	// Src is the source of random bits for weights and partners. nil means the
	// global source of math/rand/v2, which is not seeded but safe for concurrent
	// use. A Sampler that needs no random bits, because it mixes nothing or because
	// Lambda draws λ for given partners, does not read from it.
	Src rand.Source
}

// Validate reports what is wrong with the fields of s. Sample and SamplePairs
// panic with the same finding.
func (s *Sampler) Validate() error {
	switch {
	case !(s.Alpha >= 0):
		return fmt.Errorf("mixup: Sampler: Alpha = %v, want ≥ 0", s.Alpha)
	case s.K < 0:
		return fmt.Errorf("mixup: Sampler: K = %d, want ≥ 0", s.K)
	case !(0 <= s.Skip && s.Skip <= 1):
		return fmt.Errorf("mixup: Sampler: Skip = %v, want a probability", s.Skip)
	case s.Lambda != nil && s.Alpha != 0:
		return fmt.Errorf("mixup: Sampler: Alpha = %v beside Lambda, want one of them", s.Alpha)
	case s.Lambda != nil && s.terms() != 2:
		return fmt.Errorf("mixup: Sampler: K = %d beside Lambda, want 0 or 2", s.K)
	case s.K == 1 && (s.Alpha != 0 || s.PerSample || s.Fold || s.Skip != 0):
		return fmt.Errorf("mixup: Sampler: K = 1 mixes nothing, want no Alpha, PerSample, Fold or Skip beside it")
	}
	return nil
}

// Sample draws into m for a minibatch of n rows. The first term of row i is row
// i itself. The others are what K-1 independent uniform permutations of the rows
// take i to. If the whole minibatch is left unmixed, they are row i too.
//
// Sample allocates nothing once m has held as many rows. It panics, before it
// writes, if s is invalid, if n is negative, or if Lambda draws a number outside
// [0, 1].
func (s *Sampler) Sample(m *Mix, n int) {
	must(s.Validate())
	if n < 0 {
		panic(fmt.Sprintf("mixup: Sample of n = %d rows, want ≥ 0", n))
	}
	mixed := s.draw(m, n)
	m.permute(mixed, random.Source(s.Src))
}

// SamplePairs draws the weights for given partners. For pairs, partner[i] is the
// partner of row i. In general row i has K-1 partners, partner[i*(K-1)] to
// partner[(i+1)*(K-1)-1]. [Permute], [Nearest] and the other pairings fill in
// partners.
//
// A partner may be any source row. With a second minibatch of n rows behind the
// first, partner[i] = n+i mixes the two by [Mix.ApplyTo].
//
// SamplePairs allocates nothing once m has held as many rows. It panics, before it
// writes, if s is invalid, if K is 1, if len(partner) is not a multiple of K-1, if a
// partner is negative, if partner is memory that m.Index is written to, or if Lambda
// draws a number outside [0, 1].
func (s *Sampler) SamplePairs(m *Mix, partner []int) {
	must(s.Validate())
	n := m.pairsOf(partner, s.terms())
	s.draw(m, n)
	m.pair(partner)
}

// terms returns K.
func (s *Sampler) terms() int {
	if s.K == 0 {
		return 2
	}
	return s.K
}

// draw makes m a draw of n rows and draws its weights, but not its indices. It reports
// whether there is anything to mix.
func (s *Sampler) draw(m *Mix, n int) (mixed bool) {
	k := s.terms()
	rows := min(n, 1) // to draw for
	if s.PerSample {
		rows = n
	}
	m.exact = resize(m.exact, rows*k)
	weight := m.exact
	src := random.Source(s.Src)
	for i := range rows {
		if s.drawRow(weight[i*k:(i+1)*k], src) {
			mixed = true
		}
	}
	m.weigh(weight, n, k)
	return mixed
}

// drawRow draws the weights of a row. It reports false if the row is left unmixed
// with certainty or by chance.
func (s *Sampler) drawRow(weight []float64, src rand.Source) bool {
	k := len(weight)
	mixes := k > 1 && (s.Alpha > 0 || s.Lambda != nil)
	if mixes && s.Skip > 0 {
		mixes = random.Uniform(src) >= s.Skip
	}
	if !mixes {
		clear(weight)
		weight[0] = 1
		return false
	}
	if k == 2 {
		lambda := s.lambda(src)
		if s.Fold {
			lambda = max(lambda, 1-lambda)
		}
		weight[0], weight[1] = lambda, 1-lambda
		return true
	}
	for i := range weight {
		weight[i] = s.Alpha
	}
	random.Dirichlet(weight, src)
	if s.Fold {
		largest := 0
		for i, w := range weight {
			if w > weight[largest] {
				largest = i
			}
		}
		weight[0], weight[largest] = weight[largest], weight[0]
	}
	return true
}

// lambda draws λ.
func (s *Sampler) lambda(src rand.Source) float64 {
	if s.Lambda == nil {
		return random.Beta(s.Alpha, s.Alpha, src)
	}
	lambda := s.Lambda.Rand()
	if !(0 <= lambda && lambda <= 1) {
		panic(fmt.Sprintf("mixup: Sampler: Lambda drew %v, want a number in [0, 1]", lambda))
	}
	return lambda
}

// weigh makes m a draw of n rows of k terms, without indices yet. It has the
// weights of exact, over and over.
func (m *Mix) weigh(exact []float64, n, k int) {
	m.resize(n, k)
	weight := m.Weight
	filled := len(exact)
	if len(exact) == 2 { // one λ for all rows: for few rows, a loop is faster than copy
		own, other := float32(exact[0]), float32(exact[1])
		filled = min(len(weight), 2*16)
		for p := 1; p < filled; p += 2 {
			weight[p-1], weight[p] = own, other
		}
	} else {
		for p, w := range exact {
			weight[p] = float32(w)
		}
	}
	for filled < len(weight) { // the other rows have the same weights
		filled += copy(weight[filled:], weight[:filled])
	}
}

// permute gives row i itself and what K-1 permutations take it to: uniform ones,
// or if nothing is mixed those that take it to itself.
func (m *Mix) permute(mixed bool, src rand.Source) {
	k := m.K
	if k == 1 {
		random.Ascend(m.Index)
		return
	}
	m.perm = resize(m.perm, m.Len())
	perm := m.perm
	for t := 1; t < k; t++ {
		if mixed {
			random.Permute(perm, src)
		} else {
			random.Ascend(perm)
		}
		index, p := m.Index, 0
		for i, j := range perm {
			index[p+t] = j
			index[p] = i
			p += k
		}
	}
}

// pair gives row i itself and its K-1 partners.
func (m *Mix) pair(partner []int) {
	k := m.K
	for i := range m.Len() {
		m.Index[i*k] = i
		copy(m.Index[i*k+1:(i+1)*k], partner[i*(k-1):])
	}
}
