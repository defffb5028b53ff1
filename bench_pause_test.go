package mixup

// How long calls hold up the rest of the program. Assembly cannot be preempted, and
// a stop of the world waits for the kernel that runs.

import (
	"math"
	"math/rand/v2"
	"runtime"
	"runtime/metrics"
	"testing"
	"time"
)

// BenchmarkPause reports the longest time that stopping the world took while a call
// of very many values ran, in milliseconds. The unit of an op is one call.
func BenchmarkPause(b *testing.B) {
	const values = 96 << 20
	x, y, z := make([]float32, values), make([]float32, values), make([]float32, values)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range x {
		x[i], z[i] = r.Float32(), r.Float32()
	}
	var pair, one Mix
	pair.SetPairs([]int{1, 0}, .3)
	one.Identity(1)
	const rows, classes = 1024, 21841
	var many Mix
	(&Sampler{Alpha: 1, Src: rand.NewPCG(1, 2)}).Sample(&many, rows)
	logits, grad := x[:rows*classes], y[:rows*classes]
	labels := make([]int, rows)
	var ce CrossEntropy
	var bce BinaryCrossEntropy
	img := Image{Channels: 3, Height: 4096, Width: 4096}
	pixels := make([]uint8, 2*img.dim())

	for _, task := range []task{
		{"apply", func() { pair.Apply(x, values/2) }},
		{"apply-to", func() { pair.ApplyTo(y, x, values/2) }},
		{"backward-to", func() { pair.BackwardTo(y, x, values/2) }},
		{"apply-bytes-to", func() { pair.ApplyBytesTo(y, pixels, img, Norm{}) }},
		{"ce-mixed-one-row", func() { ce.Mixed(y, x, &one, labels, values) }},
		{"ce-soft-one-row", func() { ce.Soft(y, x, z, values) }},
		{"ce-mixed", func() { ce.Mixed(grad, logits, &many, labels, classes) }},
		{"bce-mixed", func() { bce.Mixed(grad, logits, &many, labels, classes) }},
		{"bce-soft", func() { bce.Soft(y, x, z, 16) }},
		{"smooth", func() { Smooth(y, values, .1) }},
	} {
		b.Run("op="+task.name, func(b *testing.B) {
			done := make(chan struct{})
			stopped := make(chan struct{})
			before := stops()
			go func() {
				defer close(stopped)
				for {
					select {
					case <-done:
						return
					default:
						runtime.GC()
						time.Sleep(time.Millisecond)
					}
				}
			}()
			for b.Loop() {
				task.run()
			}
			close(done)
			<-stopped
			b.ReportMetric(1e3*longest(before, stops()), "pause-ms")
		})
	}
}

// stops returns how long the runtime took to stop the world so far.
func stops() *metrics.Float64Histogram {
	sample := []metrics.Sample{{Name: "/sched/pauses/stopping/gc:seconds"}}
	metrics.Read(sample)
	return sample[0].Value.Float64Histogram()
}

// longest returns the upper bound of the longest stop in after that is not in before.
func longest(before, after *metrics.Float64Histogram) float64 {
	for i := len(after.Counts) - 1; i >= 0; i-- {
		if after.Counts[i] > before.Counts[i] {
			if bound := after.Buckets[i+1]; !math.IsInf(bound, 1) {
				return bound
			}
			return after.Buckets[i]
		}
	}
	return 0
}
