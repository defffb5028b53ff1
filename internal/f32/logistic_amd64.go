//go:build !purego && !race

package f32

// wideLogistics are logistics in all elements of a register.
var wideLogistics = [len(logistics)][8]float32(wide(logistics[:]))

//go:noescape
func logisticAVX512(dst, x, t []float32, c, scale float32, total float64, exps *[len(exps)]float32, logistics *[len(logistics)]float32) float64

//go:noescape
func logisticAVX2(dst, x, t []float32, c, scale float32, total float64, exps *[len(exps)][8]float32, logistics *[len(logistics)][8]float32) float64

func logisticSum(dst, x, t []float32, c, scale float32, total float64) float64 {
	switch {
	case hasAVX512:
		return logisticAVX512(dst, x, t, c, scale, total, &exps, &logistics)
	case hasAVX2:
		return logisticAVX2(dst, x, t, c, scale, total, &wideExps, &wideLogistics)
	}
	return logisticSumGo(dst, x, t, c, scale, total)
}
