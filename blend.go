// Blend: mixing rows of float64 as well as of float32.

package mixup

import "github.com/seed-7466c776/mixup/internal/alias"

// Blend is [Mix.ApplyTo] for either type of float: dst ← W·src, where dst holds Len
// rows of dim values and src any number of rows of dim values. Use it for gonum's
// mat.Dense, and for networks that train in float64. dst may be src itself.
//
// For float32, Blend is ApplyTo. For float64, a mixed value is
//
//	(Σₖ wₖ·xₖ) / (Σₖ wₖ)
//
// Both sums are taken in float64, in the order of the terms, and every step is rounded.
// The division is there because weights are float32 and do not sum to 1 exactly. With
// it, a column of ones stays a column of ones. A row whose first weight is 1 and whose
// others are 0 is a copy of the source row of its first term, and is not written at all
// if dst is src and it is that row itself.
//
// Blend panics, before it writes, if len(dst) is not Len*dim, if len(src) is not a
// multiple of dim, if an index or weight is invalid, or if dst overlaps src in part.
func Blend[T float32 | float64](m *Mix, dst, src []T, dim int) {
	switch dst := any(dst).(type) {
	case []float32:
		m.ApplyTo(dst, any(src).([]float32), dim)
	case []float64:
		m.blend(dst, any(src).([]float64), dim)
	}
}

// blend is Blend of float64.
func (m *Mix) blend(dst, src []float64, dim int) {
	m.shape("dst", len(dst), "src", len(src), dim)
	if alias.Same(dst, src) {
		m.matrix().Blend(dst, dim, &m.rows)
		return
	}
	must(disjoint("dst", dst, "src", src))
	m.matrix().BlendTo(dst, src, dim)
}
