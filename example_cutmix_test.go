package mixup_test

import (
	"fmt"
	"image"
	"math/rand/v2"

	"github.com/seed-7466c776/mixup"
)

// CutMix in the training loop. Labels and loss come from the Mix in the Cut.
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

// A Cut may be filled in by hand. The right half of the other image is pasted
// into each.
func ExampleCut_Apply() {
	img := mixup.Image{Channels: 1, Height: 2, Width: 4}
	right := image.Rect(2, 0, 4, 2)
	c := mixup.Cut{
		Labels: mixup.Mix{K: 2, Index: []int{0, 1, 1, 0}, Weight: []float32{0.5, 0.5, 0.5, 0.5}},
		Image:  img,
		Box:    []image.Rectangle{right, right},
	}
	x := []float32{
		1, 1, 1, 1,
		1, 1, 1, 1,

		2, 2, 2, 2,
		2, 2, 2, 2,
	}
	c.Apply(x)
	fmt.Println(x[:4], x[4:8])
	fmt.Println(x[8:12], x[12:])
	// Output:
	// [1 1 2 2] [1 1 2 2]
	// [2 2 1 1] [2 2 1 1]
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

// Segmentation masks are cut like the images that they belong to.
func ExamplePaste() {
	img := mixup.Image{Channels: 3, Height: 2, Width: 3}
	box := image.Rect(1, 0, 3, 2)
	c := mixup.Cut{
		Labels: mixup.Mix{K: 2, Index: []int{0, 1, 1, 0}, Weight: []float32{1. / 3, 2. / 3, 1. / 3, 2. / 3}},
		Image:  img,
		Box:    []image.Rectangle{box, box},
	}
	masks := []uint8{
		1, 1, 1,
		1, 1, 1,

		2, 2, 2,
		2, 2, 2,
	}
	mixed := make([]uint8, len(masks))
	mixup.Paste(&c, mixed, masks, 1)
	fmt.Println(mixed[:6])
	fmt.Println(mixed[6:])
	// Output:
	// [1 2 2 1 2 2]
	// [2 1 1 2 1 1]
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
