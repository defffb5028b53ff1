//go:build purego || !(amd64 || arm64)

package f32

func scale(dst, a []float32, w float32) { scaleGo(dst, a, w) }

func affine(dst, a []float32, w, c float32) { affineGo(dst, a, w, c) }

func mix2(dst, a, b []float32, wa, wb float32) { mix2Go(dst, a, b, wa, wb) }

func mix3(dst, a, b, c []float32, wa, wb, wc float32) { mix3Go(dst, a, b, c, wa, wb, wc) }

func addScaled(dst, a []float32, w float32) { addScaledGo(dst, a, w) }

func mixPair(x, y []float32, xx, xy, yy, yx float32) { mixPairGo(x, y, xx, xy, yy, yx) }
