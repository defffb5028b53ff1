// Package randomtest checks draws against the distributions they should have.
//
// Thresholds are such that a correct sampler would fail a check at most once in
// 10⁸ runs if its seed were not fixed.
package randomtest

import (
	"encoding/binary"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"sort"
	"strconv"
	"testing"

	//lint:ignore SA1019 callers may still have its sources
	xrand "golang.org/x/exp/rand"
	"gonum.org/v1/gonum/stat/distuv"
)

// A Script is a source of given words. It panics after the last one.
type Script []uint64

// Uint64 returns the next word.
func (s *Script) Uint64() uint64 {
	u := (*s)[0]
	*s = (*s)[1:]
	return u
}

// A NamedSource makes sources of one kind.
type NamedSource struct {
	Name string
	New  func() rand.Source
}

// Seeded reports whether all sources of this kind return the same words.
func (s NamedSource) Seeded() bool { return s.Name != "nil" && s.Name != "nil Rand" }

// Sources are sources of every kind that a caller may have.
var Sources = []NamedSource{
	{"nil", func() rand.Source { return nil }},
	{"PCG", func() rand.Source { return rand.NewPCG(1, 2) }},
	{"ChaCha8", func() rand.Source { return rand.NewChaCha8([32]byte{1, 2}) }},
	{"Rand", func() rand.Source { return rand.New(rand.NewPCG(1, 2)) }},
	{"nil Rand", func() rand.Source { return (*rand.Rand)(nil) }},
	{"exp/Source", func() rand.Source { return xrand.NewSource(1) }},
	{"exp/Rand", func() rand.Source { return xrand.New(xrand.NewSource(1)) }},
	{"exp/PCGSource", func() rand.Source { s := new(xrand.PCGSource); s.Seed(1); return s }},
	{"exp/LockedSource", func() rand.Source { s := new(xrand.LockedSource); s.Seed(1); return s }},
}

// Fewer returns n, or a tenth of it in short mode.
func Fewer(n int) int {
	if testing.Short() {
		return n / 10
	}
	return n
}

// Draws returns n draws.
func Draws(n int, draw func() float64) []float64 {
	d := make([]float64, n)
	for i := range d {
		d[i] = draw()
	}
	return d
}

// Digest returns a hash of the bits of n draws.
func Digest(n int, draw func() float64) uint64 {
	h := fnv.New64a()
	var b [8]byte
	for range n {
		binary.LittleEndian.PutUint64(b[:], math.Float64bits(draw()))
		h.Write(b[:])
	}
	return h.Sum64()
}

// Share checks that count is a likely number of events of probability p in n trials. By
// Bernstein's inequality, a false alarm has a probability below 10⁻⁹ for all n and p.
func Share(t *testing.T, what string, count, n int, p float64) {
	t.Helper()
	const log = 21.5 // -ln(½·10⁻⁹) is 21.42
	variance := float64(n) * p * (1 - p)
	limit := log/3 + math.Sqrt(log*log/9+2*log*variance)
	if want := float64(n) * p; !(math.Abs(float64(count)-want) <= limit) {
		t.Errorf("%s: %d of %d, want %.1f ± %.1f", what, count, n, want, limit)
	}
}

// Uniform checks that the counts are uniform over cells by a χ² test with a
// probability of 10⁻⁸ of a false alarm.
func Uniform[K comparable](t *testing.T, what string, count map[K]int, cells int) {
	t.Helper()
	var total, chi2 float64
	for _, c := range count {
		total += float64(c)
	}
	mean := total / float64(cells)
	for _, c := range count {
		chi2 += (float64(c) - mean) * (float64(c) - mean) / mean
	}
	chi2 += mean * float64(cells-len(count)) // the empty cells
	if p := (distuv.ChiSquared{K: float64(cells - 1)}).Survival(chi2); p < 1e-8 || len(count) > cells {
		t.Errorf("%s: %d of %d cells, χ² = %.1f, p = %.2g", what, len(count), cells, chi2, p)
	}
}

// CDF checks the distribution of draws at the points x, which must increase.
func CDF(t *testing.T, draws, x []float64, cdf func(x float64) float64) {
	t.Helper()
	if !sort.Float64sAreSorted(x) {
		t.Fatalf("the points are not in order: %v", x)
	}
	count := make([]int, len(x)+1)
	for i, d := range draws {
		if d != d {
			t.Fatalf("draw %d is NaN", i)
		}
		count[sort.SearchFloat64s(x, d)]++
	}
	sum := 0
	for i, x := range x {
		sum += count[i]
		p := cdf(x)
		if !(p >= 0 && p <= 1) {
			t.Fatalf("the reference CDF(%v) = %v", x, p)
		}
		Share(t, "draws up to "+strconv.FormatFloat(x, 'g', -1, 64), sum, len(draws), p)
	}
}

// Mean checks that the mean of f over the draws is within 6.5 standard errors of
// want. A false alarm has a probability of 10⁻¹⁰.
func Mean(t *testing.T, what string, draws []float64, f func(x float64) float64, want float64) {
	t.Helper()
	var sum, squares float64
	for _, x := range draws {
		d := f(x) - want
		sum += d
		squares += d * d
	}
	n := float64(len(draws))
	if limit := 6.5 * math.Sqrt(squares) / n; !(math.Abs(sum/n) <= limit) {
		t.Errorf("mean of %s is %v, want %v ± %v", what, want+sum/n, want, limit)
	}
}
