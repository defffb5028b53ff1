//go:build purego || !(amd64 || arm64)

package f32

func argmax(top []int, x []float32, width int) { argmaxGo(top, x, width) }

func softmax(rest []float64, dst, x, t []float32, top []int, weight []float64, width int, mean float64, b float32) {
	softmaxRows(rest, dst, x, t, top, weight, width, mean, b)
}

func expSum(dst, x, _ []float32, top, _ int) float64 { return expSumGo(dst, x, top) }
