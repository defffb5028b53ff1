package mixup

import (
	"encoding/binary"
	"math"
	"slices"
	"testing"
)

// floats returns n values whose bits are taken from data, over and over.
func floats(n int, data []byte) []float32 {
	data = append(data, make([]byte, 4-len(data)%4)...)
	x := make([]float32, n)
	for i := range x {
		x[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*i%len(data):]))
	}
	return x
}

// fuzzMix returns n rows of k terms, whose indices and weights are taken from data.
func fuzzMix(n, k int, data []byte) *Mix {
	m := Mix{K: k, Index: make([]int, n*k), Weight: floats(n*k, data)}
	for p, w := range m.Weight {
		if w = float32(math.Abs(float64(w))); !(w <= math.MaxFloat32) {
			w = 1
		}
		m.Weight[p] = w
		if len(data) > 0 {
			m.Index[p] = int(data[(7*p+3)%len(data)]) % n
		}
	}
	return &m
}

func FuzzProducts(f *testing.F) {
	f.Add(uint8(3), uint8(2), uint8(5), true, []byte("\x00\x00\x80\x3f\x00\x00\x00\x00"), []byte("\x00\x00\x80\x7f\x01\x00\xc0\x7f"))
	f.Add(uint8(9), uint8(1), uint8(17), true, []byte("any map at all"), []byte("and any values at all"))
	f.Add(uint8(5), uint8(4), uint8(1), false, []byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 0x80, 0x3f}, []byte{1})
	for _, cycle := range []int{2, 3, 4, 13} { // pairs along cycles of so many rows
		const rows = 39
		w := make([]byte, 79)
		for i := range rows {
			if w[(14*i+10)%len(w)] = byte(i + 1); (i+1)%cycle == 0 || i+1 == rows {
				w[(14*i+10)%len(w)] = byte(i / cycle * cycle)
			}
		}
		f.Add(uint8(rows-1), uint8(1), uint8(200), true, w, []byte("and any values at all"))
	}
	f.Add(uint8(39), uint8(4), uint8(200), false, []byte("any map at all, of many rows"), []byte("and any values at all"))
	f.Fuzz(func(t *testing.T, n, k, dim uint8, paired bool, w, x []byte) {
		N, K, D := 1+int(n%40), 1+int(k%6), 1+2*int(dim) // wide enough for every order of rows
		m := fuzzMix(N, K, w)
		if paired && K > 1 {
			for i := range N {
				m.Index[i*K] = i // as a Sampler has it
			}
		}
		src := floats(N*D, x)

		want := slowMul(m, src, D)
		back := slowMulTransposed(m, src, D, N)
		dst := make([]float32, N*D)
		m.ApplyTo(dst, src, D)
		wantBits(t, "ApplyTo", dst, want)
		m.BackwardTo(dst, src, D)
		wantBits(t, "BackwardTo", dst, back)
		dst = slices.Clone(src)
		m.Apply(dst, D)
		wantBits(t, "Apply", dst, want)
		dst = slices.Clone(src)
		m.BackwardTo(dst, dst, D)
		wantBits(t, "BackwardTo itself", dst, back)
	})
}

// fuzzLoss takes a loss and n rows of logits from data. Logits may be infinite or NaN. No
// product of a difference of finite logits and a weight underflows float32.
func fuzzLoss(n, classes int, smoothing float64, weighted bool, data []byte) (c CrossEntropy, logits []float32) {
	if smoothing = math.Abs(smoothing); smoothing <= 1 {
		c.Smoothing = smoothing
	}
	logits = floats(n*classes, data)
	for j, z := range logits {
		if size := math.Abs(float64(z)); !(size >= 1e-10 && size <= 1e4) && z-z == 0 {
			logits[j] = float32(j%7) - 3
		}
	}
	if weighted {
		c.ClassWeight = make([]float32, classes)
		for y := range c.ClassWeight {
			w := float32(math.Abs(float64(logits[(3*y+1)%len(logits)]))) / 1e4
			if w-w == 0 { // and 0 where the logit is not finite
				c.ClassWeight[y] = w
			}
		}
	}
	return c, logits
}

// fuzzLabels takes a Mix of n rows of k terms, and the labels of n source rows,
// from data.
func fuzzLabels(n, k, classes int, data []byte) (m *Mix, labels []int) {
	m = fuzzMix(n, k, data)
	for p, v := range m.Weight { // the gradient's 1e-6 is meant for weights up to 1
		if m.Weight[p] = min(v, 1); v < 1e-10 {
			m.Weight[p] = 0
		}
	}
	labels = make([]int, n)
	for j := range labels {
		if labels[j] = Ignore; len(data) > 0 && data[(5*j+1)%len(data)]%8 > 0 {
			labels[j] = int(data[(3*j+2)%len(data)]) % classes
		}
	}
	return m, labels
}

// fuzzTargets takes n targets in [0, 1] from data.
func fuzzTargets(n int, data []byte) []float32 {
	targets := floats(n, data)
	for j, v := range targets {
		if targets[j] = float32(math.Abs(float64(v))); !(targets[j] >= 1e-10 && targets[j] <= 1) {
			targets[j] = 0
		}
	}
	return targets
}

