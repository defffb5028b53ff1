package gomlx

import (
	"fmt"
	"image"
	"testing"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/distributed"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors/dtensor"
	"github.com/gomlx/gomlx/ml/dataset"
	"github.com/gomlx/gomlx/ml/train"
	"github.com/gomlx/gomlx/ml/train/loss"
	"github.com/seed-7466c776/mixup"
)

// devices makes the one device of a backend look like several.
type devices struct {
	compute.Backend
	number int
}

func (d devices) NumDevices() int { return d.number }

func (d devices) BufferFromFlatData(_ compute.DeviceNum, flat any, shape shapes.Shape) (compute.Buffer, error) {
	return d.Backend.BufferFromFlatData(0, flat, shape)
}

const shards = 2

// accumulate returns the steps that a DistributedAccumulator makes of ds.
func accumulate(t *testing.T, ds train.Dataset, strategy distributed.Strategy) (all []train.DistributedBatch) {
	t.Helper()
	mesh, err := distributed.NewDeviceMesh([]int{shards}, []string{"shards"})
	if err != nil {
		t.Fatal(err)
	}
	spec, err := distributed.BuildSpec(mesh).S("shards").Done()
	if err != nil {
		t.Fatal(err)
	}
	specs := []*distributed.ShardingSpec{spec}
	accumulator, err := dataset.NewDistributedAccumulator(devices{backend(), shards}, ds, strategy, specs, specs, nil)
	if err != nil {
		t.Fatal(err)
	}
	for b, err := range accumulator.DistributedIter() {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b)
	}
	return all
}

// TestShardsOnHost checks that the shards of a step are mixed like the minibatches
// of as many ranks.
func TestShardsOnHost(t *testing.T) {
	const steps, rank, step = 3, 4, 100
	s := mixup.Sampler{Alpha: 1}
	d := &Dataset{Source: &source{batches: shards * steps, make: classification, noSpec: true}, Sampler: s, Seed: 1, Classes: classes,
		Rank: rank, Shards: shards, Step: step}
	all := accumulate(t, d, distributed.AutoSharding)
	if len(all) != steps {
		t.Fatalf("%d steps, want %d", len(all), steps)
	}
	for i, b := range all {
		for r := range shards {
			name := fmt.Sprintf("step %d: shard %d: ", i, r)
			number := i*shards + r
			m := drawn(s, 1, rank*shards+r, uint64(step+i))
			check(t, name+"inputs", b.Inputs[0].Shards()[r], mixed(m, number), n, dim)
			want := make([]float32, n*classes)
			m.OneHotTo(want, classesOf(number), classes)
			check(t, name+"labels", b.Labels[0].Shards()[r], want, n, classes)
		}
	}
}

// merged returns the rows of all shards as one minibatch, which is what a graph sees
// under automatic sharding.
func merged(t *testing.T, b train.DistributedBatch) train.Batch {
	t.Helper()
	merge := func(shards []*dtensor.Tensor) (all list) {
		for _, x := range shards {
			whole, err := x.Merge()
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, whole)
		}
		return all
	}
	return train.Batch{Spec: b.Spec, Inputs: merge(b.Inputs), Labels: merge(b.Labels)}
}

