package main

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/seed-7466c776/mixup/examples/nn"
	"github.com/seed-7466c776/mixup/experiments/internal/train"
)

func TestSchedule(t *testing.T) {
	for _, tc := range []struct {
		cosine bool
		want   []float64 // rates at the beginning, after a third, half and two thirds, and at the end
	}{
		{false, []float64{1e-3, 1e-3, 1e-3, 1e-3, 1e-3}},
		{true, []float64{1e-3, 0.75e-3, 0.5e-3, 0.25e-3, 0}},
	} {
		steps := 0
		opt, gradient := schedule{epochs: 12, cosine: tc.cosine}.optimize(func(train.Step) float64 { steps++; return 0 })
		for i, epoch := range []float64{0, 4, 6, 8, 12} {
			gradient(train.Step{Epoch: epoch})
			if got := opt.(*nn.Adam).Rate; math.Abs(got-tc.want[i]) > 1e-15 {
				t.Errorf("cosine %v: rate %v at epoch %v, want %v", tc.cosine, got, epoch, tc.want[i])
			}
		}
		if steps != 5 {
			t.Errorf("cosine %v: %d gradients, want 5", tc.cosine, steps)
		}
	}
}

func TestBySet(t *testing.T) {
	var got [][][]string
	bySet([]string{"a0x", "a0y", "a1x", "a1y", "b0x", "b0y", "b1x", "b1y"}, 2, 2, func(set int, of [][]string) {
		if set != len(got) {
			t.Errorf("set %d, want %d", set, len(got))
		}
		got = append(got, of)
	})
	want := [][][]string{{{"a0x", "a1x"}, {"a0y", "a1y"}}, {{"b0x", "b1x"}, {"b0y", "b1y"}}}
	if !slices.EqualFunc(got, want, func(a, b [][]string) bool { return slices.EqualFunc(a, b, slices.Equal) }) {
		t.Errorf("results %v, want %v", got, want)
	}
}

// TestClassTableSplit splits a part of the rows twice.
func TestClassTableSplit(t *testing.T) {
	c := newClassTable("", blobs(90, 2, 3))
	if got, want := c.majority(), 2./3; math.Abs(got-want) > 1e-15 {
		t.Errorf("majority's error %v, want %v", got, want)
	}
	r := rand.New(rand.NewPCG(1, 2))
	_, rows := c.split(c.all(), 0.5, r)
	rest, part := c.split(rows, 0.2, r)
	if both := slices.Sorted(slices.Values(slices.Concat(rest, part))); !slices.Equal(both, rows) {
		t.Errorf("parts %v and %v, want %v", rest, part, rows)
	}
	for name, side := range map[string][]int{"rest": rest, "part": part} {
		of := make([]int, 3)
		for _, row := range side {
			of[c.labels[row]]++
		}
		if slices.Max(of)-slices.Min(of) > 2 {
			t.Errorf("%s has %v rows of the classes, want about the same", name, of)
		}
	}
}
