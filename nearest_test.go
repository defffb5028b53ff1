package mixup

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
)

// slowNeighbours returns the other rows from the nearest to the farthest.
func slowNeighbours(x []float32, n, i int) []int {
	dim := len(x) / n
	square := make([]float64, n)
	var rows []int
	for j := range n {
		if j != i {
			rows = append(rows, j)
		}
		for d := range dim {
			t := float64(x[i*dim+d]) - float64(x[j*dim+d])
			square[j] += float64(t * t)
		}
		if square[j] != square[j] {
			square[j] = math.Inf(1)
		}
	}
	slices.SortStableFunc(rows, func(a, b int) int { return cmp.Compare(square[a], square[b]) })
	return rows
}

// Every neighbour of every row is found at its place, whatever the matrix
// product makes of the values.
func TestNeighbours(t *testing.T) {
	fill := func(f func(r *rand.Rand, row, column int) float64) func(n, dim int) []float32 {
		return func(n, dim int) []float32 {
			r := rand.New(rand.NewPCG(uint64(n), uint64(dim)))
			x := make([]float32, n*dim)
			for p := range x {
				x[p] = float32(f(r, p/dim, p%dim))
			}
			return x
		}
	}
	for _, test := range []struct {
		name string
		make func(n, dim int) []float32
	}{
		{"normal", fill(func(r *rand.Rand, _, _ int) float64 { return r.NormFloat64() })},
		{"ties", fill(func(r *rand.Rand, _, _ int) float64 { return float64(r.IntN(2)) })},
		{"all the same", fill(func(*rand.Rand, int, int) float64 { return 3.7 })},
		{"zeros", fill(func(*rand.Rand, int, int) float64 { return 0 })},
		{"far from 0", fill(func(r *rand.Rand, _, _ int) float64 { return 1000 + r.NormFloat64() })},
		{"very far from 0", fill(func(r *rand.Rand, _, _ int) float64 { return 1e6 + r.NormFloat64() })},
		{"one far row", fill(func(r *rand.Rand, row, _ int) float64 {
			if row == 0 {
				return 1e8
			}
			return r.NormFloat64()
		})},
		{"products overflow", fill(func(r *rand.Rand, _, _ int) float64 { return 1e30 * r.NormFloat64() })},
		{"products underflow", fill(func(r *rand.Rand, _, _ int) float64 { return 1e-30 * r.NormFloat64() })},
		{"subnormal", fill(func(r *rand.Rand, _, _ int) float64 { return 1e-44 * float64(r.IntN(9)) })},
		{"some NaN", fill(func(r *rand.Rand, row, _ int) float64 {
			if row%3 == 1 {
				return math.NaN()
			}
			return r.NormFloat64()
		})},
		{"some Inf", fill(func(r *rand.Rand, row, column int) float64 {
			if row%3 == 1 && column == 0 {
				return math.Inf(1)
			}
			return r.NormFloat64()
		})},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, shape := range [][2]int{{2, 1}, {3, 2}, {31, 5}, {33, 1}, {70, 20}, {97, 1100}} {
				n, dim := shape[0], shape[1]
				if testing.Short() && dim > 100 {
					continue
				}
				x := test.make(n, dim)
				s := newNeighbours(x, n, n-1)
				s.multiply()
				for i := range n {
					want := slowNeighbours(x, n, i)
					got := make([]int, len(want))
					for rank := range got {
						if n > 50 && rank%29 != i%29 { // a sample
							got[rank] = want[rank]
							continue
						}
						got[rank] = s.find(i, rank)
					}
					if !slices.Equal(got, want) {
						t.Fatalf("n=%d, dim=%d, row %d: neighbours %v, want %v", n, dim, i, got, want)
					}
				}
			}
		})
	}
}

