package f32

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestMixRows compares MixRows with the loop that documents it, bit for bit: for
// widths around what is unrolled, for rows that are handled in several calls, and for
// rows that are longer than a piece. It must not touch what is before and behind dst.
func TestMixRows(t *testing.T) {
	const guard, sources = 16, 3
	r := rand.New(rand.NewPCG(1, 2))
	check := func(t *testing.T, n, width int) {
		src := values(sources*width+8, r)[r.IntN(8):][:sources*width]
		memory := values(n*width+2*guard+8, r)
		want := append([]float32(nil), memory...)
		from := guard + r.IntN(8)
		index, weight := make([]int, 2*n), make([]float32, 2*n)
		for p := range index {
			index[p], weight[p] = r.IntN(sources), r.Float32()
		}
		for i := range n {
			a, b := src[index[2*i]*width:], src[index[2*i+1]*width:]
			for j := range width {
				want[from+i*width+j] = float32(weight[2*i]*a[j]) + float32(weight[2*i+1]*b[j])
			}
		}
		MixRows(memory[from:][:n*width], src, width, index, weight)
		wantBits(t, fmt.Sprintf("%d rows of %d", n, width), memory, want)
	}
	atEachLevel(t, func(t *testing.T) {
		for n := range 4 {
			for width := 1; width <= 100; width++ {
				check(t, n, width)
			}
		}
		check(t, 2*piece/lanes+1, 1)
		check(t, piece/lanes+3, 5)
		check(t, 2*piece/1000, 1000)
		check(t, 5, piece/2)
		check(t, 2, piece+1)
	})
}
