package gomlx

import (
	"fmt"
	"image"
	"math"
	"slices"
	"testing"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/dtypes/bfloat16"
	"github.com/gomlx/compute/dtypes/float16"
	"github.com/gomlx/compute/dtypes/gotype"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/seed-7466c776/mixup"
)

// wild returns numbers of both signs and of sizes from about 1e-3 to 1e3.
func wild(length int) []float32 {
	v := make([]float32, length)
	for i := range v {
		v[i] = float32(math.Sin(float64(i))) * float32(math.Pow(10, float64(i%7-3)))
	}
	return v
}

// skipping leaves some of the rows unmixed.
var skipping = mixup.Sampler{Alpha: 0.4, PerSample: true, Skip: 0.4}

// datasetOf returns a Dataset whose only minibatch has x, to be mixed by a draw of s.
func datasetOf(s mixup.Sampler, x *tensors.Tensor) *Dataset {
	return &Dataset{Sampler: s, Source: once(list{x}, nil)}
}

// TestGraphMix checks that W·x has the bits of Mix.Apply, and that nothing is mixed
// outside training.
func TestGraphMix(t *testing.T) {
	for _, s := range []mixup.Sampler{{}, {Alpha: 1}, skipping, {Alpha: 1, K: 4, PerSample: true}} {
		x := wild(n * dim)
		x[0], x[dim+1], x[2*dim] = float32(math.Inf(1)), float32(math.Copysign(0, -1)), math.MaxFloat32
		want := slices.Clone(x)
		drawn(s, 0, 0, 0).Apply(want, dim)
		for _, training := range []bool{true, false} {
			b := one(t, datasetOf(s, tensor(x, n, dim)).InGraph())
			y := execute(t, training, b, func(inputs, _ []*graph.Node) []*graph.Node { return inputs })
			if !training {
				want = x
			}
			check(t, fmt.Sprintf("%+v, training %v", s, training), y[0], want, n, dim)
		}
	}
}

// TestGraphUnmixedRows checks that a row that is not mixed is a copy, whatever the
// partner has.
func TestGraphUnmixedRows(t *testing.T) {
	x := wild(n * dim)
	x[0] = float32(math.NaN())
	x[1] = float32(math.Inf(1))
	d := datasetOf(mixup.Sampler{}, tensor(x, n, dim))
	d.Draw = func(d *Drawing) { d.Mix.SetPairs([]int{3, 0, 0, 0, 0, 0}, 1) }
	y := execute(t, true, one(t, d.InGraph()), func(inputs, _ []*graph.Node) []*graph.Node { return inputs })
	got := flat[float32](t, y[0])
	if !sameBits(got[1:], x[1:]) || !math.IsNaN(float64(got[0])) {
		t.Errorf("got %v, want %v", got, x)
	}
}

// TestGraphHidden checks Mix of a hidden layer and its gradient, whose bits are
// those of BackwardTo.
func TestGraphHidden(t *testing.T) {
	for _, s := range []mixup.Sampler{{Alpha: 1}, skipping} {
		x, v := wild(n*dim), wild(2 * n * dim)[n*dim:]
		d := datasetOf(s, tensor(x, n, dim))
		d.Inputs = []int{}
		m := drawn(s, 0, 0, 0)
		y := execute(t, true, one(t, d.InGraph()), func(inputs, _ []*graph.Node) []*graph.Node {
			hidden := graph.MulScalar(inputs[0], 2)
			mixed := Mix(hidden)
			loss := graph.ReduceAllSum(graph.Mul(mixed, graph.Reshape(graph.Const(mixed.Graph(), v), n, dim)))
			return []*graph.Node{mixed, graph.Gradient(loss, hidden)[0]}
		})
		hidden := make([]float32, n*dim)
		for i := range hidden {
			hidden[i] = 2 * x[i]
		}
		m.Apply(hidden, dim)
		check(t, "hidden", y[0], hidden, n, dim)
		want := make([]float32, n*dim)
		m.BackwardTo(want, v, dim)
		check(t, "gradient", y[1], want, n, dim)
	}
}

