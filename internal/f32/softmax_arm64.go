//go:build !purego

package f32

//go:noescape
func argmaxNEON(x []float32) int

func argmax(x []float32) int {
	// The kernel has no number for NaN, and no use for less than a register.
	if hasNEON && len(x) >= 4 {
		if top := argmaxNEON(x); top >= 0 {
			return top
		}
	}
	return argmaxGo(x)
}

//go:noescape
func expSumNEON(dst, x []float32, top int, exps *[len(exps)]float32) float64

func expSum(dst, x []float32, top int) float64 {
	if hasNEON {
		return expSumNEON(dst, x, top, &exps)
	}
	return expSumGo(dst, x, top)
}
