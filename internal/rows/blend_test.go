package rows

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// slowBlend returns the product in float64, value by value.
func slowBlend(w Matrix, src []float64, dim int) []float64 {
	n := w.rows()
	dst := make([]float64, n*dim)
	for i := range n {
		copies := slowCopies(w, i)
		for d := range dim {
			value := func(k int) float64 { return src[w.Index[i*w.K+k]*dim+d] }
			if copies {
				dst[i*dim+d] = value(0)
				continue
			}
			total := float64(w.Weight[i*w.K])
			sum := float64(total * value(0))
			for k := 1; k < w.K; k++ {
				weight := float64(w.Weight[i*w.K+k])
				total += weight
				sum += float64(weight * value(k))
			}
			dst[i*dim+d] = sum / total
		}
	}
	return dst
}

func TestBlend(t *testing.T) {
	forMatrices(t, func(t *testing.T, w Matrix, dim int, r *rand.Rand) {
		x := floats[float64](w.rows()*dim, r)
		pool := slices.Concat(make([]float64, dim), x)
		ahead := shifted(w)
		want, dst := slowBlend(w, x, dim), make([]float64, len(x))
		for _, s := range settings {
			w.blendTo(dst, x, dim, s.limits)
			wantBits(t, s.name+": BlendTo", dst, want)
			ahead.blendTo(dst, pool, dim, s.limits)
			wantBits(t, s.name+": BlendTo from a pool", dst, want)
			copy(dst, x)
			w.blend(dst, dim, new(Scratch), s.limits)
			wantBits(t, s.name+": Blend", dst, want)
		}
	})
}

// A column of ones stays a column of ones, though float32 weights do not sum to 1
// exactly.
func TestBlendKeepsOnes(t *testing.T) {
	const n = 200
	r := rand.New(rand.NewPCG(1, 2))
	for k := 1; k <= 8; k++ {
		w := anyTerms(n, k, r)
		ones := slices.Repeat([]float64{1}, n)
		dst := make([]float64, n)
		w.BlendTo(dst, ones, 1)
		wantBits(t, fmt.Sprintf("K=%d", k), dst, ones)
	}
}
