// Rows of zeros.

package f32

import "unsafe"

// Zero is
//
//	for _, v := range x {
//		if v != 0 {
//			return false
//		}
//	}
//	return true
func Zero(x []float32) bool {
	// The runtime compares arrays with vector instructions.
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
	// Nearly always the sum shows it already.
	if sum(x, 0) != 0 {
		return false
	}
	for _, v := range x {
		if v != 0 {
			return false
		}
	}
	return true
}
