package f32

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// BenchmarkGatherBytes mixes and normalises minibatches of 128 rows of 3×32×32 bytes
// that lie at random places of a dataset of 300 MB, others each time. It reports the
// time in units of a copy of the float32 minibatch, without and with fetching the
// next rows, and for rows that are in cache.
func BenchmarkGatherBytes(b *testing.B) {
	const n, dim, images = 128, 3072, 100000
	data := make([]uint8, images*dim)
	for i := range data {
		data[i] = uint8(i * 77 >> 3)
	}
	src, dst := make([]float32, n*dim), make([]float32, n*dim)
	r := rand.New(rand.NewPCG(1, 2))
	for _, channels := range []int{1, 3} { // of a plane
		b.Run(fmt.Sprintf("channels=%d", channels), func(b *testing.B) {
			ch := channelsOf(0, channels)
			size := dim / 3 * channels
			index := make([]int, n)
			gather := func(images int, mix func(dst []float32, a, b, nextA, nextB []uint8)) func() {
				return func() {
					for i := range index {
						index[i] = r.IntN(images)
					}
					partner := r.Perm(n)
					row := func(i int) []uint8 { return data[index[i]*dim:][:dim] }
					for i := range n {
						next := min(i+1, n-1)
						x, y, nextX, nextY := row(i), row(partner[i]), row(next), row(partner[next])
						for from := 0; from < dim; from += size {
							mix(dst[i*dim+from:][:size], x[from:], y[from:], nextX[from:], nextY[from:])
						}
					}
				}
			}
			plain := func(dst []float32, x, y, _, _ []uint8) { MixBytes2(dst, x, y, x, y, ch, .25, .75) }
			inTurn(b, 3, []timed{
				{"copy", func() { copy(dst, src) }},
				{"cached", gather(n, plain)},
				{"plain", gather(images, plain)},
				{"fetching", gather(images, func(dst []float32, x, y, nextX, nextY []uint8) {
					MixBytes2(dst, x, y, nextX, nextY, ch, .25, .75)
				})},
			}, 0)
		})
	}
}
