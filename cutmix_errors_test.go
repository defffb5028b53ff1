package mixup

// What the methods of Cut refuse.

import (
	"fmt"
	"image"
	"math"
	"slices"
	"testing"
)

func TestCutValidate(t *testing.T) {
	for _, test := range []struct {
		name  string
		spoil func(c *Cut)
		want  string
	}{
		{"good", func(c *Cut) {}, ""},
		{"empty boxes at the edge", func(c *Cut) { c.Box[0], c.Box[1] = box(2, 2, 0, 2), box(0, 1, 2, 2) }, ""},
		{"three terms", func(c *Cut) {
			c.Labels.K, c.Labels.Index, c.Labels.Weight = 3, []int{0, 1, 1, 1, 0, 1}, []float32{.5, .5, 0, .75, .25, 0}
		}, ""},
		{"weights", func(c *Cut) { c.Labels.Weight[2] = .5 }, "mixup: row 1: weights sum to 0.75, want 1"},
		{"index", func(c *Cut) { c.Labels.Index[3] = 2 }, "mixup: row 1: index 2, want a source row in [0, 2)"},
		{"no boxes", func(c *Cut) { c.Box = nil }, "mixup: Cut: len(Box) = 0, want one for each of 2 rows"},
		{"too many boxes", func(c *Cut) { c.Box = make([]image.Rectangle, 3) }, "mixup: Cut: len(Box) = 3, want one for each of 2 rows"},
		{"no image", func(c *Cut) { c.Image = Image{} }, "mixup: Cut.Image is 0×0×0 NCHW, want Channels, Height and Width ≥ 1, and NCHW or NHWC"},
		{"layout", func(c *Cut) { c.Image.Layout = 2 }, "mixup: Cut.Image is 1×2×2 Layout(2), want Channels, Height and Width ≥ 1, and NCHW or NHWC"},
		{"height", func(c *Cut) { c.Image.Height = -2 }, "mixup: Cut.Image is 1×-2×2 NCHW, want Channels, Height and Width ≥ 1, and NCHW or NHWC"},
		{"no channels", func(c *Cut) { c.Image.Channels = 0 }, "mixup: Cut.Image is 0×2×2 NCHW, want Channels, Height and Width ≥ 1, and NCHW or NHWC"},
		{"no width", func(c *Cut) { c.Image.Width = 0 }, "mixup: Cut.Image is 1×2×0 NCHW, want Channels, Height and Width ≥ 1, and NCHW or NHWC"},
		{"box above the image", func(c *Cut) { c.Box[0].Min.Y = -1 }, "mixup: row 0: Box (0,-1)-(1,2), want Min ≤ Max within the image, (0,0)-(2,2)"},
		{"box to the right of the image", func(c *Cut) { c.Box[0].Max.X = 3 }, "mixup: row 0: Box (0,0)-(3,2), want Min ≤ Max within the image, (0,0)-(2,2)"},
		{"box without pixels outside the image", func(c *Cut) { c.Box[1] = box(1, 1, 0, 3) }, "mixup: row 1: Box (0,1)-(3,1), want Min ≤ Max within the image, (0,0)-(2,2)"},
		{"box below the image", func(c *Cut) { c.Box[1].Max.Y = 3 }, "mixup: row 1: Box (0,0)-(1,3), want Min ≤ Max within the image, (0,0)-(2,2)"},
		{"box beside the image", func(c *Cut) { c.Box[1].Min.X = -1 }, "mixup: row 1: Box (-1,0)-(1,1), want Min ≤ Max within the image, (0,0)-(2,2)"},
		{"box upside down", func(c *Cut) { c.Box[0].Min.Y, c.Box[0].Max.Y = 2, 0 }, "mixup: row 0: Box (0,2)-(1,0), want Min ≤ Max within the image, (0,0)-(2,2)"},
		{"box mirrored", func(c *Cut) { c.Box[0].Min.X, c.Box[0].Max.X = 1, 0 }, "mixup: row 0: Box (1,0)-(0,2), want Min ≤ Max within the image, (0,0)-(2,2)"},
		{"one term", func(c *Cut) {
			c.Labels.K, c.Labels.Index, c.Labels.Weight = 1, []int{0, 1}, []float32{1, 1}
		}, "mixup: row 0: Box (0,0)-(1,2) with weights [1], want two terms, and others of weight 0"},
		{"three weights", func(c *Cut) {
			c.Labels.K, c.Labels.Index, c.Labels.Weight = 3, []int{0, 1, 1, 1, 0, 1}, []float32{.5, .5, 0, .5, .25, .25}
		}, "mixup: row 1: Box (0,0)-(1,1) with weights [0.5 0.25 0.25], want two terms, and others of weight 0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := goodCut()
			test.spoil(c)
			wantError(t, c.Validate(2), test.want)
			if test.want == "" || test.name == "weights" { // whose sum only Validate checks
				return
			}
			x := []float32{1, 2, 3, 4, 5, 6, 7, 8}
			y := slices.Clone(x)
			u := []uint8{1, 2, 3, 4, 5, 6, 7, 8}
			wantPanic(t, test.want, func() { c.Apply(x) })
			wantPanic(t, test.want, func() { c.ApplyTo(x, y) })
			wantPanic(t, test.want, func() { c.BackwardTo(x, y) })
			wantPanic(t, test.want, func() { c.ApplyBytesTo(x, u, Norm{}) })
			wantPanic(t, test.want, func() { Paste(c, x, y, 1) })
			wantBits(t, "after the panics", x, y)
		})
	}
}

