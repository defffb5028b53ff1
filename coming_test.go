//go:build coming

package mixup_test

// The code of docs/coming-from.md, and what it draws beside what was drawn by the
// libraries that it is for.

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/seed-7466c776/mixup"
)

// minibatch returns what every piece of code takes for given.
func minibatch() (x []float32, labels []int, img mixup.Image, partner []int, src rand.Source, r *rand.Rand) {
	labels = []int{3, 0, 2, 2, 4, 3}
	img = mixup.Image{Channels: 2, Height: 4, Width: 5}
	src = rand.NewPCG(1, 2)
	r = rand.New(src)
	x = make([]float32, len(labels)*2*4*5)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return x, labels, img, make([]int, len(labels)), src, r
}

const classes = 5

// net returns logits, and where their gradient goes.
func net(x []float32, rows int) (logits, grad []float32) {
	return x[:rows*classes], make([]float32, rows*classes)
}

// wantDraws checks by a χ² test that draws fall into the same categories as those
// of testdata/peers.json. It fails once in 10⁴, if seeds were not fixed.
func wantDraws(t *testing.T, name string, draw func() []int) {
	t.Helper()
	data, err := os.ReadFile("testdata/peers.json")
	if err != nil {
		t.Fatal(err)
	}
	var peers struct {
		Draws []struct {
			Name  string
			Count []int
		}
	}
	if err := json.Unmarshal(data, &peers); err != nil {
		t.Fatal(err)
	}
	for _, d := range peers.Draws {
		if d.Name != name {
			continue
		}
		total := 0
		for _, c := range d.Count {
			total += c
		}
		got := make([]int, len(d.Count))
		for drawn := 0; drawn < total; {
			for _, k := range draw() {
				if drawn < total {
					got[k]++
					drawn++
				}
			}
		}
		chi2, cells := 0.0, 0
		for k, c := range d.Count {
			if sum := float64(c + got[k]); sum > 0 {
				chi2 += float64(c-got[k]) * float64(c-got[k]) / sum
				cells++
			}
		}
		if p := (distuv.ChiSquared{K: float64(cells - 1)}).Survival(chi2); p < 1e-4 {
			t.Errorf("%s: drew %v, want %v, χ² = %.1f, p = %.2g", name, got, d.Count, chi2, p)
		}
		return
	}
	t.Fatalf("no draws of %q", name)
}

