package gomlx

import (
	"fmt"
	"io"
	"slices"
	"testing"

	"github.com/gomlx/gomlx/pkg/core/dtypes"
	"github.com/gomlx/gomlx/pkg/core/shapes"
	"github.com/gomlx/gomlx/pkg/core/tensors"
	"github.com/gomlx/gomlx/pkg/ml/train"
	"github.com/seed-7466c776/mixup"
	"gonum.org/v1/gonum/stat/distuv"
)

var (
	_ train.Dataset      = (*Dataset)(nil)
	_ train.HasShortName = (*Dataset)(nil)
)

// TestTerms checks integer labels that stay integers.
func TestTerms(t *testing.T) {
	for _, k := range []int{1, 2, 3} {
		t.Run(fmt.Sprintf("K=%d", k), func(t *testing.T) {
			s := mixup.Sampler{Alpha: 0.7, K: k, PerSample: true}
			d := &Dataset{Source: &source{batches: 3, make: classification}, Sampler: s, Seed: 5}
			for number := range 3 {
				m := drawn(s, 5, 0, uint64(number))
				spec, inputs, labels := yield(t, d)
				if want := (Spec{number}); spec != want {
					t.Errorf("spec %v, want %v", spec, want)
				}
				if len(inputs) != 1 || len(labels) != k+1 {
					t.Fatalf("%d inputs and %d labels, want 1 and %d", len(inputs), len(labels), k+1)
				}
				check(t, "inputs", inputs[0], mixed(m, number), n, dim)
				for term := range k {
					var want []int32
					for i := range n {
						want = append(want, int32(classesOf(number)[m.Index[i*k+term]]))
					}
					check(t, "labels", labels[term], want, n, 1)
				}
				check(t, "weights", labels[k], m.Weight, n, k)
			}
		})
	}
}

// TestSoftTargets checks integer labels that become soft targets, of every type.
func TestSoftTargets(t *testing.T) {
	s := mixup.Sampler{Alpha: 0.7}
	want := make([]float32, n*classes)
	labels := classesOf(0)
	labels[2] = mixup.Ignore
	drawn(s, 5, 0, 0).OneHotTo(want, labels, classes)
	wantUnsigned := make([]float32, n*classes)
	drawn(s, 5, 0, 0).OneHotTo(wantUnsigned, classesOf(0), classes)

	test := func(name string, y *tensors.Tensor, want []float32) {
		t.Run(name, func(t *testing.T) {
			d := &Dataset{Sampler: s, Seed: 5, Classes: classes, Source: &source{batches: 1, make: func(int) (inputs, labels []*tensors.Tensor) {
				return []*tensors.Tensor{tensors.FromFlatDataAndDimensions(values(0, n*dim), n, dim)}, []*tensors.Tensor{y, tensors.FromFlatDataAndDimensions(values(1, n), n)}
			}}}
			spec, _, labels := yield(t, d)
			if spec != 0 {
				t.Errorf("spec %v, want that of the source, 0", spec)
			}
			if len(labels) != 2 {
				t.Fatalf("%d labels, want 2", len(labels))
			}
			check(t, "labels[0]", labels[0], want, n, classes)
			other := values(1, n)
			drawn(s, 5, 0, 0).Apply(other)
			check(t, "labels[1]", labels[1], other, n)
			if y.Ok() {
				t.Error("the integers that were given away are not finalized")
			}
		})
	}
	test("int8", integers[int8](labels, n, 1), want)
	test("int16", integers[int16](labels, n), want)
	test("int32", integers[int32](labels, n, 1), want)
	test("int64", integers[int64](labels, n), want)
	test("uint8", integers[uint8](classesOf(0), n, 1), wantUnsigned)
	test("uint16", integers[uint16](classesOf(0), n), wantUnsigned)
	test("uint32", integers[uint32](classesOf(0), n, 1), wantUnsigned)
	test("uint64", integers[uint64](classesOf(0), n), wantUnsigned)
}

func integers[T int8 | int16 | int32 | int64 | uint8 | uint16 | uint32 | uint64](y []int, dims ...int) *tensors.Tensor {
	var v []T
	for _, class := range y {
		v = append(v, T(class))
	}
	return tensors.FromFlatDataAndDimensions(v, dims...)
}

// TestEvaluation checks that the zero Sampler changes nothing.
func TestEvaluation(t *testing.T) {
	d := &Dataset{Source: &source{batches: 1, make: classification}, Classes: classes}
	_, inputs, labels := yield(t, d)
	check(t, "inputs", inputs[0], values(0, n*dim), n, dim)
	want := make([]float32, n*classes)
	for i, class := range classesOf(0) {
		want[i*classes+class] = 1
	}
	check(t, "labels", labels[0], want, n, classes)
}

