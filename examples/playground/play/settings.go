// Package play is what the playground computes, without a browser: the minibatch
// that settings make of images, its labels, the distribution of λ, and the Go
// program that does the same.
package play

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/seed-7466c776/mixup"
)

// Settings are those of the page. If neither Mixup nor CutMix is on, nothing is
// mixed.
type Settings struct {
	Mixup  bool `json:"mixup"`
	CutMix bool `json:"cutMix"`
	PerRow bool `json:"perRow"` // a draw for each row, not one for the minibatch

	Alpha float64 `json:"alpha"` // α of Beta(α,α), of mixup and of CutMix
	K     int     `json:"k"`     // terms of a row of mixup

	Fixed  bool    `json:"fixed"`  // λ is Lambda and not drawn
	Lambda float64 `json:"lambda"` // if Fixed

	MinMax bool    `json:"minMax"` // CutMix draws the sides of boxes between Min and Max
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`

	Switch float64 `json:"switch"` // probability of CutMix if both are on
	Seed   uint64  `json:"seed"`
}

// maxK is the number of terms above which a card of the page would be too long.
const maxK = 8

// stream is the second half of the seed of the draws that are shown. Those of the
// histogram have the next one.
const stream = 2

// fixed is a λ that is always the same.
type fixed float64

func (f fixed) Rand() float64 { return float64(f) }

// mixup returns the sampler of mixup without what a CutSampler has in its place:
// Src and PerSample.
func (s Settings) mixup() mixup.Sampler {
	if !s.Mixup {
		return mixup.Sampler{}
	}
	m := mixup.Sampler{Alpha: s.Alpha}
	if s.Fixed {
		m = mixup.Sampler{Lambda: fixed(s.Lambda)}
	}
	if s.K != 2 {
		m.K = s.K
	}
	return m
}

// sampler returns the sampler if CutMix is off.
func (s Settings) sampler() mixup.Sampler {
	m := s.mixup()
	m.PerSample = s.PerRow
	m.Src = rand.NewPCG(s.Seed, stream)
	return m
}

// cutSampler returns the sampler if CutMix is on, for images of a shape.
func (s Settings) cutSampler(img mixup.Image) mixup.CutSampler {
	c := mixup.CutSampler{Image: img, PerSample: s.PerRow, Mixup: s.mixup(), Src: rand.NewPCG(s.Seed, stream)}
	switch {
	case s.MinMax:
		c.MinMax = [2]float64{s.Min, s.Max}
	case s.Fixed: // boxes of one size
		side := math.Sqrt(1 - s.Lambda)
		c.MinMax = [2]float64{side, side}
	default:
		c.Alpha = s.Alpha
	}
	if s.Mixup {
		c.Switch = s.Switch
	}
	return c
}

// validate reports what is wrong with s, as the library says it where it can. A
// setting that has no effect is not checked.
func (s Settings) validate(img mixup.Image) error {
	if s.Mixup && (s.K < 1 || s.K > maxK) {
		return fmt.Errorf("the number of samples K is %d, want 1 to %d on this page", s.K, maxK)
	}
	if s.Fixed && (s.Mixup || s.CutMix && !s.MinMax) && !(0 <= s.Lambda && s.Lambda <= 1) {
		return fmt.Errorf("λ = %v, want a number in [0, 1]", s.Lambda)
	}
	if s.CutMix {
		c := s.cutSampler(img)
		if s.MinMax && s.Min == 0 && s.Max == 0 { // which is MinMax not set, and no CutMix
			return errors.New("min and max are 0, want 0 < min ≤ max ≤ 1")
		}
		return c.Validate()
	}
	m := s.sampler()
	return m.Validate()
}
