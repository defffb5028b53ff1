package rows

import (
	"image"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"weak"
)

// raced is whether the race detector is on.
var raced bool

// allocations returns how often f allocates in steady state. It is what
// testing.AllocsPerRun returns, but on several goroutines. Each of them may have to
// grow its memory first, the pools are emptied now and then, and a goroutine may
// need a new descriptor, so it is the least of several runs.
func allocations(f func()) uint64 {
	f()
	least := uint64(math.MaxUint64)
	for try := 0; try < 30 && least > 0; try++ {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		f()
		runtime.ReadMemStats(&after)
		least = min(least, after.Mallocs-before.Mallocs)
	}
	return least
}

// Every product allocates nothing once it has seen its size: small and large, in
// every order, on one goroutine and on several.
func TestNoAllocations(t *testing.T) {
	goroutines(t, 2)
	r := rand.New(rand.NewPCG(1, 2))
	for _, p := range []picture{{3, 4, 4, false}, {3, 16, 32, true}} { // 48 and 1536 values
		for _, n := range []int{8, 64} {
			for number, k := range kinds {
				if testing.Short() && number%4 > 0 {
					continue
				}
				for _, setting := range settings {
					if setting.parallel == 0 && raced {
						continue
					}
					products := productsOf(k.fill(n, r), p, setting.limits, r)
					if got := allocations(products); got != 0 {
						t.Errorf("%s, n=%d, %v, %s: %v allocations, want 0", k.name, n, p, setting.name, got)
					}
				}
			}
		}
	}
}

// A minibatch in place is computed from a copy only if the copy is small, however narrow
// its rows are.
func TestNoLargeCopies(t *testing.T) {
	const dim, n = 32, maxSaved/32 + 1
	x := make([]float32, n*dim)
	for _, w := range []Matrix{
		pairs(n, rand.New(rand.NewPCG(1, 2)), func(i int) int { return n - 1 - i }),
		anyTerms(n, 3, rand.New(rand.NewPCG(1, 2))),
	} {
		var s Scratch
		w.Mul(x, dim, &s)
		if got := cap(s.saved.floats); got > maxSaved {
			t.Errorf("K=%d: %d values saved, want at most %d", w.K, got, maxSaved)
		}
	}
}

// A minibatch of series is worked on in parts too, by several goroutines.
func TestNoLargeCopiesOfSeries(t *testing.T) {
	const n = 300
	for _, p := range []picture{{1, 1, 1 << 16, false}, {2, 1, 1 << 15, true}, {2, 1, 1 << 15, false}} {
		g := p.grid()
		if cores, lines := g.shareLines(g.linesOf(savedWidth(n, allSaved)), 4); cores != 4 || lines*g.Line*n > maxSaved {
			t.Errorf("%v: %d goroutines work on %d values of each row at a time, want 4 and at most %d", p, cores, lines*g.Line, maxSaved/n)
		}
		w := pairs(n, rand.New(rand.NewPCG(1, 2)), func(i int) int { return n - 1 - i })
		x := make([]float32, n*p.dim())
		var s Scratch
		b := Boxes{w, g, slices.Repeat([]image.Rectangle{image.Rect(3, 0, 1000, 1)}, n)}
		for name, product := range map[string]func(){"mulTransposedTo": func() { b.MulTransposedTo(x, x, &s) }, "mul": func() { b.Mul(x, &s) }} {
			product()
			if got := cap(s.saved.floats); got > maxSaved {
				t.Errorf("%v, %s: %d values saved, want at most %d", p, name, got, maxSaved)
			}
		}
	}
}

// productsOf returns a function that computes every product of w, and of boxes in
// images of shape p.
func productsOf(w Matrix, p picture, l limits, r *rand.Rand) func() {
	n, dim := w.rows(), p.dim()
	x, y := make([]float32, n*dim), make([]float32, n*dim)
	x64, y64 := make([]float64, n*dim), make([]float64, n*dim)
	u := bytesOf(n*dim, r)
	b := Boxes{w, p.grid(), make([]image.Rectangle, n)}
	for i := range b.Box {
		if w.K > 1 {
			b.Box[i] = randomBox(p, r)
		}
	}
	var (
		s Scratch
		z Normalizer
	)
	return func() {
		w.mulTo(y, x, dim, l)
		w.mul(x, dim, &s, l)
		w.mulTransposedTo(y, x, dim, &s, l)
		w.mulTransposedTo(x, x, dim, &s, l)
		z.Set(p.grid(), nil, nil)
		w.mulBytesTo(y, u, &z, l)
		b.mulTo(y, x, l)
		b.mul(x, &s, l)
		b.mulTransposedTo(y, x, &s, l)
		b.mulTransposedTo(x, x, &s, l)
		b.mulBytesTo(y, u, &z, &s, l)
		w.blendTo(y64, x64, dim, l)
		w.blend(x64, dim, &s, l)
	}
}