func TestCutPanics(t *testing.T) {
	x := []float32{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}
	before := slices.Clone(x)
	for _, test := range []struct {
		name string
		want string
		call func()
	}{
		{"Apply, length", "mixup: len(x) = 5, want 2 images of 1×2×2 NCHW, each of 4 values", func() { goodCut().Apply(x[:5]) }},
		{"Apply, image", "mixup: len(x) = 6, want 2 images of 1×2×2 NCHW, each of 4 values", func() { goodCut().Apply(x[:6]) }},
		{"Apply, rows of no values", "mixup: len(x) = 0, want 2 images of 1×2×2 NCHW, each of 4 values", func() { goodCut().Apply(nil) }},
		// Whose number of values overflows to 8, the right one.
		{"Apply, an image whose size wraps around", fmt.Sprintf("mixup: Cut.Image is 1×%d×4 NCHW, want a number of values that is an int", math.MaxInt/2+3), func() {
			c := goodCut()
			c.Image.Height, c.Image.Width = math.MaxInt/2+3, 4
			c.Apply(x[:16])
		}},
		{"Apply, an image of channels that wrap around", fmt.Sprintf("mixup: Cut.Image is %d×2×2 NCHW, want a number of values that is an int", math.MaxInt/2+2), func() {
			c := goodCut()
			c.Image.Channels = math.MaxInt/2 + 2
			c.Apply(x[:8])
		}},
		{"Apply, rows that a width does not divide", "mixup: len(x) = 14, want 2 images of 1×2×3 NCHW, each of 6 values", func() {
			c := goodCut()
			c.Image.Width = 3
			c.Apply(x[:14])
		}},
		{"Apply, rows that channels do not divide", "mixup: len(x) = 10, want 2 images of 2×1×2 NCHW, each of 4 values", func() {
			c := goodCut()
			c.Image, c.Box = Image{Channels: 2, Height: 1, Width: 2}, make([]image.Rectangle, 2)
			c.Apply(x[:10])
		}},
		// 4 images of so many values wrap around to none.
		{"Apply, images that wrap around", fmt.Sprintf("mixup: len(x) = 0, want 4 images of 1×1×%d NCHW, each of %[1]d values", math.MaxInt/2+1), func() {
			c := Cut{Image: Image{1, 1, math.MaxInt/2 + 1, NCHW}}
			c.Identity(4)
			c.Apply(nil)
		}},
		{"Apply, more rows", "mixup: len(x) = 16, want 2 images of 1×2×2 NCHW, each of 4 values", func() { goodCut().Apply(x) }},
		{"Apply, an image whose size overflows", fmt.Sprintf("mixup: Cut.Image is 1×%d×4 NCHW, want a number of values that is an int", math.MaxInt), func() {
			c := goodCut()
			c.Image.Height, c.Image.Width = math.MaxInt, 4
			c.Apply(x[:8])
		}},
		{"ApplyTo, image", "mixup: len(dst) = 4, want 2 images of 1×2×2 NCHW, each of 4 values", func() { goodCut().ApplyTo(x[:4], x[4:8]) }},
		{"ApplyTo, src", "mixup: len(src) = 5, want images of 1×2×2 NCHW, each of 4 values", func() { goodCut().ApplyTo(x[:8], x[8:13]) }},
		{"ApplyTo, src that a width does not divide", "mixup: len(src) = 14, want images of 1×2×3 NCHW, each of 6 values", func() {
			c := goodCut()
			c.Image.Width = 3
			c.ApplyTo(make([]float32, 12), make([]float32, 14))
		}},
		{"ApplyTo, src that channels do not divide", "mixup: len(src) = 10, want images of 2×1×2 NCHW, each of 4 values", func() {
			c := goodCut()
			c.Image, c.Box = Image{Channels: 2, Height: 1, Width: 2}, make([]image.Rectangle, 2)
			c.ApplyTo(x[:8], make([]float32, 10))
		}},
		{"ApplyTo, index", "mixup: row 0: index 1, want a source row in [0, 1)", func() { goodCut().ApplyTo(x[:8], x[8:12]) }},
		{"ApplyTo, overlap", "mixup: dst and src overlap", func() { goodCut().ApplyTo(x[:8], x[4:12]) }},
		{"BackwardTo, overlap", "mixup: dsrc and ddst overlap", func() { goodCut().BackwardTo(x[:8], x[4:12]) }},
		{"BackwardTo, image", "mixup: len(ddst) = 4, want 2 images of 1×2×2 NCHW, each of 4 values", func() { goodCut().BackwardTo(x[:4], x[4:8]) }},
		{"Paste, channels", "mixup: Paste: channels = 0, want ≥ 1", func() { Paste(goodCut(), x[:8], x[8:], 0) }},
		{"Paste, negative channels", "mixup: Paste: channels = -1, want ≥ 1", func() { Paste(goodCut(), x[:8], x[8:], -1) }},
		{"Paste, channels that wrap around", fmt.Sprintf("mixup: Cut.Image is %d×2×2 NCHW, want a number of values that is an int", math.MaxInt/2+2), func() {
			Paste(goodCut(), x[:8], x[8:], math.MaxInt/2+2)
		}},
		{"Paste, src", "mixup: len(src) = 7, want images of 1×2×2 NCHW, each of 4 values", func() { Paste(goodCut(), x[:8], x[9:], 1) }},
		{"Paste, rows and no Image", "mixup: Cut.Image is 1×0×0 NCHW, want Channels, Height and Width ≥ 1, and NCHW or NHWC", func() { Paste(&Cut{}, nil, x[9:], 1) }},
		{"Apply, no rows of an invalid Image", "mixup: Cut.Image is 3×0×0 NCHW, want Channels, Height and Width ≥ 1, and NCHW or NHWC", func() {
			(&Cut{Image: Image{Channels: 3}}).Apply(nil)
		}},
		{"ApplyTo, rows and no Image", "mixup: Cut.Image is 0×0×0 NCHW, want Channels, Height and Width ≥ 1, and NCHW or NHWC", func() { new(Cut).ApplyTo(nil, x[9:]) }},
		{"Paste, image", "mixup: len(dst) = 8, want 2 images of 2×2×2 NCHW, each of 8 values", func() { Paste(goodCut(), x[:8], x[8:], 2) }},
		{"Paste, overlap", "mixup: dst and src overlap", func() { Paste(goodCut(), x[:8], x[4:12], 1) }},
		{"Paste onto itself", "mixup: dst and src overlap", func() { Paste(goodCut(), x[:8], x[:8], 1) }},
	} {
		t.Run(test.name, func(t *testing.T) { wantPanic(t, test.want, test.call) })
	}
	wantBits(t, "after the panics", x, before)
}
