// Drawing a Cut: boxes, or the weights of mixup in their place.

package mixup

import (
	"fmt"
	"math/rand/v2"
)

// A CutSampler draws the randomness of CutMix, a [Cut], for one minibatch at a
// time, or for each row: whether a box is pasted, the images are mixed as by a
// [Sampler] or nothing is done, and the box or the weights. The zero CutSampler
// leaves minibatches as they are.
//
// The draws are exact, and with a seeded Src they are the same bits on every
// machine. A CutSampler is not changed by drawing; it may be used concurrently
// if its Src and Mixup.Lambda may.
type CutSampler struct {
	// Alpha is the parameter of the Beta(α,α) distribution of λ, the share of
	// the image that is left: the box has the sides of the image times √(1-λ).
	// 0 means no CutMix.
	Alpha float64

	// MinMax, if not zero, takes the place of Alpha: the height and the width
	// of the box are independent and uniform between these fractions of those
	// of the image, in whole pixels rounded down, and no part is clipped.
	MinMax [2]float64

	// Inside moves the box to where all of it is in the image, uniformly.
	// Otherwise its centre is uniform and it is clipped at the edges.
	Inside bool

	// Uncorrected weights labels by the λ that was drawn. Otherwise λ is the
	// share of the image that is left in fact: a box that is clipped or rounded
	// to pixels has less than 1-λ. It makes no difference with MinMax, which
	// draws no λ, nor where the box has no pixel and λ is 1.
	Uncorrected bool

	// PerSample draws for each row, not once for the minibatch.
	PerSample bool

	// Skip is the probability that the minibatch, or with PerSample the row,
	// is left as it is.
	Skip float64

	// Mixup is what is drawn when CutMix is not. If it mixes nothing, because
	// neither its Alpha nor its Lambda is set, CutMix always is. Its Src,
	// PerSample and Skip are not used.
	Mixup Sampler

	// Switch is the probability of CutMix where both are on. 0 means ½.
	Switch float64

	// Src is the source of random bits. nil means the global source of
	// math/rand/v2, which is not seeded but safe for concurrent use.
	Src rand.Source
}

// Validate reports what is wrong with the fields of s. Sample and SamplePairs
// panic with the same finding.
func (s *CutSampler) Validate() error {
	lo, hi := s.MinMax[0], s.MinMax[1]
	switch {
	case !(s.Alpha >= 0):
		return fmt.Errorf("mixup: CutSampler: Alpha = %v, want ≥ 0", s.Alpha)
	case s.minMax() && !(0 < lo && lo <= hi && hi <= 1):
		return fmt.Errorf("mixup: CutSampler: MinMax = %v, want 0 < min ≤ max ≤ 1", s.MinMax)
	case !(0 <= s.Skip && s.Skip <= 1):
		return fmt.Errorf("mixup: CutSampler: Skip = %v, want a probability", s.Skip)
	case !(0 <= s.Switch && s.Switch <= 1):
		return fmt.Errorf("mixup: CutSampler: Switch = %v, want a probability", s.Switch)
	}
	return s.Mixup.Validate()
}

// Sample draws into c for a minibatch of n images. Row i is mixed with, or has
// its box from, what uniform permutations of the rows take i to, as with
// [Sampler.Sample]. K is Mixup's, but at least 2, for the rows with a box as
// well, whose third and further terms have weight 0.
//
// Sample panics, before it writes, if s or img is invalid, if n is negative, or
// if Mixup.Lambda draws a number outside [0, 1].
func (s *CutSampler) Sample(c *Cut, n int, img Image) {
	must(s.Validate())
	must(img.check())
	if n < 0 {
		panic(fmt.Sprintf("mixup: Sample of %d rows, want ≥ 0", n))
	}
	c.permute(n, s.terms(), s.draw(c, n, img), source(s.Src))
}

