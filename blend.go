// Blend: mixing rows of float64 as well as of float32.

package mixup

import "slices"

// Blend is [Mix.ApplyTo] for either type of float: dst ← W·src, where dst holds Len
// rows of dim values and src any number of rows of dim values. It mixes gonum's
// mat.Dense, and networks that train in float64. dst may be src itself.
//
// For float32 it is ApplyTo to the bit. For float64 a mixed value is
//
//	(Σₖ wₖ·xₖ) / (Σₖ wₖ)
//
// with both sums in float64, in the order of the terms and each step rounded, so
// that a column of ones stays a column of ones: weights are float32 and do not sum
// to 1 exactly. A row whose first weight is 1 and whose others are 0 is a copy.
//
// Blend panics, before it writes, if len(dst) is not Len*dim, if len(src) is not a
// multiple of dim, if an index or weight is invalid, or if dst overlaps src in part.
func Blend[T float32 | float64](m *Mix, dst, src []T, dim int) {
	if dst, ok := any(dst).([]float32); ok {
		m.ApplyTo(dst, any(src).([]float32), dim)
		return
	}
	m.shape("dst", len(dst), "src", len(src), dim)
	if same(dst, src) {
		src = slices.Clone(src)
	}
	must(disjoint("dst", dst, "src", src))
	w := m.sparse()
	for i := range w.rows {
		index, weight := w.row(i)
		for d := range dim {
			var sum, weights float64
			for k, j := range index {
				sum += float64(float64(weight[k]) * float64(src[j*dim+d]))
				weights += float64(weight[k])
			}
			dst[i*dim+d] = T(sum / weights)
		}
	}
}
