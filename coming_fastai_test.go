package mixup_test

// The code of docs/coming-from.md for fastai.

import (
	"image"
	"math"
	"testing"

	"github.com/seed-7466c776/mixup"
)

func TestComingFromFastai(t *testing.T) {
	x, labels, img, partner, src, r := minibatch()
	logits, grad := net(x)
	var ce mixup.CrossEntropy
	var m mixup.Mix
	var c mixup.Cut

	t.Run("mixup", func(t *testing.T) {
		s := mixup.Sampler{Alpha: 0.4, PerSample: true, Fold: true, Src: src}
		s.Sample(&m, n)
		m.Apply(x, dim)
		loss := ce.Mixed(grad, logits, &m, labels, classes)

		if !(loss > 0) || m.Lambda(0) < 0.5 {
			t.Errorf("loss %v, λ = %v", loss, m.Lambda(0))
		}
	})

	t.Run("cutmix", func(t *testing.T) {
		wantDraws(t, "fastai cutmix", func() []int {
			ratio := math.Sqrt(1 - mixup.Beta{Alpha: 1, Beta: 1, Src: src}.Rand())
			h := int(math.RoundToEven(ratio * float64(img.Height)))
			w := int(math.RoundToEven(ratio * float64(img.Width)))
			cy, cx := r.IntN(img.Height), r.IntN(img.Width)
			all := image.Rect(0, 0, img.Width, img.Height)
			b := image.Rect(cx-w/2, cy-h/2, cx+w/2, cy+h/2).Intersect(all)

			return []int{area(b)}
		})
	})

	t.Run("own box", func(t *testing.T) {
		b := image.Rect(0, 1, 4, 3) // x0, y0, x1, y1

		c.Image = img
		mixup.Permute(partner, src)
		c.SetPairs(partner, b)
		c.Apply(x)
		loss := ce.Mixed(grad, logits, &c.Labels, labels, classes)

		wantLoss(t, loss)
		if c.Labels.Lambda(0) != 0.6 {
			t.Errorf("λ = %v, want 0.6", c.Labels.Lambda(0))
		}
	})
}
