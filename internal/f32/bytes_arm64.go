//go:build !purego

package f32

//go:noescape
func scaleBytesNEON(dst []float32, a []uint8, lanes []float32, w float32)

func scaleBytes(dst []float32, a []uint8, ch *Channels, w float32) {
	if hasNEON {
		scaleBytesNEON(dst, a, ch.lanes, w)
	} else {
		scaleBytesGo(dst, a, ch, w)
	}
}

//go:noescape
func mixBytes2NEON(dst []float32, a, b []uint8, lanes []float32, wa, wb float32)

func mixBytes2(dst []float32, a, b []uint8, ch *Channels, wa, wb float32) {
	if hasNEON {
		mixBytes2NEON(dst, a, b, ch.lanes, wa, wb)
	} else {
		mixBytes2Go(dst, a, b, ch, wa, wb)
	}
}

//go:noescape
func addScaledBytesNEON(dst []float32, a []uint8, lanes []float32, w float32)

func addScaledBytes(dst []float32, a []uint8, ch *Channels, w float32) {
	if hasNEON {
		addScaledBytesNEON(dst, a, ch.lanes, w)
	} else {
		addScaledBytesGo(dst, a, ch, w)
	}
}
