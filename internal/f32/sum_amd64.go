//go:build !purego && !race

package f32

//go:noescape
func sumAVX2(x []float32) float64

func sum(x []float32) float64 {
	if hasAVX2 {
		return sumAVX2(x)
	}
	return sumGo(x)
}

//go:noescape
func gapAVX2(w, x []float32, max float32) (gap, sum float64)

func gapOf(w, x []float32, max float32) (gap, sum float64) {
	if hasAVX2 {
		return gapAVX2(w, x, max)
	}
	return gapGo(w, x, max)
}

//go:noescape
func gapOnesAVX2(x []float32, max float32) float64

func gapOnes(x []float32, max float32) float64 {
	if hasAVX2 {
		return gapOnesAVX2(x, max)
	}
	return gapOnesGo(x, max)
}
