package alias

import (
	"testing"
	"unsafe"
)

func TestSame(t *testing.T) {
	x := make([]float32, 8)
	for _, test := range []struct {
		name string
		a, b []float32
		want bool
	}{
		{"itself", x, x, true},
		{"a part of itself", x[2:5], x[2:5], true},
		{"different capacities", x[:5:5], x[:5], true},
		{"different lengths", x[:4], x[:5], false},
		{"different starts", x[:4], x[1:5], false},
		{"other memory", x[:4], make([]float32, 4), false},
		{"nil and nil", nil, nil, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := Same(test.a, test.b); got != test.want {
				t.Errorf("Same = %v, want %v", got, test.want)
			}
		})
	}
}

func TestOverlap(t *testing.T) {
	x := make([]float32, 8)
	bytes := unsafe.Slice((*uint8)(unsafe.Pointer(&x[0])), 32)
	for _, test := range []struct {
		name string
		a    []float32
		b    []uint8
		want bool
	}{
		{"all of it", x, bytes, true},
		{"last byte of a", x[:4], bytes[15:], true},
		{"a ends where b begins", x[:4], bytes[16:], false},
		{"first byte of a", x[4:], bytes[:17], true},
		{"b ends where a begins", x[4:], bytes[:16], false},
		{"b within a", x, bytes[5:6], true},
		{"capacity only", x[:2], bytes[8:12], false},
		{"no a", x[:0], bytes, false},
		{"no b", x, bytes[4:4], false},
		{"other memory", x, make([]uint8, 32), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := Overlap(test.a, test.b); got != test.want {
				t.Errorf("Overlap(a, b) = %v, want %v", got, test.want)
			}
			if got := Overlap(test.b, test.a); got != test.want {
				t.Errorf("Overlap(b, a) = %v, want %v", got, test.want)
			}
		})
	}
}
