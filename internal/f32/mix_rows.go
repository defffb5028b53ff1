// Mixing the rows of small minibatches: many rows in one call.

package f32

//lint:file-ignore U1000 Assembly jumps to the version in Go: see mix_asm.go.

// MixRows is
//
//	for i := range len(index) / 2 {
//		Mix2(row(dst, i), row(src, index[2*i]), row(src, index[2*i+1]), weight[2*i], weight[2*i+1])
//	}
//
// for rows of width values. dst must not overlap src.
func MixRows(dst, src []float32, width int, index []int, weight []float32) {
	if width > piece {
		for i := 0; i < len(index); i += 2 {
			Mix2(dst[i/2*width:][:width], src[index[i]*width:], src[index[i+1]*width:], weight[i], weight[i+1])
		}
		return
	}
	// A narrow row takes about as long as 16 values: the processor fetches whole cache lines
	// for it, from any place in src.
	n := 2 * (piece / max(width, lanes))
	for ; len(index) > n; index, weight = index[n:], weight[n:] {
		safepoint()
		first := n / 2 * width
		mixRows(dst[:first], src, width, index[:n], weight[:n])
		dst = dst[first:]
	}
	mixRows(dst, src, width, index, weight)
}

func mixRowsGo(dst, src []float32, width int, index []int, weight []float32) {
	for i := 0; i < len(index); i += 2 {
		mix2Go(dst[i/2*width:][:width], src[index[i]*width:], src[index[i+1]*width:], weight[i], weight[i+1])
	}
}
