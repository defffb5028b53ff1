//go:build !purego

package f32

func scaleBytes(dst []float32, a []uint8, ch *Channels, w float32) {
	switch {
	case hasAVX512:
		scaleBytesAVX512(dst, a, ch.lanes, w)
	case hasAVX2:
		scaleBytesAVX2(dst, a, ch.lanes, w)
	default:
		scaleBytesGo(dst, a, ch, w)
	}
}

//go:noescape
func scaleBytesAVX512(dst []float32, a []uint8, lanes []float32, w float32)

//go:noescape
func scaleBytesAVX2(dst []float32, a []uint8, lanes []float32, w float32)

func mixBytes2(dst []float32, a, b []uint8, ch *Channels, wa, wb float32) {
	switch {
	case hasAVX512:
		mixBytes2AVX512(dst, a, b, ch.lanes, wa, wb)
	case hasAVX2:
		mixBytes2AVX2(dst, a, b, ch.lanes, wa, wb)
	default:
		mixBytes2Go(dst, a, b, ch, wa, wb)
	}
}

//go:noescape
func mixBytes2AVX512(dst []float32, a, b []uint8, lanes []float32, wa, wb float32)

//go:noescape
func mixBytes2AVX2(dst []float32, a, b []uint8, lanes []float32, wa, wb float32)

func addScaledBytes(dst []float32, a []uint8, ch *Channels, w float32) {
	switch {
	case hasAVX512:
		addScaledBytesAVX512(dst, a, ch.lanes, w)
	case hasAVX2:
		addScaledBytesAVX2(dst, a, ch.lanes, w)
	default:
		addScaledBytesGo(dst, a, ch, w)
	}
}

//go:noescape
func addScaledBytesAVX512(dst []float32, a []uint8, lanes []float32, w float32)

//go:noescape
func addScaledBytesAVX2(dst []float32, a []uint8, lanes []float32, w float32)
