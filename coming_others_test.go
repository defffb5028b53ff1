package mixup_test

// The code of docs/coming-from.md for FFCV, tensorflow/models, MMPretrain, mixup-cifar10
// and big_vision.

import (
	"math"
	"testing"

	"github.com/seed-7466c776/mixup"
)

func TestComingFromFFCV(t *testing.T) {
	x, labels, _, partner, _, _ := minibatch()
	targets := make([]float32, n*classes)
	var m mixup.Mix

	const seed, rank, step = 1, 0, 12
	stream := mixup.NewStream(seed, rank)
	s := mixup.Sampler{Alpha: 0.8, PerSample: true, Src: stream} // not same_lambda
	mixup.Roll(partner)
	stream.Seek(step)
	s.SamplePairs(&m, partner)
	m.Apply(x, dim)
	m.OneHotTo(targets, labels, classes)

	if targets[3] != 1 { // of rows 0 and 5, both of class 3
		t.Errorf("target %v, want 1", targets[3])
	}
}

func TestComingFromTensorFlowModels(t *testing.T) {
	x, _, img, partner, src, r := minibatch()
	var c mixup.Cut

	s := mixup.CutSampler{Image: img, PerSample: true, Src: src}
	if r.Float64() < 0.5 { // switch_prob, for the minibatch
		s.Alpha = 1 // cutmix_alpha
	} else {
		s.Mixup.Alpha = 0.8 // mixup_alpha
	}
	mixup.Flip(partner)
	s.SamplePairs(&c, partner)
	c.Apply(x)

	if err := c.Validate(n); err != nil {
		t.Error(err)
	}
}

func TestComingFromMMPretrain(t *testing.T) {
	x, _, img, _, src, _ := minibatch()
	var c mixup.Cut

	p, q := 0.3, 0.5 // probs of Mixup and of CutMix
	s := mixup.CutSampler{
		Image:  img,
		Alpha:  1,                         // of CutMix
		Mixup:  mixup.Sampler{Alpha: 0.8}, // alpha of Mixup
		Skip:   max(0, 1-p-q),             // neither
		Switch: q / (p + q),
		Src:    src,
	}
	s.Sample(&c, n)
	c.Apply(x)

	const total = 20000
	s.Image = mixup.Image{Channels: 1, Height: 1000, Width: 1000} // where no box is empty
	var cut, mixed int
	for range total {
		s.Sample(&c, 1)
		switch {
		case !c.Box[0].Empty():
			cut++
		case c.Labels.Lambda(0) != 1:
			mixed++
		}
	}
	// The limits are 6 standard deviations, for false alarms below 10⁻⁸ each.
	for _, test := range []struct {
		what  string
		count int
		share float64
	}{{"mixup", mixed, p}, {"CutMix", cut, q}} {
		if off := math.Abs(float64(test.count) - total*test.share); off > 6*math.Sqrt(total*test.share*(1-test.share)) {
			t.Errorf("%s %d times of %d, want a share of %v", test.what, test.count, total, test.share)
		}
	}
}

func TestComingFromMixupCIFAR10(t *testing.T) {
	x, labels, _, _, src, _ := minibatch()
	logits, grad := net(x)
	var ce mixup.CrossEntropy
	var m mixup.Mix

	s := mixup.Sampler{Alpha: 1, Src: src}
	s.Sample(&m, n)
	m.Apply(x, dim)
	loss := ce.Mixed(grad, logits, &m, labels, classes)
	accuracy := m.Accuracy(logits, labels, classes, 1)

	if !(loss > 0) || accuracy < 0 || accuracy > 1 {
		t.Errorf("loss %v, accuracy %v", loss, accuracy)
	}
}

func TestComingFromBigVision(t *testing.T) {
	x, _, _, partner, src, _ := minibatch()
	var m mixup.Mix

	s := mixup.Sampler{Alpha: 0.2, Fold: true, Src: src} // p
	mixup.Roll(partner)
	s.SamplePairs(&m, partner)
	m.Apply(x, dim)

	if m.Lambda(0) < 0.5 || m.Partner(0) != n-1 {
		t.Errorf("λ = %v, partner %d", m.Lambda(0), m.Partner(0))
	}
}
