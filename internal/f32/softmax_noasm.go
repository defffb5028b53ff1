//go:build purego || race || !(amd64 || arm64)

package f32

func softmax(rest, gap, weight []float64, dst, x, t []float32, top []int, width int, mean float64, b float32) {
	softmaxRows(rest, gap, weight, dst, x, t, top, width, mean, b)
}

func expSum(dst, x, t []float32, most float32, top, _ int, s sums) sums {
	return expSumGo(dst, x, t, most, top, s)
}
