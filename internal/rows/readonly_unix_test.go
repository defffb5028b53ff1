//go:build unix

package rows

import (
	"fmt"
	"image"
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
					b := Boxes{w, Grid{1, 1, dim, 1}, make([]image.Rectangle, n)}
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
