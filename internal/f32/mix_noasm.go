//go:build purego || race || !(amd64 || arm64)

package f32

func scale(dst, a []float32, w float32) { scaleGo(dst, a, w) }

func affine(dst, a []float32, w, c float32) { affineGo(dst, a, w, c) }

func mix2(dst, a, b []float32, wa, wb float32) { mix2Go(dst, a, b, wa, wb) }

func mix3(dst, a, b, c []float32, wa, wb, wc float32) { mix3Go(dst, a, b, c, wa, wb, wc) }

func saveMix3(dst, save, a, b, c []float32, wa, wb, wc float32) {
	saveMix3Go(dst, save, a, b, c, wa, wb, wc)
}

func addScaled(dst, a []float32, w float32) { addScaledGo(dst, a, w) }

func mixRows(dst, src []float32, width int, index []int, weight []float32) {
	mixRowsGo(dst, src, width, index, weight)
}

func mixPair(x, y []float32, xx, xy, yy, yx float32) { mixPairGo(x, y, xx, xy, yy, yx) }

func mixCycle2(a, b, c []float32, w *[4]float32) { mixCycle2Go(a, b, c, w) }

func mixCycle3(a, b, c, d []float32, w *[6]float32) { mixCycle3Go(a, b, c, d, w) }

func mixCycle4(a, b, c, d, e []float32, w *[8]float32) { mixCycle4Go(a, b, c, d, e, w) }
