//go:build purego || race || !(amd64 || arm64)

package f32

func sum(x []float32, total float64) float64 { return sumGo(x, total) }

func gapOf(w, x []float32, max float32, gap, sum float64) (gaps, sums float64) {
	return gapGo(w, x, max, gap, sum)
}

func gapOnes(x []float32, max float32, gap float64) float64 { return gapOnesGo(x, max, gap) }
