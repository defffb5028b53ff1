//go:build !purego && !race && (amd64 || arm64)

package f32

import "math"

// expFloor is a difference for which k is 0. Where Go tests for underflow, assembly
// replaces smaller differences by it.
const expFloor = -88

// exps are the constants of exp, in the order in which assembly reads them.
var exps = [...]float32{
	expFloor, math.Log2E, expRound, ln2Hi, ln2Lo, 1,
	exp2, exp3, exp4, exp5, exp6,
}
