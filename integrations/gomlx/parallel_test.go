package gomlx

import (
	"fmt"
	"io"
	"slices"
	"testing"

	"github.com/gomlx/gomlx/pkg/core/tensors"
	"github.com/gomlx/gomlx/pkg/ml/datasets"
	"github.com/gomlx/gomlx/pkg/ml/train"
	"github.com/seed-7466c776/mixup"
)

const epochs, perEpoch = 3, 40

// A yielded minibatch: its number, inputs, labels and weights.
type yielded struct {
	number int
	x      []float32
	ya, yb []int32
	w      []float32
}

// all returns what ds yields in a number of epochs.
func all(t *testing.T, ds train.Dataset) (all []yielded) {
	t.Helper()
	for range epochs {
		for {
			spec, inputs, labels, err := ds.Yield()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, yielded{spec.(Spec).Source.(int), flat[float32](t, inputs[0]),
				flat[int32](t, labels[0]), flat[int32](t, labels[1]), flat[float32](t, labels[2])})
		}
		ds.Reset()
	}
	return all
}

func (a yielded) equal(b yielded) bool {
	return a.number == b.number && slices.Equal(a.x, b.x) && slices.Equal(a.ya, b.ya) &&
		slices.Equal(a.yb, b.yb) && slices.Equal(a.w, b.w)
}

// TestParallel checks that minibatches are the same bits however many goroutines
// make them, over several epochs, and the same in order if there is one.
func TestParallel(t *testing.T) {
	fresh := func() *Dataset {
		return &Dataset{Source: &source{batches: perEpoch, make: classification}, Sampler: mixup.Sampler{Alpha: 1, PerSample: true}, Seed: 1}
	}
	want := all(t, fresh())
	if len(want) != epochs*perEpoch {
		t.Fatalf("%d minibatches, want %d", len(want), epochs*perEpoch)
	}
	for i, a := range want {
		for _, b := range want[:i] {
			if slices.Equal(a.w, b.w) {
				t.Errorf("minibatches %d and %d have the same weights", b.number, a.number)
			}
		}
	}

	compare := func(t *testing.T, got []yielded) {
		t.Helper()
		if len(got) != len(want) {
			t.Fatalf("%d minibatches, want %d", len(got), len(want))
		}
		for i := range got {
			if !got[i].equal(want[i]) {
				t.Errorf("minibatch %d: got %v, want %v", i, got[i], want[i])
			}
		}
	}
	for workers := 1; workers <= 8; workers++ {
		t.Run(fmt.Sprintf("workers=%d", workers), func(t *testing.T) {
			ds := datasets.CustomParallel(fresh()).Parallelism(workers).Buffer(2).Start()
			got := all(t, ds)
			ds.Done()
			if workers > 1 { // in any order
				slices.SortFunc(got, func(a, b yielded) int { return a.number - b.number })
			}
			compare(t, got)
		})
	}
	t.Run("ReadAhead", func(t *testing.T) {
		ds := datasets.ReadAhead(fresh(), 4)
		compare(t, all(t, ds))
		ds.(*datasets.ParallelDataset).Done()
	})
	t.Run("resumed", func(t *testing.T) {
		const behind = perEpoch + 7
		d := fresh()
		d.Source.(*source).number, d.Source.(*source).inEpoch = behind, 7
		d.Step = behind
		for i, a := range all(t, d)[:epochs*perEpoch-behind] {
			if !a.equal(want[behind+i]) {
				t.Errorf("minibatch %d: got %v, want %v", behind+i, a, want[behind+i])
			}
		}
	})
}

// TestFinalized checks that labels which something else has come in place of are
// finalized.
func TestFinalized(t *testing.T) {
	var integers []*tensors.Tensor
	d := &Dataset{Sampler: mixup.Sampler{Alpha: 1}, Source: &source{batches: 3, make: func(number int) (inputs, labels []*tensors.Tensor) {
		inputs, labels = classification(number)
		integers = append(integers, labels...)
		return inputs, labels
	}}}
	for range 3 {
		yield(t, d)
	}
	for i, x := range integers {
		if x.Ok() {
			t.Errorf("labels of minibatch %d are not finalized", i)
		}
	}
}
