package mixup_test

// The code of docs/coming-from.md for tasks: PyTorch's losses, series, videos, dense
// prediction, regression.

import (
	"image"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/seed-7466c776/mixup"
)

func TestComingFromByHand(t *testing.T) {
	x, _, img, _, _, _ := minibatch()
	var m mixup.Mix
	var c mixup.Cut

	partner := []int{1, 0, 3, 2, 5, 4}

	m.SetPairs(partner, 0.75) // or a λ for each row
	m.Apply(x, dim)

	c.Image = img
	c.SetPairs(partner, image.Rect(0, 1, 4, 3)) // columns 0 to 3 of lines 1 and 2, or a box for each row
	c.Apply(x)

	if m.Lambda(5) != 0.75 || m.Partner(5) != 4 || c.Labels.Lambda(5) != 0.6 || c.Labels.Partner(5) != 4 {
		t.Errorf("%v, %v", m, c)
	}
}

func TestComingFromPyTorchLosses(t *testing.T) {
	_, labels, _, _, src, r := minibatch()
	logits := make([]float32, n*classes)
	for p := range logits {
		logits[p] = float32(r.NormFloat64())
	}
	grad := make([]float32, n*classes)
	sampleWeight := []float32{1, 2, 0.5, 0, 1, 3}
	var ce mixup.CrossEntropy
	var m mixup.Mix
	(&mixup.Sampler{Alpha: 1, PerSample: true, Src: src}).Sample(&m, n)

	t.Run("weights of rows", func(t *testing.T) {
		loss := make([]float32, n)
		ce.MixedTo(loss, grad, logits, &m, labels, classes) // reduction="none"
		var mean float64
		for i, w := range sampleWeight {
			mean += float64(w*loss[i]) / float64(n)
			for k := range classes {
				grad[i*classes+k] *= w / float32(n)
			}
		}

		var want float64
		for i, w := range sampleWeight {
			var row mixup.Mix
			row.SetPairs([]int{m.Partner(i)}, float64(m.Lambda(i)))
			row.Index[0] = i
			want += float64(w) / n * ce.Mixed(nil, logits[i*classes:][:classes], &row, labels, classes)
		}
		wantNear(t, "mean", mean, want)
	})

	t.Run("weights of sources", func(t *testing.T) {
		weighted := m.Clone()
		for p, j := range weighted.Index {
			weighted.Weight[p] *= sampleWeight[j]
		}
		loss := ce.Mixed(grad, logits, weighted, labels, classes)

		wantNear(t, "loss", loss, m.Mean(func(row, source int) float64 {
			own := mixup.Mix{K: 1, Index: []int{source}, Weight: []float32{1}}
			return float64(sampleWeight[source]) * ce.Mixed(nil, logits[row*classes:][:classes], &own, labels, classes)
		}))
	})

	t.Run("class weights", func(t *testing.T) {
		classWeight := []float32{1, 2, 0.5, 1, 3}
		ce := mixup.CrossEntropy{ClassWeight: classWeight}

		loss := ce.Mixed(grad, logits, &m, labels, classes)
		var total float64 // what PyTorch's mean over hard labels divides by
		for p, j := range m.Index {
			total += float64(m.Weight[p] * classWeight[labels[j]])
		}
		loss *= float64(m.Count(labels)) / total
		for p := range grad {
			grad[p] *= float32(m.Count(labels)) / float32(total)
		}

		var sum, weights float64
		for p, j := range m.Index {
			z := logits[p/m.K*classes:][:classes]
			var exps float64
			for _, v := range z {
				exps += math.Exp(float64(v))
			}
			w := float64(m.Weight[p]) * float64(classWeight[labels[j]])
			sum += w * (math.Log(exps) - float64(z[labels[j]]))
			weights += w
		}
		wantNear(t, "loss", loss, sum/weights)
	})

	t.Run("BCE weights", func(t *testing.T) {
		weight, posWeight := []float32{1, 2, 1, 1, 0.5}, []float32{1, 1, 4, 1, 1}
		targets := make([]float32, n*classes)

		bce := mixup.BinaryCrossEntropy{ClassWeight: weight, PosWeight: posWeight}
		m.OneHotTo(targets, labels, classes)
		loss := bce.Soft(grad, logits, targets, classes)

		var want float64
		for p, v := range targets {
			y, z := float64(v), float64(logits[p])
			positive, negative := math.Log1p(math.Exp(-z)), math.Log1p(math.Exp(z))
			want += float64(weight[p%classes]) * (float64(posWeight[p%classes])*y*positive + (1-y)*negative) / (n * classes)
		}
		wantNear(t, "loss", loss, want)
	})

	t.Run("ignore_index", func(t *testing.T) {
		labels := []int{3, 255, 2, 2, 255, 3}

		for i, y := range labels {
			if y == 255 { // ignore_index
				labels[i] = mixup.Ignore
			}
		}
		loss := ce.Mixed(grad, logits, &m, labels, classes)

		wantLoss(t, loss)
	})
}

func TestComingFromSeries(t *testing.T) {
	x, _, _, _, src, _ := minibatch()
	const channels, steps = 2, 20
	var c mixup.Cut

	s := mixup.CutSampler{
		Image: mixup.Image{Channels: channels, Height: 1, Width: steps}, // NHWC for rows of steps×channels
		Alpha: 1,
		Src:   src,
	}
	s.Sample(&c, n)
	c.Apply(x)

	wantNear(t, "λ", float64(c.Labels.Lambda(0)), 1-float64(c.Box[0].Dx())/steps)
}

