//go:build !purego && !race

package f32

//lint:file-ignore U1000 Assembly jumps to these functions: see mix_asm.go.

// They are declared so that vet can check how they read their arguments.

func scaleAVX512(dst, a []float32, w float32)
func scaleAVX2(dst, a []float32, w float32)

func affineAVX512(dst, a []float32, w, c float32)
func affineAVX2(dst, a []float32, w, c float32)

func mix2AVX512(dst, a, b []float32, wa, wb float32)
func mix2AVX2(dst, a, b []float32, wa, wb float32)

func mix3AVX512(dst, a, b, c []float32, wa, wb, wc float32)
func mix3AVX2(dst, a, b, c []float32, wa, wb, wc float32)

func saveMix3AVX2(dst, save, a, b, c []float32, wa, wb, wc float32)

func addScaledAVX512(dst, a []float32, w float32)
func addScaledAVX2(dst, a []float32, w float32)

func mixRowsAVX2(dst, src []float32, width int, index []int, weight []float32)

func mixPairAVX512(x, y []float32, xx, xy, yy, yx float32)
func mixPairAVX2(x, y []float32, xx, xy, yy, yx float32)

func mixCycle2AVX512(a, b, c []float32, w *[4]float32)
func mixCycle2AVX2(a, b, c []float32, w *[4]float32)

func mixCycle3AVX512(a, b, c, d []float32, w *[6]float32)
func mixCycle3AVX2(a, b, c, d []float32, w *[6]float32)

func mixCycle4AVX512(a, b, c, d, e []float32, w *[8]float32)
func mixCycle4AVX2(a, b, c, d, e []float32, w *[8]float32)
