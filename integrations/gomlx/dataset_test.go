package gomlx

import (
	"fmt"
	"io"
	"iter"
	"testing"

	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/train"
	"github.com/seed-7466c776/mixup"
)

var (
	_ train.Dataset      = (*Dataset)(nil)
	_ train.HasShortName = (*Dataset)(nil)
	_ train.HasShortName = (*Dataset)(nil).InGraph().(train.HasShortName)
)

// TestTravelling checks integer labels that stay integers: the draw is in front of
// the inputs, which are mixed on the host or left.
func TestTravelling(t *testing.T) {
	for _, k := range []int{0, 2, 3} {
		for _, inGraph := range []bool{false, true} {
			t.Run(fmt.Sprintf("K=%d/inGraph=%v", k, inGraph), func(t *testing.T) {
				s := mixup.Sampler{Alpha: 0.7, K: k, PerSample: true}
				d := &Dataset{Source: &source{batches: 3, make: classification}, Sampler: s, Seed: 5}
				var ds train.Dataset = d
				if inGraph {
					ds = d.InGraph()
				}
				for number, b := range epoch(t, ds) {
					m := drawn(s, 5, 0, uint64(number))
					spec, ok := b.Spec.(Spec)
					if !ok || spec.Source != number {
						t.Errorf("spec %v, want a Spec of %d", b.Spec, number)
					}
					if len(b.Inputs) != 3 || len(b.Labels) != 1 {
						t.Fatalf("%d inputs and %d labels, want 3 and 1", len(b.Inputs), len(b.Labels))
					}
					var index []int32
					var weight []float32
					for i := range m.Index {
						index = append(index, int32(m.Index[i]))
						weight = append(weight, m.Weight[i])
					}
					check(t, "index", b.Inputs[0], index, n, m.K)
					check(t, "weight", b.Inputs[1], weight, n, m.K)
					want := values(number, n*dim)
					if !inGraph {
						want = mixed(m, number)
					}
					check(t, "inputs", b.Inputs[2], want, n, dim)
					check(t, "labels", b.Labels[0], flat[int32](t, integers[int32](classesOf(number), n)), n, 1)
				}
			})
		}
	}
}

// TestUnmixedShapes checks that a minibatch which a Draw function leaves unmixed has
// the shapes of one that is mixed, so that GoMLX builds no other graph for it.
func TestUnmixedShapes(t *testing.T) {
	d := &Dataset{Source: &source{batches: 1, make: classification}, Draw: func(d *Drawing) { d.Mix.Identity(n) }}
	b := one(t, d)
	check(t, "index", b.Inputs[0], []int32{0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5}, n, 2)
	check(t, "weight", b.Inputs[1], []float32{1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0}, n, 2)
}

// TestSoftTargets checks integer labels that become soft targets, of every type.
func TestSoftTargets(t *testing.T) {
	s := mixup.Sampler{Alpha: 0.7}
	m := drawn(s, 5, 0, 0)
	signed := classesOf(0)
	signed[2] = mixup.Ignore
	bools := make([]bool, n)
	ones := make([]int, n)
	for i := range bools {
		bools[i] = i%2 == 1
		ones[i] = i % 2
	}
	for _, tc := range []struct {
		name   string
		y      *tensors.Tensor
		labels []int
	}{
		{"int8", integers[int8](signed, n, 1), signed},
		{"int16", integers[int16](signed, n), signed},
		{"int32", integers[int32](signed, n, 1), signed},
		{"int64", integers[int64](signed, n), signed},
		{"uint8", integers[uint8](classesOf(0), n, 1), classesOf(0)},
		{"uint16", integers[uint16](classesOf(0), n), classesOf(0)},
		{"uint32", integers[uint32](classesOf(0), n, 1), classesOf(0)},
		{"uint64", integers[uint64](classesOf(0), n), classesOf(0)},
		{"bool", tensor(bools, n), ones},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := &Dataset{Sampler: s, Seed: 5, Classes: classes, Smoothing: 0.1,
				Source: once(list{tensor(values(0, n*dim), n, dim)}, list{tc.y, tensor(values(1, n), n, 1)})}
			b := one(t, d)
			if b.Spec != 0 {
				t.Errorf("spec %v, want that of the source, 0", b.Spec)
			}
			if len(b.Inputs) != 1 || len(b.Labels) != 2 {
				t.Fatalf("%d inputs and %d labels, want 1 and 2", len(b.Inputs), len(b.Labels))
			}
			want := make([]float32, n*classes)
			m.OneHotTo(want, tc.labels, classes)
			mixup.Smooth(want, classes, 0.1)
			check(t, "labels[0]", b.Labels[0], want, n, classes)
			other := values(1, n)
			m.Apply(other, 1)
			check(t, "labels[1]", b.Labels[1], other, n, 1)
			if tc.y.Ok() {
				t.Error("the integers that were given away are not finalized")
			}
		})
	}
}

