package mixup_test

// The code of docs/coming-from.md for Keras.

import (
	"image"
	"testing"

	"github.com/seed-7466c776/mixup"
)

func TestComingFromKeras(t *testing.T) {
	x, _, img, _, src, r := minibatch()
	var m mixup.Mix
	var c mixup.Cut

	t.Run("mixup", func(t *testing.T) {
		s := mixup.Sampler{Alpha: 0.2, PerSample: true, Src: src}
		s.Sample(&m, n)
		m.Apply(x, dim)

		if m.Lambda(0) == m.Lambda(1) {
			t.Errorf("two rows with the same λ")
		}
	})

	t.Run("cutmix", func(t *testing.T) {
		lo, hi := 0.0, 1.0 // factor
		s := mixup.CutSampler{Image: img, Inside: true, Uncorrected: true, PerSample: true, Src: src}
		s.Alpha = lo + (hi-lo)*r.Float64() + 1e-6
		s.Sample(&c, n)
		c.Apply(x)

		if err := c.Validate(n); err != nil {
			t.Error(err)
		}
	})

	t.Run("masks", func(t *testing.T) {
		masks := make([]uint16, n*4*5) // one channel
		for p := range masks {
			masks[p] = uint16(p)
		}
		mixed := make([]uint16, len(masks))
		mixup.Paste(&c, mixed, masks, 1)

		for p, got := range mixed {
			i, y, x := p/20, p%20/5, p%5
			j, b := i, c.Box[i]
			if image.Pt(x, y).In(b) {
				j = c.Labels.Partner(i)
			}
			if want := masks[j*20+p%20]; got != want {
				t.Errorf("row %d, pixel (%d, %d) is %d, want %d", i, y, x, got, want)
			}
		}
	})
}
