package mixup_test

// The code of docs/coming-from.md for torchvision.

import (
	"math"
	"testing"

	"github.com/seed-7466c776/mixup"
)

func TestComingFromTorchvision(t *testing.T) {
	x, labels, img, partner, src, _ := minibatch()
	targets := make([]float32, n*classes)
	var m mixup.Mix
	var c mixup.Cut

	t.Run("mixup", func(t *testing.T) {
		s := mixup.Sampler{Alpha: 1, Src: src}
		mixup.Roll(partner)
		s.SamplePairs(&m, partner)
		m.Apply(x, dim)
		m.OneHotTo(targets, labels, classes)

		if targets[2] != 0 || targets[3] != 1 { // rows 5 and 0 are of class 3
			t.Errorf("targets %v of two rows of class 3", targets[:classes])
		}
	})

	t.Run("cutmix", func(t *testing.T) {
		s := mixup.CutSampler{Image: img, Alpha: 1, Src: src}
		s.SamplePairs(&c, partner)
		c.Apply(x)
		c.Labels.OneHotTo(targets, labels, classes)

		wantDraws(t, "torchvision cutmix", func() []int {
			s.SamplePairs(&c, partner)
			return []int{area(c.Box[0])}
		})
	})

	t.Run("choice", func(t *testing.T) {
		s := mixup.CutSampler{Image: img, Alpha: 1, Mixup: mixup.Sampler{Alpha: 1}, Switch: 0.5, Src: src}

		s.SamplePairs(&c, partner)
		if err := c.Validate(n); err != nil {
			t.Error(err)
		}
	})

	t.Run("soft labels", func(t *testing.T) {
		m.Apply(targets, classes)

		var sum float32
		for _, v := range targets[:classes] {
			sum += v
		}
		if math.Abs(float64(sum)-1) > 1e-6 {
			t.Errorf("targets sum to %v", sum)
		}
	})
}
