// Package f32 has the kernels: loops over flat float32 slices. The documentation of
// each kernel is the plain loop that it equals, bit for bit, on every architecture.
//
// Kernels check nothing. Every slice must be at least as long as dst. A slice may be dst
// itself, but must not overlap it in part. Products are converted to float32 before
// they are added, so that the compiler must not fuse multiplication and addition.
//
// Each kernel has a version in Go, and versions in assembly. The files cpu_*.go
// find out which of them the processor can run. The build tags purego and race leave
// the assembly out.
package f32

//lint:file-ignore U1000 Assembly jumps to the versions in Go: see mix_asm.go.

// Scale is
//
//	for i := range dst {
//		dst[i] = w * a[i]
//	}
func Scale(dst, a []float32, w float32) {
	for ; len(dst) > piece; dst, a = dst[piece:], a[piece:] {
		safepoint()
		scale(dst[:piece], a, w)
	}
	scale(dst, a, w)
}

func scaleGo(dst, a []float32, w float32) {
	a = a[:len(dst)]
	i := 0
	for ; i < len(dst)-7; i += 8 {
		dst[i] = w * a[i]
		dst[i+1] = w * a[i+1]
		dst[i+2] = w * a[i+2]
		dst[i+3] = w * a[i+3]
		dst[i+4] = w * a[i+4]
		dst[i+5] = w * a[i+5]
		dst[i+6] = w * a[i+6]
		dst[i+7] = w * a[i+7]
	}
	for ; i < len(dst); i++ {
		dst[i] = w * a[i]
	}
}

// Affine is
//
//	for i := range dst {
//		dst[i] = float32(w*a[i]) + c
//	}
func Affine(dst, a []float32, w, c float32) {
	for ; len(dst) > piece; dst, a = dst[piece:], a[piece:] {
		safepoint()
		affine(dst[:piece], a, w, c)
	}
	affine(dst, a, w, c)
}

func affineGo(dst, a []float32, w, c float32) {
	a = a[:len(dst)]
	i := 0
	for ; i < len(dst)-7; i += 8 {
		d, x := (*[8]float32)(dst[i:]), (*[8]float32)(a[i:])
		d[0] = float32(w*x[0]) + c
		d[1] = float32(w*x[1]) + c
		d[2] = float32(w*x[2]) + c
		d[3] = float32(w*x[3]) + c
		d[4] = float32(w*x[4]) + c
		d[5] = float32(w*x[5]) + c
		d[6] = float32(w*x[6]) + c
		d[7] = float32(w*x[7]) + c
	}
	for ; i < len(dst); i++ {
		dst[i] = float32(w*a[i]) + c
	}
}

// Mix2 is
//
//	for i := range dst {
//		dst[i] = float32(wa*a[i]) + float32(wb*b[i])
//	}
func Mix2(dst, a, b []float32, wa, wb float32) {
	for ; len(dst) > piece; dst, a, b = dst[piece:], a[piece:], b[piece:] {
		safepoint()
		mix2(dst[:piece], a, b, wa, wb)
	}
	mix2(dst, a, b, wa, wb)
}

func mix2Go(dst, a, b []float32, wa, wb float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	i := 0
	for ; i < len(dst)-7; i += 8 {
		dst[i] = float32(wa*a[i]) + float32(wb*b[i])
		dst[i+1] = float32(wa*a[i+1]) + float32(wb*b[i+1])
		dst[i+2] = float32(wa*a[i+2]) + float32(wb*b[i+2])
		dst[i+3] = float32(wa*a[i+3]) + float32(wb*b[i+3])
		dst[i+4] = float32(wa*a[i+4]) + float32(wb*b[i+4])
		dst[i+5] = float32(wa*a[i+5]) + float32(wb*b[i+5])
		dst[i+6] = float32(wa*a[i+6]) + float32(wb*b[i+6])
		dst[i+7] = float32(wa*a[i+7]) + float32(wb*b[i+7])
	}
	for ; i < len(dst); i++ {
		dst[i] = float32(wa*a[i]) + float32(wb*b[i])
	}
}

