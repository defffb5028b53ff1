//go:build unix

package rows

import (
	"fmt"
	"image"
	"math/rand/v2"
	"testing"

	"github.com/seed-7466c776/mixup/internal/memtest"
)

// TestUnchangedRowsAreNotWritten has rows that copy themselves in memory that must
// not be written: a write would be a fault.
func TestUnchangedRowsAreNotWritten(t *testing.T) {
	goroutines(t, 3)
	for _, shape := range []struct{ n, dim int }{{1, 1}, {4, 6}, {16, 128}, {40, 300}, {8, 5000}, {3, tile + 1}} {
		n, dim := shape.n, shape.dim
		x, y := memtest.ReadOnly[float32](t, n*dim), memtest.ReadOnly[float64](t, n*dim)
		for k := 1; k <= 5; k++ {
			for _, setting := range settings {
				t.Run(fmt.Sprintf("n=%d/dim=%d/K=%d/%s", n, dim, k, setting.name), func(t *testing.T) {
					w := Matrix{k, make([]int, n*k), make([]float32, n*k)}
					for i := range n {
						for p := range k {
							w.Index[i*k+p] = (i + p) % n // others than itself with weight 0
						}
						w.Weight[i*k] = 1
					}
					b := Boxes{w, Grid{1, 1, dim, 1, false}, make([]image.Rectangle, n)}
					var s Scratch
					w.mul(x, dim, &s, setting.limits)
					w.mulTransposedTo(x, x, dim, &s, setting.limits)
					b.mul(x, &s, setting.limits)
					w.blend(y, dim, &s, setting.limits)
				})
			}
		}
	}
}

// TestUnchangedRowsAmongOthers has such rows beside rows that are mixed, of which some
// follow each other as in a permutation.
func TestUnchangedRowsAmongOthers(t *testing.T) {
	goroutines(t, 3)
	for _, n := range []int{3, 16, 40} {
		for k := 2; k <= 4; k++ {
			for _, setting := range settings {
				t.Run(fmt.Sprintf("n=%d/K=%d/%s", n, k, setting.name), func(t *testing.T) {
					r := rand.New(rand.NewPCG(uint64(n), uint64(k)))
					w := Matrix{k, make([]int, n*k), make([]float32, n*k)}
					perm := r.Perm(n)
					for i := range n {
						for p := range k {
							w.Index[i*k+p], w.Weight[i*k+p] = r.IntN(n), 1/float32(k)
						}
						w.Index[i*k], w.Index[i*k+1] = i, perm[i]
						if i%3 == 1 {
							clear(w.Weight[i*k : (i+1)*k])
							w.Weight[i*k] = 1
						}
					}
					x, dim, protect := memtest.Pages[float32](t, n)
					y, dim64, protect64 := memtest.Pages[float64](t, n)
					for i := range n {
						if i%3 == 1 {
							protect(i)
							protect64(i)
						}
					}
					var s Scratch
					w.mul(x, dim, &s, setting.limits)
					w.blend(y, dim64, &s, setting.limits)
					b := Boxes{w, Grid{1, 2, dim / 2, 1, false}, make([]image.Rectangle, n)}
					b.mul(x, &s, setting.limits)
				})
			}
		}
	}
}
