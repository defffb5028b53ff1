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
			var levels []timed
			for k := range switches {
				if *switches[k].on {
					levels = append(levels, timed{switches[k].name, func() {
						defer off(switches[:k])()
						each(Mix2)()
					}})
				}
			}
			levels = append(levels,
				timed{"Go", func() {
					defer off(switches)()
					each(Mix2)()
				}},
				timed{"plain", each(func(dst, a, b []float32, wa, wb float32) {
					for i := range dst {
						dst[i] = wa*a[i] + wb*b[i]
					}
				})})

			inTurn(b, 1+1<<17/len(x), levels, 0, len(levels)-1)
		})
	}
}

// A timed is something to time.
type timed struct {
	name string
	run  func()
}

// inTurn times all of what, so many times in turn, round by round. It reports the
// medians of their times in units of those that are given by number.
func inTurn(b *testing.B, repeat int, what []timed, units ...int) {
	times := make([][]float64, len(what))
	for b.Loop() {
		for k, w := range what {
			w.run()
			start := time.Now()
			for range repeat {
				w.run()
			}
			times[k] = append(times[k], time.Since(start).Seconds())
		}
	}
	b.ReportMetric(0, "ns/op")
	for k, w := range what {
		for _, unit := range units {
			if k == unit {
				continue
			}
			ratio := slices.Clone(times[k])
			for r := range ratio {
				ratio[r] /= times[unit][r]
			}
			slices.Sort(ratio)
			b.ReportMetric(ratio[len(ratio)/2], w.name+"/"+what[unit].name)
		}
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
