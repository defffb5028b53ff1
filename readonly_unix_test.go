//go:build unix

package mixup

import (
	"fmt"
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