// TestGraphTypes checks that other types are mixed in float32 and rounded once,
// float64 in float64, and that uint8 is not rounded.
func TestGraphTypes(t *testing.T) {
	s := mixup.Sampler{Alpha: 1, PerSample: true}
	m := drawn(s, 0, 0, 0)
	x := wild(n * dim)
	run := func(x *tensors.Tensor) *tensors.Tensor {
		b := one(t, datasetOf(s, x).InGraph())
		return execute(t, true, b, func(inputs, _ []*graph.Node) []*graph.Node { return inputs })[0]
	}
	check(t, "bfloat16", run(tensor(halves(x, bfloat16.FromFloat32), n, dim)), mixedHalves(m, halves(x, bfloat16.FromFloat32), bfloat16.FromFloat32), n, dim)
	check(t, "float16", run(tensor(halves(x, float16.FromFloat32), n, dim)), mixedHalves(m, halves(x, float16.FromFloat32), float16.FromFloat32), n, dim)

	doubles := make([]float64, n*dim)
	bytes := make([]uint8, n*dim)
	floats := make([]float32, n*dim)
	for i := range doubles {
		doubles[i] = math.Sin(float64(i))
		bytes[i] = uint8(37 * i)
		floats[i] = float32(bytes[i])
	}
	want := make([]float64, n*dim)
	mixup.Blend(m, want, doubles, dim)
	check(t, "float64", run(tensor(doubles, n, dim)), want, n, dim)
	m.Apply(floats, dim)
	check(t, "uint8", run(tensor(bytes, n, dim)), floats, n, dim)
}

type half16 interface {
	gotype.AnyHalfPrecision
	Float32() float32
}

func halves[T half16](x []float32, round func(float32) T) []T {
	y := make([]T, len(x))
	for i, v := range x {
		y[i] = round(v)
	}
	return y
}

// mixedHalves returns the rounded float32 mixture.
func mixedHalves[T half16](m *mixup.Mix, x []T, round func(float32) T) []T {
	floats := make([]float32, len(x))
	for i, v := range x {
		floats[i] = v.Float32()
	}
	m.Apply(floats, dim)
	return halves(floats, round)
}

// TestNormalize checks uint8 images that are normalised and mixed in the graph.
func TestNormalize(t *testing.T) {
	norm := mixup.Norm{Mean: []float32{0.5, 0.4, 0.3}, Std: []float32{0.2, 0.25, 0.3}}
	for _, layout := range []mixup.Layout{mixup.NCHW, mixup.NHWC} {
		img := mixup.Image{Channels: 3, Height: 4, Width: 5, Layout: layout}
		dims := append([]int{n}, inLayout(layout, 3, 4, 5)...)
		x := make([]uint8, n*60)
		for i := range x {
			x[i] = uint8(i * i)
		}
		d := &Dataset{Sampler: skipping, Inputs: []int{}, Source: once(list{tensor(x, dims...)}, nil)}
		y := execute(t, true, one(t, d.InGraph()), func(inputs, _ []*graph.Node) []*graph.Node {
			return []*graph.Node{Mix(Normalize(inputs[0], norm, layout))}
		})
		want := make([]float32, len(x))
		drawn(skipping, 0, 0, 0).ApplyBytesTo(want, x, img, norm)
		for i, v := range flat[float32](t, y[0]) {
			if !(math.Abs(float64(v-want[i])) <= 5e-7*max(1, math.Abs(float64(want[i])))) {
				t.Fatalf("%v: value %d is %v, want %v", layout, i, v, want[i])
			}
		}
	}
}

// cutOf returns what s draws, with its Image, for the first minibatch.
func cutOf(s mixup.CutSampler) *mixup.Cut {
	var c mixup.Cut
	s.Src = stream(0, 0, 0)
	s.Sample(&c, n)
	return &c
}

// boxed counts the rows with a box.
func boxed(c *mixup.Cut) (count int) {
	for _, box := range c.Box {
		if box != (image.Rectangle{}) {
			count++
		}
	}
	return count
}

