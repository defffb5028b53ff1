//go:build !purego && !race

package f32

//go:noescape
func argmaxNEON(x []float32) int

func argmax(top []int, x []float32, width int) {
	for i := range top {
		row := x[i*width:][:width]
		top[i] = -1
		// The kernel returns -1 if there is NaN, and needs at least a register of values.
		if hasNEON && width >= 4 {
			top[i] = argmaxNEON(row)
		}
		if top[i] < 0 {
			top[i] = argmaxOf(row)
		}
	}
}