func TestComingFromVideo(t *testing.T) {
	const n, frames = 3, 2 // 3 videos of 2 frames of 4×5 pixels of 2 channels
	x, labels, img, _, src, _ := minibatch()
	labels, img.Layout = labels[:n], mixup.NHWC
	before := slices.Clone(x)
	logits, grad := x[:n*classes], make([]float32, n*classes)
	logits = slices.Clone(logits)
	var ce mixup.CrossEntropy
	var c, each mixup.Cut

	s := mixup.CutSampler{Image: img, Alpha: 1, PerSample: true, Src: src} // img is a frame
	s.Sample(&c, n)

	k := c.Labels.K
	each.Image, each.Labels.K = img, k
	each.Labels.Index, each.Labels.Weight, each.Box = each.Labels.Index[:0], each.Labels.Weight[:0], each.Box[:0]
	for i, b := range c.Box {
		for f := range frames {
			for _, j := range c.Labels.Index[i*k : (i+1)*k] {
				each.Labels.Index = append(each.Labels.Index, j*frames+f)
			}
			each.Labels.Weight = append(each.Labels.Weight, c.Labels.Weight[i*k:(i+1)*k]...)
			each.Box = append(each.Box, b)
		}
	}
	each.Apply(x) // n·frames rows
	loss := ce.Mixed(grad, logits, &c.Labels, labels, classes)

	wantLoss(t, loss)
	for p, got := range x {
		row, pixel := p/dim, p%dim/2
		source := row
		if image.Pt(pixel%5, pixel/5).In(c.Box[row/frames]) {
			source = c.Labels.Partner(row/frames)*frames + row%frames
		}
		if want := before[source*dim+p%dim]; got != want {
			t.Fatalf("value %d is %v, want %v", p, got, want)
		}
	}
}

func TestComingFromSegmentation(t *testing.T) {
	const n, height, width = 2, 3, 4
	r := rand.New(rand.NewPCG(1, 2))
	logits := make([]float32, n*classes*height*width)
	for p := range logits {
		logits[p] = float32(r.NormFloat64())
	}
	masks := make([]int, n*height*width)
	for p := range masks {
		masks[p] = r.IntN(classes)
	}
	grad := make([]float32, len(logits))
	var ce mixup.CrossEntropy

	pixels := height * width
	rows, gradRows := make([]float32, len(logits)), make([]float32, len(logits))
	for i := range n {
		for k := range classes {
			for p := range pixels {
				rows[(i*pixels+p)*classes+k] = logits[(i*classes+k)*pixels+p]
			}
		}
	}
	var hard mixup.Mix
	hard.Identity(n * pixels) // masks are pasted: each pixel has one class
	loss := ce.Mixed(gradRows, rows, &hard, masks, classes)
	for i := range n {
		for k := range classes {
			for p := range pixels {
				grad[(i*classes+k)*pixels+p] = gradRows[(i*pixels+p)*classes+k]
			}
		}
	}

	// The softmax over axis 1, at every pixel.
	var want float64
	for i := range n {
		for p := range pixels {
			at := func(k int) float64 { return float64(logits[(i*classes+k)*pixels+p]) }
			var exps float64
			for k := range classes {
				exps += math.Exp(at(k))
			}
			y := masks[i*pixels+p]
			want += (math.Log(exps) - at(y)) / float64(n*pixels)
			for k := range classes {
				g := math.Exp(at(k)) / exps
				if k == y {
					g--
				}
				wantNear(t, "gradient", float64(grad[(i*classes+k)*pixels+p]), g/float64(n*pixels))
			}
		}
	}
	wantNear(t, "loss", loss, want)
}

func TestComingFromCMixup(t *testing.T) {
	_, _, _, partner, src, r := minibatch()
	const samples = 40
	dataset, y := make([]float32, samples*dim), make([]float32, samples)
	for j := range samples {
		y[j] = float32(j)
		for d := range dim {
			dataset[j*dim+d] = float32(j)
		}
	}
	rows := r.Perm(samples)[:n]
	x, targets := make([]float32, n*dim), make([]float32, n)
	near := make([]int, samples)
	const sigma = 2
	var m mixup.Mix

	mixup.NearTarget(near, y, 1, sigma, src) // once for each epoch: a partner for each sample

	s := mixup.Sampler{Alpha: 2, Src: src}
	for i, j := range rows { // the samples of this minibatch
		partner[i] = near[j]
	}
	s.SamplePairs(&m, partner)
	for i, j := range rows {
		m.Index[2*i] = j // the row itself; its partner is a row of the dataset already
	}
	m.ApplyTo(x, dataset, dim)
	m.ApplyTo(targets, y, 1)

	for i, j := range rows {
		want := m.Lambda(i)*y[j] + (1-m.Lambda(i))*y[near[j]]
		wantNear(t, "target", float64(targets[i]), float64(want))
		wantNear(t, "input", float64(x[i*dim]), float64(want))
		if d := near[j] - j; d < -8*sigma || d > 8*sigma { // less than once in 10¹² draws
			t.Errorf("row %d is paired with row %d", j, near[j])
		}
	}
}
