// Exponential and normal variates.

package random

import (
	"math"
	"math/rand/v2"

	"github.com/seed-7466c776/mixup/internal/portable"
)

// A ziggurat covers the area under a decreasing density f on [0, ∞), where
// f(0) = 1, with layers of equal area (Marsaglia and Tsang, "The ziggurat
// method for generating random variables", J. Stat. Software 5, 2000; in the
// form of Doornik, 2005). Layer i > 0 is the rectangle [0, x[i]] × [y[i], y[i+1]],
// all of it under f up to x[i+1]. Layer 0 is the area under y[1], including the
// tail beyond x[1]; x[0] is how wide that area would be as a rectangle.
//
// The lowest bits of a random word choose a layer, and 53 of the highest bits a point in
// it. Points are odd multiples of a small number, so that none of them is 0.
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

// height returns a uniform height in layer i > 0.
func (z *ziggurat) height(i uint64, src rand.Source) float64 {
	u := Uniform(src)
	return z.y[i] + float64(u*(z.y[i+1]-z.y[i]))
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

// Exponential returns an exponential variate of mean 1. It is positive.
func Exponential(src rand.Source) float64 {
	z := &exponentials
	var from float64
	for {
		u := src.Uint64()
		i := u & (layers - 1)
		x := float64(float64(int64(u>>11|1)) * (0x1p-53 * z.x[i]))
		if x < z.x[i+1] {
			return from + x
		}
		if i == 0 {
			from += exponentialTail // the tail has the same density, shifted
			continue
		}
		height := z.height(i, src)
		if height < portable.Exp(-x) {
			return from + x
		}
	}
}

// Normal returns a standard normal variate.
func Normal(src rand.Source) float64 {
	z := &normals
	for {
		u := src.Uint64()
		i := u & (layers - 1)
		x := float64(float64(int64(u)>>10|1) * (0x1p-53 * z.x[i]))
		if math.Abs(x) < z.x[i+1] {
			return x
		}
		if i == 0 {
			return math.Copysign(normalBeyond(src), x)
		}
		height := z.height(i, src)
		if height < portable.Exp(-0.5*x*x) {
			return x
		}
	}
}

// normalBeyond returns a normal variate greater than normalTail.
func normalBeyond(src rand.Source) float64 {
	// Marsaglia, "Generating a variable from the tail of the normal
	// distribution", Technometrics 6, 1964.
	for {
		a := Exponential(src) / normalTail
		b := Exponential(src)
		if a*a < 2*b {
			return normalTail + a
		}
	}
}