// TestShardsInGraph checks that a graph mixes each shard within itself, whether it
// sees the rows of all shards or those of one.
func TestShardsInGraph(t *testing.T) {
	const steps = 3
	s := mixup.Sampler{Alpha: 1, PerSample: true}
	for _, strategy := range []distributed.Strategy{distributed.AutoSharding, distributed.SPMD} {
		d := &Dataset{Source: &source{batches: shards * steps, make: classification, noSpec: true}, Inputs: []int{0}, Sampler: s, Shards: shards, Strategy: strategy}
		for step, b := range accumulate(t, d.InGraph(), strategy) {
			var want [shards][]float32
			var wantLoss [shards]float64
			for r := range shards {
				m := drawn(s, 0, r, uint64(step))
				want[r] = mixed(m, step*shards+r)
				wantLoss[r] = mixup.CrossEntropy{}.Mixed(nil, logits(n), m, classesOf(step*shards+r), classes)
			}
			inputs := func(inputs, _ []*graph.Node) []*graph.Node { return inputs }
			if strategy == distributed.AutoSharding {
				whole := merged(t, b)
				y := execute(t, true, whole, inputs)
				check(t, "inputs", y[0], append(want[0], want[1]...), shards*n, dim)
				whole = merged(t, b)
				got, _ := lossOf(t, whole, Loss(loss.SparseCategoricalCrossEntropyLogits), tensor(append(logits(n), logits(n)...), shards*n, classes))
				compare(t, "loss", got, (wantLoss[0]+wantLoss[1])/shards, nil, nil)
				continue
			}
			for r := range shards {
				shard := train.Batch{Spec: b.Spec}
				for _, x := range b.Inputs {
					local, err := x.Shards()[r].LocalClone()
					if err != nil {
						t.Fatal(err)
					}
					shard.Inputs = append(shard.Inputs, local)
				}
				check(t, fmt.Sprintf("shard %d", r), execute(t, true, shard, inputs)[0], want[r], n, dim)
			}
		}
	}
}

// TestShardsOfOtherDraws checks that the shards of a step cannot have draws of other
// shapes. DistributedAccumulator joins minibatches of equal shapes, so that it would
// make a step of two first shards.
func TestShardsOfOtherDraws(t *testing.T) {
	img := mixup.Image{Channels: 1, Height: 4, Width: 4, Layout: mixup.NHWC}
	partner := []int{1, 2, 3, 4, 5, 0}
	var three mixup.Mix
	three.K = 3
	for i := range n {
		three.Index = append(three.Index, i, (i+1)%n, (i+2)%n)
		three.Weight = append(three.Weight, 0.5, 0.25, 0.25)
	}
	pairs := func(d *Drawing) { d.Mix.SetPairs(partner, 0.5) }
	boxes := func(d *Drawing) { d.Cut.Image = img; d.Cut.SetPairs(partner, image.Rect(0, 0, 2, 4)) }
	remix := func(d *Drawing) { d.Mix.SetPairs(partner, 0.5); d.LabelMix.SetPairs(partner, 0.25) }
	triples := func(d *Drawing) { d.Mix = *three.Clone() }
	none := func(d *Drawing) { d.Mix.Identity(n) }
	const in = `gomlx: mixup of dataset "source": `
	for _, tc := range []struct {
		name  string
		draws []func(*Drawing)
		want  string
	}{
		{"boxes", []func(*Drawing){pairs, boxes}, in + "shard 1: the Draw function has set 2 terms, boxes, want 2 terms, as for shard 0 of the step"},
		{"label weights", []func(*Drawing){remix, pairs}, in + "shard 1: the Draw function has set 2 terms, want 2 terms, LabelMix, as for shard 0 of the step"},
		{"terms", []func(*Drawing){triples, none}, in + "shard 1: the Draw function has set 2 terms, want 3 terms, as for shard 0 of the step"},
		{"other steps", []func(*Drawing){pairs, none, boxes, boxes, remix, remix, triples, triples}, "no error"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			fresh := func() *Dataset {
				number := 0
				return &Dataset{Shards: shards, Strategy: distributed.AutoSharding, Draw: func(d *Drawing) {
					tc.draws[number](d)
					number++
				}, Source: &source{batches: len(tc.draws), make: func(number int) (list, list) {
					return list{tensor(values(number, n*16), n, 4, 4, 1)}, list{integers[int32](classesOf(number), n, 1)}
				}}}
			}
			for name, ds := range map[string]train.Dataset{"host": fresh(), "graph": fresh().InGraph()} {
				if got := failure(t, ds); got != tc.want {
					t.Errorf("%s: error\n%s, want\n%s", name, got, tc.want)
				}
			}
			soft := fresh() // whose draws do not travel
			soft.Classes = classes
			if got := failure(t, soft); got != "no error" {
				t.Errorf("soft targets: error %s", got)
			}
		})
	}
}
