// Drawing a Mix: λ, and the partners of the rows.

package mixup

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/seed-7466c776/mixup/internal/random"
)

// A Sampler draws the randomness of mixup, a [Mix], for one minibatch at a time.
// The zero Sampler leaves minibatches as they are (W = I), which is empirical risk
// minimisation.
//
// The draws have the right distribution for every Alpha. A seeded Src gives the same
// draws on every machine. Drawing does not change a Sampler. Several goroutines may draw
// from one Sampler, each into its own Mix, if its Src and its Lambda allow concurrent
// use.
type Sampler struct {
	// Alpha is the parameter α of the distribution of weights: λ ~ Beta(α,α), or
	// for K > 2 weights ~ Dirichlet(α,…,α). +Inf means weights of 1/K. 0 means no
	// mixing: PerSample, Fold and Skip then have no effect, so that a search over α
	// can begin at 0.
	Alpha float64

	// Lambda, if not nil, draws λ instead of Beta(Alpha, Alpha). It may be any
	// distribution of gonum's distuv, or a [Beta] with two different parameters. It
	// must draw numbers in [0, 1], and it draws them from its own source. Alpha must
	// then be 0, and K must be 0 or 2.
	Lambda interface{ Rand() float64 }

	// K is the number of terms per row, which is how many samples are mixed into
	// one. 0 means 2. With K = 1 nothing is mixed, and Alpha, PerSample, Fold and
	// Skip must be zero.
	K int

	// PerSample draws weights for each row. Otherwise all rows of a minibatch have
	// the same weights.
	PerSample bool

	// Fold gives the largest weight of a row to the row itself: λ ← max(λ, 1-λ).
	Fold bool

	// Skip is the probability that the minibatch, or with PerSample the row,
	// is left unmixed.
	Skip float64

	// Src is the source of random bits for weights and partners. nil means the
	// global source of math/rand/v2, which cannot be seeded but is safe for
	// concurrent use. Src is read only if random bits are needed. None are, for example,
	// if neither Alpha nor Lambda is set, or if Lambda draws λ for given partners and
	// Skip is 0.
	Src rand.Source
}

// Validate returns an error that says what is wrong with the fields of s, or nil.
// Sample and SamplePairs panic with the same message.
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

// Sample draws a Mix for a minibatch of n rows into m. The first term of row i is row i
// itself. Its K-1 partners come from K-1 independent uniform permutations of the rows:
// partner k is the row that permutation k maps i to. If the whole minibatch is left
// unmixed, all terms of row i are row i.
//
// Sample allocates nothing once m has held as many rows. It panics, before it
// writes, if s is invalid, if n is negative or n·K is not an int, or if Lambda draws a
// number outside [0, 1].
func (s *Sampler) Sample(m *Mix, n int) {
	must(s.Validate())
	must(checkSize(n, s.terms()))
	mixed := s.draw(m, n)
	m.permute(mixed, random.Source(s.Src))
}

// SamplePairs draws only the weights, for given partners. For pairs, partner[i] is the
// partner of row i. In general, row i has K-1 partners, partner[i*(K-1)] to
// partner[(i+1)*(K-1)-1]. [Permute], [Nearest] and the other pairings fill a slice with
// partners.
//
// A partner may be any source row. To mix two minibatches of n rows, let the second one
// follow the first in the source of [Mix.ApplyTo], and let partner[i] be n+i.
//
// SamplePairs allocates nothing once m has held as many rows. It panics, before it
// writes, if s is invalid, if K is 1, if len(partner) is not a multiple of K-1, if a
// partner is negative, if partner shares memory with m.Index, or if Lambda draws a
// number outside [0, 1].
func (s *Sampler) SamplePairs(m *Mix, partner []int) {
	must(s.Validate())
	n := m.pairsOf(partner, s.terms())
	s.draw(m, n)
	m.pair(partner)
}

// checkSize returns an error unless n rows of k terms can be drawn.
func checkSize(n, k int) error {
	if n < 0 {
		return fmt.Errorf("mixup: Sample of n = %d rows, want ≥ 0", n)
	}
	if n > math.MaxInt/k {
		return fmt.Errorf("mixup: Sample of n = %d rows with K = %d, want a number of terms that is an int", n, k)
	}
	return nil
}

// terms returns K.
func (s *Sampler) terms() int {
	if s.K == 0 {
		return 2
	}
	return s.K
}

// draw resizes m to n rows and draws its weights, but not its indices. It reports
// whether any row is to be mixed.
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

// drawRow draws the weights of a row. It reports whether the row is to be mixed.
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

// weigh resizes m to n rows of k terms and sets its weights, but not its indices. The
// weights are those in exact, repeated until all rows have theirs.
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

// permute sets the indices of row i: i itself, and what K-1 uniform permutations map i
// to. If nothing is mixed, all of them are i.
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

// pair sets the indices of row i: i itself and its K-1 partners.
func (m *Mix) pair(partner []int) {
	k := m.K
	for i := range m.Len() {
		m.Index[i*k] = i
		copy(m.Index[i*k+1:(i+1)*k], partner[i*(k-1):])
	}
}