// TestNoRows checks that a minibatch without rows is no mistake.
func TestNoRows(t *testing.T) {
	for _, d := range []*Dataset{{}, {Classes: classes}, {CutMix: &mixup.CutSampler{Alpha: 1}}} {
		d.Source = &source{batches: 1, make: func(int) (inputs, labels []*tensors.Tensor) {
			return []*tensors.Tensor{tensors.FromShape(shapes.Make(dtypes.Float32, 0, 1, 2, 2))}, []*tensors.Tensor{integers[int32](nil, 0, 1)}
		}}
		_, inputs, _ := yield(t, d)
		check[float32](t, "inputs", inputs[0], nil, 0, 1, 2, 2)
	}
}

// TestStep checks which draw is for which minibatch.
func TestStep(t *testing.T) {
	s := mixup.Sampler{Alpha: 1}
	for _, tc := range []struct {
		name  string
		d     *Dataset
		ranks []int
		steps []uint64
	}{
		{"zero", &Dataset{}, []int{0, 0, 0, 0, 0}, []uint64{0, 1, 2, 3, 4}},
		{"rank", &Dataset{Rank: 2}, []int{2, 2, 2, 2, 2}, []uint64{0, 1, 2, 3, 4}},
		{"resumed", &Dataset{Step: 7}, []int{0, 0, 0, 0, 0}, []uint64{7, 8, 9, 10, 11}},
		{"one shard", &Dataset{Shards: 1}, []int{0, 0, 0, 0, 0}, []uint64{0, 1, 2, 3, 4}},
		{"two shards", &Dataset{Rank: 4, Shards: 2, Step: 10}, []int{4, 5, 4, 5, 4}, []uint64{10, 10, 11, 11, 12}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := tc.d
			d.Sampler, d.Seed = s, 3
			d.Source = &source{batches: 3, make: classification}
			for number := range 5 {
				if number == 3 { // the end of the epoch takes no step
					if _, _, _, err := d.Yield(); err != io.EOF {
						t.Fatalf("error %v, want EOF", err)
					}
					d.Reset()
				}
				_, inputs, _ := yield(t, d)
				m := drawn(s, 3, tc.ranks[number], tc.steps[number])
				check(t, fmt.Sprintf("minibatch %d", number), inputs[0], mixed(m, number), n, dim)
			}
		})
	}
}

// TestOwnership checks where tensors are mixed, and which are finalized.
func TestOwnership(t *testing.T) {
	backend := newBackend(t)
	s := mixup.Sampler{Alpha: 1}
	m := drawn(s, 0, 0, 0)
	for _, tc := range []struct {
		name     string
		keeps    bool
		move     func(*tensors.Tensor) error
		inPlace  bool
		survives bool
	}{
		{"given away", false, nil, true, true},
		{"kept", true, nil, false, true},
		{"shared with the device", false, func(x *tensors.Tensor) error { return x.MaterializeOnDevice(backend, true, 0) }, true, true},
		{"on the device", false, func(x *tensors.Tensor) error {
			defer x.FinalizeLocal()
			return x.MaterializeOnDevice(backend, false, 0)
		}, false, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x := tensors.FromFlatDataAndDimensions(values(0, n*dim), n, dim)
			if tc.move != nil {
				if err := tc.move(x); err != nil {
					t.Fatal(err)
				}
			}
			// The same tensor is input and label, as for an autoencoder.
			d := &Dataset{Sampler: s, Source: &source{batches: 1, keeps: tc.keeps, make: func(int) (inputs, labels []*tensors.Tensor) {
				return []*tensors.Tensor{x}, []*tensors.Tensor{x}
			}}}
			_, inputs, labels := yield(t, d)
			check(t, "inputs", inputs[0], mixed(m, 0), n, dim)
			check(t, "labels", labels[0], mixed(m, 0), n, dim)
			if inPlace := inputs[0] == x; inPlace != tc.inPlace {
				t.Errorf("mixed in place: %v, want %v", inPlace, tc.inPlace)
			}
			if x.Ok() != tc.survives {
				t.Errorf("the source's tensor is valid: %v, want %v", x.Ok(), tc.survives)
			}
			if tc.keeps {
				check(t, "the source's", x, values(0, n*dim), n, dim)
			}
		})
	}
}

