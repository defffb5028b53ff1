// Drawing a Cut: boxes, or the weights of mixup instead.

package mixup

import (
	"errors"
	"fmt"
	"image"
	"math/rand/v2"
	"strings"

	"github.com/seed-7466c776/mixup/internal/random"
)

// A CutSampler draws the randomness of CutMix, a [Cut], for one minibatch at a time.
// Each draw first decides whether a box is pasted, whether the images are mixed as by a
// [Sampler], or whether they are left as they are. Then it draws the box or the weights.
//
// Image must be set, so the zero CutSampler is not valid. If nothing but Image is set,
// minibatches are left as they are.
//
// The draws have the right distribution for every Alpha. A seeded Src gives the same
// draws on every machine. Drawing does not change a CutSampler. Several goroutines may
// draw from one CutSampler, each into its own Cut, if its Src and Mixup.Lambda allow
// concurrent use.
type CutSampler struct {
	// Image is the shape of the images. Neither Height nor Width may be 2 or 3,
	// because most boxes would be rounded to nothing, and they must not both be 1. An
	// image with one side of 1 is a series, and its boxes are parts of the series.
	Image Image

	// Alpha is the parameter of the Beta(α,α) distribution of λ, the share of the
	// image that is outside the box. See [Image.Box] for the sides of the box. 0 means
	// no CutMix: Inside, Uncorrected and Switch then have no effect, so that a search
	// over α can begin at 0.
	Alpha float64

	// MinMax, if not zero, replaces Alpha. The height and the width of the box are
	// drawn independently. Each is uniform between these two fractions of the side of
	// the image, both rounded down to whole pixels and both included. All places of the
	// box within the image have the same probability, and nothing is clipped. Of a
	// series, the side of 1 is always taken whole. Alpha, Inside and Uncorrected must
	// be zero.
	MinMax [2]float64

	// Inside gives all places of the box within the image the same probability. Its
	// sides are rounded down to whole pixels, not to even numbers. Otherwise the centre
	// of the box is uniform over the pixels, and the part outside the image is clipped.
	Inside bool

	// Uncorrected gives the labels the λ that was drawn. Otherwise λ is computed from
	// the number of pixels that are pasted, which is smaller if the box was clipped or
	// rounded. If no pixels are pasted, λ is 1 in both cases.
	Uncorrected bool

	// PerSample draws for each row. Otherwise there is one draw for the minibatch.
	PerSample bool

	// Skip is the probability that the minibatch, or with PerSample the row, is left
	// as it is.
	Skip float64

	// Mixup is drawn when CutMix is not. If neither its Alpha nor its Lambda is set,
	// mixup is never drawn. Its Src, PerSample and Skip must be zero, because those of
	// the CutSampler hold for both.
	Mixup Sampler

	// Switch is the probability of CutMix if both CutMix and Mixup are on. It must
	// then be above 0 and below 1. The choice is made for the minibatch, or with
	// PerSample for each row. If only one of the two is on, Switch has no effect, so
	// that a search over one of the alphas can include 0.
	Switch float64

	// Src is the source of random bits. nil means the global source of math/rand/v2,
	// which cannot be seeded but is safe for concurrent use.
	Src rand.Source
}

// Validate returns an error that says what is wrong with the fields of s, or nil. Sample
// and SamplePairs panic with the same message.
func (s *CutSampler) Validate() error {
	lo, hi := s.MinMax[0], s.MinMax[1]
	switch {
	case !(s.Alpha >= 0):
		return fmt.Errorf("mixup: CutSampler: Alpha = %v, want ≥ 0", s.Alpha)
	case s.minMax() && !(0 < lo && lo <= hi && hi <= 1):
		return fmt.Errorf("mixup: CutSampler: MinMax = %v, want 0 < min ≤ max ≤ 1", s.MinMax)
	case s.minMax() && (s.Alpha != 0 || s.Inside || s.Uncorrected):
		return fmt.Errorf("mixup: CutSampler: MinMax = %v beside Alpha, Inside or Uncorrected, want these zero: "+
			"they have no effect with it", s.MinMax)
	case !(0 <= s.Skip && s.Skip <= 1):
		return fmt.Errorf("mixup: CutSampler: Skip = %v, want a probability", s.Skip)
	case !(0 <= s.Switch && s.Switch <= 1):
		return fmt.Errorf("mixup: CutSampler: Switch = %v, want a probability", s.Switch)
	case s.Mixup.Src != nil || s.Mixup.PerSample || s.Mixup.Skip != 0:
		return errors.New("mixup: CutSampler: Mixup has a Src, PerSample or Skip of its own, want them set in the CutSampler alone")
	}
	if err := s.Mixup.Validate(); err != nil {
		return fmt.Errorf("mixup: CutSampler: Mixup: %s", strings.TrimPrefix(err.Error(), "mixup: "))
	}
	if s.cuts() && s.mixes() && (s.Switch == 0 || s.Switch == 1) {
		return fmt.Errorf("mixup: CutSampler: Switch = %v while both CutMix and Mixup are on, want the probability of CutMix, "+
			"above 0 and below 1", s.Switch)
	}
	return s.checkImage()
}

