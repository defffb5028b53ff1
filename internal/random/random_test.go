package random

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/seed-7466c776/mixup/internal/random/randomtest"
)

func TestUniformEnds(t *testing.T) {
	for _, test := range []struct {
		bits uint64
		want float64
	}{
		{0, 0},
		{1<<11 - 1, 0},
		{1 << 11, 0x1p-53},
		{1 << 63, 0.5},
		{math.MaxUint64, 1 - 0x1p-53},
	} {
		if got := Uniform(&randomtest.Script{test.bits}); got != test.want {
			t.Errorf("uniform of bits %#x is %v, want %v", test.bits, got, test.want)
		}
	}
}

// The words that below rejects are those that would favour some numbers: words w
// for which n·w mod 2⁶⁴ < 2⁶⁴ mod n.
func TestBelow(t *testing.T) {
	const third = math.MaxUint64 / 3 // 3·third = 2⁶⁴ - 1
	for _, test := range []struct {
		n        int
		word     uint64
		want     int
		rejected bool
	}{
		{1, 0, 0, false},
		{1, math.MaxUint64, 0, false},
		{2, 0, 0, false},
		{2, 1 << 63, 1, false},
		{3, 0, 0, true},
		{3, 1, 0, false},
		{3, third, 0, false},
		{3, third + 1, 1, false},
		{3, math.MaxUint64, 2, false},
		{math.MaxInt, math.MaxUint64, math.MaxInt - 1, false},
	} {
		src := randomtest.Script{test.word, 1 << 32}
		got := Below(test.n, &src)
		if rejected := len(src) == 0; rejected != test.rejected || !rejected && got != test.want {
			t.Errorf("below %d, word %#x: %d, rejected = %v, want %d, %v", test.n, test.word, got, rejected, test.want, test.rejected)
		}
	}
	r := rand.NewPCG(1, 2)
	for _, n := range []int{2, 3, 10, 257} {
		count := map[int]int{}
		for range randomtest.Fewer(1000 * n) {
			count[Below(n, r)]++
		}
		randomtest.Uniform(t, fmt.Sprintf("below %d", n), count, n)
	}
}

// A nil source of either kind is the global source; others are returned as they
// are.
func TestSource(t *testing.T) {
	for _, source := range randomtest.Sources {
		src := source.New()
		got := Source(src)
		if source.Seeded() == (got == global{}) || source.Seeded() && got != src {
			t.Errorf("Source(%s) is a %T", source.Name, got)
		}
	}
	// The global source is not seeded. Two equal words have a probability of 2⁻⁶⁴.
	src := Source(nil)
	if first, second := src.Uint64(), src.Uint64(); first == second {
		t.Error("the global source repeats a word")
	}
}

// What every kind of source yields has the same distribution.
func TestSources(t *testing.T) {
	for _, source := range randomtest.Sources {
		t.Run(source.Name, func(t *testing.T) {
			src := Source(source.New())
			draws := randomtest.Draws(randomtest.Fewer(20_000), func() float64 { return Beta(0.4, 0.4, src) })
			randomtest.CDF(t, draws, []float64{1e-6, 0.01, 0.25, 0.5, 0.75, 0.99}, func(x float64) float64 { return betaCDF(0.4, 0.4, x) })
		})
	}
}
