//go:build purego || !(amd64 || arm64)

package f32

func argmax(x []float32) int { return argmaxGo(x) }

func expSum(dst, x []float32, top int) float64 { return expSumGo(dst, x, top) }
