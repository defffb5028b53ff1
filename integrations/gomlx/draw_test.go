package gomlx

import (
	"fmt"
	"image"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/train"
	"github.com/seed-7466c776/mixup"
)

// TestDraw checks a Draw function with partners of its own, Remix, and mixing that
// stops, on the host and in the graph.
func TestDraw(t *testing.T) {
	const perEpoch, stop = 2, 3
	remix := mixup.Remix{Kappa: 3, Tau: 0.5, ClassCount: []int{100, 10, 5, 1}}
	draw := func(m, labelMix *mixup.Mix, labels []int, step uint64, src rand.Source) {
		s := mixup.Sampler{Alpha: 1, PerSample: true, Src: src}
		if step >= stop {
			s.Alpha = 0
		}
		partner := make([]int, n)
		mixup.OtherClass(partner, labels, src)
		s.SamplePairs(m, partner)
		remix.Apply(labelMix, m, labels)
	}
	for _, inGraph := range []bool{false, true} {
		remixed := false
		e := 0
		withFloats := func(number int) (inputs, labels list) {
			inputs, labels = classification(number)
			return inputs, append(labels, tensor(values(number, n), n, 1))
		}
		d := &Dataset{Seed: 7, Classes: classes, Source: &source{batches: perEpoch, make: withFloats}, Draw: func(d *Drawing) {
			if want := classesOf(int(d.Step)); d.Rows != n || d.Epoch != e || !slices.Equal(d.Labels, want) || len(d.Batch.Inputs) != 1 {
				t.Errorf("drawing of %d rows, epoch %d, labels %v, want %d, %d, %v", d.Rows, d.Epoch, d.Labels, n, e, want)
			}
			draw(&d.Mix, &d.LabelMix, d.Labels, d.Step, d.Src)
		}}
		var ds train.Dataset = d
		if inGraph {
			ds = d.InGraph()
		}
		for e = range 3 {
			for i, b := range epoch(t, ds) {
				step := e*perEpoch + i
				var m, labelMix mixup.Mix
				draw(&m, &labelMix, classesOf(step), uint64(step), stream(7, 0, uint64(step)))
				remixed = remixed || !slices.Equal(m.Weight, labelMix.Weight)
				targets := make([]float32, n*classes)
				labelMix.OneHotTo(targets, classesOf(step), classes)
				got := slices.Concat(b.Inputs, b.Labels)
				if inGraph {
					got = execute(t, true, b, func(inputs, labels []*graph.Node) []*graph.Node {
						d := drawOf(inputs[0])
						return []*graph.Node{inputs[0], d.mixLabels(labels[0]), d.mixLabels(labels[1])}
					})
				}
				floats := values(step, n)
				labelMix.Apply(floats, 1)
				name := fmt.Sprintf("step %d, inGraph %v: ", step, inGraph)
				check(t, name+"inputs", got[0], mixed(&m, step), n, dim)
				check(t, name+"labels", got[1], targets, n, classes)
				check(t, name+"float labels", got[2], floats, n, 1)
			}
		}
		if !remixed {
			t.Error("Remix has changed nothing")
		}
	}
}

// TestDrawCut checks a Draw function that sets boxes.
func TestDrawCut(t *testing.T) {
	img := mixup.Image{Channels: 1, Height: 4, Width: 4, Layout: mixup.NCHW}
	x := values(0, n*16)
	c := mixup.Cut{Image: img}
	c.SetPairs([]int{1, 2, 3, 4, 5, 0}, image.Rect(0, 0, 2, 4))
	want := slices.Clone(x)
	c.Apply(want)
	d := &Dataset{Image: img, Draw: func(d *Drawing) {
		d.Cut.Image = img
		d.Cut.SetPairs([]int{1, 2, 3, 4, 5, 0}, image.Rect(0, 0, 2, 4))
	}, Source: once(list{tensor(x, n, 1, 4, 4)}, nil)}
	check(t, "inputs", one(t, d).Inputs[0], want, n, 1, 4, 4)
}

