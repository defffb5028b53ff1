package mixup_test

// The code of docs/coming-from.md for Composer.

import (
	"image"
	"math"
	"testing"

	"github.com/seed-7466c776/mixup"
)

func TestComingFromComposer(t *testing.T) {
	x, labels, img, _, src, r := minibatch()
	logits, grad := net(x)
	targets := make([]float32, n*classes)
	var ce mixup.CrossEntropy
	var m mixup.Mix
	var c mixup.Cut

	t.Run("mixup", func(t *testing.T) {
		s := mixup.Sampler{Alpha: 0.2, Fold: true, Src: src}
		s.Sample(&m, n)
		m.Apply(x, dim)
		loss := ce.Mixed(grad, logits, &m, labels, classes)

		m.OneHotTo(targets, labels, classes)
		if soft := ce.Soft(nil, logits, targets, classes); math.Abs(loss-soft) > 1e-6*loss {
			t.Errorf("loss %v of labels and %v of targets", loss, soft)
		}
	})

	t.Run("given", func(t *testing.T) {
		indices, mixing := []int{2, 0, 1}, 0.3
		m.SetPairs(indices, 1-mixing)

		if err := m.Validate(3); err != nil || m.Lambda(0) != 0.7 || m.Partner(0) != 2 {
			t.Errorf("%v: %v", m, err)
		}
	})

	t.Run("cutmix", func(t *testing.T) {
		s := mixup.CutSampler{Image: img, Alpha: 1, Src: src}
		s.Sample(&c, n)
		c.Apply(x)

		wantDraws(t, "composer cutmix", func() []int {
			s.Sample(&c, n)
			return []int{area(c.Box[0])}
		})
	})

	t.Run("uniform", func(t *testing.T) {
		wantDraws(t, "composer cutmix uniform", func() []int {
			ratio := math.Sqrt(1 - mixup.Beta{Alpha: 1, Beta: 1, Src: src}.Rand())
			h, w := int(ratio*float64(img.Height)), int(ratio*float64(img.Width))
			cy, cx := r.IntN(img.Height+h)-(h+1)/2, r.IntN(img.Width+w)-(w+1)/2
			all := image.Rect(0, 0, img.Width, img.Height)
			b := image.Rect(cx-w/2, cy-h/2, cx+w/2, cy+h/2).Intersect(all)

			return []int{area(b)}
		})
	})

	t.Run("length", func(t *testing.T) {
		length := 0.5

		h, w := int(length*float64(img.Height)), int(length*float64(img.Width))
		cy, cx := r.IntN(img.Height), r.IntN(img.Width)
		all := image.Rect(0, 0, img.Width, img.Height)
		b := image.Rect(cx-w/2, cy-h/2, cx+w/2, cy+h/2).Intersect(all)

		if area(b) > 2*2 {
			t.Errorf("box %v, want sides of 2 or less", b)
		}
	})
}
