package mixup_test

// The code of docs/coming-from.md for timm.

import (
	"math"
	"testing"

	"github.com/seed-7466c776/mixup"
)

func TestComingFromTimm(t *testing.T) {
	x, labels, img, partner, src, _ := minibatch()
	logits, grad := net(x)
	ce := mixup.CrossEntropy{Smoothing: 0.1}
	var c mixup.Cut
	mixup.Flip(partner)

	t.Run("batch", func(t *testing.T) {
		s := mixup.CutSampler{
			Image:  img,
			Alpha:  1,                         // cutmix_alpha
			Mixup:  mixup.Sampler{Alpha: 0.8}, // mixup_alpha
			Skip:   0.1,                       // 1 - prob
			Switch: 0.5,                       // switch_prob
			Src:    src,
		}
		mixup.Flip(partner)
		s.SamplePairs(&c, partner)
		c.Apply(x)
		loss := ce.Mixed(grad, logits, &c.Labels, labels, classes)

		wantLoss(t, loss)
		s = mixup.CutSampler{Image: img, Alpha: 1, Src: src}
		wantDraws(t, "timm cutmix", func() []int {
			s.SamplePairs(&c, partner)
			return []int{area(c.Box[0])}
		})
	})

	t.Run("elem", func(t *testing.T) {
		large := mixup.Image{Channels: 1, Height: 1000, Width: 1000} // where no box is empty
		s := mixup.CutSampler{Image: large, Alpha: 1, Mixup: mixup.Sampler{Alpha: 0.4}, Skip: 0.3, Switch: 0.3, PerSample: true, Src: src}
		wantDraws(t, "timm elem", func() (kinds []int) {
			s.SamplePairs(&c, partner)
			for i := range labels {
				switch lambda := c.Labels.Lambda(i); {
				case !c.Box[i].Empty():
					kinds = append(kinds, 8)
				case lambda == 1:
					kinds = append(kinds, 9)
				default:
					kinds = append(kinds, int(lambda*8))
				}
			}
			return kinds
		})
	})

	t.Run("pair", func(t *testing.T) {
		s := mixup.CutSampler{Image: img, Alpha: 1, Mixup: mixup.Sampler{Alpha: 0.8}, Switch: 0.5, PerSample: true, Src: src}
		s.SamplePairs(&c, partner)
		for i, j := range partner[:n/2] { // the second row of a pair takes what the first has drawn
			copy(c.Labels.Weight[2*j:], c.Labels.Weight[2*i:][:2])
			c.Box[j] = c.Box[i]
		}

		if err := c.Validate(n); err != nil {
			t.Error(err)
		}
		for i := range n {
			if j := n - 1 - i; c.Labels.Partner(i) != j || c.Labels.Lambda(i) != c.Labels.Lambda(j) || c.Box[i] != c.Box[j] {
				t.Errorf("row %d is not drawn as row %d", i, j)
			}
		}
		if c.Labels.Lambda(0) == c.Labels.Lambda(1) {
			t.Errorf("two pairs with the same λ")
		}
	})

	t.Run("half", func(t *testing.T) {
		s := mixup.CutSampler{Image: img, Alpha: 1, PerSample: true, Src: src}
		s.SamplePairs(&c, partner[:n/2])
		half := make([]float32, n/2*dim)
		c.ApplyTo(half, x)

		if c.Len() != n/2 || c.Labels.Partner(0) != n-1 {
			t.Errorf("%d rows, partner %d of row 0", c.Len(), c.Labels.Partner(0))
		}
	})

	t.Run("collate", func(t *testing.T) {
		dataset, rows := make([]uint8, 10*dim), []int{7, 1, 3, 4, 9, 0}
		s := mixup.CutSampler{Image: img, Alpha: 1, Mixup: mixup.Sampler{Alpha: 0.8}, Switch: 0.5, Src: src}
		norm := mixup.Norm{Mean: []float32{0.485, 0.456}, Std: []float32{0.229, 0.224}}

		s.SamplePairs(&c, partner)
		c.Select(rows)
		c.ApplyBytesTo(x, dataset, norm)

		if want := float32(-0.485 / 0.229); math.Abs(float64(x[0]-want)) > 1e-6 {
			t.Errorf("x[0] = %v, want %v", x[0], want)
		}
	})

	t.Run("targets", func(t *testing.T) {
		s := mixup.CutSampler{Image: img, Alpha: 1, Src: src}
		s.SamplePairs(&c, partner)
		want := make([]float32, n*classes)
		c.Labels.OneHotTo(want, labels, classes)
		mixup.Smooth(want, classes, 0.1)

		targets := make([]float32, n*classes)
		off := 0.1 / float64(classes)
		for p := range targets {
			targets[p] = float32(off)
			if labels[p/classes] == p%classes {
				targets[p] = float32(1 - 0.1 + off)
			}
		}
		c.Labels.Apply(targets, classes)

		for p := range want {
			if math.Abs(float64(targets[p]-want[p])) > 0x1p-23 {
				t.Errorf("target %d is %v, want %v", p, targets[p], want[p])
			}
		}
	})

	t.Run("off", func(t *testing.T) {
		s := mixup.CutSampler{Image: img, Alpha: 1, Mixup: mixup.Sampler{Alpha: 0.8}, Switch: 0.5, Src: src}
		epoch, offEpoch := 200, 180

		if epoch >= offEpoch {
			s = mixup.CutSampler{Image: img}
		}

		s.SamplePairs(&c, partner)
		if c.Labels.Lambda(0) != 1 || area(c.Box[0]) != 0 {
			t.Errorf("λ = %v, box %v", c.Labels.Lambda(0), c.Box[0])
		}
	})

	t.Run("bce", func(t *testing.T) {
		targets := make([]float32, n*classes)

		c.Labels.OneHotTo(targets, labels, classes)
		mixup.Smooth(targets, classes, 0.1)             // label_smoothing
		bce := mixup.BinaryCrossEntropy{Threshold: 0.2} // target_threshold
		loss := bce.Soft(grad, logits, targets, classes)

		wantLoss(t, loss)
	})
}