// TestCutMix checks images in both layouts.
func TestCutMix(t *testing.T) {
	const channels, height, width = 2, 4, 5
	for _, tc := range []struct {
		layout mixup.Layout
		dims   []int
	}{
		{mixup.NCHW, []int{n, channels, height, width}},
		{mixup.NHWC, []int{n, height, width, channels}},
	} {
		t.Run(tc.layout.String(), func(t *testing.T) {
			cut := mixup.CutSampler{Alpha: 1, PerSample: true, Mixup: mixup.Sampler{Alpha: 0.5}}
			d := &Dataset{CutMix: &cut, Layout: tc.layout, Classes: classes, Seed: 9,
				Sampler: mixup.Sampler{Alpha: -1}, // not used
				Source: &source{batches: 1, make: func(int) (inputs, labels []*tensors.Tensor) {
					return []*tensors.Tensor{tensors.FromFlatDataAndDimensions(values(0, n*channels*height*width), tc.dims...)},
						[]*tensors.Tensor{integers[int32](classesOf(0), n, 1)}
				}}}
			_, inputs, labels := yield(t, d)

			var c mixup.Cut
			cut.Src = mixup.NewStream(9, 0)
			cut.Sample(&c, n, mixup.Image{Channels: channels, Height: height, Width: width, Layout: tc.layout})
			x := values(0, n*channels*height*width)
			c.Apply(x)
			check(t, "inputs", inputs[0], x, tc.dims...)
			y := make([]float32, n*classes)
			c.OneHotTo(y, classesOf(0), classes)
			check(t, "labels", labels[0], y, n, classes)
			if x := values(0, len(x)); slices.Equal(flat[float32](t, inputs[0]), x) {
				t.Error("nothing is mixed")
			}
		})
	}
}

