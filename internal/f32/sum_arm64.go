//go:build !purego && !race

package f32

//go:noescape
func sumNEON(x []float32, total float64) float64

func sum(x []float32, total float64) float64 {
	if hasNEON {
		return sumNEON(x, total)
	}
	return sumGo(x, total)
}

//go:noescape
func gapNEON(w, x []float32, max float32, gap, sum float64) (gaps, sums float64)

func gapOf(w, x []float32, max float32, gap, sum float64) (gaps, sums float64) {
	if hasNEON {
		return gapNEON(w, x, max, gap, sum)
	}
	return gapGo(w, x, max, gap, sum)
}

//go:noescape
func gapOnesNEON(x []float32, max float32, gap float64) float64

func gapOnes(x []float32, max float32, gap float64) float64 {
	if hasNEON {
		return gapOnesNEON(x, max, gap)
	}
	return gapOnesGo(x, max, gap)
}
