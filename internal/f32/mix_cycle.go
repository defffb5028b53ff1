// Mixing along a cycle of rows: several rows in one pass, in place.

package f32

//lint:file-ignore U1000 Assembly jumps to the versions in Go: see mix_asm.go.

// MixCycle2 is
//
//	for i := range a {
//		x0, x1, x2 := a[i], b[i], c[i]
//		a[i] = float32(w[0]*x0) + float32(w[1]*x1)
//		b[i] = float32(w[2]*x1) + float32(w[3]*x2)
//	}
//
// where c may be a, which closes the cycle. All other rows must be different ones.
func MixCycle2(a, b, c []float32, w *[4]float32) {
	for ; len(a) > piece; a, b, c = a[piece:], b[piece:], c[piece:] {
		safepoint()
		mixCycle2(a[:piece], b, c, w)
	}
	mixCycle2(a, b, c, w)
}

func mixCycle2Go(a, b, c []float32, w *[4]float32) {
	b, c = b[:len(a)], c[:len(a)]
	w0, w1, w2, w3 := w[0], w[1], w[2], w[3]
	for i, x0 := range a {
		x1, x2 := b[i], c[i]
		a[i] = float32(w0*x0) + float32(w1*x1)
		b[i] = float32(w2*x1) + float32(w3*x2)
	}
}

// MixCycle3 is MixCycle2 for three rows and the one that follows them, which may be a.
func MixCycle3(a, b, c, d []float32, w *[6]float32) {
	for ; len(a) > piece; a, b, c, d = a[piece:], b[piece:], c[piece:], d[piece:] {
		safepoint()
		mixCycle3(a[:piece], b, c, d, w)
	}
	mixCycle3(a, b, c, d, w)
}

func mixCycle3Go(a, b, c, d []float32, w *[6]float32) {
	b, c, d = b[:len(a)], c[:len(a)], d[:len(a)]
	w0, w1, w2, w3, w4, w5 := w[0], w[1], w[2], w[3], w[4], w[5]
	for i, x0 := range a {
		x1, x2, x3 := b[i], c[i], d[i]
		a[i] = float32(w0*x0) + float32(w1*x1)
		b[i] = float32(w2*x1) + float32(w3*x2)
		c[i] = float32(w4*x2) + float32(w5*x3)
	}
}

// MixCycle4 is MixCycle2 for four rows and the one that follows them, which may be a.
// It reads five rows to write four of them. Row by row, two are read to write one.
func MixCycle4(a, b, c, d, e []float32, w *[8]float32) {
	for ; len(a) > piece; a, b, c, d, e = a[piece:], b[piece:], c[piece:], d[piece:], e[piece:] {
		safepoint()
		mixCycle4(a[:piece], b, c, d, e, w)
	}
	mixCycle4(a, b, c, d, e, w)
}

func mixCycle4Go(a, b, c, d, e []float32, w *[8]float32) {
	b, c, d, e = b[:len(a)], c[:len(a)], d[:len(a)], e[:len(a)]
	w0, w1, w2, w3, w4, w5, w6, w7 := w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7]
	for i, x0 := range a {
		x1, x2, x3, x4 := b[i], c[i], d[i], e[i]
		a[i] = float32(w0*x0) + float32(w1*x1)
		b[i] = float32(w2*x1) + float32(w3*x2)
		c[i] = float32(w4*x2) + float32(w5*x3)
		d[i] = float32(w6*x3) + float32(w7*x4)
	}
}