func TestComingFromTimm(t *testing.T) {
	x, labels, img, partner, src, _ := minibatch()
	logits, grad := net(x, len(labels))
	ce := mixup.CrossEntropy{Smoothing: 0.1}
	var c mixup.Cut
	mixup.Flip(partner)

	t.Run("batch", func(t *testing.T) {
		s := mixup.CutSampler{
			Alpha:  1,                         // cutmix_alpha
			Mixup:  mixup.Sampler{Alpha: 0.8}, // mixup_alpha
			Skip:   0.1,                       // 1 - prob
			Switch: 0.5,                       // switch_prob
			Src:    src,
		}
		mixup.Flip(partner)
		s.SamplePairs(&c, partner, img)
		c.Apply(x)
		loss := ce.Mixed(grad, logits, &c.Mix, labels)

		if !(loss > 0) {
			t.Errorf("loss %v, want > 0", loss)
		}
		s = mixup.CutSampler{Alpha: 1, Src: src}
		wantDraws(t, "timm cutmix", func() []int {
			s.SamplePairs(&c, partner, img)
			return []int{c.Box[0].Area()}
		})
	})

	t.Run("elem", func(t *testing.T) {
		s := mixup.CutSampler{Alpha: 1, Mixup: mixup.Sampler{Alpha: 0.4}, Skip: 0.3, Switch: 0.3, PerSample: true, Src: src}
		large := mixup.Image{Channels: 1, Height: 1000, Width: 1000} // where no box is empty
		wantDraws(t, "timm elem", func() (kinds []int) {
			s.SamplePairs(&c, partner, large)
			for i := range labels {
				switch lambda := c.Lambda(i); {
				case c.Box[i].Area() > 0:
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
		n := len(labels)
		s := mixup.CutSampler{Alpha: 1, Mixup: mixup.Sampler{Alpha: 0.8}, PerSample: true, Src: src}
		s.SamplePairs(&c, partner, img)
		for i, j := range partner[:n/2] { // the second row of a pair takes what the first has drawn
			copy(c.Weight[2*j:], c.Weight[2*i:][:2])
			c.Box[j] = c.Box[i]
		}

		if err := c.Validate(n); err != nil {
			t.Error(err)
		}
		for i := range n {
			if j := n - 1 - i; c.Partner(i) != j || c.Lambda(i) != c.Lambda(j) || c.Box[i] != c.Box[j] {
				t.Errorf("row %d is not drawn as row %d", i, j)
			}
		}
		if c.Lambda(0) == c.Lambda(1) {
			t.Errorf("two pairs with the same λ")
		}
	})

	t.Run("half", func(t *testing.T) {
		s := mixup.CutSampler{Alpha: 1, PerSample: true, Src: src}
		s.SamplePairs(&c, partner[:len(partner)/2], img)
		half := make([]float32, len(x)/2)
		c.ApplyTo(half, x)

		if c.Len() != len(labels)/2 || c.Partner(0) != len(labels)-1 {
			t.Errorf("%d rows, partner %d of row 0", c.Len(), c.Partner(0))
		}
	})

	t.Run("collate", func(t *testing.T) {
		dataset, rows := make([]uint8, 10*2*4*5), []int{7, 1, 3, 4, 9, 0}
		s := mixup.CutSampler{Alpha: 1, Mixup: mixup.Sampler{Alpha: 0.8}, Src: src}
		norm := mixup.Norm{Mean: []float32{0.485, 0.456}, Std: []float32{0.229, 0.224}}

		s.SamplePairs(&c, partner, img)
		c.Select(rows)
		c.ApplyBytesTo(x, dataset, norm)

		if want := float32(-0.485 / 0.229); math.Abs(float64(x[0]-want)) > 1e-6 {
			t.Errorf("x[0] = %v, want %v", x[0], want)
		}
	})

	t.Run("targets", func(t *testing.T) {
		s := mixup.CutSampler{Alpha: 1, Src: src}
		s.SamplePairs(&c, partner, img)
		want := make([]float32, len(labels)*classes)
		c.OneHotTo(want, labels, classes)
		mixup.Smooth(want, classes, 0.1)

		targets := make([]float32, len(labels)*classes)
		off := 0.1 / float64(classes)
		for p := range targets {
			targets[p] = float32(off)
			if labels[p/classes] == p%classes {
				targets[p] = float32(1 - 0.1 + off)
			}
		}
		c.Mix.Apply(targets)

		for p := range want {
			if math.Abs(float64(targets[p]-want[p])) > 0x1p-23 {
				t.Errorf("target %d is %v, want %v", p, targets[p], want[p])
			}
		}
	})

	t.Run("off", func(t *testing.T) {
		s := mixup.CutSampler{Alpha: 1, Mixup: mixup.Sampler{Alpha: 0.8}, Src: src}
		epoch, offEpoch := 200, 180

		if epoch >= offEpoch {
			s = mixup.CutSampler{}
		}

		s.SamplePairs(&c, partner, img)
		if c.Lambda(0) != 1 || c.Box[0].Area() != 0 {
			t.Errorf("λ = %v, box %v", c.Lambda(0), c.Box[0])
		}
	})

	t.Run("loss", func(t *testing.T) {
		bce := mixup.BinaryCrossEntropy{Smoothing: 0.1, Threshold: 0.2}
		loss := bce.Mixed(grad, logits, &c.Mix, labels)

		if !(loss > 0) {
			t.Errorf("loss %v, want > 0", loss)
		}
	})
}

func TestComingFromTorchvision(t *testing.T) {
	x, labels, img, partner, src, _ := minibatch()
	targets := make([]float32, len(labels)*classes)
	var m mixup.Mix
	var c mixup.Cut

	t.Run("mixup", func(t *testing.T) {
		s := mixup.Sampler{Alpha: 1, Src: src}
		mixup.Roll(partner)
		s.SamplePairs(&m, partner)
		m.Apply(x)
		m.OneHotTo(targets, labels, classes)

		if targets[2] != 0 || targets[3] != 1 { // rows 5 and 0 are of class 3
			t.Errorf("targets %v of two rows of class 3", targets[:classes])
		}
	})

	t.Run("cutmix", func(t *testing.T) {
		s := mixup.CutSampler{Alpha: 1, Src: src}
		s.SamplePairs(&c, partner, img)
		c.Apply(x)
		c.OneHotTo(targets, labels, classes)

		wantDraws(t, "torchvision cutmix", func() []int {
			s.SamplePairs(&c, partner, img)
			return []int{c.Box[0].Area()}
		})
	})

	t.Run("choice", func(t *testing.T) {
		s := mixup.CutSampler{Alpha: 1, Mixup: mixup.Sampler{Alpha: 1}, Src: src}

		s.SamplePairs(&c, partner, img)
		if err := c.Validate(len(labels)); err != nil {
			t.Error(err)
		}
	})

	t.Run("soft labels", func(t *testing.T) {
		m.Apply(targets)

		var sum float32
		for _, v := range targets[:classes] {
			sum += v
		}
		if math.Abs(float64(sum)-1) > 1e-6 {
			t.Errorf("targets sum to %v", sum)
		}
	})
}

func TestComingFromKeras(t *testing.T) {
	x, labels, img, _, src, r := minibatch()
	n := len(labels)
	var m mixup.Mix
	var c mixup.Cut

	t.Run("mixup", func(t *testing.T) {
		s := mixup.Sampler{Alpha: 0.2, PerSample: true, Src: src}
		s.Sample(&m, n)
		m.Apply(x)

		if m.Lambda(0) == m.Lambda(1) {
			t.Errorf("two rows with the same λ")
		}
	})

	t.Run("cutmix", func(t *testing.T) {
		lo, hi := 0.0, 1.0 // factor
		s := mixup.CutSampler{Inside: true, Uncorrected: true, PerSample: true, Src: src}
		s.Alpha = lo + (hi-lo)*r.Float64() + 1e-6
		s.Sample(&c, n, img)
		c.Apply(x)

		if err := c.Validate(n); err != nil {
			t.Error(err)
		}
	})

	t.Run("masks", func(t *testing.T) {
		masks := make([]uint16, n*4*5)
		for p := range masks {
			masks[p] = uint16(p)
		}
		mixed := make([]uint16, len(masks))
		mixup.Paste(&c, mixed, masks, 1)

		for p, got := range mixed {
			i, y, x := p/20, p%20/5, p%5
			j, b := i, c.Box[i]
			if b.Y0 <= y && y < b.Y1 && b.X0 <= x && x < b.X1 {
				j = c.Partner(i)
			}
			if want := masks[j*20+p%20]; got != want {
				t.Errorf("row %d, pixel (%d, %d) is %d, want %d", i, y, x, got, want)
			}
		}
	})
}

func TestComingFromFastai(t *testing.T) {
	x, labels, img, partner, src, r := minibatch()
	logits, grad := net(x, len(labels))
	n := len(labels)
	var ce mixup.CrossEntropy
	var m mixup.Mix
	var c mixup.Cut

	t.Run("mixup", func(t *testing.T) {
		s := mixup.Sampler{Alpha: 0.4, PerSample: true, Fold: true, Src: src}
		s.Sample(&m, n)
		m.Apply(x)
		loss := ce.Mixed(grad, logits, &m, labels)

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
			b := mixup.Box{
				Y0: max(cy-h/2, 0), Y1: min(cy+h/2, img.Height),
				X0: max(cx-w/2, 0), X1: min(cx+w/2, img.Width),
			}

			return []int{b.Area()}
		})
	})

	t.Run("own box", func(t *testing.T) {
		b := mixup.Box{Y0: 1, Y1: 3, X0: 0, X1: 4}

		mixup.Permute(partner, r)
		lambda := 1 - float64(b.Area())/float64(img.Height*img.Width)
		c.K, c.Image = 2, img
		c.Index, c.Weight, c.Box = c.Index[:0], c.Weight[:0], c.Box[:0]
		for i, j := range partner {
			c.Index = append(c.Index, i, j)
			c.Weight = append(c.Weight, float32(lambda), float32(1-lambda))
			c.Box = append(c.Box, b)
		}

		c.Apply(x)
		if c.Lambda(0) != 0.6 {
			t.Errorf("λ = %v, want 0.6", c.Lambda(0))
		}
	})
}

func TestComingFromComposer(t *testing.T) {
	x, labels, img, _, src, r := minibatch()
	logits, grad := net(x, len(labels))
	n := len(labels)
	targets := make([]float32, n*classes)
	var ce mixup.CrossEntropy
	var m mixup.Mix
	var c mixup.Cut

	t.Run("mixup", func(t *testing.T) {
		s := mixup.Sampler{Alpha: 0.2, Fold: true, Src: src}
		s.Sample(&m, n)
		m.Apply(x)
		loss := ce.Mixed(grad, logits, &m, labels)

		m.OneHotTo(targets, labels, classes)
		if soft := ce.Soft(nil, logits, targets, classes); math.Abs(loss-soft) > 1e-6*loss {
			t.Errorf("loss %v of labels and %v of targets", loss, soft)
		}
	})

	t.Run("given", func(t *testing.T) {
		indices, mixing := []int{2, 0, 1}, 0.3
		m := mixup.Mix{K: 2}
		for i, j := range indices {
			m.Index = append(m.Index, i, j)
			m.Weight = append(m.Weight, float32(1-mixing), float32(mixing))
		}

		if err := m.Validate(3); err != nil {
			t.Error(err)
		}
	})

	t.Run("cutmix", func(t *testing.T) {
		s := mixup.CutSampler{Alpha: 1, Src: src}
		s.Sample(&c, n, img)
		c.Apply(x)

		wantDraws(t, "composer cutmix", func() []int {
			s.Sample(&c, n, img)
			return []int{c.Box[0].Area()}
		})
	})

	t.Run("uniform", func(t *testing.T) {
		wantDraws(t, "composer cutmix uniform", func() []int {
			ratio := math.Sqrt(1 - mixup.Beta{Alpha: 1, Beta: 1, Src: src}.Rand())
			h, w := int(ratio*float64(img.Height)), int(ratio*float64(img.Width))
			cy, cx := r.IntN(img.Height+h)-(h+1)/2, r.IntN(img.Width+w)-(w+1)/2
			b := mixup.Box{
				Y0: max(cy-h/2, 0), Y1: max(min(cy+h/2, img.Height), 0),
				X0: max(cx-w/2, 0), X1: max(min(cx+w/2, img.Width), 0),
			}

			return []int{b.Area()}
		})
	})

	t.Run("length", func(t *testing.T) {
		length := 0.5

		h, w := int(length*float64(img.Height)), int(length*float64(img.Width))
		cy, cx := r.IntN(img.Height), r.IntN(img.Width)
		b := mixup.Box{
			Y0: max(cy-h/2, 0), Y1: min(cy+h/2, img.Height),
			X0: max(cx-w/2, 0), X1: min(cx+w/2, img.Width),
		}

		if b.Area() > 2*2 {
			t.Errorf("box %v, want sides of 2 or less", b)
		}
	})
}

func TestComingFromKornia(t *testing.T) {
	x, labels, img, _, src, r := minibatch()
	n := len(labels)
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
		m.Apply(x)

		for i := range n {
			if l := m.Lambda(i); l < 0.6 || l > 0.9 && l != 1 {
				t.Errorf("λ = %v, want it in [0.6, 0.9] or 1", l)
			}
		}
	})

	t.Run("cutmix", func(t *testing.T) {
		s := mixup.CutSampler{Alpha: 1, Inside: true, PerSample: true, Src: src}
		s.Sample(&c, n, img)
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
		y, x := r.IntN(img.Height-h+1), r.IntN(img.Width-w+1)
		b := mixup.Box{Y0: y, Y1: y + h, X0: x, X1: x + w}

		if b.Area() < 1*2 || b.Area() > 3*4 || b.Y1 > 4 || b.X1 > 5 {
			t.Errorf("box %v", b)
		}
	})
}

