//go:build !purego && !race

package f32

//go:noescape
func sumNEON(x []float32) float64

func sum(x []float32) float64 {
	if hasNEON {
		return sumNEON(x)
	}
	return sumGo(x)
}

//go:noescape
func gapNEON(w, x []float32, max float32) (gap, sum float64)

func gapOf(w, x []float32, max float32) (gap, sum float64) {
	if hasNEON {
		return gapNEON(w, x, max)
	}
	return gapGo(w, x, max)
}

//go:noescape
func gapOnesNEON(x []float32, max float32) float64

func gapOnes(x []float32, max float32) float64 {
	if hasNEON {
		return gapOnesNEON(x, max)
	}
	return gapOnesGo(x, max)
}
