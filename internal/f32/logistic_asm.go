//go:build !purego && !race && (amd64 || arm64)

package f32

import "math"

// logistics are the constants of Logistic, in the order in which assembly reads
// them.
var logistics = [...]float32{
	math.Float32frombits(signBit), 2, log9, log7, log5, log3, math.Float32frombits(signBit - 1), 0,
}
