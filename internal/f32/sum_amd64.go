//go:build !purego

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
func gapAVX2(w, x []float32, max float32) float64

//go:noescape
func gapOnesAVX2(x []float32, max float32) float64

func gap(w, x []float32, max float32) float64 {
	switch {
	case !hasAVX2:
		return gapGo(w, x, max)
	case w == nil:
		return gapOnesAVX2(x, max)
	}
	return gapAVX2(w, x, max)
}
