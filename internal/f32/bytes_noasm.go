//go:build purego || race || !(amd64 || arm64)

package f32

func scaleBytes(dst []float32, a, next []uint8, ch *Channels, w float32) {
	scaleBytesGo(dst, a, next, ch, w)
}

func mixBytes2(dst []float32, a, b, nextA, nextB []uint8, ch *Channels, wa, wb float32) {
	mixBytes2Go(dst, a, b, nextA, nextB, ch, wa, wb)
}

func addScaledBytes(dst []float32, a []uint8, ch *Channels, w float32) {
	addScaledBytesGo(dst, a, ch, w)
}
