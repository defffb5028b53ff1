package main

import (
	"image"
	"math/rand/v2"
	"testing"

	"github.com/seed-7466c776/mixup"
)

// TestImageMethods checks what each method draws for 200 minibatches. That
// switching draws the same thing 200 times has a probability of 2⁻¹⁹⁹.
func TestImageMethods(t *testing.T) {
	for _, tc := range []struct {
		method       imageMethod
		name         string
		terms        int  // with a positive weight in a mixed row
		boxes, mixes bool // whether some minibatches are cut, and some mixed
	}{
		{erm, "ERM", 1, false, false},
		{mixupMethod(0.2), "mixup, α = 0.2", 2, false, true},
		{kwayMethod(1, 3), "mixup, α = 1, K = 3", 3, false, true},
		{kwayMethod(1, 4), "mixup, α = 1, K = 4", 4, false, true},
		{cutMixMethod(1), "CutMix, α = 1", 2, true, false},
		{mixupOrCutMix, "mixup or CutMix", 2, true, true},
	} {
		if tc.method.name != tc.name {
			t.Errorf("name %q, want %q", tc.method.name, tc.name)
		}
		s := tc.method.on(mixup.Image{Channels: 1, Height: 8, Width: 8}, rand.NewPCG(1, 2))
		var boxes, mixes bool
		terms := 1
		for range 200 {
			var c mixup.Cut
			s.Sample(&c, 4)
			if c.Box[0] != (image.Rectangle{}) {
				boxes = true
			} else if c.Labels.Lambda(0) < 1 {
				mixes = true
			}
			var positive int
			for _, w := range c.Labels.Weight[:c.Labels.K] {
				if w > 0 {
					positive++
				}
			}
			terms = max(terms, positive)
		}
		if boxes != tc.boxes || mixes != tc.mixes || terms != tc.terms {
			t.Errorf("%s: boxes %v, mixes %v, up to %d terms, want %v, %v, %d", tc.name, boxes, mixes, terms, tc.boxes, tc.mixes, tc.terms)
		}
	}
}
