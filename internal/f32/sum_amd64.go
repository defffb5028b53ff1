//go:build !purego && !race

package f32

//go:noescape
func sumAVX2(x []float32, total float64) float64

func sum(x []float32, total float64) float64 {
	if hasAVX2 {
		return sumAVX2(x, total)
	}
	return sumGo(x, total)
}

//go:noescape
func gapAVX2(w, x []float32, max float32, gap, sum float64) (gaps, sums float64)

func gapOf(w, x []float32, max float32, gap, sum float64) (gaps, sums float64) {
	if hasAVX2 {
		return gapAVX2(w, x, max, gap, sum)
	}
	return gapGo(w, x, max, gap, sum)
}

//go:noescape
func gapOnesAVX2(x []float32, max float32, gap float64) float64

func gapOnes(x []float32, max float32, gap float64) float64 {
	if hasAVX2 {
		return gapOnesAVX2(x, max, gap)
	}
	return gapOnesGo(x, max, gap)
}
