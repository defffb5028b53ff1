//go:build !purego && !race

package f32

func softmax(rest, gap, weight []float64, dst, x, t []float32, top []int, width int, mean float64, b float32) {
	softmaxRows(rest, gap, weight, dst, x, t, top, width, mean, b)
}

//go:noescape
func expSumNEON(dst, x []float32, most float32, top int, exps *[len(exps)]float32, total float64) float64

func expSum(dst, x, t []float32, most float32, top, _ int, s sums) sums {
	if !hasNEON {
		return expSumGo(dst, x, t, most, top, s)
	}
	if t != nil {
		s.gap, s.weight = gapNEON(t, x, most, s.gap, s.weight)
	}
	s.rest = expSumNEON(dst, x, most, top, &exps, s.rest)
	return s
}
