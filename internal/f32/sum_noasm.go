//go:build purego || race || !(amd64 || arm64)

package f32

func sum(x []float32) float64 { return sumGo(x) }

func gapOf(w, x []float32, max float32) (gap, sum float64) { return gapGo(w, x, max) }

func gapOnes(x []float32, max float32) float64 { return gapOnesGo(x, max) }
