//go:build !purego

package f32

//go:noescape
func argmaxAVX2(x []float32) int

func argmax(x []float32) int {
	// The kernel has no number for NaN, and no use for less than a register.
	if hasAVX2 && len(x) >= 8 {
		if top := argmaxAVX2(x); top >= 0 {
			return top
		}
	}
	return argmaxGo(x)
}

// wideExps are exps in all elements of a register.
var wideExps = func() (wide [len(exps)][8]float32) {
	for i, c := range exps {
		for j := range wide[i] {
			wide[i][j] = c
		}
	}
	return wide
}()

//go:noescape
func expSumAVX2(dst, x []float32, top int, exps *[len(exps)][8]float32) float64

func expSum(dst, x []float32, top int) float64 {
	if hasAVX2 {
		return expSumAVX2(dst, x, top, &wideExps)
	}
	return expSumGo(dst, x, top)
}
