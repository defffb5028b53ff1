//go:build !purego && !race

package f32

//go:noescape
func logisticNEON(dst, x, t []float32, c, scale float32, total float64, exps *[len(exps)]float32, logistics *[len(logistics)]float32) float64

func logisticSum(dst, x, t []float32, c, scale float32, total float64) float64 {
	if hasNEON {
		return logisticNEON(dst, x, t, c, scale, total, &exps, &logistics)
	}
	return logisticSumGo(dst, x, t, c, scale, total)
}
