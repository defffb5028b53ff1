//go:build !purego

package f32

func scale(dst, a []float32, w float32) {
	switch {
	case hasAVX512:
		scaleAVX512(dst, a, w)
	case hasAVX2:
		scaleAVX2(dst, a, w)
	default:
		scaleGo(dst, a, w)
	}
}

//go:noescape
func scaleAVX512(dst, a []float32, w float32)

//go:noescape
func scaleAVX2(dst, a []float32, w float32)

func affine(dst, a []float32, w, c float32) {
	switch {
	case hasAVX512:
		affineAVX512(dst, a, w, c)
	case hasAVX2:
		affineAVX2(dst, a, w, c)
	default:
		affineGo(dst, a, w, c)
	}
}

//go:noescape
func affineAVX512(dst, a []float32, w, c float32)

//go:noescape
func affineAVX2(dst, a []float32, w, c float32)

func mix2(dst, a, b []float32, wa, wb float32) {
	switch {
	case hasAVX512:
		mix2AVX512(dst, a, b, wa, wb)
	case hasAVX2:
		mix2AVX2(dst, a, b, wa, wb)
	default:
		mix2Go(dst, a, b, wa, wb)
	}
}

//go:noescape
func mix2AVX512(dst, a, b []float32, wa, wb float32)

//go:noescape
func mix2AVX2(dst, a, b []float32, wa, wb float32)

func mix3(dst, a, b, c []float32, wa, wb, wc float32) {
	switch {
	case hasAVX512:
		mix3AVX512(dst, a, b, c, wa, wb, wc)
	case hasAVX2:
		mix3AVX2(dst, a, b, c, wa, wb, wc)
	default:
		mix3Go(dst, a, b, c, wa, wb, wc)
	}
}

//go:noescape
func mix3AVX512(dst, a, b, c []float32, wa, wb, wc float32)

//go:noescape
func mix3AVX2(dst, a, b, c []float32, wa, wb, wc float32)

func addScaled(dst, a []float32, w float32) {
	switch {
	case hasAVX512:
		addScaledAVX512(dst, a, w)
	case hasAVX2:
		addScaledAVX2(dst, a, w)
	default:
		addScaledGo(dst, a, w)
	}
}

//go:noescape
func addScaledAVX512(dst, a []float32, w float32)

//go:noescape
func addScaledAVX2(dst, a []float32, w float32)

func mixPair(x, y []float32, xx, xy, yy, yx float32) {
	switch {
	case hasAVX512:
		mixPairAVX512(x, y, xx, xy, yy, yx)
	case hasAVX2:
		mixPairAVX2(x, y, xx, xy, yy, yx)
	default:
		mixPairGo(x, y, xx, xy, yy, yx)
	}
}

//go:noescape
func mixPairAVX512(x, y []float32, xx, xy, yy, yx float32)

//go:noescape
func mixPairAVX2(x, y []float32, xx, xy, yy, yx float32)