// SamplePairs draws like Sample but takes the partners as given, as
// [Sampler.SamplePairs] does: K-1 for each row.
//
// SamplePairs panics, before it writes, if s or img is invalid, if len(partner)
// is not a multiple of K-1, if a partner is negative, if partner is memory that
// c.Index is written to, or if Mixup.Lambda draws a number outside [0, 1].
func (s *CutSampler) SamplePairs(c *Cut, partner []int, img Image) {
	must(s.Validate())
	must(img.check())
	n := c.pairsOf(partner, s.terms())
	s.draw(c, n, img)
	c.pair(partner, s.terms())
}

// terms returns K.
func (s *CutSampler) terms() int { return max(s.Mixup.terms(), 2) }

// minMax reports whether MinMax is set.
func (s *CutSampler) minMax() bool { return s.MinMax != [2]float64{} }

// draw makes c one of n images and draws weights and boxes, but not indices. It
// reports whether there is anything to mix.
func (s *CutSampler) draw(c *Cut, n int, img Image) (mixed bool) {
	k := s.terms()
	rows := min(n, 1) // to draw for
	if s.PerSample {
		rows = n
	}
	c.scratch.lambda = resize(c.scratch.lambda, rows*k)
	c.scratch.box = resize(c.scratch.box, rows)
	weight, box := c.scratch.lambda, c.scratch.box
	src := source(s.Src)
	for i := range rows {
		var drawn bool
		box[i], drawn = s.drawRow(weight[i*k:(i+1)*k], img, src)
		mixed = mixed || drawn
	}

	c.weigh(weight, n, k)
	c.Image = img
	c.Box = resize(c.Box, n)
	for p := copy(c.Box, box); p < n; { // the other rows have the same
		p += copy(c.Box[p:], c.Box[:p])
	}
	return mixed
}

// drawRow draws the weights and the box of a row. It reports false if the row is
// left as it is with certainty or by chance.
func (s *CutSampler) drawRow(weight []float64, img Image, src rand.Source) (b Box, mixed bool) {
	clear(weight)
	weight[0] = 1
	cut := s.Alpha > 0 || s.minMax()
	mix := s.Mixup.terms() > 1 && (s.Mixup.Alpha > 0 || s.Mixup.Lambda != nil)
	if !cut && !mix || s.Skip > 0 && uniform(src) < s.Skip {
		return Box{}, false
	}
	if cut && mix {
		probability := s.Switch
		if probability == 0 {
			probability = 0.5
		}
		cut = uniform(src) < probability
	}
	if !cut {
		mixup := s.Mixup
		mixup.Skip = 0
		return Box{}, mixup.draw(weight, src)
	}
	b, lambda := s.box(img, src)
	weight[0], weight[1] = lambda, 1-lambda
	return b, true
}

// box draws a box and λ.
func (s *CutSampler) box(img Image, src rand.Source) (b Box, lambda float64) {
	drawn := 0.0
	switch {
	case s.minMax():
		h, w := s.side(img.Height, src), s.side(img.Width, src)
		b = img.place(h, w, src)
	case s.Inside:
		drawn = beta(s.Alpha, s.Alpha, src)
		h, w := img.sides(drawn)
		b = img.place(h, w, src)
	default:
		drawn = beta(s.Alpha, s.Alpha, src)
		b = img.Box(drawn, below(img.Height, src), below(img.Width, src))
	}
	if s.Uncorrected && !s.minMax() && b.Area() > 0 {
		return b, drawn
	}
	return b, img.lambda(b)
}

// side draws a side of a box for a side of the image, between MinMax.
func (s *CutSampler) side(size int, src rand.Source) int {
	lo, hi := int(float64(size)*s.MinMax[0]), int(float64(size)*s.MinMax[1])
	return lo + below(hi-lo+1, src)
}

// place draws a box of h×w pixels, each of those in the image with the same
// probability.
func (g Image) place(h, w int, src rand.Source) Box {
	y, x := below(g.Height-h+1, src), below(g.Width-w+1, src)
	return Box{Y0: y, Y1: y + h, X0: x, X1: x + w}
}
