//go:build unix

package mixup

import (
	"fmt"
	"image"
	"math/rand/v2"
	"testing"

	"github.com/seed-7466c776/mixup/internal/memtest"
)

// W = I works on memory that must not be written, for every size and K.
func TestUnmixedRowsAreNotWritten(t *testing.T) {
	for _, s := range []struct {
		n     int
		image Image
	}{{1, Image{1, 1, 1, NCHW}}, {16, Image{3, 4, 5, NCHW}}, {64, Image{3, 32, 32, NHWC}}, {3, Image{3, 90, 80, NCHW}}} {
		dim := s.image.dim()
		x, y := memtest.ReadOnly[float32](t, s.n*dim), memtest.ReadOnly[float64](t, s.n*dim)
		for k := 1; k <= 4; k++ {
			t.Run(fmt.Sprintf("n=%d/%v/K=%d", s.n, s.image, k), func(t *testing.T) {
				c := Cut{Image: s.image}
				c.Identity(s.n)
				(&Sampler{K: k}).Sample(&c.Labels, s.n)
				c.Labels = *c.Labels.Clone() // filled in by hand, as far as the boxes are concerned
				m := &c.Labels
				if m.K != k {
					t.Fatalf("K = %d, want %d", m.K, k)
				}
				m.Apply(x, dim)
				m.ApplyTo(x, x, dim)
				m.BackwardTo(x, x, dim)
				Blend(m, x, x, dim)
				Blend(m, y, y, dim)
				c.Apply(x)
				c.ApplyTo(x, x)
			})
		}
	}
}

// Rows that are copies of themselves are not written beside rows that are mixed.
func TestUnmixedRowsAmongOthersAreNotWritten(t *testing.T) {
	for _, n := range []int{2, 9, 64, 300} {
		for k := 2; k <= 4; k++ {
			t.Run(fmt.Sprintf("n=%d/K=%d", n, k), func(t *testing.T) {
				r := rand.New(rand.NewPCG(uint64(n), uint64(k)))
				m := Mix{K: k}
				anyTerms(&m, n, k, r)
				unmixed := make([]bool, n)
				for i := range n {
					m.Index[i*k] = i
					if unmixed[i] = i%2 == n/2%2 || r.IntN(4) == 0; unmixed[i] {
						clear(m.Weight[i*k : (i+1)*k])
						m.Weight[i*k] = 1
					}
				}
				x, dim := protected[float32](t, unmixed)
				m.Apply(x, dim)
				y, dim64 := protected[float64](t, unmixed)
				Blend(&m, y, y, dim64)

				c := Cut{Labels: m, Image: Image{1, 4, dim / 4, NCHW}, Box: make([]image.Rectangle, n)}
				for i := range n {
					if !unmixed[i] && i%3 > 0 {
						clear(c.Labels.Weight[i*k+2 : (i+1)*k])
						c.Box[i] = image.Rect(1, 1, 1+r.IntN(dim/4), 3)
					}
				}
				x, _ = protected[float32](t, unmixed)
				c.Apply(x)
			})
		}
	}
}

// protected returns rows of a page each, of which some must not be written.
func protected[T float32 | float64](t *testing.T, rows []bool) (x []T, dim int) {
	x, dim, protect := memtest.Pages[T](t, len(rows))
	for p := range x {
		x[p] = T(p % 17)
	}
	for i, is := range rows {
		if is {
			protect(i)
		}
	}
	return x, dim
}
