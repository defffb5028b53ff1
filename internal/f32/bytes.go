// Bytes: rows of bytes that are normalised to floats as they are combined.

package f32

import "math"

//lint:file-ignore U1000 Assembly jumps to the versions in Go: see bytes_asm.go.

// Channels turn bytes of interleaved channels into floats: byte u of channel c
// becomes
//
//	norm(c, u) = float32(float32(u-center)*scale) + offset
//
// where u-center is exact. Kernels in Go look it up in a table, and kernels in assembly
// compute it.
type Channels struct {
	// 16 centers, 16 scales and 16 offsets for 16 values, then those for the next 16
	// values, and so on until the order of the channels repeats. lanes is the first
	// field, because assembly expects it there.
	lanes []float32

	channels []channel
}

type channel struct {
	mean, std             float64
	center, scale, offset float32
	table                 [256]float32
}

// Resize gives n channels to c. If c has n channels already, they keep their
// normalisation.
func (c *Channels) Resize(n int) {
	if n == len(c.channels) {
		return
	}
	if cap(c.channels) < n {
		c.channels, c.lanes = make([]channel, n), make([]float32, 3*lanes*n)
	}
	c.channels, c.lanes = c.channels[:n], c.lanes[:3*lanes*n]
	for i := range c.channels {
		c.channels[i].std = 0 // none
	}
}

// Normalize makes channel i turn u into (u/255 - mean) / std, where std > 0. If channel
// i does so already, Normalize takes no time.
func (c *Channels) Normalize(i int, mean, std float64) {
	ch := &c.channels[i]
	if ch.mean == mean && ch.std == std {
		return
	}
	ch.normalize(mean, std)
	for n := len(c.channels); i < lanes*n; i += n {
		l := c.lanes[3*(i-i%lanes)+i%lanes:]
		l[0], l[lanes], l[2*lanes] = ch.center, ch.scale, ch.offset
	}
}

func (c *channel) normalize(mean, std float64) {
	// If u/255 is close to the mean, the difference of the two, once rounded, has few
	// correct digits. So the difference of u and center is taken first. It is exact,
	// because center is the multiple of 2⁻¹⁵ that is nearest to 255·mean. The offset
	// adds the rest, which is at most half of the least difference. The relative error
	// is below 2⁻²¹ for every u.
	const step = 0x1p-15
	center := min(max(math.Round(255*mean/step)*step, 0), 255)
	c.mean, c.std = mean, std
	c.center = float32(center)
	c.scale = float32(1 / (255 * std))
	c.offset = float32((center/255 - mean) / std)
	for u := range c.table {
		c.table[u] = float32((float32(u)-c.center)*c.scale) + c.offset
	}
}

// pieceOf returns how many values of so many channels a call of a kernel handles at
// most. They are whole pixels, so that the next piece begins with the first channel
// again, and no more than a piece, unless a single pixel is.
func pieceOf(channels int) int { return max(piece/channels, 1) * channels }

// ScaleBytes is
//
//	for i := range dst {
//		dst[i] = w * norm(i%n, a[i])
//	}
//
// where n is the number of channels. It also fetches the first len(dst) bytes of next
// into the cache. next should be the row a of one of the next calls. If rows are at
// random places of a dataset, this takes less time than waiting for memory in that call.
func ScaleBytes(dst []float32, a, next []uint8, ch *Channels, w float32) {
	for len(dst) > piece {
		safepoint()
		n := min(pieceOf(len(ch.channels)), len(dst))
		scaleBytes(dst[:n], a, next, ch, w)
		dst, a, next = dst[n:], a[n:], next[n:]
	}
	scaleBytes(dst, a, next, ch, w)
}

func scaleBytesGo(dst []float32, a, _ []uint8, ch *Channels, w float32) {
	a = a[:len(dst)]
	n := len(ch.channels)
	for c := range ch.channels {
		t := &ch.channels[c].table
		i := c
		for ; i < len(dst)-3*n; i += 4 * n {
			dst[i] = w * t[a[i]]
			dst[i+n] = w * t[a[i+n]]
			dst[i+2*n] = w * t[a[i+2*n]]
			dst[i+3*n] = w * t[a[i+3*n]]
		}
		for ; i < len(dst); i += n {
			dst[i] = w * t[a[i]]
		}
	}
}

// MixBytes2 is
//
//	for i := range dst {
//		dst[i] = float32(wa*norm(i%n, a[i])) + float32(wb*norm(i%n, b[i]))
//	}
//
// It also fetches the rows nextA and nextB into the cache, as ScaleBytes does.
func MixBytes2(dst []float32, a, b, nextA, nextB []uint8, ch *Channels, wa, wb float32) {
	for len(dst) > piece {
		safepoint()
		n := min(pieceOf(len(ch.channels)), len(dst))
		mixBytes2(dst[:n], a, b, nextA, nextB, ch, wa, wb)
		dst, a, b, nextA, nextB = dst[n:], a[n:], b[n:], nextA[n:], nextB[n:]
	}
	mixBytes2(dst, a, b, nextA, nextB, ch, wa, wb)
}

func mixBytes2Go(dst []float32, a, b, _, _ []uint8, ch *Channels, wa, wb float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	n := len(ch.channels)
	for c := range ch.channels {
		t := &ch.channels[c].table
		i := c
		for ; i < len(dst)-3*n; i += 4 * n {
			dst[i] = float32(wa*t[a[i]]) + float32(wb*t[b[i]])
			dst[i+n] = float32(wa*t[a[i+n]]) + float32(wb*t[b[i+n]])
			dst[i+2*n] = float32(wa*t[a[i+2*n]]) + float32(wb*t[b[i+2*n]])
			dst[i+3*n] = float32(wa*t[a[i+3*n]]) + float32(wb*t[b[i+3*n]])
		}
		for ; i < len(dst); i += n {
			dst[i] = float32(wa*t[a[i]]) + float32(wb*t[b[i]])
		}
	}
}

// AddScaledBytes is
//
//	for i := range dst {
//		dst[i] += float32(w * norm(i%n, a[i]))
//	}
func AddScaledBytes(dst []float32, a []uint8, ch *Channels, w float32) {
	for len(dst) > piece {
		safepoint()
		n := min(pieceOf(len(ch.channels)), len(dst))
		addScaledBytes(dst[:n], a, ch, w)
		dst, a = dst[n:], a[n:]
	}
	addScaledBytes(dst, a, ch, w)
}

func addScaledBytesGo(dst []float32, a []uint8, ch *Channels, w float32) {
	a = a[:len(dst)]
	n := len(ch.channels)
	for c := range ch.channels {
		t := &ch.channels[c].table
		i := c
		for ; i < len(dst)-3*n; i += 4 * n {
			dst[i] += float32(w * t[a[i]])
			dst[i+n] += float32(w * t[a[i+n]])
			dst[i+2*n] += float32(w * t[a[i+2*n]])
			dst[i+3*n] += float32(w * t[a[i+3*n]])
		}
		for ; i < len(dst); i += n {
			dst[i] += float32(w * t[a[i]])
		}
	}
}
