package rows

import (
	"math"
	"math/rand/v2"
)

// A kind is a shape that W can have.
type kind struct {
	name string
	fill func(n int, r *rand.Rand) Matrix
}

// convex returns n rows of k random weights, which sum to 1 up to rounding.
func convex(n, k int, r *rand.Rand) []float32 {
	weight := make([]float32, n*k)
	for i := range n {
		row := make([]float64, k)
		var sum float64
		for j := range row {
			row[j] = r.ExpFloat64()
			sum += row[j]
		}
		for j := range row {
			weight[i*k+j] = float32(row[j] / sum)
		}
	}
	return weight
}

// pairs returns n pairs of which row i has itself and partner(i).
func pairs(n int, r *rand.Rand, partner func(i int) int) Matrix {
	w := Matrix{2, make([]int, 2*n), convex(n, 2, r)}
	for i := range n {
		w.Index[2*i], w.Index[2*i+1] = i, partner(i)
	}
	return w
}

// anyTerms returns n rows of k terms: any rows with random weights.
func anyTerms(n, k int, r *rand.Rand) Matrix {
	w := Matrix{k, make([]int, n*k), convex(n, k, r)}
	for p := range w.Index {
		w.Index[p] = r.IntN(n)
	}
	return w
}

// set gives row i of w a first weight of first, a second one, and no others.
func set(w Matrix, i int, first, second float32) Matrix {
	row := w.Weight[i*w.K:][:w.K]
	clear(row)
	row[0] = first
	if w.K > 1 {
		row[1] = second
	}
	return w
}

func identity(n int) Matrix {
	w := Matrix{1, make([]int, n), make([]float32, n)}
	for i := range n {
		w.Index[i], w.Weight[i] = i, 1
	}
	return w
}

func permutation(n int, r *rand.Rand) Matrix {
	perm := r.Perm(n)
	return pairs(n, r, func(i int) int { return perm[i] })
}

func permutations(n, k int, r *rand.Rand) Matrix {
	w := anyTerms(n, k, r)
	for t := range k {
		for i, j := range r.Perm(n) {
			if t == 0 {
				j = i
			}
			w.Index[i*k+t] = j
		}
	}
	return w
}

var kinds = []kind{
	{"permutation", permutation},
	{"one weight", func(n int, r *rand.Rand) Matrix {
		w := permutation(n, r)
		for i := range n {
			set(w, i, .3, .7)
		}
		return w
	}},
	{"mirrored", func(n int, r *rand.Rand) Matrix {
		return pairs(n, r, func(i int) int { return n - 1 - i })
	}},
	{"one cycle", func(n int, r *rand.Rand) Matrix {
		return pairs(n, r, func(i int) int { return (i + 1) % n })
	}},
	{"one cycle backwards", func(n int, r *rand.Rand) Matrix {
		return pairs(n, r, func(i int) int { return (i + n - 1) % n })
	}},
	{"cycles of 1 to 9", func(n int, r *rand.Rand) Matrix {
		partner := make([]int, n)
		for lo, length := 0, 1; lo < n; lo, length = lo+length, length%9+1 {
			hi := min(lo+length, n)
			for i := lo; i < hi; i++ {
				partner[i] = i + 1
			}
			partner[hi-1] = lo
		}
		return pairs(n, r, func(i int) int { return partner[i] })
	}},
	{"own partner", func(n int, r *rand.Rand) Matrix {
		return pairs(n, r, func(i int) int { return i })
	}},
	{"any map", func(n int, r *rand.Rand) Matrix {
		return pairs(n, r, func(int) int { return r.IntN(n) })
	}},
	{"one chain", func(n int, r *rand.Rand) Matrix {
		return pairs(n, r, func(i int) int { return min(i+1, n-1) })
	}},
	{"chains into a cycle", func(n int, r *rand.Rand) Matrix {
		return pairs(n, r, func(i int) int {
			if i%3 > 0 {
				return i - 1
			}
			return (i + 3) % max(n/3*3, 3) % n
		})
	}},
	{"all to one", func(n int, r *rand.Rand) Matrix {
		return pairs(n, r, func(int) int { return n / 2 })
	}},
	{"partner first", func(n int, r *rand.Rand) Matrix {
		w := permutation(n, r)
		for i := range n {
			w.Index[2*i], w.Index[2*i+1] = w.Index[2*i+1], w.Index[2*i]
		}
		return w
	}},
	{"some rows unmixed", func(n int, r *rand.Rand) Matrix {
		w := permutation(n, r)
		for i := range n {
			if r.IntN(3) == 0 {
				set(w, i, 1, 0)
			}
		}
		return w
	}},
	{"one row of a cycle unmixed", func(n int, r *rand.Rand) Matrix {
		return set(pairs(n, r, func(i int) int { return (i + 1) % n }), n/2, 1, 0)
	}},
	{"any map, some rows unmixed", func(n int, r *rand.Rand) Matrix {
		w := pairs(n, r, func(int) int { return r.IntN(n) })
		for i := range n {
			if r.IntN(3) == 0 {
				set(w, i, 1, 0)
			}
		}
		return w
	}},
	{"unmixed", func(n int, r *rand.Rand) Matrix {
		w := permutation(n, r)
		for i := range n {
			set(w, i, 1, 0)
		}
		return w
	}},
	{"partner only", func(n int, r *rand.Rand) Matrix {
		w := permutation(n, r)
		for i := range n {
			set(w, i, 0, 1)
		}
		return w
	}},
	{"zero and tiny weights", func(n int, r *rand.Rand) Matrix {
		w := permutation(n, r)
		for i := range n {
			second := []float32{0, 1e-8, math.SmallestNonzeroFloat32}[i%3]
			set(w, i, []float32{.5, 1}[i/3%2], second)
		}
		return w
	}},
	{"any pairs", func(n int, r *rand.Rand) Matrix { return anyTerms(n, 2, r) }},
	{"K=1 itself", func(n int, _ *rand.Rand) Matrix { return identity(n) }},
	{"K=1 permuted", func(n int, r *rand.Rand) Matrix {
		w := Matrix{1, r.Perm(n), make([]float32, n)}
		for i := range w.Weight {
			w.Weight[i] = 1
		}
		return w
	}},
	{"K=1 scaled", func(n int, r *rand.Rand) Matrix {
		w := anyTerms(n, 1, r)
		for i := range w.Weight {
			w.Weight[i] = r.Float32()
		}
		return w
	}},
	{"K=3", func(n int, r *rand.Rand) Matrix { return anyTerms(n, 3, r) }},
	{"K=3 permutations", func(n int, r *rand.Rand) Matrix { return permutations(n, 3, r) }},
	{"K=3, zero weights", func(n int, r *rand.Rand) Matrix {
		w := permutations(n, 3, r)
		for i := range n {
			set(w, i, []float32{.5, 1, 1, 0}[i%4], []float32{0, 0, 1e-8, 1}[i%4])
		}
		return w
	}},
	{"K=4 itself", func(n int, r *rand.Rand) Matrix {
		w := anyTerms(n, 4, r)
		for p := range w.Index {
			w.Index[p] = p / 4
		}
		return w
	}},
	{"K=4 permutations", func(n int, r *rand.Rand) Matrix { return permutations(n, 4, r) }},
	{"K=5", func(n int, r *rand.Rand) Matrix { return anyTerms(n, 5, r) }},
	{"K=5, itself last", func(n int, r *rand.Rand) Matrix {
		w := anyTerms(n, 5, r)
		for i := range n {
			j := r.IntN(n)
			copy(w.Index[5*i:], []int{j, j, i, j, i})
		}
		return w
	}},
}
