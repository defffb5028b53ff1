package mixup

// What the documentation promises of all methods of a Mix: allocations, concurrent
// use, and what is left alone.

import (
	"image"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"sync"
	"testing"
	"weak"
)

// Nothing is allocated in steady state, by minibatches small and large, whatever
// the partners are.
func TestNoAllocations(t *testing.T) {
	for _, shape := range []struct{ n, dim int }{{32, 40}, {8, 9}, {64, 800}} {
		n, dim := shape.n, shape.dim
		r := rand.New(rand.NewPCG(1, 2))
		x, y := normalRows(n*dim, r), make([]float32, n*dim)
		x64, y64 := make([]float64, n*dim), make([]float64, n*dim)
		partners, rows := map[int][]int{}, r.Perm(n)
		for k := 2; k <= 3; k++ {
			for range n * (k - 1) {
				partners[k] = append(partners[k], r.IntN(n))
			}
		}
		labels, targets, dense := make([]int, n), make([]float32, n*2), make([]float32, n*n)
		for _, s := range []Sampler{
			{Alpha: .2},
			{Alpha: .2, PerSample: true},
			{Lambda: &Beta{Alpha: 2, Beta: 3, Src: rand.NewPCG(3, 4)}},
			{Alpha: .2, K: 3},
			{Alpha: .2, K: 3, PerSample: true},
			{Alpha: .2, Skip: .5, Fold: true, PerSample: true},
			{K: 1},
			{},
		} {
			s.Src = rand.NewPCG(1, 2)
			var m Mix
			use := func() {
				m.Apply(x, dim)
				m.ApplyTo(y, x, dim)
				m.BackwardTo(x, y, dim)
				m.BackwardTo(x, x, dim)
				Blend(&m, y, x, dim)
				Blend(&m, y64, x64, dim)
				Blend(&m, x64, x64, dim)
				m.OneHotTo(targets, labels, 2)
				m.DenseTo(dense, n)
				m.Accuracy(targets, labels, 2, 1)
				m.Count(labels)
				m.Mean(func(row, source int) float64 { return 1 })
				m.Select(rows)
				if m.Validate(n) != nil || s.Validate() != nil {
					t.Fatal("invalid")
				}
			}
			if got := testing.AllocsPerRun(30, func() {
				s.Sample(&m, n)
				use()
				if k := m.K; k > 1 {
					s.SamplePairs(&m, partners[k])
					use()
				}
				m.SetPairs(rows, .5)
				m.Identity(n)
			}); got != 0 {
				t.Errorf("n=%d, dim=%d, %+v: %v allocations, want 0", n, dim, s, got)
			}
		}
	}
}

// Drawing changes the Mix only.
func TestDrawingLeavesTheSamplerAlone(t *testing.T) {
	for _, s := range []Sampler{
		{},
		{Alpha: .2},
		{Alpha: 3, K: 4, PerSample: true, Fold: true, Skip: .5, Src: rand.NewPCG(1, 2)},
		{Lambda: &Beta{Alpha: 2, Beta: 3}, Fold: true},
	} {
		before := s
		var m Mix
		s.Sample(&m, 10)
		if k := m.K; k > 1 {
			s.SamplePairs(&m, make([]int, 10*(k-1)))
		}
		if err := s.Validate(); err != nil {
			t.Error(err)
		}
		if s != before {
			t.Errorf("drawing made %+v of %+v", s, before)
		}
	}
}

// An invalid Sampler panics before it changes anything of the Mix, which holds an
// older draw.
func TestInvalidSamplersWriteNothing(t *testing.T) {
	for _, s := range []Sampler{{Alpha: -1}, {Skip: 2}, {K: -1}, {K: 1, Fold: true}, {Alpha: 1, Lambda: Beta{1, 1, nil}}} {
		m := Mix{K: 2, Index: []int{0, 1, 1, 0}, Weight: []float32{.5, .5, .75, .25}}
		before := m.Clone()
		for name, draw := range map[string]func(){
			"Sample":      func() { s.Sample(&m, 5) },
			"SamplePairs": func() { s.SamplePairs(&m, []int{1, 2}) },
		} {
			wantPanic(t, s.Validate().Error(), draw)
			if !reflect.DeepEqual(&m, before) {
				t.Errorf("%s of %+v has made %+v of %+v", name, s, m, *before)
			}
		}
	}
}

