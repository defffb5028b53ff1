package mixup

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
)

// What is allocated is at most what the comment says, beside some headers and the
// closures of goroutines.
func TestNearestMemory(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	for _, test := range []struct{ n, dim, k int }{{3000, 1, 5}, {1000, 16, 999}} {
		x := normalRows(test.n*test.dim, rand.New(rand.NewPCG(1, 2)))
		partner := make([]int, test.n)
		// The bounds tell nearly all random rows apart.
		want := min(4*test.n*test.n, 16<<20) + 8*test.n + 2*16*test.k + 16<<10
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		Nearest(partner, x, test.dim, test.k, rand.NewPCG(1, 2))
		runtime.ReadMemStats(&after)
		if got := int(after.TotalAlloc - before.TotalAlloc); got > want {
			t.Errorf("%d rows of %d, k = %d: %d bytes allocated, want at most %d", test.n, test.dim, test.k, got, want)
		}
	}
}

// The number of goroutines does not show.
func TestNearestOnOneCore(t *testing.T) {
	x := normalRows(300*100, rand.New(rand.NewPCG(1, 2)))
	draw := func() []int {
		partner := make([]int, 300)
		Nearest(partner, x, 100, 5, rand.New(rand.NewPCG(3, 4)))
		return partner
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	several := draw()
	if got := runtime.GOMAXPROCS(0); got != 4 {
		t.Errorf("Nearest has set GOMAXPROCS to %d, want 4 as before", got)
	}
	runtime.GOMAXPROCS(1)
	if one := draw(); !slices.Equal(one, several) {
		t.Errorf("partners %v on one core, %v on four", one, several)
	}
}

// rankOf returns how many other rows are nearer to row i than row j is.
func rankOf(j int, x []float32, dim, i int) (nearer int) {
	square := func(j int) (sum float64) {
		for d := range dim {
			t := float64(x[i*dim+d]) - float64(x[j*dim+d])
			sum += float64(t * t)
		}
		return sum
	}
	for other := range len(x) / dim {
		if other != i && square(other) < square(j) {
			nearer++
		}
	}
	return nearer
}

func TestNearestIsUniform(t *testing.T) {
	const n, dim = 40, 3
	x := normalRows(n*dim, rand.New(rand.NewPCG(1, 2)))
	for _, k := range []int{1, 2, 5, n - 1, n, 1000} {
		r := rand.New(rand.NewPCG(3, uint64(k)))
		count := make([]map[int]int, n) // for each row
		for i := range count {
			count[i] = map[int]int{}
		}
		partner := make([]int, n)
		for range fewer(150 * min(k, n-1)) {
			Nearest(partner, x, dim, k, r)
			for i, j := range partner {
				count[i][j]++
			}
		}
		for i := range count {
			for j := range count[i] {
				if rank := rankOf(j, x, dim, i); rank >= k {
					t.Fatalf("k=%d, row %d: partner %d, which has rank %d", k, i, j, rank)
				}
			}
			if k > 1 {
				wantUniform(t, fmt.Sprintf("k=%d, row %d", k, i), count[i], min(k, n-1))
			}
		}
	}
}

func TestNearestPanics(t *testing.T) {
	for _, test := range []struct {
		name, want string
		n, values  int
		dim, k     int
	}{
		{"k = 0", "mixup: k = 0, want at least 1", 4, 8, 2, 0},
		{"negative k", "mixup: k = -1, want at least 1", 4, 8, 2, -1},
		{"k = 0 of one row", "mixup: k = 0, want at least 1", 1, 2, 2, 0},
		{"k = 0 of no rows", "mixup: k = 0, want at least 1", 0, 0, 2, 0},
		{"broken rows", "mixup: len(x) = 7, want 4 rows of dim = 2 values", 4, 7, 2, 1},
		{"no values", "mixup: len(x) = 0, want 4 rows of dim = 2 values", 4, 0, 2, 1},
		{"values of no rows", "mixup: len(x) = 3, want 0 rows of dim = 3 values", 0, 3, 3, 1},
		{"dim = 0", "mixup: dim = 0, want the number of values in a row, ≥ 1", 4, 8, 0, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			partner := slices.Repeat([]int{-7}, test.n)
			wantPanic(t, test.want, func() { Nearest(partner, make([]float32, test.values), test.dim, test.k, nil) })
			if want := slices.Repeat([]int{-7}, test.n); !slices.Equal(partner, want) {
				t.Errorf("after the panic: %v, want %v", partner, want)
			}
		})
	}
	Nearest(nil, nil, 2, 5, nil) // an empty minibatch
}

// The last minibatch of an epoch may be a single row, or have fewer rows than k.
func TestNearestOfFewRows(t *testing.T) {
	for _, test := range []struct {
		n, k int
		want []int
	}{{1, 1, []int{0}}, {1, 5, []int{0}}, {2, 1, []int{1, 0}}, {2, 5, []int{1, 0}}} {
		partner := slices.Repeat([]int{-7}, test.n)
		Nearest(partner, make([]float32, 3*test.n), 3, test.k, nil)
		if !slices.Equal(partner, test.want) {
			t.Errorf("n=%d, k=%d: partners %v, want %v", test.n, test.k, partner, test.want)
		}
	}
}
