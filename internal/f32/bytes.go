// Bytes: rows of bytes that are normalised to floats as they are combined.

package f32

import "math"

// A Channel turns bytes into floats: byte u of a channel is Table[u], which is
//
//	float32(float32(u-Center)*Scale) + Offset
//
// so that a kernel may look it up or compute it. u-Center is exact.
type Channel struct {
	Center, Scale, Offset float32
	Table                 [256]float32
}

// Normalize makes c turn u into (u/255 - mean) / std.
func (c *Channel) Normalize(mean, std float64) {
	// Where u/255 is close to the mean the difference loses the digits that were
	// rounded before. So it is taken first, from the multiple of 2⁻¹⁵ next to
	// 255·mean, and is exact. Offset makes up for the rest, at most half of the
	// least difference: the relative error is below 2⁻²¹ for every u.
	const step = 0x1p-15
	center := min(max(math.Round(255*mean/step)*step, 0), 255)
	c.Center = float32(center)
	c.Scale = float32(1 / (255 * std))
	c.Offset = float32((center/255 - mean) / std)
	for u := range c.Table {
		c.Table[u] = float32((float32(u)-c.Center)*c.Scale) + c.Offset
	}
}

// ScaleBytes is
//
//	for i := range dst {
//		dst[i] = w * ch[i%len(ch)].Table[a[i]]
//	}
func ScaleBytes(dst []float32, a []uint8, ch []Channel, w float32) {
	a = a[:len(dst)]
	n := len(ch)
	for c := range ch {
		t := &ch[c].Table
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
//		t := ch[i%len(ch)].Table
//		dst[i] = float32(wa*t[a[i]]) + float32(wb*t[b[i]])
//	}
func MixBytes2(dst []float32, a, b []uint8, ch []Channel, wa, wb float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	n := len(ch)
	for c := range ch {
		t := &ch[c].Table
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
//		dst[i] += float32(w * ch[i%len(ch)].Table[a[i]])
//	}
func AddScaledBytes(dst []float32, a []uint8, ch []Channel, w float32) {
	a = a[:len(dst)]
	n := len(ch)
	for c := range ch {
		t := &ch[c].Table
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