// TestErrors checks that what does not fit is an error, and that the source's
// tensors are then as they were.
func TestErrors(t *testing.T) {
	x := func(dims ...int) *tensors.Tensor {
		return tensors.FromFlatDataAndDimensions(values(0, shapes.Make(dtypes.Float32, dims...).Size()), dims...)
	}
	zeros := func(dtype dtypes.DType, dims ...int) *tensors.Tensor {
		return tensors.FromShape(shapes.Make(dtype, dims...))
	}
	finalized := x(n, dim)
	finalized.MustFinalizeAll()
	type list = []*tensors.Tensor
	good := list{x(n, dim)}
	classes10 := integers[int32]([]int{0, 1, 2, 10, 4, 5}, n, 1)
	sampler := mixup.Sampler{Alpha: 1}
	const in = `gomlx: dataset "source": `
	for _, tc := range []struct {
		name           string
		d              *Dataset
		inputs, labels list
		want           string
	}{
		{"no inputs", &Dataset{}, nil, nil, in + "there are no inputs"},
		{"scalar", &Dataset{}, list{tensors.FromScalar(float32(1))}, nil, in + "inputs[0]: shape is (Float32), want a first axis of rows"},
		{"float64 inputs", &Dataset{}, list{zeros(dtypes.Float64, n, dim)}, nil, in + "inputs[0]: dtype is Float64, want Float32"},
		{"integer inputs", &Dataset{}, list{x(n, dim), zeros(dtypes.Int32, n, dim)}, nil, in + "inputs[1]: dtype is Int32, want Float32"},
		{"rows of inputs", &Dataset{}, list{x(n, dim), x(n+1, dim)}, nil, in + "inputs[1]: shape is (Float32)[7 3], want 6 rows as in inputs[0]"},
		{"rows of labels", &Dataset{}, good, list{x(n - 1)}, in + "labels[0]: shape is (Float32)[5], want 6 rows as in inputs[0]"},
		{"nil", &Dataset{}, list{nil}, nil, in + "inputs[0]: Tensor is nil"},
		{"finalized", &Dataset{}, list{finalized}, nil, in + "inputs[0]: Tensor shape is invalid"},
		{"boolean labels", &Dataset{}, good, list{zeros(dtypes.Bool, n)}, in + "labels[0]: dtype is Bool, want Float32 or integers"},
		{"float64 labels", &Dataset{}, good, list{zeros(dtypes.Float64, n)}, in + "labels[0]: dtype is Float64, want Float32 or integers"},
		{"packed labels", &Dataset{}, good, list{zeros(dtypes.Int4, n)}, in + "labels[0]: dtype is S4, want Float32 or integers"},
		{"rows of integers", &Dataset{Classes: 3}, good, list{zeros(dtypes.Int32, n, 2)}, in + "labels[0]: shape is (Int32)[6 2], want an integer for each of 6 rows"},
		{"other labels", &Dataset{}, good, list{zeros(dtypes.Int32, n, 1), x(n)}, in + "labels[0]: dtype is Int32, want Classes set, or no other labels"},
		{"class", &Dataset{Classes: 10}, good, list{classes10}, in + "labels[0]: row 3: label 10, want a class in [0, 10) or Ignore"},
		{"negative class", &Dataset{Classes: 10}, good, list{integers[int64]([]int{0, -1, 0, 0, 0, 0}, n)}, in + "labels[0]: row 1: label -1, want a class in [0, 10) or Ignore"},
		{"large class", &Dataset{Classes: 10}, good, list{integers[uint64]([]int{0, 0, mixup.Ignore, 0, 0, 0}, n)}, in + "labels[0]: row 2: label 18446744073709551516, want a class in [0, 10) or Ignore"},
		{"classes", &Dataset{Classes: -1}, good, nil, "gomlx: Dataset: Classes = -1, want ≥ 0"},
		{"rank", &Dataset{Rank: -1}, good, nil, "gomlx: Dataset: Rank = -1, want ≥ 0"},
		{"shards", &Dataset{Shards: -1}, good, nil, "gomlx: Dataset: Shards = -1, want ≥ 0"},
		{"sampler", &Dataset{Sampler: mixup.Sampler{Alpha: -1}}, good, nil, "mixup: Sampler: Alpha = -1, want ≥ 0"},
		{"lambda", &Dataset{Sampler: mixup.Sampler{Lambda: distuv.UnitUniform}}, good, nil, "gomlx: Dataset: Sampler has a Lambda, which no step determines, want Alpha"},
		{"cut sampler", &Dataset{CutMix: &mixup.CutSampler{Alpha: -1}}, good, nil, "mixup: CutSampler: Alpha = -1, want ≥ 0"},
		{"cut lambda", &Dataset{CutMix: &mixup.CutSampler{Mixup: mixup.Sampler{Lambda: distuv.UnitUniform}}}, good, nil, "gomlx: Dataset: CutMix.Mixup has a Lambda, which no step determines, want Alpha"},
		{"layout", &Dataset{CutMix: &mixup.CutSampler{Alpha: 1}, Layout: 2}, good, nil, "gomlx: Dataset: Layout = Layout(2), want NCHW or NHWC"},
		{"no images", &Dataset{CutMix: &mixup.CutSampler{Alpha: 1}}, good, nil, in + "inputs[0]: shape is (Float32)[6 3], want [n, channels, height, width] for CutMix, or [n, height, width, channels] if Layout is NHWC"},
		{"empty images", &Dataset{CutMix: &mixup.CutSampler{Alpha: 1}}, list{zeros(dtypes.Float32, n, 1, 0, 2)}, nil, in + "inputs[0]: shape is (Float32)[6 1 0 2], want [n, channels, height, width] for CutMix, or [n, height, width, channels] if Layout is NHWC"},
		{"images of two sizes", &Dataset{CutMix: &mixup.CutSampler{Alpha: 1}}, list{x(n, 1, 2, 2), x(n, 1, 2, 3)}, nil, in + "inputs[1]: images of 1×2×3 NCHW, want 1×2×2 NCHW as in inputs[0]"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := tc.d
			if d.Sampler == (mixup.Sampler{}) {
				d.Sampler = sampler
			}
			d.Source = &source{batches: 1, make: func(int) (inputs, labels []*tensors.Tensor) { return tc.inputs, tc.labels }}
			_, inputs, labels, err := d.Yield()
			if err == nil {
				t.Fatalf("no error, want %q", tc.want)
			}
			if got := err.Error(); got != tc.want {
				t.Errorf("error\n%s, want\n%s", got, tc.want)
			}
			if inputs != nil || labels != nil {
				t.Error("inputs or labels beside an error")
			}
			check(t, "the source's", good[0], values(0, n*dim), n, dim)
		})
	}
}

// TestNames checks the names that come from the source.
func TestNames(t *testing.T) {
	for _, tc := range []struct {
		source     train.Dataset
		name, abbr string
	}{
		{named("source"), "source", "sou"},
		{named("x"), "x", "x"},
		{&Dataset{Source: shortNamed{named("source")}}, "source", "s."},
	} {
		d := &Dataset{Source: tc.source}
		if d.Name() != tc.name || d.ShortName() != tc.abbr {
			t.Errorf("names %q and %q, want %q and %q", d.Name(), d.ShortName(), tc.name, tc.abbr)
		}
	}
}

// named is a dataset that has a name only.
type named string

func (s named) Name() string                                                   { return string(s) }
func (s named) Reset()                                                         {}
func (s named) Yield() (spec any, inputs, labels []*tensors.Tensor, err error) { return }

// shortNamed has a short name, too.
type shortNamed struct{ named }

func (s shortNamed) ShortName() string { return "s." }