// TestZeroSampler checks that the zero Sampler changes nothing.
func TestZeroSampler(t *testing.T) {
	d := &Dataset{Source: &source{batches: 1, make: classification}, Classes: classes}
	b := one(t, d)
	check(t, "inputs", b.Inputs[0], values(0, n*dim), n, dim)
	want := make([]float32, n*classes)
	for i, class := range classesOf(0) {
		want[i*classes+class] = 1
	}
	check(t, "labels", b.Labels[0], want, n, classes)
}

// TestNoRows checks that a minibatch without rows is no mistake.
func TestNoRows(t *testing.T) {
	for _, d := range []*Dataset{{}, {Classes: classes}, {Sampler: mixup.Sampler{Alpha: 1}, Classes: classes}, {CutMix: &mixup.CutSampler{Alpha: 1}}} {
		d.Source = once(list{tensor([]float32{}, 0, 4, 4, 1)}, list{tensor([]int32{}, 0, 1)})
		b := one(t, d)
		check[float32](t, "inputs", b.Inputs[len(b.Inputs)-1], nil, 0, 4, 4, 1)
	}
}

// TestSteps checks which draw is for which minibatch.
func TestSteps(t *testing.T) {
	s := mixup.Sampler{Alpha: 1}
	for _, tc := range []struct {
		name  string
		d     *Dataset
		ranks []int
		steps []uint64
	}{
		{"zero", &Dataset{}, []int{0, 0, 0, 0, 0, 0}, []uint64{0, 1, 2, 3, 4, 5}},
		{"rank", &Dataset{Rank: 2}, []int{2, 2, 2, 2, 2, 2}, []uint64{0, 1, 2, 3, 4, 5}},
		{"resumed", &Dataset{Step: 7}, []int{0, 0, 0, 0, 0, 0}, []uint64{7, 8, 9, 10, 11, 12}},
		{"one shard", &Dataset{Shards: 1}, []int{0, 0, 0, 0, 0, 0}, []uint64{0, 1, 2, 3, 4, 5}},
		// The third minibatch of an epoch begins a step that is not complete, and
		// that GoMLX drops, so that the step is taken again.
		{"two shards", &Dataset{Rank: 2, Shards: 2, Step: 10}, []int{4, 5, 4, 4, 5, 4}, []uint64{10, 10, 11, 11, 11, 12}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := tc.d
			d.Sampler, d.Seed, d.Classes = s, 3, classes
			d.Source = &source{batches: 3, make: classification}
			for number, b := range append(epoch(t, d), epoch(t, d)...) {
				m := drawn(s, 3, tc.ranks[number], tc.steps[number])
				check(t, fmt.Sprintf("minibatch %d", number), b.Inputs[0], mixed(m, number), n, dim)
			}
		})
	}
}

// TestRanks checks that shards of all processes draw from ranks of their own.
func TestRanks(t *testing.T) {
	const processes, shards = 3, 2
	seen := make(map[string]string)
	for rank := range processes {
		d := &Dataset{Sampler: mixup.Sampler{Alpha: 1}, Rank: rank, Shards: shards, Classes: classes,
			Source: &source{batches: shards, make: classification}}
		for shard, b := range epoch(t, d) {
			check(t, "inputs", b.Inputs[0], mixed(drawn(d.Sampler, 0, rank*shards+shard, 0), shard), n, dim)
			name := fmt.Sprintf("shard %d of rank %d", shard, rank)
			key := fmt.Sprint(drawn(d.Sampler, 0, rank*shards+shard, 0).Weight)
			if other, ok := seen[key]; ok {
				t.Errorf("%s draws like %s", name, other)
			}
			seen[key] = name
		}
	}
}

