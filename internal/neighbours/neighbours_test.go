package neighbours

import (
	"cmp"
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
				s := newSearch(x, n, n-1)
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
	x := make([]float32, n*dim)
	for p := range x {
		x[p] = float32(r.NormFloat64())
	}
	var rank, want [n]int
	for i := range n {
		rank[i] = r.IntN(n - 1)
		want[i] = slowNeighbours(x, n, i)[rank[i]]
	}
	for _, band := range []int{1, 7, 20, 31, tile, 2 * tile, n} {
		s := newSearch(x, n, n-1)
		s.hi = band
		s.product = slices.Clip(s.product[:band*n])
		got := rank
		s.findAll(got[:])
		if got != want {
			t.Errorf("bands of %d rows: neighbours %v, want %v", band, got, want)
		}
	}
}

// Goroutines that multiply at the same time write different products, in bands of any
// number of rows: the race detector sees others. Products of small integers are exact, so
// one that is counted twice or not at all shows.
func TestProductsAreWrittenOnce(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(8))
	const n, dim = 150, 3000
	r := rand.New(rand.NewPCG(5, 6))
	x := make([]float32, n*dim)
	for p := range x {
		x[p] = float32(1 + r.IntN(4))
	}
	for _, band := range []int{7, 20, 31, tile, 2 * tile} {
		s := newSearch(x, n, 1)
		s.helpers = 7
		for s.lo, s.hi = 0, band; s.lo < n; s.lo, s.hi = s.hi, min(n, s.hi+band) {
			s.multiply()
			for i := s.lo; i < s.hi; i++ {
				for j := range n {
					var want float32
					for d, v := range s.row(i) {
						want += v * s.row(j)[d]
					}
					if got := s.product[(i-s.lo)*n+j]; got != want {
						t.Fatalf("bands of %d rows: product of rows %d and %d is %v, want %v", band, i, j, got, want)
					}
				}
			}
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
	s := search{slack: math.Inf(1), square: []float64{0, 1}}
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
		nearest := make([]int, 3)
		Find(nearest, x, 1)
		if nearest[0] != 1 {
			t.Fatalf("of the rows (%v, %v) and its mirror image the second is nearer to (%v, %[3]v)", a, b, c)
		}
		if p, q := squaredDistance(x[:2], x[2:4]), squaredDistance(x[:2], x[4:]); p != q {
			t.Fatalf("squared distances %v and %v of mirror images", p, q)
		}
	}
}