// checkImage returns an error if no boxes can be drawn in the Image.
func (s *CutSampler) checkImage() error {
	if err := s.Image.check("CutSampler.Image"); err != nil {
		return err
	}
	h, w := s.Image.Height, s.Image.Width
	small := func(side int) bool { return side == 2 || side == 3 }
	if small(h) || small(w) || h == 1 && w == 1 {
		return fmt.Errorf("mixup: CutSampler.Image is %v, want Height and Width ≥ 4, or one of them 1 and the other ≥ 4", s.Image)
	}
	return nil
}

// Sample draws a Cut for a minibatch of n images into c. The first term of row i is row
// i itself, and its partners come from uniform permutations, as with [Sampler.Sample]. A
// box is pasted from the second term. K is that of Mixup, but at least 2. In rows with a
// box, the third and all further terms have weight 0.
//
// Sample panics, before it writes, if s is invalid, if n is negative or n·K is not an
// int, or if Mixup.Lambda draws a number outside [0, 1].
func (s *CutSampler) Sample(c *Cut, n int) {
	must(s.Validate())
	must(checkSize(n, s.terms()))
	mixed := s.draw(c, n)
	c.Labels.permute(mixed, random.Source(s.Src))
}

// SamplePairs draws only the boxes and weights, for given partners: K-1 for each row, as
// in [Sampler.SamplePairs].
//
// SamplePairs panics, before it writes, if s is invalid, if len(partner) is not a
// multiple of K-1, if a partner is negative, if partner shares memory with
// c.Labels.Index, or if Mixup.Lambda draws a number outside [0, 1].
func (s *CutSampler) SamplePairs(c *Cut, partner []int) {
	must(s.Validate())
	n := c.Labels.pairsOf(partner, s.terms())
	s.draw(c, n)
	c.Labels.pair(partner)
}

// terms returns K.
func (s *CutSampler) terms() int { return max(s.Mixup.terms(), 2) }

// minMax reports whether MinMax is set.
func (s *CutSampler) minMax() bool { return s.MinMax != [2]float64{} }

// cuts reports whether CutMix is on.
func (s *CutSampler) cuts() bool { return s.Alpha > 0 || s.minMax() }

// mixes reports whether Mixup is on.
func (s *CutSampler) mixes() bool { return s.Mixup.Alpha > 0 || s.Mixup.Lambda != nil }

// draw resizes c to n images and draws weights and boxes, but not indices. It reports
// whether any row is to be mixed or cut.
func (s *CutSampler) draw(c *Cut, n int) (mixed bool) {
	k := s.terms()
	rows := min(n, 1) // to draw for
	if s.PerSample {
		rows = n
	}
	c.Labels.exact = resize(c.Labels.exact, rows*k)
	c.sampled = resize(c.sampled, rows)
	weight, box := c.Labels.exact, c.sampled
	src := random.Source(s.Src)
	for i := range rows {
		var drawn bool
		box[i], drawn = s.drawRow(weight[i*k:(i+1)*k], src)
		mixed = mixed || drawn
	}
	c.Labels.weigh(weight, n, k)
	c.Image = s.Image
	c.setBoxes(n, box...)
	return mixed
}

// drawRow draws the weights and the box of a row. It reports whether the row is to be
// mixed or cut.
func (s *CutSampler) drawRow(weight []float64, src rand.Source) (b image.Rectangle, mixed bool) {
	clear(weight)
	weight[0] = 1
	cut, mix := s.cuts(), s.mixes()
	if !cut && !mix {
		return b, false
	}
	if s.Skip > 0 {
		if random.Uniform(src) < s.Skip {
			return b, false
		}
	}
	if cut && mix {
		cut = random.Uniform(src) < s.Switch
	}
	if !cut {
		return b, s.Mixup.drawRow(weight, src)
	}
	b, lambda := s.box(src)
	weight[0], weight[1] = lambda, 1-lambda
	return b, true
}

// box draws a box and λ.
func (s *CutSampler) box(src rand.Source) (b image.Rectangle, lambda float64) {
	g := s.Image
	if s.minMax() {
		h := s.side(g.Height, src)
		w := s.side(g.Width, src)
		b = g.place(h, w, src)
		return b, g.lambda(b)
	}
	lambda = random.Beta(s.Alpha, s.Alpha, src)
	if s.Inside {
		h, w := g.sides(lambda)
		b = g.place(h, w, src)
	} else {
		cy := random.Below(g.Height, src)
		cx := random.Below(g.Width, src)
		b = g.Box(lambda, cy, cx)
	}
	if s.Uncorrected && !b.Empty() {
		return b, lambda
	}
	return b, g.lambda(b)
}

// side draws a side of a box for a side of the image, between MinMax. A side of 1
// is taken whole.
func (s *CutSampler) side(size int, src rand.Source) int {
	if size == 1 {
		return 1
	}
	lo, hi := part(size, s.MinMax[0]), part(size, s.MinMax[1])
	return lo + random.Below(hi-lo+1, src)
}

// place draws the place of a box of h×w pixels. All places within the image have the same
// probability.
func (g Image) place(h, w int, src rand.Source) image.Rectangle {
	y := random.Below(g.Height-h+1, src)
	x := random.Below(g.Width-w+1, src)
	return image.Rect(x, y, x+w, y+h)
}
