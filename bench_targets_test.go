package mixup

// The speeds that are aimed at, as ratios.

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"gonum.org/v1/gonum/stat/distuv"
)

// A target is how long a task may take at most, in units of another, or in
// nanoseconds if there is no other. If most is 0, it is to be compared with others.
type target struct {
	name    string
	most    float64
	of, per func()
}

// reach reports each target and what is measured, which is the median of the rounds. In a
// round, each task runs once before it is timed, so that the caches have its own data.
// repeat is for tasks that are so short that reading the clock matters.
func reach(b *testing.B, repeat int, targets ...target) {
	seconds := func(f func()) float64 {
		f()
		start := time.Now()
		for range repeat {
			f()
		}
		return time.Since(start).Seconds() / float64(repeat)
	}
	reached := make([][]float64, len(targets))
	for b.Loop() {
		for i, t := range targets {
			per := 1e-9
			if t.per != nil {
				per = seconds(t.per)
			}
			reached[i] = append(reached[i], seconds(t.of)/per)
		}
	}
	b.ReportMetric(0, "ns/op")
	for i, t := range targets {
		slices.Sort(reached[i])
		b.ReportMetric(reached[i][len(reached[i])/2], t.name)
		if t.most > 0 {
			b.ReportMetric(t.most, t.name+"≤")
		}
	}
}

// onOneCore has no product take several goroutines while f runs. Setting GOMAXPROCS
// takes time, so f is to take milliseconds.
func onOneCore(f func()) func() {
	return func() {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
		f()
	}
}

// BenchmarkTargets reports each ratio beside its target. Those of minibatches are
// on one core.
func BenchmarkTargets(b *testing.B) {
	for _, s := range []struct {
		n, dim     int
		overFlip   float64
		threeTerms float64
	}{
		{128, 784, 1.15, 0},
		{128, 3072, 1.3, 1.6}, // rows a multiple of 4 KiB apart: loads of one wait for stores to another
		{512, 3072, 1.15, 0},
		{64, 150528, 1.15, 0},
		{256, 150528, 1.15, 0},
	} {
		b.Run(fmt.Sprintf("n=%d/dim=%d", s.n, s.dim), func(b *testing.B) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
			run := map[string]func(){}
			for _, t := range minibatchTasks(s.n, s.dim) {
				run[t.name] = t.run
			}
			reach(b, 1+1<<17/(s.n*s.dim),
				target{"rescale/copy", 0, run["rescale"], run["copy"]}, // nothing in place takes less
				target{"apply/copy", 0, run["apply"], run["copy"]},
				target{"apply-flip/copy", 0, run["apply-flip"], run["copy"]},
				target{"apply/apply-flip", s.overFlip, run["apply"], run["apply-flip"]},
				target{"apply/rescale", 1.4, run["apply"], run["rescale"]},
				target{"apply-persample/apply", 1.1, run["apply-persample"], run["apply"]},
				target{"apply-anymap/apply", 1.1, run["apply-anymap"], run["apply"]},
				target{"apply-k3/apply", s.threeTerms, run["apply-k3"], run["apply"]},
				target{"apply/plain", .6, run["apply"], run["plain"]}) // for the build tag purego
		})
	}
	b.Run("n=16/dim=128", func(b *testing.B) {
		for _, t := range minibatchTasks(16, 128) {
			if t.name == "sample+apply" {
				reach(b, 1000, target{t.name + "-ns", 350, t.run, nil})
			}
		}
	})
	b.Run("n=256/pool=20000/dim=3072", func(b *testing.B) {
		tasks := gatherTasks(256, 20000, 3072)
		reach(b, 1, target{"select+apply-to/copy-both-rows", .5, tasks[1].run, tasks[0].run})
	})
	for _, layout := range []Layout{NCHW, NHWC} {
		b.Run(fmt.Sprintf("n=128/pool=100000/image=3×32×32-%v", layout), func(b *testing.B) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
			tasks := bytesTasks(128, 100000, Image{3, 32, 32, layout}) // 300 MB, beyond all caches
			reach(b, 200, target{"apply-bytes-to/copy", 1.6, tasks[1].run, tasks[0].run})
		})
	}
	b.Run("n=1024/dim=3072/k=5", func(b *testing.B) {
		partner, x, r := make([]int, 1024), normalRows(1024*3072, rand.New(rand.NewPCG(1, 2))), rand.New(rand.NewPCG(3, 4))
		reach(b, 1, target{"nearest-ns", 1e8, func() { Nearest(partner, x, 3072, 5, r) }, nil})
	})
	b.Run("n=128/classes=1000", func(b *testing.B) {
		tasks := oneHotTasks(128, 1000)
		reach(b, 10, target{"one-hot-to/clear", 1.15, tasks[1].run, tasks[0].run})
	})
	for _, p := range betas {
		b.Run(fmt.Sprintf("alpha=%v/beta=%v", p[0], p[1]), func(b *testing.B) {
			ours := Beta{Alpha: p[0], Beta: p[1], Src: rand.NewPCG(1, 2)}
			theirs := distuv.Beta{Alpha: p[0], Beta: p[1], Src: rand.NewPCG(1, 2)}
			reach(b, 1000, target{"beta/gonum", 1, func() { ours.Rand() }, func() { theirs.Rand() }})
		})
	}
	for _, alpha := range []float64{.2, 1, 8} {
		b.Run(fmt.Sprintf("k=3/alpha=%v", alpha), func(b *testing.B) {
			tasks := dirichletTasks(alpha)
			reach(b, 1000, target{"dirichlet/gonum", 1, tasks[1].run, tasks[0].run})
		})
	}
	for _, s := range []struct{ n, classes int }{{128, 1000}, {1024, 1000}, {256, 21841}} {
		b.Run(fmt.Sprintf("cores/n=%d/classes=%d", s.n, s.classes), func(b *testing.B) {
			most := 1. // never slower
			if s.n*s.classes >= 1024*1000 {
				most = .6
			}
			var targets []target
			for _, t := range lossTasks(s.n, s.classes) {
				targets = append(targets, target{t.name + "/one-core", most, t.run, onOneCore(t.run)})
			}
			reach(b, 1+1<<18/(s.n*s.classes), targets...)
		})
	}
	for _, s := range []struct{ n, dim int }{{2800, 3072}, {11000, 784}, {56, 150528}, {256, 150528}} {
		b.Run(fmt.Sprintf("cores/n=%d/dim=%d", s.n, s.dim), func(b *testing.B) {
			var targets []target
			for _, t := range minibatchTasks(s.n, s.dim) {
				if t.name == "apply" || t.name == "apply-flip" || t.name == "apply-to" {
					targets = append(targets, target{t.name + "/one-core", .8, t.run, onOneCore(t.run)})
				}
			}
			reach(b, 1, targets...)
		})
	}
}
