//go:build !purego && !race && (amd64 || arm64)

package f32

// The functions of this file are written in assembly. Each jumps to the version of its
// kernel that suits the processor. A jump takes less time than a call in Go would, which
// matters for short rows.

//go:noescape
func scale(dst, a []float32, w float32)

//go:noescape
func affine(dst, a []float32, w, c float32)

//go:noescape
func mix2(dst, a, b []float32, wa, wb float32)

//go:noescape
func mix3(dst, a, b, c []float32, wa, wb, wc float32)

//go:noescape
func saveMix3(dst, save, a, b, c []float32, wa, wb, wc float32)

//go:noescape
func addScaled(dst, a []float32, w float32)

//go:noescape
func mixRows(dst, src []float32, width int, index []int, weight []float32)

//go:noescape
func mixPair(x, y []float32, xx, xy, yy, yx float32)

//go:noescape
func mixCycle2(a, b, c []float32, w *[4]float32)

//go:noescape
func mixCycle3(a, b, c, d []float32, w *[6]float32)

//go:noescape
func mixCycle4(a, b, c, d, e []float32, w *[8]float32)
