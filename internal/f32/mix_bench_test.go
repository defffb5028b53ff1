package f32

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// BenchmarkLevels mixes each row of a minibatch with the next, in place, and
// reports how long each set of kernels takes beside the best one, and beside the
// loop that one would write: the medians of rounds in which all run in turn.
func BenchmarkLevels(b *testing.B) {
	type level struct {
		name string
		run  func()
	}
	for _, s := range []struct{ n, dim int }{{16, 128}, {128, 784}, {128, 3072}, {512, 3072}} {
		b.Run(fmt.Sprintf("n=%d/dim=%d", s.n, s.dim), func(b *testing.B) {
			x := make([]float32, (s.n+1)*s.dim)
			for i := range x {
				x[i] = 1
			}
			each := func(mix func(dst, a, b []float32, wa, wb float32)) func() {
				return func() {
					for i := range s.n {
						row := x[i*s.dim:][:s.dim]
						mix(row, row, x[(i+1)*s.dim:][:s.dim], .25, .75)
					}
				}
			}
			// The first ones are on.
			var levels []level
			for k := range switches {
				if *switches[k].on {
					levels = append(levels, level{switches[k].name, func() {
						defer off(switches[:k])()
						each(Mix2)()
					}})
				}
			}
			levels = append(levels,
				level{"Go", func() {
					defer off(switches)()
					each(Mix2)()
				}},
				level{"plain", each(func(dst, a, b []float32, wa, wb float32) {
					for i := range dst {
						dst[i] = wa*a[i] + wb*b[i]
					}
				})})

			repeat := 1 + 1<<17/len(x)
			times := make([][]float64, len(levels))
			for b.Loop() {
				for k, l := range levels {
					l.run()
					start := time.Now()
					for range repeat {
						l.run()
					}
					times[k] = append(times[k], time.Since(start).Seconds())
				}
			}
			b.ReportMetric(0, "ns/op")
			for k, l := range levels {
				for _, unit := range []int{0, len(levels) - 1} {
					if k == unit {
						continue
					}
					ratio := slices.Clone(times[k])
					for r := range ratio {
						ratio[r] /= times[unit][r]
					}
					slices.Sort(ratio)
					b.ReportMetric(ratio[len(ratio)/2], l.name+"/"+levels[unit].name)
				}
			}
		})
	}
}

// off turns kernels off, until what it returns is called.
func off(switches []toggle) (on func()) {
	was := make([]bool, len(switches))
	for k, s := range switches {
		was[k], *s.on = *s.on, false
	}
	return func() {
		for k, s := range switches {
			*s.on = was[k]
		}
	}
}
