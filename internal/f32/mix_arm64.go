//go:build !purego

package f32

//go:noescape
func scaleNEON(dst, a []float32, w float32)

func scale(dst, a []float32, w float32) {
	if hasNEON {
		scaleNEON(dst, a, w)
	} else {
		scaleGo(dst, a, w)
	}
}

//go:noescape
func affineNEON(dst, a []float32, w, c float32)

func affine(dst, a []float32, w, c float32) {
	if hasNEON {
		affineNEON(dst, a, w, c)
	} else {
		affineGo(dst, a, w, c)
	}
}

//go:noescape
func mix2NEON(dst, a, b []float32, wa, wb float32)

func mix2(dst, a, b []float32, wa, wb float32) {
	if hasNEON {
		mix2NEON(dst, a, b, wa, wb)
	} else {
		mix2Go(dst, a, b, wa, wb)
	}
}

//go:noescape
func mix3NEON(dst, a, b, c []float32, wa, wb, wc float32)

func mix3(dst, a, b, c []float32, wa, wb, wc float32) {
	if hasNEON {
		mix3NEON(dst, a, b, c, wa, wb, wc)
	} else {
		mix3Go(dst, a, b, c, wa, wb, wc)
	}
}

//go:noescape
func addScaledNEON(dst, a []float32, w float32)

func addScaled(dst, a []float32, w float32) {
	if hasNEON {
		addScaledNEON(dst, a, w)
	} else {
		addScaledGo(dst, a, w)
	}
}

//go:noescape
func mixPairNEON(x, y []float32, xx, xy, yy, yx float32)

func mixPair(x, y []float32, xx, xy, yy, yx float32) {
	if hasNEON {
		mixPairNEON(x, y, xx, xy, yy, yx)
	} else {
		mixPairGo(x, y, xx, xy, yy, yx)
	}
}