// Logits for seeds.
var (
	excludedLogits  = []byte("\x00\x00\x80\x3f\x00\x00\x80\xff\x00\x00\x00\x40") // 1, -Inf, 2
	undefinedLogits = []byte("\x00\x00\x80\x3f\x00\x00\xc0\x7f\x00\x00\x80\x7f") // 1, NaN, +Inf
	confidentLogits = []byte("\x00\x00\xc8\x42\x00\x00\xc8\xc2\x00\x00\xc0\xc2") // 100, -100, -96
)

func FuzzMixed(f *testing.F) {
	f.Add(uint8(3), uint8(2), uint8(5), 0.0, false, []byte("\x00\x00\x80\x3f\x00\x00\x00\x00"), []byte("any logits at all"))
	f.Add(uint8(9), uint8(1), uint8(17), 0.1, true, []byte("any map at all"), []byte("\x00\x00\x80\x41\x00\x00\x80\x3f"))
	f.Add(uint8(5), uint8(3), uint8(1), 1.0, true, []byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 0x80, 0x3f}, []byte{1})
	f.Add(uint8(6), uint8(2), uint8(9), 0.1, false, []byte("any map at all"), []byte("any logits at all"))
	f.Add(uint8(7), uint8(1), uint8(19), 0.1, false, []byte("any map at all"), excludedLogits)
	f.Add(uint8(7), uint8(1), uint8(2), 0.1, true, []byte("any map at all"), excludedLogits)
	f.Add(uint8(4), uint8(1), uint8(4), 0.0, false, []byte("any map at all"), undefinedLogits)
	f.Add(uint8(4), uint8(1), uint8(2), 0.0, false, []byte("any map at all"), confidentLogits)
	f.Fuzz(func(t *testing.T, n, k, width uint8, smoothing float64, weighted bool, w, x []byte) {
		N, K, classes := 1+int(n%12), 1+int(k%4), 1+int(width)
		c, logits := fuzzLoss(N, classes, smoothing, weighted, x)
		m, labels := fuzzLabels(N, K, classes, w)
		checkCrossEntropy(t, c, logits, m, labels)
	})
}

func FuzzSoft(f *testing.F) {
	f.Add(uint8(3), uint8(5), 0.0, false, []byte("\x00\x00\x80\x3f\x00\x00\x00\x00"), []byte("any logits at all"))
	f.Add(uint8(9), uint8(17), 0.1, true, []byte("any targets at all"), []byte("\x00\x00\x80\x41\x00\x00\x80\x3f"))
	f.Add(uint8(5), uint8(1), 1.0, true, []byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 0x80, 0x3f}, []byte{1})
	f.Add(uint8(7), uint8(19), 0.1, false, []byte("any targets at all"), excludedLogits)
	f.Add(uint8(7), uint8(2), 0.1, true, []byte("any targets at all"), excludedLogits)
	f.Add(uint8(4), uint8(4), 0.0, false, []byte("any targets at all"), undefinedLogits)
	f.Add(uint8(4), uint8(2), 0.0, false, []byte("any targets at all"), confidentLogits)
	f.Fuzz(func(t *testing.T, n, width uint8, smoothing float64, weighted bool, y, x []byte) {
		N, classes := 1+int(n%12), 1+int(width)
		c, logits := fuzzLoss(N, classes, smoothing, weighted, x)
		targets := fuzzTargets(N*classes, y)
		for j := range targets {
			targets[j] /= float32(classes)
		}
		checkSoft(t, c, logits, targets, classes)
	})
}

func FuzzBinaryCrossEntropy(f *testing.F) {
	f.Add(uint8(3), uint8(2), uint8(5), 0.0, 0.0, uint8(0), []byte("\x00\x00\x80\x3f\x00\x00\x00\x00"), []byte("any logits at all"))
	f.Add(uint8(9), uint8(1), uint8(17), 0.1, 0.2, uint8(1), []byte("any map at all"), []byte("\x00\x00\x80\x41\x00\x00\x80\x3f"))
	f.Add(uint8(5), uint8(3), uint8(1), 1.0, 0.5, uint8(3), []byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 0x80, 0x3f}, []byte{1})
	f.Add(uint8(7), uint8(1), uint8(19), 0.1, 0.0, uint8(0), []byte("any map at all"), excludedLogits)
	f.Add(uint8(7), uint8(1), uint8(2), 0.1, 0.3, uint8(3), []byte("any map at all"), excludedLogits)
	f.Add(uint8(4), uint8(1), uint8(4), 0.0, 0.0, uint8(2), []byte("any map at all"), undefinedLogits)
	f.Fuzz(func(t *testing.T, n, k, width uint8, smoothing, threshold float64, weighted uint8, w, x []byte) {
		N, K, classes := 1+int(n%12), 1+int(k%4), 1+int(width)
		c, logits := fuzzLoss(N, classes, smoothing, weighted > 0, x)
		b := BinaryCrossEntropy{Smoothing: c.Smoothing}
		if weighted&1 > 0 {
			b.ClassWeight = c.ClassWeight
		}
		if weighted&2 > 0 {
			b.PosWeight = c.ClassWeight
		}
		if threshold = math.Abs(threshold); threshold <= 1 {
			b.Threshold = threshold
		}
		m, labels := fuzzLabels(N, K, classes, w)
		checkMixedBCE(t, b, logits, m, labels)
		checkSoftBCE(t, b, logits, fuzzTargets(N*classes, w), classes)
	})
}
