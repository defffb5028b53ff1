// The random numbers under the samplers. Each is a function of the bits of its
// source alone, the same on every architecture and in every release.

package mixup

import (
	"math"
	"math/bits"
	"math/rand/v2"

	"github.com/seed-7466c776/mixup/internal/portable"
)

// source returns src, or the global source of math/rand/v2 if src is nil, or is a
// *rand.Rand that is.
func source(src rand.Source) rand.Source {
	if r, ok := src.(*rand.Rand); src == nil || ok && r == nil {
		return global{}
	}
	return src
}

// global is math/rand/v2's global source.
type global struct{}

func (global) Uint64() uint64 { return rand.Uint64() }

// uniform returns a uniform number in [0, 1), a multiple of 2⁻⁵³.
func uniform(src rand.Source) float64 {
	return float64(int64(src.Uint64()>>11)) * 0x1p-53
}

// below returns a uniform integer in [0, n), for n > 0.
func below(n int, src rand.Source) int {
	// Lemire, "Fast random integer generation in an interval", ACM TOMACS 29,
	// 2019: the high half of a random word times n, exact once the words whose
	// low half is below 2⁶⁴ mod n are rejected.
	hi, lo := bits.Mul64(src.Uint64(), uint64(n))
	if lo < uint64(n) {
		for reject := -uint64(n) % uint64(n); lo < reject; {
			hi, lo = bits.Mul64(src.Uint64(), uint64(n))
		}
	}
	return int(hi)
}

// A ziggurat covers the area under a decreasing density f on [0, ∞), where
// f(0) = 1, with layers of equal area (Marsaglia and Tsang, "The ziggurat
// method for generating random variables", J. Stat. Software 5, 2000; in the
// form of Doornik, 2005). Layer i > 0 is the rectangle [0, x[i]] × [y[i], y[i+1]],
// all of it under f up to x[i+1]. Layer 0 is what is under y[1], the tail
// beyond x[1] included; x[0] is how wide it would be as a rectangle.
//
// A layer is picked by the lowest bits of a random number and a point in it
// by 53 of the highest. Points are odd multiples, so that none is at 0.
type ziggurat struct{ x, y [layers + 1]float64 }

const layers = 128

// newZiggurat returns the ziggurat of f whose tail begins at r. The area of a
// layer, v = r·f(r) + ∫f beyond r, must be such that the layers end at f = 1.
func newZiggurat(r, v float64, f, inverse func(float64) float64) (z ziggurat) {
	z.x[0], z.x[1] = v/f(r), r
	z.y[1] = f(r)
	for i := 2; i < layers; i++ {
		z.y[i] = z.y[i-1] + v/z.x[i-1]
		z.x[i] = inverse(z.y[i])
	}
	z.y[layers] = 1
	return z
}

// under reports whether a random height in layer i > 0 is below f.
func (z *ziggurat) under(f float64, i uint64, src rand.Source) bool {
	return z.y[i]+float64(uniform(src)*(z.y[i+1]-z.y[i])) < f
}

const (
	exponentialTail = 6.898315116615642605754553
	exponentialArea = 0.0079732295395534899938542
	normalTail      = 3.4426198558966521214247987
	normalArea      = 0.0099125630353364610790806
)

var exponentials = newZiggurat(exponentialTail, exponentialArea,
	func(x float64) float64 { return portable.Exp(-x) },
	func(y float64) float64 { return -portable.Log(y) })

var normals = newZiggurat(normalTail, normalArea,
	func(x float64) float64 { return portable.Exp(-0.5 * x * x) },
	func(y float64) float64 { return math.Sqrt(-2 * portable.Log(y)) })

// exponential returns an exponential variate of mean 1. It is positive.
func exponential(src rand.Source) float64 {
	z := &exponentials
	var from float64
	for {
		u := src.Uint64()
		i := u & (layers - 1)
		x := float64(float64(int64(u>>11|1)) * (0x1p-53 * z.x[i]))
		switch {
		case x < z.x[i+1]:
			return from + x
		case i == 0:
			from += exponentialTail // the tail is the density itself, moved
		case z.under(portable.Exp(-x), i, src):
			return from + x
		}
	}
}

// normal returns a standard normal variate.
func normal(src rand.Source) float64 {
	z := &normals
	for {
		u := src.Uint64()
		i := u & (layers - 1)
		x := float64(float64(int64(u)>>10|1) * (0x1p-53 * z.x[i]))
		switch {
		case math.Abs(x) < z.x[i+1]:
			return x
		case i == 0:
			// Marsaglia, "Generating a variable from the tail of the normal
			// distribution", Technometrics 6, 1964.
			for {
				a, b := exponential(src)/normalTail, exponential(src)
				if a*a < 2*b {
					return math.Copysign(normalTail+a, x)
				}
			}
		case z.under(portable.Exp(-0.5*x*x), i, src):
			return x
		}
	}
}
