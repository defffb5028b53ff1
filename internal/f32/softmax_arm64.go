//go:build !purego

package f32

//go:noescape
func argmaxNEON(x []float32) int

func argmax(top []int, x []float32, width int) {
	for i := range top {
		row := x[i*width:][:width]
		top[i] = -1
		// The kernel has no number for NaN, and no use for less than a register.
		if hasNEON && width >= 4 {
			top[i] = argmaxNEON(row)
		}
		if top[i] < 0 {
			top[i] = argmaxOf(row)
		}
	}
}

//go:noescape
func expSumNEON(dst, x []float32, top int, exps *[len(exps)]float32) float64

func expSum(sum []float64, dst, x []float32, top []int, width int) {
	if !hasNEON {
		expSumGo(sum, dst, x, top, width)
		return
	}
	for i, t := range top {
		sum[i] = expSumNEON(rowOf(dst, i, width), x[i*width:][:width], t, &exps)
	}
}