// TestShapesOfShards checks that minibatches of other shapes make steps of their
// own, as in DistributedAccumulator.
func TestShapesOfShards(t *testing.T) {
	var s steps
	s.begin(5)
	for i, tc := range []struct {
		shapes string
		step   uint64
		shard  int
	}{{"a", 5, 0}, {"b", 6, 0}, {"a", 5, 1}, {"b", 6, 1}, {"a", 7, 0}, {"b", 8, 0}, {"b", 8, 1}} {
		if g, shard := s.take(tc.shapes, 2); g.step != tc.step || shard != tc.shard {
			t.Errorf("minibatch %d: step %d, shard %d, want %d, %d", i, g.step, shard, tc.step, tc.shard)
		}
	}
	s.begin(5)
	if g, shard := s.take("a", 2); g.step != 9 || shard != 0 {
		t.Errorf("step %d, shard %d after the epoch, want 9, 0: step 8 was complete", g.step, shard)
	}
	s.take("b", 2)
	s.take("b", 2)
	s.take("a", 2)
	s.begin(5)
	if g, _ := s.take("a", 2); g.step != 11 {
		t.Errorf("step %d after the epoch, want 11: step 10 was complete before step 9", g.step)
	}
}

// TestOwnership checks where tensors are mixed, and which are finalized.
func TestOwnership(t *testing.T) {
	s := mixup.Sampler{Alpha: 1}
	m := drawn(s, 0, 0, 0)
	for _, tc := range []struct {
		name    string
		move    func(*tensors.Tensor) error
		inPlace bool
	}{
		{"in host memory", nil, true},
		{"shared with the device", func(x *tensors.Tensor) error { return x.MaterializeOnDevice(backend(), true, 0) }, true},
		{"on the device", func(x *tensors.Tensor) error {
			defer x.FinalizeLocal()
			return x.MaterializeOnDevice(backend(), false, 0)
		}, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x := tensor(values(0, n*dim), n, dim)
			if tc.move != nil {
				if err := tc.move(x); err != nil {
					t.Fatal(err)
				}
			}
			// The same tensor is input and label, as for an autoencoder.
			b := one(t, &Dataset{Sampler: s, Source: once(list{x}, list{x})})
			check(t, "inputs", b.Inputs[0], mixed(m, 0), n, dim)
			check(t, "labels", b.Labels[0], mixed(m, 0), n, dim)
			if inPlace := b.Inputs[0] == x; inPlace != tc.inPlace {
				t.Errorf("mixed in place: %v, want %v", inPlace, tc.inPlace)
			}
			if x.Ok() != tc.inPlace {
				t.Errorf("the source's tensor is valid: %v, want %v", x.Ok(), tc.inPlace)
			}
		})
	}
}

// TestInputs checks inputs that are chosen by number, also where the same tensor is
// to be kept.
func TestInputs(t *testing.T) {
	s := mixup.Sampler{Alpha: 1}
	m := drawn(s, 0, 0, 0)
	ids := []int32{3, 1, 4, 1, 5, 9}
	for _, labels := range []list{{integers[int32](classesOf(0), n, 1)}, {tensor(values(0, n), n)}} {
		x := tensor(values(0, n*dim), n, dim)
		d := &Dataset{Sampler: s, Inputs: []int{1}, Source: once(list{tensor(ids, n), x, x}, labels)}
		b := one(t, d)
		inputs := b.Inputs[len(b.Inputs)-3:]
		check(t, "inputs[0]", inputs[0], ids, n)
		check(t, "inputs[1]", inputs[1], mixed(m, 0), n, dim)
		check(t, "inputs[2]", inputs[2], values(0, n*dim), n, dim)
	}
}

// failing is a source that ends with an error.
type failing struct{ source }

func (f *failing) Iter() iter.Seq2[train.Batch, error] {
	return func(yield func(train.Batch, error) bool) {
		for b := range f.source.Iter() {
			if !yield(b, nil) {
				return
			}
		}
		yield(train.Batch{}, io.ErrUnexpectedEOF)
	}
}

// TestSourceError checks that an error of the source comes as it is, and that the
// source is stopped when the loop is.
func TestSourceError(t *testing.T) {
	d := &Dataset{Source: &failing{source{batches: 2, make: classification}}}
	count := 0
	for _, err := range d.Iter() {
		if count == 2 && err != io.ErrUnexpectedEOF || count != 2 && err != nil {
			t.Errorf("error %v after %d minibatches", err, count)
		}
		count++
	}
	if count != 3 {
		t.Errorf("%d minibatches and errors, want 3", count)
	}
	s := &source{batches: 5, make: classification}
	for range (&Dataset{Source: s}).Iter() {
		break
	}
	if s.number != 1 {
		t.Errorf("the source has yielded %d minibatches, want 1", s.number)
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

func (s named) Name() string                        { return string(s) }
func (s named) Iter() iter.Seq2[train.Batch, error] { return func(func(train.Batch, error) bool) {} }

// shortNamed has a short name, too.
type shortNamed struct{ named }

func (s shortNamed) ShortName() string { return "s." }