// TestDrawLabelMix checks a LabelMix beside boxes, on the host and in the graph. Labels
// of the pixels have the weights of LabelMix in the rows without a box, also where an
// input is a label as well.
func TestDrawLabelMix(t *testing.T) {
	img := mixup.Image{Channels: 1, Height: 4, Width: 4, Layout: mixup.NHWC}
	box := make([]image.Rectangle, n)
	box[1] = image.Rect(0, 0, 2, 4)
	var m, labelMix mixup.Mix
	m.K = 3
	for i := range n {
		m.Index = append(m.Index, i, (i+1)%n, (i+2)%n)
		m.Weight = append(m.Weight, 0.5, 0.5, 0)
		labelMix.Weight = append(labelMix.Weight, 0.25, 0.5, 0.25)
	}
	labelMix.K, labelMix.Index = m.K, m.Index
	cut := mixup.Cut{Labels: m, Image: img, Box: box}

	const size = 16
	x, y, rows := wild(n*size), values(0, n*size), values(1, n*dim)
	pixels := func(y []float32) []float32 {
		want := make([]float32, len(y))
		labelMix.ApplyTo(want, y, size)
		pasted := slices.Clone(y)
		cut.Clone().Apply(pasted)
		copy(want[size:2*size], pasted[size:]) // row 1, which has the box
		return want
	}
	wantInputs, wantRows := slices.Clone(x), slices.Clone(rows)
	cut.Clone().Apply(wantInputs)
	labelMix.Apply(wantRows, dim)
	for _, inGraph := range []bool{false, true} {
		inputs := tensor(x, n, 4, 4, 1)
		d := &Dataset{Source: once(list{inputs}, list{inputs, tensor(y, n, 4, 4), tensor(rows, n, dim)}), Draw: func(d *Drawing) {
			d.Cut, d.LabelMix = *cut.Clone(), *labelMix.Clone()
		}}
		var got list
		if inGraph {
			got = execute(t, true, one(t, d.InGraph()), func(inputs, labels []*graph.Node) []*graph.Node {
				mixed, _, _ := drawOf(inputs[0]).labels(labels)
				return append(inputs, mixed...)
			})
		} else {
			b := one(t, d)
			got = slices.Concat(b.Inputs, b.Labels)
		}
		name := fmt.Sprintf("inGraph %v: ", inGraph)
		check(t, name+"inputs", got[0], wantInputs, n, 4, 4, 1)
		check(t, name+"input as a label", got[1], pixels(x), n, 4, 4, 1)
		check(t, name+"pixels", got[2], pixels(y), n, 4, 4)
		check(t, name+"rows", got[3], wantRows, n, dim)
	}
}

// TestDrawErrors checks what a Draw function may not set.
func TestDrawErrors(t *testing.T) {
	img := mixup.Image{Channels: 3, Height: 4, Width: 4}
	partner := []int{1, 2, 3, 4, 5, 0}
	const in = `gomlx: mixup of dataset "source": `
	for _, tc := range []struct {
		name string
		draw func(d *Drawing)
		want string
	}{
		{"nothing", func(*Drawing) {}, "the Draw function has set 0 rows, want 6"},
		{"rows", func(d *Drawing) { d.Mix.Identity(3) }, "the Draw function has set 3 rows, want 6"},
		{"both", func(d *Drawing) { d.Mix.Identity(n); d.Cut.Identity(n) }, "the Draw function has set Mix and Cut, want one of them"},
		{"image", func(d *Drawing) { d.Cut.Image = img; d.Cut.Identity(n) }, "inputs[0]: shape is (Float32)[6, 3], want rows of 3×4×4 NCHW for CutMix"},
		{"index", func(d *Drawing) { d.Mix.SetPairs([]int{1, 2, 3, 4, 5, 6}, 0.5) }, "the Draw function has set: mixup: "},
		{"label rows", func(d *Drawing) { d.Mix.SetPairs(partner, 0.5); d.LabelMix.Identity(n) }, "the Draw function has set another K or Index in LabelMix than for the inputs"},
		{"label weight", func(d *Drawing) {
			d.Mix.SetPairs(partner, 0.5)
			d.LabelMix.SetPairs(partner, 0.5)
			d.LabelMix.Weight[0] = 2
		}, "the Draw function has set LabelMix: mixup: "},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := &Dataset{Source: &source{batches: 1, make: classification}, Draw: tc.draw}
			got := failure(t, d)
			if len(got) < len(in+tc.want) || got[:len(in+tc.want)] != in+tc.want {
				t.Errorf("error\n%s, want\n%s", got, in+tc.want)
			}
		})
	}
}

// TestDrawNorm checks that Norm has the channels of the images that the Draw function has
// set boxes for.
func TestDrawNorm(t *testing.T) {
	img := mixup.Image{Channels: 3, Height: 4, Width: 4}
	fresh := func(channels int) *Dataset {
		return &Dataset{Source: once(list{zeros(dtypes.Uint8, n, 3, 4, 4)}, nil), Norm: mixup.Norm{Mean: make([]float32, channels)},
			Draw: func(d *Drawing) { d.Cut.Image = img; d.Cut.SetPairs([]int{1, 2, 3, 4, 5, 0}, image.Rect(0, 0, 2, 4)) }}
	}
	if got := failure(t, fresh(3)); got != "no error" {
		t.Errorf("3 channels: error %s", got)
	}
	const want = `gomlx: mixup of dataset "source": inputs[0]: shape is (Uint8)[6, 3, 4, 4], want 4 channels as in Norm`
	if got := failure(t, fresh(4)); got != want {
		t.Errorf("4 channels: error\n%s, want\n%s", got, want)
	}
}
