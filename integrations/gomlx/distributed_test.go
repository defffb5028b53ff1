package gomlx

import (
	"fmt"
	"io"
	"testing"

	"github.com/gomlx/gomlx/backends"
	"github.com/gomlx/gomlx/pkg/core/distributed"
	"github.com/gomlx/gomlx/pkg/core/shapes"
	"github.com/gomlx/gomlx/pkg/ml/datasets"
	"github.com/seed-7466c776/mixup"
)

// devices makes the one device of a backend look like several.
type devices struct {
	backends.Backend
	number int
}

func (d devices) NumDevices() int { return d.number }

func (d devices) BufferFromFlatData(_ backends.DeviceNum, flat any, shape shapes.Shape) (backends.Buffer, error) {
	return d.Backend.BufferFromFlatData(0, flat, shape)
}

// TestDistributed checks that the shards of a step are mixed like the minibatches
// that as many processes have at that step.
func TestDistributed(t *testing.T) {
	const shards, steps, rank, step = 2, 3, 4, 100
	backend := devices{newBackend(t), shards}
	mesh, err := distributed.NewDeviceMesh([]int{shards}, []string{"shards"})
	if err != nil {
		t.Fatal(err)
	}
	spec, err := distributed.BuildSpec(mesh).S("shards").Done()
	if err != nil {
		t.Fatal(err)
	}
	specs := []*distributed.ShardingSpec{spec}
	s := mixup.Sampler{Alpha: 1}
	d := &Dataset{Source: &source{batches: shards * steps, make: classification}, Sampler: s, Seed: 1, Classes: classes,
		Rank: rank, Shards: shards, Step: step}
	ds, err := datasets.NewDistributedAccumulator(backend, d, distributed.AutoSharding, specs, specs, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range steps {
		_, inputs, labels, err := ds.DistributedYield()
		if err != nil {
			t.Fatal(err)
		}
		for r := range shards {
			name := fmt.Sprintf("step %d: shard %d: ", i, r)
			number := i*shards + r
			m := drawn(s, 1, rank+r, uint64(step+i))
			check(t, name+"inputs", inputs[0].Shards()[r], mixed(m, number), n, dim)
			want := make([]float32, n*classes)
			m.OneHotTo(want, classesOf(number), classes)
			check(t, name+"labels", labels[0].Shards()[r], want, n, classes)
		}
	}
	if _, _, _, err := ds.DistributedYield(); err != io.EOF {
		t.Errorf("error %v after the last step, want EOF", err)
	}
}
