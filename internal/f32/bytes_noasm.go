//go:build purego || !(amd64 || arm64)

package f32

func scaleBytes(dst []float32, a []uint8, ch *Channels, w float32) { scaleBytesGo(dst, a, ch, w) }

func mixBytes2(dst []float32, a, b []uint8, ch *Channels, wa, wb float32) {
	mixBytes2Go(dst, a, b, ch, wa, wb)
}

func addScaledBytes(dst []float32, a []uint8, ch *Channels, w float32) {
	addScaledBytesGo(dst, a, ch, w)
}