// Mix3 is
//
//	for i := range dst {
//		dst[i] = float32(wa*a[i]) + float32(wb*b[i]) + float32(wc*c[i])
//	}
//
// added from left to right.
func Mix3(dst, a, b, c []float32, wa, wb, wc float32) {
	for ; len(dst) > piece; dst, a, b, c = dst[piece:], a[piece:], b[piece:], c[piece:] {
		safepoint()
		mix3(dst[:piece], a, b, c, wa, wb, wc)
	}
	mix3(dst, a, b, c, wa, wb, wc)
}

func mix3Go(dst, a, b, c []float32, wa, wb, wc float32) {
	a, b, c = a[:len(dst)], b[:len(dst)], c[:len(dst)]
	i := 0
	for ; i < len(dst)-7; i += 8 {
		dst[i] = float32(wa*a[i]) + float32(wb*b[i]) + float32(wc*c[i])
		dst[i+1] = float32(wa*a[i+1]) + float32(wb*b[i+1]) + float32(wc*c[i+1])
		dst[i+2] = float32(wa*a[i+2]) + float32(wb*b[i+2]) + float32(wc*c[i+2])
		dst[i+3] = float32(wa*a[i+3]) + float32(wb*b[i+3]) + float32(wc*c[i+3])
		dst[i+4] = float32(wa*a[i+4]) + float32(wb*b[i+4]) + float32(wc*c[i+4])
		dst[i+5] = float32(wa*a[i+5]) + float32(wb*b[i+5]) + float32(wc*c[i+5])
		dst[i+6] = float32(wa*a[i+6]) + float32(wb*b[i+6]) + float32(wc*c[i+6])
		dst[i+7] = float32(wa*a[i+7]) + float32(wb*b[i+7]) + float32(wc*c[i+7])
	}
	for ; i < len(dst); i++ {
		dst[i] = float32(wa*a[i]) + float32(wb*b[i]) + float32(wc*c[i])
	}
}

// SaveMix3 is
//
//	for i := range dst {
//		save[i] = dst[i]
//	}
//	Mix3(dst, a, b, c, wa, wb, wc)
//
// in one pass. save must not overlap any other row.
func SaveMix3(dst, save, a, b, c []float32, wa, wb, wc float32) {
	for ; len(dst) > piece; dst, save, a, b, c = dst[piece:], save[piece:], a[piece:], b[piece:], c[piece:] {
		safepoint()
		saveMix3(dst[:piece], save, a, b, c, wa, wb, wc)
	}
	saveMix3(dst, save, a, b, c, wa, wb, wc)
}

func saveMix3Go(dst, save, a, b, c []float32, wa, wb, wc float32) {
	copy(save, dst)
	mix3Go(dst, a, b, c, wa, wb, wc)
}

// AddScaled is
//
//	for i := range dst {
//		dst[i] += float32(w * a[i])
//	}
func AddScaled(dst, a []float32, w float32) {
	for ; len(dst) > piece; dst, a = dst[piece:], a[piece:] {
		safepoint()
		addScaled(dst[:piece], a, w)
	}
	addScaled(dst, a, w)
}

func addScaledGo(dst, a []float32, w float32) {
	a = a[:len(dst)]
	i := 0
	for ; i < len(dst)-7; i += 8 {
		dst[i] += float32(w * a[i])
		dst[i+1] += float32(w * a[i+1])
		dst[i+2] += float32(w * a[i+2])
		dst[i+3] += float32(w * a[i+3])
		dst[i+4] += float32(w * a[i+4])
		dst[i+5] += float32(w * a[i+5])
		dst[i+6] += float32(w * a[i+6])
		dst[i+7] += float32(w * a[i+7])
	}
	for ; i < len(dst); i++ {
		dst[i] += float32(w * a[i])
	}
}

// MixPair is
//
//	for i := range x {
//		x[i], y[i] = float32(xx*x[i])+float32(xy*y[i]), float32(yy*y[i])+float32(yx*x[i])
//	}
func MixPair(x, y []float32, xx, xy, yy, yx float32) {
	for ; len(x) > piece; x, y = x[piece:], y[piece:] {
		safepoint()
		mixPair(x[:piece], y, xx, xy, yy, yx)
	}
	mixPair(x, y, xx, xy, yy, yx)
}

func mixPairGo(x, y []float32, xx, xy, yy, yx float32) {
	y = y[:len(x)]
	for i, a := range x {
		b := y[i]
		x[i] = float32(xx*a) + float32(xy*b)
		y[i] = float32(yy*b) + float32(yx*a)
	}
}
