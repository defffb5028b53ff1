package f32

import (
	"encoding/binary"
	"math"
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

func FuzzSoftmax(f *testing.F) {
	f.Add(uint16(3), uint8(2), []byte("\x00\x00\x80\x3f\x00\x00\x00\x00"), []byte("any targets at all"), 0.5, float32(-1))
	f.Add(uint16(300), uint8(0), []byte("any values at all, of any kind"), []byte("\x00\x00\x80\x7f\x01\x00\xc0\x7f"), 1e-3, float32(2))
	f.Add(uint16(9), uint8(4), []byte("few values"), []byte("\x00\x00\x80\x3f\x01\x00\xc0\x7f\x00\x00\x00\x3f"), 1e-3, float32(2)) // NaN among targets
	f.Fuzz(func(t *testing.T, n uint16, count uint8, data, weights []byte, mean float64, b float32) {
		width, rows := 1+int(n%1000), 1+int(count%5)
		x, u := floats(rows*width, data), floats(rows*width, weights)
		for j, v := range x {
			if x[j] = -abs(v); v != v {
				x[j] = -inf
			}
		}
		for i := range rows {
			x[i*width+i%width] = 0
		}
		top := make([]int, rows)
		argmaxGo(top, x, width)
		type result struct{ rest, gap, weight []float64 }
		make2 := func() (r result, dst []float32) {
			r = result{make([]float64, rows), make([]float64, rows), make([]float64, rows)}
			for i := range rows {
				r.weight[i] = float64(i) + 0.5
			}
			return r, make([]float32, len(x))
		}
		for _, u := range [][]float32{nil, u} {
			want, wantDst := make2()
			for i, k := range top {
				row, e := rowOf(x, i, width), rowOf(wantDst, i, width)
				u := rowOf(u, i, width)
				s := expSumGo(e, row, u, row[k], k, sums{})
				want.rest[i] = s.rest
				if u != nil {
					want.gap[i], want.weight[i] = s.gap, s.weight
				}
				a := float32(want.weight[i] / (1 + want.rest[i]) * mean)
				for j, v := range e {
					if e[j] = a * v; u != nil {
						e[j] += float32(b * u[j])
					}
				}
			}
			atEachLevel(t, func(t *testing.T) {
				got, dst := make2()
				Softmax(got.rest, got.gap, got.weight, dst, x, u, top, mean, b)
				wantBits(t, "Softmax", dst, wantDst)
				for i := range rows {
					wantSum(t, "rest", width, got.rest[i], want.rest[i])
					wantSum(t, "gap", width, got.gap[i], want.gap[i])
					wantSum(t, "weight", width, got.weight[i], want.weight[i])
				}
			})
		}
	})
}

func FuzzArgmax(f *testing.F) {
	f.Add(uint16(3), []byte("\x00\x00\x80\x3f\x00\x00\x00\x00"))
	f.Add(uint16(3000), []byte("any values at all, of any kind"))
	f.Fuzz(func(t *testing.T, n uint16, data []byte) {
		width := 1 + int(n%5000)
		x := floats(2*width, data)
		want := make([]int, 2)
		argmaxGo(want, x, width)
		atEachLevel(t, func(t *testing.T) {
			got := make([]int, 2)
			Argmax(got, x)
			if got[0] != want[0] || got[1] != want[1] {
				t.Fatalf("Argmax of rows of %d values is %d, want %d", width, got, want)
			}
		})
	})
}

func FuzzLogistic(f *testing.F) {
	f.Add(uint16(3), []byte("\x00\x00\x80\x3f\x00\x00\x00\x00"), []byte("any targets at all"), float32(0.25), float32(-1))
	f.Add(uint16(300), []byte("any values at all, of any kind"), []byte("\x00\x00\x80\x7f\x01\x00\xc0\x7f"), float32(0), float32(2))
	f.Fuzz(func(t *testing.T, n uint16, data, targets []byte, c, scale float32) {
		size := int(n % 1000)
		x := floats(size, data)
		for _, u := range [][]float32{nil, floats(size, targets)} {
			want := make([]float32, size)
			wantSums := logisticSumGo(want, x, u, c, scale, 0)
			atEachLevel(t, func(t *testing.T) {
				got := make([]float32, size)
				wantSum(t, "Logistic", size, Logistic(got, x, u, c, scale), wantSums)
				wantBits(t, "Logistic", got, want)
			})
		}
	})
}
