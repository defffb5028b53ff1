// Validation: what a Mix and the arguments of methods must be. Methods check it before they
// write anything.

package mixup

import (
	"fmt"
	"math"

	"github.com/seed-7466c776/mixup/internal/alias"
)

// sumTolerance is how far from 1 the sum of a row's weights may be. It allows for
// weights that were computed and normalised in float32.
const sumTolerance = 1e-5

// Validate returns an error that describes the first row of m that is not a convex
// combination of source rows numbered 0 to sources-1. The other methods of Mix panic
// with the same message, or with one that names the label that is missing. They accept
// rows whose weights do not sum to 1.
func (m *Mix) Validate(sources int) error {
	if err := m.wellFormed(); err != nil {
		return err
	}
	sources = max(sources, 0)
	for i := range m.Len() {
		var sum float64
		for p := i * m.K; p < (i+1)*m.K; p++ {
			if !valid(m.Index[p], m.Weight[p], sources) {
				return m.fault(p, sources)
			}
			sum += float64(m.Weight[p])
		}
		if !(math.Abs(sum-1) <= sumTolerance) {
			return fmt.Errorf("mixup: row %d: weights sum to %v, want 1", i, sum)
		}
	}
	return nil
}

// check returns an error unless m is a valid draw from so many source rows. Every
// method calls it before it writes anything. Methods that need Len to compute sources
// call wellFormed first.
func (m *Mix) check(sources int) error {
	if err := m.wellFormed(); err != nil {
		return err
	}
	sources = max(sources, 0)
	weight := m.Weight[:len(m.Index)]
	for p, j := range m.Index {
		if !valid(j, weight[p], sources) {
			return m.fault(p, sources)
		}
	}
	return nil
}

// valid reports whether a term may have this index and weight.
func valid(j int, weight float32, sources int) bool {
	return uint(j) < uint(sources) && weight >= 0 && weight <= math.MaxFloat32
}

// wellFormed returns an error unless m has N rows of K terms.
func (m *Mix) wellFormed() error {
	if len(m.Index) != len(m.Weight) || m.K < 0 || m.K == 0 && len(m.Index) > 0 || m.K > 0 && len(m.Index)%m.K != 0 {
		return fmt.Errorf("mixup: Mix has K = %d, len(Index) = %d, len(Weight) = %d, want N*K of both",
			m.K, len(m.Index), len(m.Weight))
	}
	return nil
}

// shape panics unless the mixed values, given by their name and number, are Len rows
// of dim values, the source values are rows of dim values, and m is a valid draw from
// these rows.
func (m *Mix) shape(mixed string, lenMixed int, source string, lenSource, dim int) {
	must(m.wellFormed())
	must(rowsOf(mixed, lenMixed, m.Len(), dim))
	if lenSource%dim != 0 {
		panic(fmt.Sprintf("mixup: len(%s) = %d, want rows of dim = %d values", source, lenSource, dim))
	}
	must(m.check(lenSource / dim))
}

// rowsOf returns an error unless x, given by its name and length, is n rows of dim
// values.
func rowsOf(x string, length, n, dim int) error {
	if dim < 1 {
		return fmt.Errorf("mixup: dim = %d, want the number of values in a row, ≥ 1", dim)
	}
	// Not by a product, which may overflow.
	if length%dim != 0 || length/dim != n {
		return fmt.Errorf("mixup: len(%s) = %d, want %d rows of dim = %d values", x, length, n, dim)
	}
	return nil
}

// fault says what is wrong with term p.
func (m *Mix) fault(p, sources int) error {
	if j := m.Index[p]; uint(j) >= uint(sources) {
		return fmt.Errorf("mixup: row %d: index %d, want a source row in [0, %d)", p/m.K, j, sources)
	}
	return fmt.Errorf("mixup: row %d: weight %v, want a finite number ≥ 0", p/m.K, m.Weight[p])
}

// disjoint returns an error if a and b, given with their names, share memory.
func disjoint[A, B any](nameA string, a []A, nameB string, b []B) error {
	if alias.Overlap(a, b) {
		return fmt.Errorf("mixup: %s and %s overlap", nameA, nameB)
	}
	return nil
}

// disjointOrSame returns an error if a and b share memory, but are not the same.
func disjointOrSame[T any](nameA string, a []T, nameB string, b []T) error {
	if alias.Same(a, b) {
		return nil
	}
	return disjoint(nameA, a, nameB, b)
}

// must panics with the finding of a check.
func must(err error) {
	if err != nil {
		panic(err.Error())
	}
}
