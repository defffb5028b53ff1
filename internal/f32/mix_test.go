package f32

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// A kernel is an operation on rows, as the loop that documents it and as it is.
type kernel struct {
	name string
	rows int   // how many rows it works on
	same []int // which of them may be the first one
	loop func(rows [][]float32, w []float32)
	call func(rows [][]float32, w []float32)
}

// weights is how many weights a kernel has at most.
const weights = 8

// cycleLoop is the loop of MixCycle2 to MixCycle4.
func cycleLoop(rows [][]float32, w []float32) {
	last := len(rows) - 1
	x := make([]float32, len(rows))
	for i := range rows[0] {
		for j, row := range rows {
			x[j] = row[i]
		}
		for j, row := range rows[:last] {
			row[i] = float32(w[2*j]*x[j]) + float32(w[2*j+1]*x[j+1])
		}
	}
}

var kernels = []kernel{
	{"MixPair", 2, []int{1},
		func(r [][]float32, w []float32) {
			for i, x := range r[0] {
				y := r[1][i]
				r[0][i] = float32(w[0]*x) + float32(w[1]*y)
				r[1][i] = float32(w[2]*y) + float32(w[3]*x)
			}
		},
		func(r [][]float32, w []float32) { MixPair(r[0], r[1], w[0], w[1], w[2], w[3]) }},
	{"Scale", 2, []int{1},
		func(r [][]float32, w []float32) {
			for i := range r[0] {
				r[0][i] = w[0] * r[1][i]
			}
		},
		func(r [][]float32, w []float32) { Scale(r[0], r[1], w[0]) }},
	{"Affine", 2, []int{1},
		func(r [][]float32, w []float32) {
			for i := range r[0] {
				r[0][i] = float32(w[0]*r[1][i]) + w[1]
			}
		},
		func(r [][]float32, w []float32) { Affine(r[0], r[1], w[0], w[1]) }},
	{"Mix2", 3, []int{1, 2},
		func(r [][]float32, w []float32) {
			for i := range r[0] {
				r[0][i] = float32(w[0]*r[1][i]) + float32(w[1]*r[2][i])
			}
		},
		func(r [][]float32, w []float32) { Mix2(r[0], r[1], r[2], w[0], w[1]) }},
	{"Mix3", 4, []int{1, 2, 3},
		func(r [][]float32, w []float32) {
			for i := range r[0] {
				r[0][i] = float32(w[0]*r[1][i]) + float32(w[1]*r[2][i]) + float32(w[2]*r[3][i])
			}
		},
		func(r [][]float32, w []float32) { Mix3(r[0], r[1], r[2], r[3], w[0], w[1], w[2]) }},
	{"SaveMix3", 5, []int{2, 3, 4},
		func(r [][]float32, w []float32) {
			for i := range r[0] {
				r[1][i] = r[0][i]
				r[0][i] = float32(w[0]*r[2][i]) + float32(w[1]*r[3][i]) + float32(w[2]*r[4][i])
			}
		},
		func(r [][]float32, w []float32) { SaveMix3(r[0], r[1], r[2], r[3], r[4], w[0], w[1], w[2]) }},
	{"AddScaled", 2, []int{1},
		func(r [][]float32, w []float32) {
			for i := range r[0] {
				r[0][i] += float32(w[0] * r[1][i])
			}
		},
		func(r [][]float32, w []float32) { AddScaled(r[0], r[1], w[0]) }},
	{"MixCycle2", 3, []int{2}, cycleLoop,
		func(r [][]float32, w []float32) { MixCycle2(r[0], r[1], r[2], (*[4]float32)(w)) }},
	{"MixCycle3", 4, []int{3}, cycleLoop,
		func(r [][]float32, w []float32) { MixCycle3(r[0], r[1], r[2], r[3], (*[6]float32)(w)) }},
	{"MixCycle4", 5, []int{4}, cycleLoop,
		func(r [][]float32, w []float32) { MixCycle4(r[0], r[1], r[2], r[3], r[4], (*[8]float32)(w)) }},
}

// TestKernels compares each kernel with its loop, bit for bit: for lengths around
// what is unrolled, wherever the rows begin, and whichever of them are the same.
// It must not touch what is before and behind them.
func TestKernels(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, k := range kernels {
		t.Run(k.name, func(t *testing.T) {
			atEachLevel(t, func(t *testing.T) {
				for n := range 301 {
					k.test(t, n, r)
				}
			})
		})
	}
}

// TestLongRows compares each kernel with its loop for rows that are handled in pieces.
func TestLongRows(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, k := range kernels {
		t.Run(k.name, func(t *testing.T) {
			atEachLevel(t, func(t *testing.T) { k.test(t, pieces()*piece+100+r.IntN(100), r) })
		})
	}
}

// pieces is how many pieces long rows have, besides a shorter one: few in short
// tests, which run under emulators.
func pieces() int {
	if testing.Short() {
		return 1
	}
	return 3
}

// test compares a kernel with its loop for rows of n values.
func (k kernel) test(t *testing.T, n int, r *rand.Rand) {
	const guard = 16
	w := make([]float32, weights)
	for i := range w {
		w[i] = r.Float32()
	}
	for _, same := range append([]int{0}, k.same...) {
		memory := make([][]float32, k.rows)
		want := make([][]float32, k.rows)
		rows, loopRows := make([][]float32, k.rows), make([][]float32, k.rows)
		for j := range k.rows {
			memory[j] = values(n+2*guard+8, r)
			want[j] = append([]float32(nil), memory[j]...)
			from := guard + r.IntN(8)
			rows[j], loopRows[j] = memory[j][from:from+n], want[j][from:from+n]
		}
		rows[same], loopRows[same] = rows[0], loopRows[0]
		k.loop(loopRows, w)
		k.call(rows, w)
		for j := range k.rows {
			wantBits(t, fmt.Sprintf("n=%d, row %d is row 0: row %d", n, same, j), memory[j], want[j])
		}
	}
}
