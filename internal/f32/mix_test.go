package f32

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// A kernel is an operation on rows, as the loop that documents it and as it is.
type kernel struct {
	name string
	rows int // that it works on; it writes the first
	loop func(rows [][]float32, w []float32)
	call func(rows [][]float32, w []float32)
}

var kernels = []kernel{
	{"MixPair", 2,
		func(r [][]float32, w []float32) {
			for i, x := range r[0] {
				y := r[1][i]
				r[0][i] = float32(w[0]*x) + float32(w[1]*y)
				r[1][i] = float32(w[2]*y) + float32(w[3]*x)
			}
		},
		func(r [][]float32, w []float32) { MixPair(r[0], r[1], w[0], w[1], w[2], w[3]) }},
	{"Scale", 2,
		func(r [][]float32, w []float32) {
			for i := range r[0] {
				r[0][i] = w[0] * r[1][i]
			}
		},
		func(r [][]float32, w []float32) { Scale(r[0], r[1], w[0]) }},
	{"Affine", 2,
		func(r [][]float32, w []float32) {
			for i := range r[0] {
				r[0][i] = float32(w[0]*r[1][i]) + w[1]
			}
		},
		func(r [][]float32, w []float32) { Affine(r[0], r[1], w[0], w[1]) }},
	{"Mix2", 3,
		func(r [][]float32, w []float32) {
			for i := range r[0] {
				r[0][i] = float32(w[0]*r[1][i]) + float32(w[1]*r[2][i])
			}
		},
		func(r [][]float32, w []float32) { Mix2(r[0], r[1], r[2], w[0], w[1]) }},
	{"Mix3", 4,
		func(r [][]float32, w []float32) {
			for i := range r[0] {
				r[0][i] = float32(w[0]*r[1][i]) + float32(w[1]*r[2][i]) + float32(w[2]*r[3][i])
			}
		},
		func(r [][]float32, w []float32) { Mix3(r[0], r[1], r[2], r[3], w[0], w[1], w[2]) }},
	{"AddScaled", 2,
		func(r [][]float32, w []float32) {
			for i := range r[0] {
				r[0][i] += float32(w[0] * r[1][i])
			}
		},
		func(r [][]float32, w []float32) { AddScaled(r[0], r[1], w[0]) }},
}

// TestKernels holds each kernel to its loop, bit for bit: for lengths around
// what is unrolled, wherever the rows begin, whichever of them are the same, and
// it must not touch what is before and behind them.
func TestKernels(t *testing.T) {
	for _, k := range kernels {
		t.Run(k.name, func(t *testing.T) {
			atEachLevel(t, k.test)
		})
	}
}

func (k kernel) test(t *testing.T) {
	const guard, longest = 16, 300
	r := rand.New(rand.NewPCG(1, 2))
	for n := range longest + 1 {
		w := []float32{r.Float32(), r.Float32(), r.Float32(), r.Float32()}
		for alias := range k.rows { // row alias is the first row; 0: none is
			memory := make([][]float32, k.rows)
			want := make([][]float32, k.rows)
			rows, loopRows := make([][]float32, k.rows), make([][]float32, k.rows)
			for j := range k.rows {
				memory[j] = values(n+2*guard+8, r)
				want[j] = append([]float32(nil), memory[j]...)
				from := guard + r.IntN(8)
				rows[j], loopRows[j] = memory[j][from:from+n], want[j][from:from+n]
			}
			if alias > 0 {
				rows[alias], loopRows[alias] = rows[0], loopRows[0]
			}
			k.loop(loopRows, w)
			k.call(rows, w)
			for j := range k.rows {
				wantBits(t, fmt.Sprintf("n=%d, row %d is row 0: row %d", n, alias, j), memory[j], want[j])
			}
		}
	}
}
