//go:build purego || race || !(amd64 || arm64)

package f32

func argmax(top []int, x []float32, width int) { argmaxGo(top, x, width) }