// Nothing keeps a minibatch or a dataset alive after a product: neither Scratch
// nor Normalizer, nor the pools of the goroutines.
func TestProductsLetGo(t *testing.T) {
	goroutines(t, 3)
	const n = 16
	p := picture{2, 32, 40, false}
	r := rand.New(rand.NewPCG(1, 2))
	dim := p.dim()
	w := permutation(n, r)
	b := Boxes{w, p.grid(), make([]image.Rectangle, n)}
	for i := range b.Box {
		b.Box[i] = image.Rect(1, 2, 30, 20)
	}
	var (
		s Scratch
		z Normalizer
	)
	z.Set(p.grid(), nil, nil)
	for _, product := range []struct {
		name string
		run  func(x, y []float32, u []uint8, x64, y64 []float64, l limits)
	}{
		{"MulTo", func(x, y []float32, _ []uint8, _, _ []float64, l limits) { w.mulTo(y, x, dim, l) }},
		{"Mul", func(x, _ []float32, _ []uint8, _, _ []float64, l limits) { w.mul(x, dim, &s, l) }},
		{"Mul of pieces", func(x, _ []float32, _ []uint8, _, _ []float64, l limits) {
			permutation(n*p.height, r).mul(x, dim/p.height, &s, l)
		}},
		{"MulTransposedTo", func(x, y []float32, _ []uint8, _, _ []float64, l limits) { w.mulTransposedTo(y, x, dim, &s, l) }},
		{"MulTransposedTo in place", func(x, _ []float32, _ []uint8, _, _ []float64, l limits) { w.mulTransposedTo(x, x, dim, &s, l) }},
		{"MulBytesTo", func(_, y []float32, u []uint8, _, _ []float64, l limits) { w.mulBytesTo(y, u, &z, l) }},
		{"Boxes.MulTo", func(x, y []float32, _ []uint8, _, _ []float64, l limits) { b.mulTo(y, x, l) }},
		{"Boxes.Mul", func(x, _ []float32, _ []uint8, _, _ []float64, l limits) { b.mul(x, &s, l) }},
		{"Boxes.MulTransposedTo", func(x, y []float32, _ []uint8, _, _ []float64, l limits) { b.mulTransposedTo(y, x, &s, l) }},
		{"Boxes.MulBytesTo", func(_, y []float32, u []uint8, _, _ []float64, l limits) { b.mulBytesTo(y, u, &z, &s, l) }},
		{"BlendTo", func(_, _ []float32, _ []uint8, x, y []float64, l limits) { w.blendTo(y, x, dim, l) }},
		{"Blend", func(_, _ []float32, _ []uint8, x, _ []float64, l limits) { w.blend(x, dim, &s, l) }},
	} {
		for _, setting := range settings {
			alive := func() []bool {
				x, y := make([]float32, n*dim), make([]float32, n*dim)
				u, x64, y64 := make([]uint8, n*dim), make([]float64, n*dim), make([]float64, n*dim)
				pointers := []weak.Pointer[float32]{weak.Make(&x[0]), weak.Make(&y[0])}
				bytes, doubles := weak.Make(&u[0]), []weak.Pointer[float64]{weak.Make(&x64[0]), weak.Make(&y64[0])}
				product.run(x, y, u, x64, y64, setting.limits)
				x, y, u, x64, y64 = nil, nil, nil, nil, nil
				runtime.GC()
				return []bool{
					pointers[0].Value() != nil, pointers[1].Value() != nil, bytes.Value() != nil,
					doubles[0].Value() != nil, doubles[1].Value() != nil,
				}
			}()
			for i, is := range alive {
				if is {
					t.Errorf("%s, %s: argument %d is still alive", product.name, setting.name, i)
				}
			}
		}
	}
	runtime.KeepAlive(&s)
	runtime.KeepAlive(&z)
}
