//go:build !purego && !race

package f32

//go:noescape
func softmaxShortAVX512(rest, gap, weight []float64, dst, x, t []float32, top []int, width int, mean float64, b float32, exps *[len(exps)]float32)

//go:noescape
func softmaxShortAVX2(rest, gap, weight []float64, dst, x, t []float32, top []int, width int, mean float64, b float32, exps *[len(exps)][8]float32)

func softmax(rest, gap, weight []float64, dst, x, t []float32, top []int, width int, mean float64, b float32) {
	switch {
	case width <= lanes && hasAVX512:
		softmaxShortAVX512(rest, gap, weight, dst, x, t, top, width, mean, b, &exps)
	case width <= lanes && hasAVX2:
		softmaxShortAVX2(rest, gap, weight, dst, x, t, top, width, mean, b, &wideExps)
	default:
		softmaxRows(rest, gap, weight, dst, x, t, top, width, mean, b)
	}
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
