package mixup_test

import (
	"fmt"
	"image"
	"math/rand/v2"

	"github.com/seed-7466c776/mixup"
)

// CutMix in the training loop: images go through the Cut, and the loss takes its Labels.
func ExampleCut() {
	const n, classes = 4, 10
	img := mixup.Image{Channels: 3, Height: 32, Width: 32}
	x := make([]float32, n*3*32*32)
	labels := []int{3, 1, 4, 1}
	logits, grad := make([]float32, n*classes), make([]float32, n*classes)

	s := mixup.CutSampler{Image: img, Alpha: 1, Src: rand.NewPCG(1, 2)}
	var c mixup.Cut
	var ce mixup.CrossEntropy
	for range 3 {
		s.Sample(&c, n)
		c.Apply(x)
		// logits = net.Forward(x)
		loss := ce.Mixed(grad, logits, &c.Labels, labels, classes)
		// net.Backward(grad)
		fmt.Printf("%.3f\n", loss)
	}
	// Output:
	// 2.303
	// 2.303
	// 2.303
}

// A draw by hand: the right half of the other image is pasted into each. λ, the weight
// of an image's own label, is the share that is left of it.
func ExampleCut_SetPairs() {
	x := []float32{
		1, 1, 1, 1,
		1, 1, 1, 1,

		2, 2, 2, 2,
		2, 2, 2, 2,
	}
	c := mixup.Cut{Image: mixup.Image{Channels: 1, Height: 2, Width: 4}}
	c.SetPairs([]int{1, 0}, image.Rect(2, 0, 4, 2)) // x0, y0, x1, y1
	c.Apply(x)
	fmt.Println(x[:4], x[4:8])
	fmt.Println(x[8:12], x[12:])
	fmt.Println("λ =", c.Labels.Lambda(0))
	// Output:
	// [1 1 2 2] [1 1 2 2]
	// [2 2 1 1] [2 2 1 1]
	// λ = 0.5
}

// CutMix of series: two recordings of one channel and 8 steps each. A series is an image
// of height 1, and a part of the other series is pasted into each.
func ExampleCutSampler_series() {
	x := []float32{
		1, 1, 1, 1, 1, 1, 1, 1,
		2, 2, 2, 2, 2, 2, 2, 2,
	}
	s := mixup.CutSampler{
		Image:     mixup.Image{Channels: 1, Height: 1, Width: 8},
		Alpha:     1,
		PerSample: true,
		Src:       rand.NewPCG(1, 6),
	}
	var c mixup.Cut
	s.SamplePairs(&c, []int{1, 0})
	c.Apply(x)
	for i, b := range c.Box {
		fmt.Printf("%d steps pasted, from step %d, λ = %v: %v\n", b.Dx(), b.Min.X, c.Labels.Lambda(i), x[8*i:8*i+8])
	}
	// Output:
	// 2 steps pasted, from step 5, λ = 0.75: [1 1 1 1 1 2 2 1]
	// 5 steps pasted, from step 0, λ = 0.375: [1 1 1 1 1 2 2 2]
}

// Mixup or CutMix for each minibatch, each row, or each pair of rows: what timm
// calls the modes batch, elem and pair. Its partners come from Flip.
func ExampleCutSampler() {
	const n = 6
	img := mixup.Image{Channels: 3, Height: 32, Width: 32}
	partner := make([]int, n)
	mixup.Flip(partner)
	s := mixup.CutSampler{
		Image: img, Alpha: 1, Mixup: mixup.Sampler{Alpha: 0.8}, Switch: 0.5,
		Src: rand.NewPCG(1, 4),
	}
	show := func(mode string, c *mixup.Cut) {
		fmt.Printf("%-5s", mode)
		for i, b := range c.Box {
			what := "mixup"
			if !b.Empty() {
				what = "cutmix"
			}
			fmt.Printf("  %s %.2f", what, c.Labels.Lambda(i))
		}
		fmt.Println()
	}
	var c mixup.Cut

	s.SamplePairs(&c, partner)
	show("batch", &c)

	s.PerSample = true
	s.SamplePairs(&c, partner)
	show("elem", &c)

	s.SamplePairs(&c, partner)
	for i, j := range partner[:n/2] { // the second of a pair takes what the first has drawn
		c.Box[j] = c.Box[i]
		copy(c.Labels.Weight[2*j:], c.Labels.Weight[2*i:][:2])
	}
	show("pair", &c)
	// Output:
	// batch  cutmix 0.65  cutmix 0.65  cutmix 0.65  cutmix 0.65  cutmix 0.65  cutmix 0.65
	// elem   mixup 0.94  mixup 0.96  cutmix 0.81  cutmix 0.94  cutmix 0.75  mixup 0.99
	// pair   mixup 0.06  mixup 0.37  cutmix 0.37  cutmix 0.37  mixup 0.37  mixup 0.06
}