// images are the images that CutMix is tested with: in either layout, with sides
// that cannot be taken for one another, and series with and without a height.
var images = []struct {
	img  mixup.Image
	dims []int
	set  bool // whether Image must be set
}{
	{mixup.Image{Channels: 2, Height: 4, Width: 5, Layout: mixup.NHWC}, []int{n, 4, 5, 2}, false},
	{mixup.Image{Channels: 2, Height: 4, Width: 5, Layout: mixup.NCHW}, []int{n, 2, 4, 5}, true},
	{mixup.Image{Channels: 2, Height: 1, Width: 9, Layout: mixup.NHWC}, []int{n, 9, 2}, false},
	{mixup.Image{Channels: 2, Height: 1, Width: 9, Layout: mixup.NHWC}, []int{n, 1, 9, 2}, true},
	{mixup.Image{Channels: 2, Height: 1, Width: 9, Layout: mixup.NCHW}, []int{n, 2, 9}, true},
}

// TestCutMix checks that images have the bits of Cut, on the host and in the graph.
func TestCutMix(t *testing.T) {
	for _, tc := range images {
		for _, inGraph := range []bool{false, true} {
			t.Run(fmt.Sprintf("%v/inGraph=%v", tc.dims, inGraph), func(t *testing.T) {
				s := mixup.CutSampler{Alpha: 1, PerSample: true, Skip: 0.2, Switch: 0.6, Mixup: mixup.Sampler{Alpha: 0.5, K: 3}, Image: tc.img}
				c := cutOf(s)
				if k := boxed(c); k == 0 || k == n {
					t.Fatalf("%d rows with a box, want some with and some without", k)
				}
				size := tc.img.Channels * tc.img.Height * tc.img.Width
				want := wild(n * size)
				x := tensor(want, tc.dims...)
				c.Apply(want)
				if !tc.set {
					s.Image = mixup.Image{}
				}
				d := &Dataset{CutMix: &s, Classes: classes, Source: once(list{x}, list{integers[int32](classesOf(0), n, 1)})}
				if inGraph {
					y := execute(t, true, one(t, d.InGraph()), func(inputs, _ []*graph.Node) []*graph.Node { return inputs })
					check(t, "inputs", y[0], want, tc.dims...)
					return
				}
				b := one(t, d)
				check(t, "inputs", b.Inputs[0], want, tc.dims...)
				y := make([]float32, n*classes)
				c.Labels.OneHotTo(y, classesOf(0), classes)
				check(t, "labels", b.Labels[0], y, n, classes)
			})
		}
	}
}

