package f32

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// BenchmarkCycle mixes the rows of a minibatch along the cycles of a random
// permutation, in place: row by row with Mix2, and up to two, three and four rows
// in one pass. It reports their times in units of those of MixPair for pairs of
// rows, next to those of x ← w·x + c.
func BenchmarkCycle(b *testing.B) {
	const tile = 16 << 10 // columns at a time
	w := [8]float32{.25, .75, .25, .75, .25, .75, .25, .75}
	w2, w3 := (*[4]float32)(w[:4]), (*[6]float32)(w[:6])
	for _, s := range []struct{ n, dim int }{{128, 784}, {128, 3072}, {512, 3072}, {64, 150528}, {256, 150528}} {
		b.Run(fmt.Sprintf("n=%d/dim=%d", s.n, s.dim), func(b *testing.B) {
			x := make([]float32, s.n*s.dim)
			for i := range x {
				x[i] = 1
			}
			save := make([]float32, tile)
			cycles := cyclesOf(rand.New(rand.NewPCG(1, 2)).Perm(s.n))
			tiles := func(mix func(row func(i int) []float32)) func() {
				return func() {
					for lo := 0; lo < s.dim; lo += tile {
						n := min(tile, s.dim-lo)
						mix(func(i int) []float32 { return x[i*s.dim+lo:][:n] })
					}
				}
			}
			inPasses := func(most int) func() {
				return tiles(func(row func(i int) []float32) {
					for _, cycle := range cycles {
						m := len(cycle)
						first := row(cycle[0])
						if m > most {
							copy(save, first)
							first = save
						}
						at := func(k int) []float32 {
							if k == m {
								return first
							}
							return row(cycle[k])
						}
						for k := 0; k < m && m > 1; {
							pass := min(most, m-k)
							switch pass {
							case 1:
								Mix2(at(k), at(k), at(k+1), .25, .75)
							case 2:
								MixCycle2(at(k), at(k+1), at(k+2), w2)
							case 3:
								MixCycle3(at(k), at(k+1), at(k+2), at(k+3), w3)
							case 4:
								MixCycle4(at(k), at(k+1), at(k+2), at(k+3), at(k+4), &w)
							}
							k += pass
						}
					}
				})
			}
			inTurn(b, 1+1<<18/len(x), []timed{
				{"pairs", tiles(func(row func(i int) []float32) {
					for i := range s.n / 2 {
						MixPair(row(i), row(s.n-1-i), .25, .75, .25, .75)
					}
				})},
				{"affine", func() { Affine(x, x, .5, .5) }},
				{"rows", inPasses(1)},
				{"twos", inPasses(2)},
				{"threes", inPasses(3)},
				{"fours", inPasses(4)},
			}, 0)
		})
	}
}

// cyclesOf returns the cycles of a permutation.
func cyclesOf(perm []int) (cycles [][]int) {
	seen := make([]bool, len(perm))
	for i := range perm {
		var cycle []int
		for j := i; !seen[j]; j = perm[j] {
			seen[j] = true
			cycle = append(cycle, j)
		}
		if cycle != nil {
			cycles = append(cycles, cycle)
		}
	}
	return cycles
}
