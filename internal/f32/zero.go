// Rows of zeros.

package f32

import (
	"math"
	"unsafe"
)

// Zero is
//
//	for _, v := range x {
//		if v != 0 {
//			return false
//		}
//	}
//	return true
func Zero(x []float32) bool {
	// Arrays are compared by the runtime, with vector instructions.
	for ; len(x) >= len(zeros); x = x[len(zeros):] {
		piece := (*[len(zeros)]uint32)(unsafe.Pointer(unsafe.SliceData(x)))
		if *piece != zeros && !zero(x[:len(zeros)]) {
			return false
		}
	}
	return zero(x)
}

var zeros [64]uint32

func zero(x []float32) bool {
	for _, v := range x {
		if math.Float32bits(v)<<1 != 0 { // either 0 has no other bit than its sign
			return false
		}
	}
	return true
}
