package random

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/seed-7466c776/mixup/internal/random/randomtest"
	"gonum.org/v1/gonum/stat/distuv"
)

func TestZigguratLayers(t *testing.T) {
	for _, test := range []struct {
		name string
		z    *ziggurat
		area float64
		f    func(x float64) float64
	}{
		{"exponential", &exponentials, exponentialArea, func(x float64) float64 { return math.Exp(-x) }},
		{"normal", &normals, normalArea, func(x float64) float64 { return math.Exp(-x * x / 2) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			z := test.z
			for i := 1; i <= layers; i++ {
				if !(z.x[i] < z.x[i-1]) || !(z.y[i] > z.y[i-1]) {
					t.Errorf("layer %d ends at (%v, %v), and the one before at (%v, %v)", i, z.x[i], z.y[i], z.x[i-1], z.y[i-1])
				}
				if want := test.f(z.x[i]); !(math.Abs(z.y[i]-want) <= 1e-15) {
					t.Errorf("layer %d begins at height %v, want f(%v) = %v", i, z.y[i], z.x[i], want)
				}
				if i == layers {
					break
				}
				if area := z.x[i] * (z.y[i+1] - z.y[i]); !(math.Abs(area-test.area) <= 1e-14) {
					t.Errorf("layer %d has area %v, want %v", i, area, test.area)
				}
			}
		})
	}
}

// TestZigguratAccepts holds single decisions against the density: what lies under
// it is returned, and nothing else.
func TestZigguratAccepts(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const next = 77 // the layer of the next try, all of which is under f at 0
	for _, test := range []struct {
		name string
		z    *ziggurat
		f    func(x float64) float64
		draw func(src rand.Source) float64
	}{
		{"exponential", &exponentials, func(x float64) float64 { return math.Exp(-x) }, Exponential},
		{"normal", &normals, func(x float64) float64 { return math.Exp(-x * x / 2) }, func(src rand.Source) float64 { return math.Abs(Normal(src)) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			z, other := test.z, test.draw(&randomtest.Script{next})
			for layer := 1; layer < layers; layer++ {
				for range 50 {
					// A point beside the part that is sure to be under f, or at its edge.
					edge := z.x[layer+1] / z.x[layer]
					at := edge + (1-edge)*(r.Float64()*1.1-0.1)
					if at < 0 {
						continue
					}
					point := uint64(at*(1<<53)) << 11
					if test.name == "normal" {
						point >>= 1 // the top bit is the sign
					}
					point = point&^(layers-1) | uint64(layer)
					height := r.Uint64()
					x, y := at*z.x[layer], z.y[layer]+float64(height>>11)*0x1p-53*(z.y[layer+1]-z.y[layer])
					if math.Abs(y-test.f(x)) < 1e-12 || math.Abs(x-z.x[layer+1]) < 1e-12 {
						continue // too close to call
					}
					want := other
					if x < z.x[layer+1] || y < test.f(x) {
						want = x
					}
					if got := test.draw(&randomtest.Script{point, height, next}); !(math.Abs(got-want) <= 1e-13) {
						t.Fatalf("at (%v, %v) in layer %d: %v, want %v; f is %v", x, y, layer, got, want, test.f(x))
					}
				}
			}
		})
	}
}

func TestExponential(t *testing.T) {
	src := rand.NewPCG(1, 2)
	dist := distuv.Exponential{Rate: 1}
	var x []float64
	for e := 1e-5; e < 13; e *= 1.3 {
		x = append(x, e)
	}
	randomtest.CDF(t, randomtest.Draws(randomtest.Fewer(1_000_000), func() float64 { return Exponential(src) }), x, dist.CDF)

	// The least number of all: an exponential must not be zero.
	if got := Exponential(&randomtest.Script{layers - 2}); got <= 0 || got > 0x1p-52 {
		t.Errorf("the least draw is %v, want it positive", got)
	}
	// One from the tail of the tail.
	if got, want := Exponential(&randomtest.Script{math.MaxUint64 &^ (layers - 1), math.MaxUint64 &^ (layers - 1), 1 << 63}),
		2*exponentialTail+Exponential(&randomtest.Script{1 << 63}); got != want {
		t.Errorf("a draw from the tail is %v, want %v", got, want)
	}
}

func TestNormal(t *testing.T) {
	src := rand.NewPCG(1, 2)
	var x []float64
	for z := -4.5; z < 4.6; z += 0.25 {
		x = append(x, z)
	}
	randomtest.CDF(t, randomtest.Draws(randomtest.Fewer(1_000_000), func() float64 { return Normal(src) }), x, distuv.UnitNormal.CDF)

	// The tail beyond the last layer, for which a draw of that layer is scripted.
	tail := distuv.UnitNormal.CDF(-normalTail)
	for _, sign := range []float64{-1, 1} {
		base := uint64(math.MaxInt64) &^ (layers - 1)
		if sign < 0 {
			base = 1 << 63
		}
		beyond := randomtest.Draws(randomtest.Fewer(100_000), func() float64 { return sign * Normal(&after{base, src}) })
		randomtest.CDF(t, beyond, []float64{3.45, 3.5, 3.6, 3.8, 4, 4.2, 4.5}, func(x float64) float64 {
			return 1 - distuv.UnitNormal.CDF(-x)/tail
		})
	}
}

// after is a source that yields first and then what src does.
type after struct {
	first uint64
	src   rand.Source
}

func (a *after) Uint64() uint64 {
	if u := a.first; u != 0 {
		a.first = 0
		return u
	}
	return a.src.Uint64()
}
