//go:build !purego && !race

package f32

//go:noescape
func argmaxAVX512(top []int, x []float32, width int) (nan bool)

//go:noescape
func argmaxAVX2(x []float32) int

func argmax(top []int, x []float32, width int) {
	if hasAVX512 && !argmaxAVX512(top, x, width) {
		return
	}
	for i := range top {
		row := x[i*width:][:width]
		top[i] = -1
		// The kernel has no number for NaN, and no use for less than a register.
		if hasAVX2 && width >= 8 {
			top[i] = argmaxAVX2(row)
		}
		if top[i] < 0 {
			top[i] = argmaxOf(row)
		}
	}
}

// wideExps are exps in all elements of a register.
var wideExps = [len(exps)][8]float32(wide(exps[:]))

// wide returns constants in all elements of a register.
func wide(constants []float32) [][8]float32 {
	w := make([][8]float32, len(constants))
	for i, c := range constants {
		for j := range w[i] {
			w[i][j] = c
		}
	}
	return w
}

//go:noescape
func softmaxShortAVX512(rest, gap, weight []float64, dst, x, t []float32, top []int, width int, mean float64, b float32, exps *[len(exps)]float32)

func softmax(rest, gap, weight []float64, dst, x, t []float32, top []int, width int, mean float64, b float32) {
	if hasAVX512 && width <= 16 {
		softmaxShortAVX512(rest, gap, weight, dst, x, t, top, width, mean, b, &exps)
		return
	}
	softmaxRows(rest, gap, weight, dst, x, t, top, width, mean, b)
}

//go:noescape
func expSumAVX512(dst, x, t []float32, most float32, top, ahead int, exps *[len(exps)]float32, rest, gap, weight float64) (rests, gaps, weights float64)

//go:noescape
func expSumAVX2(dst, x, t []float32, most float32, top, ahead int, exps *[len(exps)][8]float32, rest, gap, weight float64) (rests, gaps, weights float64)

func expSum(dst, x, t []float32, most float32, top, ahead int, s sums) sums {
	switch {
	case hasAVX512:
		s.rest, s.gap, s.weight = expSumAVX512(dst, x, t, most, top, ahead, &exps, s.rest, s.gap, s.weight)
	case hasAVX2:
		s.rest, s.gap, s.weight = expSumAVX2(dst, x, t, most, top, ahead, &wideExps, s.rest, s.gap, s.weight)
	default:
		s = expSumGo(dst, x, t, most, top, s)
	}
	return s
}
