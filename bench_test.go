package mixup

// Benchmarks, to be read with benchstat. BenchmarkRatio times what is compared
// in turn and reports the ratio, which a noisy machine disturbs less.

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/seed-7466c776/mixup/internal/f32"
	"gonum.org/v1/gonum/stat/distuv"
)

// shapes are minibatches: a toy, MNIST, CIFAR in two sizes, ImageNet in two.
var shapes = []struct{ n, dim int }{{16, 128}, {128, 784}, {128, 3072}, {512, 3072}, {64, 150528}, {256, 150528}}

// A task is a thing to time.
type task struct {
	name string
	run  func()
}

// run runs the tasks as sub-benchmarks op=name, which process so many bytes.
func run(b *testing.B, bytes int, tasks ...task) {
	for _, t := range tasks {
		b.Run("op="+t.name, func(b *testing.B) {
			b.SetBytes(int64(bytes))
			b.ReportAllocs()
			for b.Loop() {
				t.run()
			}
		})
	}
}

// plainLoop is the loop that one would write, run out of place.
func plainLoop(o, a, b []float32, w0, w1 float32) {
	for j := range o {
		o[j] = w0*a[j] + w1*b[j]
	}
}

// minibatchTasks returns the yardsticks, which are copy and plain, and what they
// measure, for a minibatch of n rows.
func minibatchTasks(n, dim int) []task {
	r := rand.New(rand.NewPCG(1, 2))
	x, dst := make([]float32, n*dim), make([]float32, n*dim)
	for i := range x {
		x[i], dst[i] = r.Float32(), 1
	}
	perm := r.Perm(n)
	row := func(x []float32, i int) []float32 { return x[i*dim : (i+1)*dim] }
	draw := func(s Sampler) *Mix {
		s.Alpha, s.Src = .2, rand.NewPCG(3, 4)
		var m Mix
		s.Sample(&m, n)
		return &m
	}
	pair, perSample, three := draw(Sampler{}), draw(Sampler{PerSample: true}), draw(Sampler{K: 3})
	flip, anyMap := draw(Sampler{}), draw(Sampler{})
	for i := range n {
		flip.Index[2*i+1] = n - 1 - i
		anyMap.Index[2*i+1] = r.IntN(n)
	}
	var m Mix
	sampler := Sampler{Alpha: .2, Src: rand.NewPCG(3, 4)}
	return []task{
		{"copy", func() { copy(dst, x) }},
		{"plain", func() {
			for i := range n {
				plainLoop(row(dst, i), row(x, i), row(x, perm[i]), .3, .7)
			}
		}},
		{"rescale", func() { f32.Scale(x, x, 1) }},
		{"apply", func() { pair.Apply(x, dim) }},
		{"apply-persample", func() { perSample.Apply(x, dim) }},
		{"apply-flip", func() { flip.Apply(x, dim) }},
		{"apply-anymap", func() { anyMap.Apply(x, dim) }},
		{"apply-k3", func() { three.Apply(x, dim) }},
		{"sample+apply", func() { sampler.Sample(&m, n); m.Apply(x, dim) }},
		{"apply-to", func() { pair.ApplyTo(dst, x, dim) }},
		{"backward-to", func() { pair.BackwardTo(dst, x, dim) }},
	}
}

func BenchmarkApply(b *testing.B) {
	for _, s := range shapes {
		b.Run(fmt.Sprintf("n=%d/dim=%d", s.n, s.dim), func(b *testing.B) {
			run(b, 4*s.n*s.dim, minibatchTasks(s.n, s.dim)...)
		})
	}
}

// gatherTasks returns copying n rows of a dataset and their partners, and mixing
// these rows.
func gatherTasks(n, pool, dim int) []task {
	r := rand.New(rand.NewPCG(1, 2))
	data, dst := make([]float32, pool*dim), make([]float32, n*dim)
	for i := range data {
		data[i] = r.Float32()
	}
	rows, perm := r.Perm(pool), r.Perm(n)
	s := Sampler{Alpha: .2, Src: rand.NewPCG(3, 4)}
	var m Mix
	next := 0
	batch := func() []int {
		next = (next + n) % (pool - n)
		return rows[next : next+n]
	}
	return []task{
		{"copy-rows", func() {
			rows := batch()
			for i := range rows {
				copy(dst[i*dim:(i+1)*dim], data[rows[perm[i]]*dim:])
				copy(dst[i*dim:(i+1)*dim], data[rows[i]*dim:])
			}
		}},
		{"select+apply-to", func() {
			s.Sample(&m, n)
			m.Select(batch())
			m.ApplyTo(dst, data, dim)
		}},
	}
}

func BenchmarkGather(b *testing.B) {
	const n, pool, dim = 256, 20000, 3072
	b.Run(fmt.Sprintf("n=%d/pool=%d/dim=%d", n, pool, dim), func(b *testing.B) {
		run(b, 4*n*dim, gatherTasks(n, pool, dim)...)
	})
}

// BenchmarkRatio reports how long each task of BenchmarkApply takes in copies of
// the minibatch and in plain loops.
func BenchmarkRatio(b *testing.B) {
	for _, s := range shapes {
		b.Run(fmt.Sprintf("n=%d/dim=%d", s.n, s.dim), func(b *testing.B) {
			ratios(b, s.n*s.dim, []string{"copies", "plains"}, minibatchTasks(s.n, s.dim))
		})
	}
}

