package f32

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// slowSum is a sum in lanes, with zeros behind the last term.
func slowSum(terms []float32) (sum float64) {
	for len(terms) > 0 {
		var s [block]float32
		terms = terms[copy(s[:], terms):]
		for j := lanes; j < block; j++ {
			s[j%lanes] += s[j]
		}
		for half := lanes / 2; half > 0; half /= 2 {
			for j := range half {
				s[j] += s[j+half]
			}
		}
		sum += float64(s[0])
	}
	return sum
}

func TestSum(t *testing.T) {
	atEachLevel(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(1, 2))
		for _, n := range lengths {
			x := normal(n, 1, r)
			wantSum(t, "Sum", n, Sum(x), slowSum(x))
			if n > 0 {
				x[r.IntN(n)] = inf
				wantSum(t, "Sum with Inf", n, Sum(x), slowSum(x))
				x[r.IntN(n)] = nan
				wantSum(t, "Sum with NaN", n, Sum(x), math.NaN())
			}
		}
	})
}

func TestGap(t *testing.T) {
	atEachLevel(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(3, 4))
		for _, n := range lengths {
			for _, most := range []float32{5, 1e30, inf, -inf, nan} {
				x, w := normal(n, 10, r), normal(n, 1, r)
				terms, weighted := make([]float32, n), make([]float32, n)
				for j := range x {
					switch r.IntN(6) {
					case 0:
						w[j] = 0
					case 1:
						w[j], x[j] = float32(math.Copysign(0, -1)), -inf
					}
					if w[j] != 0 {
						weighted[j] = w[j] * (most - x[j])
					}
					terms[j] = most - x[j]
				}
				check := func(what string, w []float32, wantGap, wantSums float64) {
					t.Helper()
					what = fmt.Sprintf("Gap from %v%s", most, what)
					gap, sum := Gap(w, x, most)
					wantSum(t, what, n, gap, wantGap)
					wantSum(t, what+", weights", n, sum, wantSums)
				}
				check("", w, slowSum(weighted), slowSum(w))
				check(" without weights", nil, slowSum(terms), float64(n))
				if n > 0 && most == 5 {
					w[r.IntN(n)] = nan
					check(" with a weight of NaN", w, math.NaN(), math.NaN())
				}
			}
		}
	})
}