// TestCutMixTypes checks CutMix of inputs of other types on the host, and in the
// graph with its gradient.
func TestCutMixTypes(t *testing.T) {
	img := mixup.Image{Channels: 2, Height: 4, Width: 5, Layout: mixup.NHWC}
	s := mixup.CutSampler{Alpha: 1, PerSample: true, Switch: 0.6, Mixup: mixup.Sampler{Alpha: 0.5}, Image: img}
	c := cutOf(s)
	const size = 40
	x := wild(n * size)
	dims := []int{n, 4, 5, 2}
	floats := slices.Clone(x)
	c.Apply(floats)
	doubles := make([]float64, len(x))
	bytes := make([]uint8, len(x))
	rounded := make([]float32, len(x))
	for i := range x {
		doubles[i] = float64(x[i])
		bytes[i] = uint8(i * i)
		rounded[i] = bfloat16.FromFloat32(x[i]).Float32()
	}
	c.Apply(rounded)
	fromBytes := make([]float32, len(x))
	for i, v := range bytes {
		fromBytes[i] = float32(v)
	}
	c.Apply(fromBytes)
	ones := mixup.Norm{Std: []float32{1, 1}}
	normalised := make([]float32, len(x))
	c.ApplyBytesTo(normalised, bytes, ones)

	host := func(x *tensors.Tensor) *tensors.Tensor {
		return one(t, &Dataset{CutMix: &s, Source: once(list{x}, nil)}).Inputs[0]
	}
	check(t, "bfloat16", host(tensor(halves(x, bfloat16.FromFloat32), dims...)), halves(rounded, bfloat16.FromFloat32), dims...)
	check(t, "uint8", host(tensor(bytes, dims...)), fromBytes, dims...)
	scaled := one(t, &Dataset{CutMix: &s, Norm: ones, Source: once(list{tensor(bytes, dims...)}, nil)})
	check(t, "uint8, Norm", scaled.Inputs[0], normalised, dims...)
	got := flat[float64](t, host(tensor(doubles, dims...)))
	blended := make([]float64, len(x))
	mixup.Blend(&c.Labels, blended, doubles, size)
	for i, box := range c.Box {
		for j := range size {
			at := i*size + j
			want := blended[at]
			if !box.Empty() { // a copy of one pixel, so that float32 has it exactly
				want = float64(floats[at])
			}
			if got[at] != want {
				t.Fatalf("float64: row %d, value %d is %v, want %v", i, j, got[at], want)
			}
		}
	}

	v := wild(2 * n * size)[n*size:]
	d := &Dataset{CutMix: &s, Inputs: []int{}, Source: once(list{tensor(x, dims...)}, nil)}
	y := execute(t, true, one(t, d.InGraph()), func(inputs, _ []*graph.Node) []*graph.Node {
		mixed := MixImages(inputs[0])
		loss := graph.ReduceAllSum(graph.Mul(mixed, graph.Reshape(graph.Const(mixed.Graph(), v), dims...)))
		return []*graph.Node{graph.Gradient(loss, inputs[0])[0]}
	})
	want := make([]float32, len(x))
	c.BackwardTo(want, v)
	for i, g := range flat[float32](t, y[0]) { // a pixel's sum may begin at -0 here
		if g != want[i] {
			t.Fatalf("gradient %d is %v, want %v", i, g, want[i])
		}
	}
}

// TestHostTypes checks mixup of inputs of other types on the host.
func TestHostTypes(t *testing.T) {
	s := mixup.Sampler{Alpha: 1, PerSample: true}
	m := drawn(s, 0, 0, 0)
	x := wild(n * dim)
	host := func(d *Dataset, x *tensors.Tensor) *tensors.Tensor {
		d.Sampler, d.Source = s, once(list{x}, nil)
		return one(t, d).Inputs[0]
	}
	check(t, "bfloat16", host(&Dataset{}, tensor(halves(x, bfloat16.FromFloat32), n, dim)), mixedHalves(m, halves(x, bfloat16.FromFloat32), bfloat16.FromFloat32), n, dim)
	check(t, "float16", host(&Dataset{}, tensor(halves(x, float16.FromFloat32), n, dim)), mixedHalves(m, halves(x, float16.FromFloat32), float16.FromFloat32), n, dim)
	doubles := []float64{1, 2, 3, 4, 5, 6}
	want := make([]float64, n)
	mixup.Blend(m, want, doubles, 1)
	check(t, "float64", host(&Dataset{}, tensor(doubles, n)), want, n)

	norm := mixup.Norm{Mean: []float32{0.5, 0.25}, Std: []float32{2, 3}}
	for _, img := range []mixup.Image{{}, {Channels: 2, Height: 3, Width: 3}} {
		bytes := make([]uint8, n*18)
		for i := range bytes {
			bytes[i] = uint8(i * i)
		}
		dims, shape := []int{n, 3, 3, 2}, mixup.Image{Channels: 2, Height: 3, Width: 3, Layout: mixup.NHWC}
		if img != (mixup.Image{}) {
			dims, shape = []int{n, 2, 3, 3}, img
		}
		floats := make([]float32, n*18)
		m.ApplyBytesTo(floats, bytes, shape, norm)
		got := host(&Dataset{Norm: norm, Image: img}, tensor(bytes, dims...))
		check(t, "uint8", got, floats, dims...)
		if got.DType() != dtypes.Float32 {
			t.Errorf("uint8 becomes %v, want Float32", got.DType())
		}
	}
}
