package gomlx

import (
	"fmt"
	"slices"
	"testing"

	"github.com/gomlx/compute/dtypes/gotype"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/seed-7466c776/mixup"
)

// TestLabelsOfPixels checks labels with the height and width of the images: they
// are pasted in rows with a box, and floats are mixed in the others, on the host and
// in the graph.
func TestLabelsOfPixels(t *testing.T) {
	for _, tc := range []struct {
		name     string
		img      mixup.Image
		dims     []int // of labels
		channels int
	}{
		{"no channel", mixup.Image{Channels: 3, Height: 4, Width: 5, Layout: mixup.NHWC}, []int{n, 4, 5}, 1},
		{"channels last", mixup.Image{Channels: 3, Height: 4, Width: 5, Layout: mixup.NHWC}, []int{n, 4, 5, 2}, 2},
		{"channels first", mixup.Image{Channels: 3, Height: 4, Width: 5}, []int{n, 2, 4, 5}, 2},
		{"last axis of 1", mixup.Image{Channels: 3, Height: 4, Width: 5}, []int{n, 4, 5, 1}, 1},
		{"series", mixup.Image{Channels: 3, Height: 1, Width: 9, Layout: mixup.NHWC}, []int{n, 9, 2}, 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := mixup.CutSampler{Alpha: 1, PerSample: true, Switch: 0.6, Mixup: mixup.Sampler{Alpha: 0.5}, Image: tc.img}
			c := cutOf(s)
			y := wild(n * tc.channels * tc.img.Height * tc.img.Width)
			want := slices.Clone(y)
			c.Image.Channels = tc.channels
			c.Apply(want)
			run := func(inGraph bool) *tensors.Tensor {
				xDims := append([]int{n}, inLayout(tc.img.Layout, 3, tc.img.Height, tc.img.Width)...)
				x := tensor(values(0, n*3*tc.img.Height*tc.img.Width), xDims...)
				d := &Dataset{CutMix: &s, Source: once(list{x}, list{tensor(y, tc.dims...)})}
				if !inGraph {
					b := one(t, d)
					if got := d.drawing.Cut.Image; got != tc.img {
						t.Errorf("the draw is left with images of %v, want %v", got, tc.img)
					}
					return b.Labels[0]
				}
				return execute(t, true, one(t, d.InGraph()), func(inputs, labels []*graph.Node) []*graph.Node {
					return []*graph.Node{drawOf(inputs[0]).mixLabels(labels[0])}
				})[0]
			}
			for _, inGraph := range []bool{false, true} {
				check(t, fmt.Sprintf("inGraph %v", inGraph), run(inGraph), want, tc.dims...)
			}
		})
	}
}

// TestMasksOfPixels checks labels of the pixels of every type that cannot be mixed.
func TestMasksOfPixels(t *testing.T) {
	testMasks(t, "bool", func(i int) bool { return i%3 == 0 })
	testMasks(t, "int8", func(i int) int8 { return int8(i) })
	testMasks(t, "int16", func(i int) int16 { return int16(i) })
	testMasks(t, "int32", func(i int) int32 { return int32(i) })
	testMasks(t, "int64", func(i int) int64 { return int64(i) })
	testMasks(t, "uint8", func(i int) uint8 { return uint8(i) })
	testMasks(t, "uint16", func(i int) uint16 { return uint16(i) })
	testMasks(t, "uint32", func(i int) uint32 { return uint32(i) })
	testMasks(t, "uint64", func(i int) uint64 { return uint64(i) })
}

func testMasks[T gotype.Supported](t *testing.T, name string, value func(i int) T) {
	img := mixup.Image{Channels: 1, Height: 4, Width: 5, Layout: mixup.NHWC}
	s := mixup.CutSampler{Alpha: 1, PerSample: true, Image: img}
	y := make([]T, n*20)
	for i := range y {
		y[i] = value(i)
	}
	want := make([]T, len(y))
	mixup.Paste(cutOf(s), want, y, 1)
	labels := tensor(y, n, 4, 5)
	d := &Dataset{CutMix: &s, Source: once(list{tensor(values(0, n*20), n, 4, 5, 1)}, list{labels})}
	b := one(t, d)
	check(t, name, b.Labels[0], want, n, 4, 5)
	if labels.Ok() {
		t.Errorf("%s: the labels that were given away are not finalized", name)
	}
}

// TestSeriesTargets checks that floats of shape [n, length] are soft targets, not
// labels of a series of that length.
func TestSeriesTargets(t *testing.T) {
	s := mixup.CutSampler{Alpha: 1, PerSample: true, Image: mixup.Image{Channels: 1, Height: 1, Width: 8, Layout: mixup.NHWC}}
	want := values(0, n*8)
	cutOf(s).Labels.Apply(want, 8)
	d := &Dataset{CutMix: &s, Source: once(list{tensor(values(1, n*8), n, 8, 1)}, list{tensor(values(0, n*8), n, 8)})}
	check(t, "targets", one(t, d).Labels[0], want, n, 8)
}