func TestComingFromFFCV(t *testing.T) {
	x, labels, _, partner, _, _ := minibatch()
	targets := make([]float32, len(labels)*classes)
	var m mixup.Mix

	const seed, rank, step = 1, 0, 12
	stream := mixup.NewStream(seed, rank)
	s := mixup.Sampler{Alpha: 0.8, PerSample: true, Src: stream} // not same_lambda
	mixup.Roll(partner)
	stream.Seek(step)
	s.SamplePairs(&m, partner)
	m.Apply(x)
	m.OneHotTo(targets, labels, classes)

	if targets[3] != 1 { // of rows 0 and 5, both of class 3
		t.Errorf("target %v, want 1", targets[3])
	}
}

func TestComingFromTensorFlowModels(t *testing.T) {
	x, labels, img, partner, src, r := minibatch()
	var c mixup.Cut

	s := mixup.CutSampler{PerSample: true, Src: src}
	if r.Float64() < 0.5 { // switch_prob, for the minibatch
		s.Alpha = 1 // cutmix_alpha
	} else {
		s.Mixup.Alpha = 0.8 // mixup_alpha
	}
	mixup.Flip(partner)
	s.SamplePairs(&c, partner, img)
	c.Apply(x)

	if err := c.Validate(len(labels)); err != nil {
		t.Error(err)
	}
}

func TestComingFromMixupCIFAR10(t *testing.T) {
	x, labels, _, _, src, _ := minibatch()
	logits, grad := net(x, len(labels))
	var ce mixup.CrossEntropy
	var m mixup.Mix

	s := mixup.Sampler{Alpha: 1, Src: src}
	s.Sample(&m, len(labels))
	m.Apply(x)
	loss := ce.Mixed(grad, logits, &m, labels)
	accuracy := m.Accuracy(logits, labels, 1)

	if !(loss > 0) || accuracy < 0 || accuracy > 1 {
		t.Errorf("loss %v, accuracy %v", loss, accuracy)
	}
}

func TestComingFromBigVision(t *testing.T) {
	x, labels, _, partner, src, _ := minibatch()
	var m mixup.Mix

	s := mixup.Sampler{Alpha: 0.2, Fold: true, Src: src} // p
	mixup.Roll(partner)
	s.SamplePairs(&m, partner)
	m.Apply(x)

	if m.Lambda(0) < 0.5 || m.Partner(0) != len(labels)-1 {
		t.Errorf("λ = %v, partner %d", m.Lambda(0), m.Partner(0))
	}
}