// Methods that may run concurrently do so here, for the race detector to see.
func TestConcurrentUse(t *testing.T) {
	const n, dim, classes = 40, 30, 4
	r := rand.New(rand.NewPCG(1, 2))
	var m Mix
	(&Sampler{Alpha: 1, PerSample: true, Src: rand.NewPCG(1, 2)}).Sample(&m, n)
	x, logits := normalRows(n*dim, r), normalRows(n*classes, r)
	x64, targets := make([]float64, n*dim), make([]float32, n*classes)
	labels := make([]int, n)
	for i := range labels {
		labels[i] = r.IntN(classes)
	}
	m.OneHotTo(targets, labels, classes)
	weight := []float32{1, 2, 3, 4}
	ce, bce := CrossEntropy{Smoothing: .1, ClassWeight: weight}, BinaryCrossEntropy{ClassWeight: weight, PosWeight: weight}
	remix := Remix{Kappa: 3, Tau: .5, ClassCount: []int{5, 6, 7, 8}}
	c := Cut{Image: Image{1, 5, 6, NCHW}}
	c.SetPairs(r.Perm(n), image.Rect(1, 1, 4, 5))
	var wait sync.WaitGroup
	for range 3 {
		wait.Go(func() {
			dst, dst64 := make([]float32, n*dim), make([]float64, n*dim)
			grad, loss := make([]float32, n*classes), make([]float32, n)
			m.ApplyTo(dst, x, dim)
			c.ApplyTo(dst, x)
			Paste(&c, dst, x, 1)
			Blend(&m, dst, x, dim)
			Blend(&m, dst64, x64, dim)
			m.OneHotTo(grad, labels, classes)
			m.DenseTo(make([]float32, n*n), n)
			m.Accuracy(logits, labels, classes, 1)
			m.Count(labels)
			m.Mean(func(row, source int) float64 { return 1 })
			ce.Mixed(grad, logits, &m, labels, classes)
			ce.Soft(grad, logits, targets, classes)
			ce.MixedTo(loss, grad, logits, &m, labels, classes)
			ce.SoftTo(loss, grad, logits, targets, classes)
			bce.Mixed(grad, logits, &m, labels, classes)
			bce.Soft(grad, logits, targets, classes)
			bce.MixedTo(loss, grad, logits, &m, labels, classes)
			bce.SoftTo(loss, grad, logits, targets, classes)
			remix.Apply(new(Mix), &m, labels)
			if err := m.Validate(n); err != nil || m.Clone().String() != m.String() {
				t.Error(err, m)
			}
			if err := c.Validate(n); err != nil || c.Clone().String() != c.String() {
				t.Error(err, c)
			}
		})
	}
	wait.Wait()
}

// Rows given to read are left as they are.
func TestInputsAreLeftAlone(t *testing.T) {
	const n = 12
	r := rand.New(rand.NewPCG(1, 2))
	x := normalRows(n*3, r)
	labels, count := make([]int, n), []int{7, 5}
	for i := range labels {
		labels[i] = r.IntN(2)
	}
	beforeX, beforeLabels := slices.Clone(x), slices.Clone(labels)
	var m, other Mix
	(&Sampler{Alpha: 1, Src: rand.NewPCG(1, 2)}).Sample(&m, n)
	before := m.Clone()
	partner := make([]int, n)
	Nearest(partner, x, 3, 2, r)
	NearTarget(partner, x, 3, .5, r)
	SameClass(partner, labels, r)
	OtherClass(partner, labels, r)
	Remix{3, .5, count}.Apply(&other, &m, labels)
	wantBits(t, "x", x, beforeX)
	if !slices.Equal(labels, beforeLabels) || !slices.Equal(count, []int{7, 5}) {
		t.Errorf("labels and counts are %v, %v, want %v, [7 5]", labels, count, beforeLabels)
	}
	if m.K != before.K || !slices.Equal(m.Index, before.Index) || !slices.Equal(m.Weight, before.Weight) {
		t.Errorf("the inputs' Mix is %v, want %v", m, before)
	}
}

// A Mix keeps nothing alive of what it has mixed.
func TestMixLetsGo(t *testing.T) {
	const n = 16
	img := Image{3, 20, 30, NCHW}
	dim := 3 * 20 * 30
	var m Mix
	(&Sampler{Alpha: 1, Src: rand.NewPCG(1, 2)}).Sample(&m, n)
	var c Cut
	(&CutSampler{Image: img, Alpha: 1, Src: rand.NewPCG(1, 2)}).Sample(&c, n)
	x, y, u := func() (x, y weak.Pointer[float32], u weak.Pointer[uint8]) {
		dataset, pixels, dst := make([]float32, n*dim), make([]uint8, n*dim), make([]float32, n*dim)
		m.ApplyTo(dst, dataset, dim)
		m.Apply(dst, dim)
		m.BackwardTo(dst, dst, dim)
		m.ApplyBytesTo(dst, pixels, img, Norm{})
		c.ApplyTo(dst, dataset)
		c.Apply(dst)
		c.BackwardTo(dst, dst)
		c.ApplyBytesTo(dst, pixels, Norm{})
		return weak.Make(&dataset[0]), weak.Make(&dst[0]), weak.Make(&pixels[0])
	}()
	runtime.GC()
	if x.Value() != nil || y.Value() != nil || u.Value() != nil {
		t.Errorf("alive are src: %v, dst: %v, pixels: %v, want none", x.Value() != nil, y.Value() != nil, u.Value() != nil)
	}
	runtime.KeepAlive(&m)
	runtime.KeepAlive(&c)
}
