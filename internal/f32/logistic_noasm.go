//go:build purego || race || !(amd64 || arm64)

package f32

func logisticSum(dst, x, t []float32, c, scale float32, total float64) float64 {
	return logisticSumGo(dst, x, t, c, scale, total)
}
