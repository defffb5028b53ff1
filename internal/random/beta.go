// Beta variates.

package random

import (
	"math"
	"math/rand/v2"

	"github.com/seed-7466c776/mixup/internal/portable"
)

// Beta draws from Beta(a, b) for positive a and b, which may be +Inf.
func Beta(a, b float64, src rand.Source) float64 {
	a, b = float64(a), float64(b)
	if a != b {
		return asymmetricBeta(a, b, src)
	}
	// tail is the smaller one of B and 1-B. A random bit, side, decides which of the
	// two it is.
	u := src.Uint64()
	side := float64(int64(u >> 63))
	if a == 1 {
		tail := float64(int64(u<<1>>1|1)) * 0x1p-64
		return math.Abs(side - tail)
	}

	// Devroye, "Random variate generation in one line of code", WSC 1996: for
	// uniform U and V and a random sign S,
	//
	//	B = ½ + S / (2·√(1 + 1/((U^(-1/α) - 1)·cos²(2πV))))
	//
	// is Beta(α, α) for every α. Write q = U^(1/α), p = 1-q and c for the squared
	// cosine. Then the root is √(1 + q/(p·c)), and
	//
	//	tail = ½·(1 - √(p·c/(q+p·c))) = ½·q / (q+p·c + √(p·c·(q+p·c)))
	//
	// where nothing cancels. q is exp(-E/α) with an exponential variate E, and is
	// computed as 2⁻ᵗ. √c has the distribution of the sine of a uniform angle in
	// [-π/2, π/2], up to its sign.
	sine := portable.Sin(float64(int64(u)>>10|1) * 0x1p-53)
	c := float64(sine * sine)
	t := float64(Exponential(src) * (math.Log2E / a))
	if t > 1020 {
		// To the last bit, p is 1, q is negligible beside c, and the tail is ¼·q/c.
		// q may be subnormal where the tail is not, so the tail is multiplied by √q
		// twice.
		h := portable.Exp(-0.5 * math.Ln2 * t)
		return math.Abs(side - float64(0.25/c*h*h))
	}
	q, p := portable.Decay(t)
	pc := float64(p * c)
	w := q + pc
	tail := 0.5 * q / (w + math.Sqrt(pc*w))
	return math.Abs(side - tail)
}

// asymmetricBeta draws from Beta(a, b) for positive a and b, not both infinite.
func asymmetricBeta(a, b float64, src rand.Source) float64 {
	switch {
	case math.IsInf(a, 1):
		return 1
	case math.IsInf(b, 1):
		return 0
	case max(a, b) < tiny:
		a, b = a*boost, b*boost
	}
	// G/(G+H) with gamma variates G = g·exp(-e) and H = h·exp(-f), where the greater
	// exponential is divided out. Halves are added because the sum might overflow.
	g, e := Gamma(a, src)
	h, f := Gamma(b, src)
	if e <= f {
		return float64(0.5 * (g / (float64(0.5*g) + float64(0.5*h*portable.Exp(e-f)))))
	}
	t := portable.Exp(f - e)
	return float64(0.5 * (g / (float64(0.5*g*t) + float64(0.5*h)) * t))
}

// If all parameters of a Beta or Dirichlet distribution are below tiny, exponents of
// the size of 1/α could overflow. But then, except with a probability below 10⁴·α, a
// draw in float64 is 1 in one component and 0 in the others. That component is k with
// probability αₖ/Σα. The same holds after every parameter is multiplied by boost.
const (
	tiny  = 0x1p-600
	boost = 0x1p+500
)
