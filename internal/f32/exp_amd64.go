//go:build !purego && !race

package f32

// wideExps are exps in all elements of a register.
var wideExps = [len(exps)][8]float32(wide(exps[:]))

// wide returns constants in all elements of a register.
func wide(constants []float32) [][8]float32 {
	w := make([][8]float32, len(constants))
	for i, c := range constants {
		for j := range w[i] {
			w[i][j] = c
		}
	}
	return w
}
