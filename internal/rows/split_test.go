package rows

import (
	"fmt"
	"image"
	"math/rand/v2"
	"runtime"
	"runtime/metrics"
	"slices"
	"strings"
	"sync"
	"testing"
)

// goroutines sets GOMAXPROCS until the test is over.
func goroutines(t *testing.T, n int) {
	before := runtime.GOMAXPROCS(n)
	t.Cleanup(func() { runtime.GOMAXPROCS(before) })
}

// A recorder is a product that notes by which goroutines its parts are computed.
type recorder struct{ parts *parts }

type parts struct {
	mu      sync.Mutex
	of      map[string]bool // goroutines
	covered []int           // how often each number was in a part
}

var recorders splitter[recorder]

func (r recorder) part(lo, hi int, mem *memory) {
	mem.floats = resize(mem.floats, 10)
	r.parts.mu.Lock()
	defer r.parts.mu.Unlock()
	r.parts.of[goroutine()] = true
	for i := lo; i < hi; i++ {
		r.parts.covered[i]++
	}
	runtime.Gosched() // so that each goroutine has its turn
}

// goroutine returns the name of the current goroutine.
func goroutine() string {
	buf := make([]byte, 64)
	name, _, _ := strings.Cut(string(buf[:runtime.Stack(buf, false)]), "[")
	return name
}

func TestSplit(t *testing.T) {
	for _, test := range []struct{ n, size, goroutines int }{
		{0, 1, 1}, {0, 1, 3}, {1, 1, 3}, {10, 3, 1}, {10, 3, 3}, {9, 3, 3}, {100, 1, 4}, {5, 100, 3},
	} {
		t.Run(fmt.Sprintf("%+v", test), func(t *testing.T) {
			p := parts{of: map[string]bool{}, covered: make([]int, test.n)}
			recorders.split(recorder{&p}, test.n, test.size, test.goroutines, new(memory))
			for i, times := range p.covered {
				if times != 1 {
					t.Errorf("%d was computed %d times", i, times)
				}
			}
			if test.goroutines == 1 && test.n > 0 && (len(p.of) != 1 || !p.of[goroutine()]) {
				t.Errorf("computed by %v, want the caller's goroutine", p.of)
			}
			if len(p.of) > test.goroutines {
				t.Errorf("computed by %d goroutines, want at most %d", len(p.of), test.goroutines)
			}
		})
	}
}

// started returns how many goroutines f starts.
func started(t *testing.T, f func()) uint64 {
	sample := []metrics.Sample{{Name: "/sched/goroutines-created:goroutines"}}
	count := func() uint64 {
		metrics.Read(sample)
		if sample[0].Value.Kind() != metrics.KindUint64 {
			t.Skip("this version of Go does not count goroutines")
		}
		return sample[0].Value.Uint64()
	}
	before := count()
	f()
	return count() - before
}

