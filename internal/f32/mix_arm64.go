//go:build !purego && !race

package f32

//lint:file-ignore U1000 Assembly jumps to these functions: see mix_asm.go.

// They are declared so that vet can check how they read their arguments.

func scaleNEON(dst, a []float32, w float32)

func affineNEON(dst, a []float32, w, c float32)

func mix2NEON(dst, a, b []float32, wa, wb float32)

func mix3NEON(dst, a, b, c []float32, wa, wb, wc float32)

func saveMix3NEON(dst, save, a, b, c []float32, wa, wb, wc float32)

func addScaledNEON(dst, a []float32, w float32)

func mixRowsNEON(dst, src []float32, width int, index []int, weight []float32)

func mixPairNEON(x, y []float32, xx, xy, yy, yx float32)

func mixCycle2NEON(a, b, c []float32, w *[4]float32)

func mixCycle3NEON(a, b, c, d []float32, w *[6]float32)

func mixCycle4NEON(a, b, c, d, e []float32, w *[8]float32)