// ratios reports how long each task, which processes so many values, takes in
// units of the first ones: the median of rounds in which all run in turn.
func ratios(b *testing.B, values int, units []string, tasks []task) {
	repeat := 1 + 1<<16/values // so that the clock's own time does not matter
	times := make([][]float64, len(tasks))
	for b.Loop() {
		for i, t := range tasks {
			start := time.Now()
			for range repeat {
				t.run()
			}
			times[i] = append(times[i], time.Since(start).Seconds())
		}
	}
	rounds := len(times[0])
	for i, t := range tasks {
		for u, unit := range units {
			ratio := make([]float64, rounds)
			for r := range rounds {
				ratio[r] = times[i][r] / times[u][r]
			}
			slices.Sort(ratio)
			b.ReportMetric(ratio[rounds/2], t.name+"/"+unit)
		}
	}
}

func BenchmarkSample(b *testing.B) {
	for _, n := range []int{16, 128, 512} {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			var tasks []task
			for _, t := range []struct {
				name string
				s    Sampler
			}{
				{"sample", Sampler{}},
				{"sample-persample", Sampler{PerSample: true}},
				{"sample-k3", Sampler{K: 3}},
			} {
				var m Mix
				t.s.Alpha, t.s.Src = .2, rand.NewPCG(1, 2)
				tasks = append(tasks, task{t.name, func() { t.s.Sample(&m, n) }})
			}
			partner := make([]int, n)
			r := rand.New(rand.NewPCG(1, 2))
			tasks = append(tasks,
				task{"permute", func() { Permute(partner, r) }},
				task{"derange", func() { Derange(partner, r) }},
				task{"math-rand-perm", func() { r.Perm(n) }})
			run(b, 8*n, tasks...)
		})
	}
}

// betas are parameters of the Beta distribution.
var betas = [][2]float64{{.01, .01}, {.1, .1}, {.2, .2}, {.4, .4}, {1, 1}, {2, 2}, {8, 8}, {.2, .5}, {.5, 3}, {2, 5}}

func BenchmarkBeta(b *testing.B) {
	for _, p := range betas {
		b.Run(fmt.Sprintf("alpha=%v/beta=%v", p[0], p[1]), func(b *testing.B) {
			ours := Beta{Alpha: p[0], Beta: p[1], Src: rand.NewPCG(1, 2)}
			theirs := distuv.Beta{Alpha: p[0], Beta: p[1], Src: rand.NewPCG(1, 2)}
			run(b, 8,
				task{"gonum", func() { theirs.Rand() }},
				task{"mixup", func() { ours.Rand() }})
		})
	}
}

func BenchmarkDirichlet(b *testing.B) {
	for _, alpha := range []float64{.2, 1, 8} {
		b.Run(fmt.Sprintf("k=3/alpha=%v", alpha), func(b *testing.B) {
			run(b, 8*3, dirichletTasks(alpha)...)
		})
	}
}

// dirichletTasks returns drawing three weights with gonum, and as we do.
func dirichletTasks(alpha float64) []task {
	dst := make([]float64, 3)
	ours := Dirichlet{Alpha: []float64{alpha, alpha, alpha}, Src: rand.NewPCG(1, 2)}
	g := distuv.Gamma{Alpha: alpha, Beta: 1, Src: rand.NewPCG(1, 2)}
	return []task{
		{"gonum", func() { gammasTo(dst, g) }},
		{"mixup", func() { ours.Rand(dst) }},
	}
}

// gammasTo draws as gonum's distmv.Dirichlet does, which this module does not
// import because it would come to require golang.org/x/tools.
func gammasTo(dst []float64, g distuv.Gamma) {
	var sum float64
	for k := range dst {
		dst[k] = g.Rand()
		sum += dst[k]
	}
	for k := range dst {
		dst[k] /= sum
	}
}

// BenchmarkPairing fills in the partners of a minibatch.
func BenchmarkPairing(b *testing.B) {
	for _, n := range []int{128, 1024} {
		b.Run(fmt.Sprintf("n=%d/classes=10", n), func(b *testing.B) {
			r := rand.New(rand.NewPCG(1, 2))
			partner, labels, y := make([]int, n), make([]int, n), normalRows(n, r)
			for i := range labels {
				labels[i] = r.IntN(10)
			}
			run(b, 8*n,
				task{"permute", func() { Permute(partner, r) }},
				task{"same-class", func() { SameClass(partner, labels, r) }},
				task{"other-class", func() { OtherClass(partner, labels, r) }},
				task{"near-target", func() { NearTarget(partner, y, 1, .5, r) }})
		})
	}
}

// BenchmarkNearest finds partners among the rows of a minibatch, on all cores.
func BenchmarkNearest(b *testing.B) {
	for _, s := range []struct{ n, dim int }{{16, 128}, {128, 784}, {128, 3072}, {1024, 784}, {1024, 3072}} {
		b.Run(fmt.Sprintf("n=%d/dim=%d/k=5", s.n, s.dim), func(b *testing.B) {
			r := rand.New(rand.NewPCG(1, 2))
			partner, x := make([]int, s.n), normalRows(s.n*s.dim, r)
			run(b, 4*len(x), task{"nearest", func() { Nearest(partner, x, s.dim, 5, r) }})
		})
	}
}
