package nn

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/seed-7466c776/mixup/examples/datasets"
)

// TestConv2D compares Forward with the sum by which the layer is defined.
func TestConv2D(t *testing.T) {
	for _, test := range []struct {
		in             datasets.Shape
		out, side, pad int
		want           datasets.Shape
	}{
		{datasets.Shape{Channels: 1, Height: 1, Width: 1}, 1, 1, 0, datasets.Shape{Channels: 1, Height: 1, Width: 1}},
		{datasets.Shape{Channels: 2, Height: 5, Width: 4}, 3, 3, 1, datasets.Shape{Channels: 3, Height: 5, Width: 4}},
		{datasets.Shape{Channels: 3, Height: 4, Width: 6}, 2, 2, 1, datasets.Shape{Channels: 2, Height: 5, Width: 7}},
		{datasets.Shape{Channels: 2, Height: 7, Width: 6}, 2, 5, 0, datasets.Shape{Channels: 2, Height: 3, Width: 2}},
		{datasets.Shape{Channels: 1, Height: 2, Width: 3}, 4, 5, 4, datasets.Shape{Channels: 4, Height: 6, Width: 7}},
		{datasets.Shape{Channels: 3, Height: 16, Width: 16}, 33, 3, 1, datasets.Shape{Channels: 33, Height: 16, Width: 16}},
	} {
		t.Run(fmt.Sprintf("in=%v/out=%d/side=%d/pad=%d", test.in, test.out, test.side, test.pad), func(t *testing.T) {
			const rows = 11
			l := NewConv2D(test.in, test.out, test.side, test.pad, rand.NewPCG(1, 2))
			if got := l.Shape(); got != test.want {
				t.Fatalf("shape = %v, want %v", got, test.want)
			}
			r := rand.New(rand.NewPCG(3, 4))
			copy(l.Bias.Value, normals(test.out, r))
			x := normals(rows*test.in.Size(), r)
			y := normals(rows*l.Out(test.in.Size()), r) // to be overwritten
			l.Forward(y, x, Train)
			i := 0
			for n := range rows {
				for o := range test.want.Channels {
					for h := range test.want.Height {
						for w := range test.want.Width {
							want := float64(l.Bias.Value[o])
							for u := range test.side {
								for v := range test.side {
									yy, xx := h+u-test.pad, w+v-test.pad
									if yy < 0 || yy >= test.in.Height || xx < 0 || xx >= test.in.Width {
										continue
									}
									for c := range test.in.Channels {
										weight := l.Weight.Value[((o*test.side+u)*test.side+v)*test.in.Channels+c]
										value := x[((n*test.in.Channels+c)*test.in.Height+yy)*test.in.Width+xx]
										want += float64(weight) * float64(value)
									}
								}
							}
							if got := float64(y[i]); !near(got, want, 1e-5) {
								t.Fatalf("image %d, channel %d, pixel (%d, %d) = %v, want %v", n, o, h, w, got, want)
							}
							i++
						}
					}
				}
			}
		})
	}
}
