package mixup

import (
	"math/rand/v2"
	"testing"

	"github.com/seed-7466c776/mixup/internal/random/randomtest"
)

// sources are sources of every kind that a caller may have.
var sources = append(randomtest.Sources, randomtest.NamedSource{
	Name: "Stream", New: func() rand.Source { return NewStream(1, 2) },
})

// fewer returns n, or a tenth of it in short mode.
func fewer(n int) int { return randomtest.Fewer(n) }

// wantShare checks that an event of probability p happened count times of n.
func wantShare(t *testing.T, what string, count, n int, p float64) {
	t.Helper()
	randomtest.Share(t, what, count, n, p)
}

// wantUniform checks that the counts are uniform over cells.
func wantUniform[K comparable](t *testing.T, what string, count map[K]int, cells int) {
	t.Helper()
	randomtest.Uniform(t, what, count, cells)
}

// A countingSource counts the words drawn from it.
type countingSource struct {
	rand.Source
	drawn int
}

func (c *countingSource) Uint64() uint64 {
	c.drawn++
	return c.Source.Uint64()
}
