//go:build !purego

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
func gapNEON(w, x []float32, max float32) float64

//go:noescape
func gapOnesNEON(x []float32, max float32) float64

func gap(w, x []float32, max float32) float64 {
	switch {
	case !hasNEON:
		return gapGo(w, x, max)
	case w == nil:
		return gapOnesNEON(x, max)
	}
	return gapNEON(w, x, max)
}