// Pairs of rows that share one λ, which timm calls the mode pair: the second of a
// pair takes the weights that the first has drawn.
func ExampleFlip() {
	const n = 6
	partner := make([]int, n)
	mixup.Flip(partner)
	s := mixup.Sampler{Alpha: 0.8, PerSample: true, Src: rand.NewPCG(1, 2)}
	var m mixup.Mix
	s.SamplePairs(&m, partner)
	for i, j := range partner[:n/2] {
		copy(m.Weight[2*j:], m.Weight[2*i:][:2])
	}
	for i := range n {
		fmt.Printf("row %d is mixed with row %d, λ = %.2f\n", i, m.Partner(i), m.Lambda(i))
	}
	// Output:
	// row 0 is mixed with row 5, λ = 0.74
	// row 1 is mixed with row 4, λ = 0.97
	// row 2 is mixed with row 3, λ = 0.40
	// row 3 is mixed with row 2, λ = 0.40
	// row 4 is mixed with row 1, λ = 0.97
	// row 5 is mixed with row 0, λ = 0.74
}

// Segmentation: the class of each pixel moves with the pixel. The images have three
// channels and the masks one, of another type.
func ExamplePaste() {
	const n = 2
	img := mixup.Image{Channels: 3, Height: 4, Width: 4}
	images := make([]float32, n*3*4*4)
	masks := []uint8{
		1, 1, 1, 1,
		1, 1, 1, 1,
		1, 1, 1, 1,
		1, 1, 1, 1,

		2, 2, 2, 2,
		2, 2, 2, 2,
		2, 2, 2, 2,
		2, 2, 2, 2,
	}
	mixed := make([]uint8, len(masks))

	s := mixup.CutSampler{Image: img, MinMax: [2]float64{0.5, 0.7}, Src: rand.NewPCG(1, 2)}
	var c mixup.Cut
	s.SamplePairs(&c, []int{1, 0})
	c.Apply(images)
	mixup.Paste(&c, mixed, masks, 1)
	for i := 0; i < len(mixed); i += 4 {
		fmt.Println(mixed[i : i+4])
	}
	// Output:
	// [1 1 1 1]
	// [1 1 1 1]
	// [1 1 2 2]
	// [1 1 2 2]
	// [2 2 2 2]
	// [2 2 2 2]
	// [2 2 1 1]
	// [2 2 1 1]
}

// A minibatch is gathered from a dataset of bytes, mixed and normalised in one
// go.
func ExampleMix_ApplyBytesTo() {
	dataset := []uint8{ // 3 images of 2 pixels of 2 channels
		0, 0, 255, 255,
		51, 51, 51, 51,
		255, 0, 0, 255,
	}
	img := mixup.Image{Channels: 2, Height: 1, Width: 2, Layout: mixup.NHWC}
	norm := mixup.Norm{Mean: []float32{0.5, 0}, Std: []float32{0.25, 1}}
	var m mixup.Mix
	s := mixup.Sampler{Lambda: constant(0.75)}
	s.SamplePairs(&m, []int{1, 0})
	m.Select([]int{0, 2}) // the rows of this minibatch

	x := make([]float32, 2*4)
	m.ApplyBytesTo(x, dataset, img, norm)
	fmt.Println(x[:4], x[4:])
	// Output: [-1 0 1 1] [1 0 -1 1]
}

// The boxes of CutMix, too, may be drawn for a dataset of bytes.
func ExampleCut_ApplyBytesTo() {
	const n, pool = 16, 100
	img := mixup.Image{Channels: 3, Height: 8, Width: 8, Layout: mixup.NHWC}
	dataset := make([]uint8, pool*3*8*8)
	r := rand.New(rand.NewPCG(3, 4))

	s := mixup.CutSampler{Image: img, Alpha: 1, Src: rand.NewPCG(1, 2)}
	var c mixup.Cut
	s.Sample(&c, n)
	c.Select(r.Perm(pool)[:n])
	x := make([]float32, n*3*8*8)
	c.ApplyBytesTo(x, dataset, mixup.Norm{
		Mean: []float32{0.485, 0.456, 0.406},
		Std:  []float32{0.229, 0.224, 0.225},
	})
	fmt.Printf("%.2f\n", x[:3])
	// Output: [-2.12 -2.04 -1.80]
}
