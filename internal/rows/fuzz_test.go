package rows

import (
	"encoding/binary"
	"math"
	"testing"
)

// values returns n values whose bits are taken from data, over and over.
func values(n int, data []byte) []float32 {
	data = append(data, make([]byte, 4-len(data)%4)...)
	x := make([]float32, n)
	for i := range x {
		x[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*i%len(data):]))
	}
	return x
}

// FuzzProducts compares products of any matrix and any values with the slow ones.
func FuzzProducts(f *testing.F) {
	f.Add(uint8(3), uint8(2), uint8(5), true, []byte("\x00\x00\x80\x3f\x00\x00\x00\x00"), []byte("\x00\x00\x80\x7f\x01\x00\xc0\x7f"))
	f.Add(uint8(9), uint8(1), uint8(17), true, []byte("any map at all"), []byte("and any values at all"))
	f.Add(uint8(5), uint8(4), uint8(1), false, []byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 0x80, 0x3f}, []byte{1})
	f.Fuzz(func(t *testing.T, n, k, dim uint8, paired bool, data, x []byte) {
		goroutines(t, 3)
		N, K, D := 1+int(n%40), 1+int(k%6), 1+int(dim)
		w := Matrix{K, make([]int, N*K), values(N*K, data)}
		for p, v := range w.Weight {
			if v = float32(math.Abs(float64(v))); !(v <= math.MaxFloat32) {
				v = 1
			}
			w.Weight[p] = v
			if len(data) > 0 {
				w.Index[p] = int(data[(7*p+3)%len(data)]) % N
			}
			if paired && p%K == 0 {
				w.Index[p] = p / K // as a Sampler has it
			}
		}
		checkProducts(t, w, D, values((N+3)*D, x))
	})
}
