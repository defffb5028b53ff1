//go:build !purego && !race

package f32

//go:noescape
func argmaxAVX512(top []int, x []float32, width int) (nan bool)

//go:noescape
func argmaxAVX2(x []float32) int

func argmax(top []int, x []float32, width int) {
	if hasAVX512 && !argmaxAVX512(top, x, width) {
		return
	}
	for i := range top {
		row := x[i*width:][:width]
		top[i] = -1
		// The kernel returns -1 if there is NaN, and needs at least a register of values.
		if hasAVX2 && width >= 8 {
			top[i] = argmaxAVX2(row)
		}
		if top[i] < 0 {
			top[i] = argmaxOf(row)
		}
	}
}
