//go:build purego || !(amd64 || arm64)

package f32

func argmax(top []int, x []float32, width int) { argmaxGo(top, x, width) }

func expSum(sum []float64, dst, x []float32, top []int, width int) {
	expSumGo(sum, dst, x, top, width)
}
