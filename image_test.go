package mixup

import (
	"fmt"
	"image"
	"math"
	"testing"
)

func TestBoxAroundPixels(t *testing.T) {
	// Every box, value by value, as timm computes it.
	for _, img := range []Image{{1, 4, 4, NCHW}, {1, 5, 8, NCHW}, {3, 9, 4, NHWC}} {
		for _, lambda := range []float64{0, .01, .3, .5, .75, .99, 1} {
			ratio := math.Sqrt(1 - lambda)
			edges := func(side, c int) (int, int) {
				cut := int(float64(side) * ratio)
				return min(max(c-cut/2, 0), side), min(max(c+cut/2, 0), side)
			}
			for cy := range img.Height {
				for cx := range img.Width {
					var want image.Rectangle
					want.Min.Y, want.Max.Y = edges(img.Height, cy)
					want.Min.X, want.Max.X = edges(img.Width, cx)
					if got := img.Box(lambda, cy, cx); got != want {
						t.Errorf("%v: λ=%v around (%d, %d): %+v, want %+v", img, lambda, cy, cx, got, want)
					}
				}
			}
		}
	}
}

func TestArea(t *testing.T) {
	for _, test := range []struct {
		box  image.Rectangle
		want int
	}{
		{image.Rectangle{}, 0}, {box(2, 2, 1, 5), 0}, {box(1, 5, 2, 2), 0}, {box(3, 1, 4, 2), 0}, {box(1, 3, 2, 7), 10},
	} {
		if got := area(test.box); got != test.want {
			t.Errorf("%+v: area %d, want %d", test.box, got, test.want)
		}
	}
}

func TestBoxPanics(t *testing.T) {
	img := Image{Channels: 3, Height: 4, Width: 5}
	for _, test := range []struct {
		name string
		want string
		call func()
	}{
		{"λ above 1", "mixup: Box: lambda = 1.5, want a number in [0, 1]", func() { img.Box(1.5, 0, 0) }},
		{"λ below 0", "mixup: Box: lambda = -0.5, want a number in [0, 1]", func() { img.Box(-.5, 0, 0) }},
		{"λ NaN", "mixup: Box: lambda = NaN, want a number in [0, 1]", func() { img.Box(math.NaN(), 0, 0) }},
		{"below", "mixup: Box: cy, cx = 4, 0, want a pixel of an image of 3×4×5 NCHW", func() { img.Box(.5, 4, 0) }},
		{"beside", "mixup: Box: cy, cx = 0, -1, want a pixel of an image of 3×4×5 NCHW", func() { img.Box(.5, 0, -1) }},
		{"right of the last column", "mixup: Box: cy, cx = 0, 5, want a pixel of an image of 3×4×5 NCHW", func() { img.Box(.5, 0, 5) }},
		{"above", "mixup: Box: cy, cx = -1, 0, want a pixel of an image of 3×4×5 NCHW", func() { img.Box(.5, -1, 0) }},
		{"no channels", "mixup: Image is 0×4×5 NCHW, want Channels, Height and Width ≥ 1, and NCHW or NHWC", func() { Image{0, 4, 5, NCHW}.Box(.5, 0, 0) }},
		{"no width", "mixup: Image is 3×4×0 NHWC, want Channels, Height and Width ≥ 1, and NCHW or NHWC", func() { Image{3, 4, 0, NHWC}.Box(.5, 0, 0) }},
		{"no image", "mixup: Image is 0×0×0 NCHW, want Channels, Height and Width ≥ 1, and NCHW or NHWC", func() { Image{}.Box(.5, 0, 0) }},
	} {
		t.Run(test.name, func(t *testing.T) { wantPanic(t, test.want, test.call) })
	}
}

// The number of values of an image is an int, which the product of the sizes would not
// show: it overflows to a small number.
func TestImageSizesDoNotOverflow(t *testing.T) {
	const half = math.MaxInt/2 + 1
	for _, test := range []struct {
		img  Image
		good bool
	}{
		{Image{1, 1, math.MaxInt, NCHW}, true},
		{Image{math.MaxInt, 1, 1, NHWC}, true},
		{Image{1, math.MaxInt / 4, 4, NCHW}, true},
		{Image{1, math.MaxInt/4 + 1, 4, NCHW}, false},
		{Image{1, half + 1, 4, NCHW}, false},
		{Image{4, half + 1, 1, NCHW}, false},
		{Image{half, 2, 1, NCHW}, false},
		{Image{2, 1, half, NCHW}, false},
		{Image{math.MaxInt, math.MaxInt, math.MaxInt, NCHW}, false},
	} {
		if err := test.img.check("Image"); (err == nil) != test.good {
			t.Errorf("%v: %v", test.img, err)
		}
	}
}

func TestLayoutAndImageStrings(t *testing.T) {
	for want, v := range map[string]fmt.Stringer{
		"NCHW": NCHW, "NHWC": NHWC, "Layout(2)": Layout(2), "Layout(-1)": Layout(-1),
		"3×4×5 NHWC": Image{3, 4, 5, NHWC}, "0×0×0 NCHW": Image{},
	} {
		if got := v.String(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
