// Package random draws the random numbers of the samplers. Each is a function of the
// bits of its source alone, and the same on every architecture and in every release.
//
// If a function is inlined, the compiler may fuse a product in it with a sum outside it,
// even in another package, and whether it inlines may depend on a profile. Arguments and
// results are therefore rounded by explicit conversions, as in package portable.
package random

import (
	"math/bits"
	"math/rand/v2"
)

// Source returns src, or the global source of math/rand/v2 if src is nil or a nil
// *rand.Rand.
func Source(src rand.Source) rand.Source {
	if src == nil {
		return global{}
	}
	if r, ok := src.(*rand.Rand); ok && r == nil {
		return global{}
	}
	return src
}

// global is the global source of math/rand/v2.
type global struct{}

func (global) Uint64() uint64 { return rand.Uint64() }

// Uniform returns a uniform number in [0, 1), a multiple of 2⁻⁵³.
func Uniform(src rand.Source) float64 {
	return float64(float64(int64(src.Uint64()>>11)) * 0x1p-53)
}

// Below returns a uniform integer in [0, n), for n > 0.
func Below(n int, src rand.Source) int {
	// Lemire, "Fast random integer generation in an interval", ACM TOMACS 29,
	// 2019: the result is the high half of a random word times n. It is exactly
	// uniform if products whose low half is below 2⁶⁴ mod n are rejected.
	count := uint64(uint(n)) // MaxInt+1 overflows to an int whose uint it is
	hi, lo := bits.Mul64(src.Uint64(), count)
	if lo < count {
		for reject := -count % count; lo < reject; {
			hi, lo = bits.Mul64(src.Uint64(), count)
		}
	}
	return int(hi)
}