// Rows are worked on in bands: of whole tiles, of fewer rows than a tile, of one.
func TestNeighboursInBands(t *testing.T) {
	const n, dim = 150, 3
	r := rand.New(rand.NewPCG(1, 2))
	x := normalRows(n*dim, r)
	var rank, want [n]int
	for i := range n {
		rank[i] = r.IntN(n - 1)
		want[i] = slowNeighbours(x, n, i)[rank[i]]
	}
	for _, band := range []int{1, 7, 20, 31, tile, 2 * tile, n} {
		s := newNeighbours(x, n, n-1)
		s.hi = band
		s.product = slices.Clip(s.product[:band*n])
		got := rank
		s.findAll(got[:])
		if got != want {
			t.Errorf("bands of %d rows: neighbours %v, want %v", band, got, want)
		}
	}
}

// The products that are kept take 16 MiB at most, or a row of them if that is more.
func TestBandRows(t *testing.T) {
	for _, test := range []struct{ n, want int }{
		{2, 2}, {33, 33}, {2048, 2048}, {2049, 2016}, {1 << 16, 64}, {1 << 17, 32}, {1<<17 + 1, 31}, {1_000_000, 4}, {1 << 22, 1}, {1 << 23, 1},
	} {
		if got := bandRows(test.n); got != test.want {
			t.Errorf("of %d rows: bands of %d, want %d", test.n, got, test.want)
		}
	}
}

// A dot product of so many terms that the error has no bound leaves all open.
func TestProductError(t *testing.T) {
	for _, test := range []struct {
		dim  int
		want float64
	}{{1, 9 * 0x1p-24 / (1 - 18*0x1p-24)}, {1 << 22, (0.25 + 0x1p-21) / (0.5 - 0x1p-20)}, {1 << 23, math.Inf(1)}, {1 << 30, math.Inf(1)}} {
		if slack, least := productError(test.dim); slack != test.want || least != float64(test.dim)*0x1p-148 {
			t.Errorf("dim = %d: slack %v, least %v, want %v, %v", test.dim, slack, least, test.want, float64(test.dim)*0x1p-148)
		}
	}
	s := neighbours{slack: math.Inf(1), square: []float64{0, 1}}
	for j := range 2 { // where Inf·0 is NaN, too
		if low, high := s.bounds(0, j, 1); !math.IsInf(low, -1) || !math.IsInf(high, 1) {
			t.Errorf("bounds %v, %v, want none", low, high)
		}
	}
}

// The squares of distances are not fused with their sum. So two rows that differ
// from a third one by the same numbers in another order are at the same distance.
func TestPermutedCoordinatesTie(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		// The differences have more bits than a float32, and their squares do not
		// fit into a float64.
		a, b, c := float32(r.NormFloat64()), float32(r.NormFloat64()), float32(r.NormFloat64()/1000)
		x := []float32{c, c, a, b, b, a}
		partner := make([]int, 3)
		Nearest(partner, x, 2, 1, r)
		if partner[0] != 1 {
			t.Fatalf("of the rows (%v, %v) and its mirror image the second is nearer to (%v, %[3]v)", a, b, c)
		}
		if p, q := squaredDistance(x[:2], x[2:4]), squaredDistance(x[:2], x[4:]); p != q {
			t.Fatalf("squared distances %v and %v of mirror images", p, q)
		}
	}
}

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
	runtime.GOMAXPROCS(1)
	if one := draw(); !slices.Equal(one, several) {
		t.Errorf("partners %v on one core, %v on four", one, several)
	}
}

func TestNearestIsUniform(t *testing.T) {
	const n, dim = 40, 3
	x := normalRows(n*dim, rand.New(rand.NewPCG(1, 2)))
	for _, k := range []int{1, 2, 5, n - 1, n, 1000} {
		r := rand.New(rand.NewPCG(3, uint64(k)))
		count := map[[2]int]int{}
		partner := make([]int, n)
		for range fewer(150 * min(k, n-1)) {
			Nearest(partner, x, dim, k, r)
			for i, j := range partner {
				count[[2]int{i, j}]++
			}
		}
		for pair := range count {
			if near := slowNeighbours(x, n, pair[0])[:min(k, n-1)]; !slices.Contains(near, pair[1]) {
				t.Fatalf("k=%d, row %d: partner %d, want one of %v", k, pair[0], pair[1], near)
			}
		}
		if k > 1 {
			wantUniform(t, fmt.Sprintf("k=%d", k), count, n*min(k, n-1))
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