// Products of 32 MiB or more take GOMAXPROCS goroutines, and others that of the
// caller, whatever they are computed of.
func TestLargeProductsTakeSeveralGoroutines(t *testing.T) {
	const bytes, n = 32 << 20, 64
	goroutines(t, 3)
	r := rand.New(rand.NewPCG(1, 2))
	pair, three := permutation(n, r), permutations(n, 3, r)
	w := permutation(bytes/4/512, r) // rows that are too narrow to share their columns
	x, y := make([]float32, bytes/4), make([]float32, bytes/4)
	u, x64, y64 := make([]uint8, bytes/4), make([]float64, bytes/8), make([]float64, bytes/8)
	var (
		s Scratch
		z Normalizer
	)
	// Each product is of so many lines of an image, or values of 1/1024 of a row.
	for _, test := range []struct {
		name string
		run  func(lines int)
	}{
		{"MulTo", func(lines int) { pair.MulTo(x[:n*lines*1024], y, lines*1024) }},
		{"Mul of runs", func(lines int) { pair.Mul(x[:n*lines*1024], lines*1024, &s) }},
		{"Mul of pieces", func(lines int) { rowsUpTo(w, 2*n*lines).Mul(x[:n*lines*1024], 512, &s) }},
		{"Mul of steps", func(lines int) { three.Mul(x[:n*lines*1024], lines*1024, &s) }},
		{"MulTransposedTo", func(lines int) { pair.MulTransposedTo(x[:n*lines*1024], y, lines*1024, &s) }},
		{"Boxes.MulTo", func(lines int) { boxesOf(pair, lines).MulTo(x[:n*lines*1024], y) }},
		{"Boxes.Mul", func(lines int) { boxesOf(pair, lines).Mul(x[:n*lines*1024], &s) }},
		{"Boxes.MulTransposedTo", func(lines int) { boxesOf(pair, lines).MulTransposedTo(x[:n*lines*1024], y, &s) }},
		{"MulBytesTo", func(lines int) {
			z.Set(boxesOf(pair, lines).Grid, nil, nil)
			pair.MulBytesTo(x[:n*lines*1024], u, &z)
		}},
		{"Boxes.MulBytesTo", func(lines int) {
			z.Set(boxesOf(pair, lines).Grid, nil, nil)
			boxesOf(pair, lines).MulBytesTo(x[:n*lines*1024], u, &z, &s)
		}},
		{"BlendTo", func(lines int) { pair.BlendTo(x64[:n*lines*512], y64, lines*512) }},
		{"Blend", func(lines int) { pair.Blend(x64[:n*lines*512], lines*512, &s) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			const lines = bytes / 4 / 1024 / n
			if got := started(t, func() { test.run(lines - 1) }); got != 0 {
				t.Errorf("less than 32 MiB: %d goroutines started, want 0", got)
			}
			if got := started(t, func() { test.run(lines) }); got != 2 {
				t.Errorf("32 MiB: %d goroutines started, want 2", got)
			}
			goroutines(t, 1)
			if got := started(t, func() { test.run(lines) }); got != 0 {
				t.Errorf("GOMAXPROCS 1: %d goroutines started, want 0", got)
			}
		})
		if got := runtime.GOMAXPROCS(0); got != 3 {
			t.Fatalf("%s has left GOMAXPROCS at %d, want 3", test.name, got)
		}
	}
}

// rowsUpTo returns the first n rows of w, with themselves in place of partners
// among the others.
func rowsUpTo(w Matrix, n int) Matrix {
	w = Matrix{w.K, slices.Clone(w.Index[:n*w.K]), w.Weight[:n*w.K]}
	for p, j := range w.Index {
		if j >= n {
			w.Index[p] = p / w.K
		}
	}
	return w
}

// boxesOf returns w with boxes in images of so many lines of 1024 pixels.
func boxesOf(w Matrix, lines int) Boxes {
	box := image.Rect(100, 0, 600, max(lines/2, 1))
	return Boxes{w, Grid{1, lines, 1024, 1, false}, slices.Repeat([]image.Rectangle{box}, w.rows())}
}

// Goroutines write whole cache lines, and no more is saved than is to be.
func TestWidths(t *testing.T) {
	for _, saved := range []int{0, 1, 3, 40, 1000, 5000, 1 << 20} {
		width := savedWidth(saved, someSaved)
		if width%line != 0 || width < line || width > tile {
			t.Errorf("%d rows saved: width %d, want a multiple of %d up to %d", saved, width, line, tile)
		}
		if saved*width > max(maxSaved, saved*line) {
			t.Errorf("%d rows saved: width %d, %d values, want at most %d", saved, width, saved*width, maxSaved)
		}
		for _, dim := range []int{1, 100, 784, 2 * page, 3100, 150528} {
			for goroutines := 1; goroutines <= 5; goroutines++ {
				cores, share := shareColumns(dim, width, goroutines)
				if cores < 1 || cores > goroutines || cores > 1 && dim/cores < page {
					t.Errorf("dim=%d: %d goroutines, want up to %d with %d values each", dim, cores, goroutines, page)
				}
				if share%line != 0 || share > width || cores > 1 && share > dim/cores+line {
					t.Errorf("dim=%d, %d goroutines: %d columns, want a multiple of %d up to %d", dim, cores, share, line, width)
				}
			}
		}
	}
}
