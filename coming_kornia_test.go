package mixup_test

// The code of docs/coming-from.md for Kornia.

import (
	"image"
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/seed-7466c776/mixup"
)

func TestComingFromKornia(t *testing.T) {
	x, _, img, _, src, r := minibatch()
	var m mixup.Mix
	var c mixup.Cut

	t.Run("mixup", func(t *testing.T) {
		p := 0.9

		lo, hi := 0.1, 0.4 // lambda_val, of the partner
		s := mixup.Sampler{
			Lambda:    distuv.Uniform{Min: 1 - hi, Max: 1 - lo, Src: src},
			PerSample: true, // not same_on_batch
			Src:       src,
		}
		if r.Float64() >= p { // for the minibatch
			s = mixup.Sampler{}
		}
		s.Sample(&m, n)
		m.Apply(x, dim)

		for i := range n {
			if l := m.Lambda(i); l < 0.6 || l > 0.9 && l != 1 {
				t.Errorf("λ = %v, want it in [0.6, 0.9] or 1", l)
			}
		}
	})

	t.Run("cutmix", func(t *testing.T) {
		s := mixup.CutSampler{Image: img, Alpha: 1, Inside: true, PerSample: true, Src: src}
		s.Sample(&c, n)
		c.Apply(x)

		if err := c.Validate(n); err != nil {
			t.Error(err)
		}
	})

	t.Run("cut_size", func(t *testing.T) {
		lo, hi := 0.2, 0.8 // cut_size
		lambda := min(max(mixup.Beta{Alpha: 1, Beta: 1, Src: src}.Rand(), lo), hi)
		h := int(float64(img.Height) * math.Sqrt(1-lambda))
		w := int(float64(img.Width) * math.Sqrt(1-lambda))
		top, left := r.IntN(img.Height-h+1), r.IntN(img.Width-w+1)
		b := image.Rect(left, top, left+w, top+h)

		if area(b) < 1*2 || area(b) > 3*4 || b.Max.Y > 4 || b.Max.X > 5 {
			t.Errorf("box %v", b)
		}
	})
}
