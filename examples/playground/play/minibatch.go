// The mixed minibatch.

package play

import (
	"cmp"
	"image"
	"slices"

	"github.com/seed-7466c776/mixup"
)

// A Row tells what an image was mixed from, and what its label is.
type Row struct {
	Terms []Term  `json:"terms"`
	Label []Share `json:"label"`         // the greatest first
	Box   *Box    `json:"box,omitempty"` // of CutMix: the pixels that are of the second term
}

// A Term is an image of the minibatch and its weight.
type Term struct {
	Source int     `json:"source"`
	Weight float32 `json:"weight"`
}

// A Share is the part that a class has in a label.
type Share struct {
	Class int     `json:"class"`
	Part  float32 `json:"part"`
}

// A Box is a part of an image in fractions of its side.
type Box struct {
	Left   float64 `json:"left"`
	Top    float64 `json:"top"`
	Width  float64 `json:"width"`
	Height float64 `json:"height"`
}

// A Result is what the page shows for its settings.
type Result struct {
	Rows    []Row  `json:"rows"`
	Meaning string `json:"meaning"` // what one sees, in a sentence
	Chart   Chart  `json:"chart"`
	Code    string `json:"code"`
	Draw    string `json:"draw"` // what the program of Code prints
}

// A Table mixes images. It keeps the memory for it from one call to the next.
type Table struct {
	images *Images
	mix    mixup.Mix
	cut    mixup.Cut
	values []float32 // mixed, in the order of Images.Values
	rgba   []uint8   // the same as a browser wants them
}

// NewTable returns a table of images.
func NewTable(images *Images) *Table { return &Table{images: images} }

// Mix mixes all images as one minibatch. The pixels have red, green, blue and
// opacity, and are valid until the next call.
func (t *Table) Mix(s Settings) (*Result, []uint8, error) {
	img := t.images.Shape()
	if err := s.validate(img); err != nil {
		return nil, nil, err
	}
	n := len(t.images.Labels)
	t.values = resize(t.values, len(t.images.Values))
	t.rgba = resize(t.rgba, len(t.values)/3*4)
	r := &Result{Meaning: s.meaning(), Chart: s.chart(img), Code: s.code(t.images)}
	if s.CutMix {
		sampler := s.cutSampler(img)
		sampler.Sample(&t.cut, n)
		t.cut.ApplyTo(t.values, t.images.Values)
		r.Rows = t.rows(&t.cut.Labels)
		for i, b := range t.cut.Box {
			r.Rows[i].Box = t.box(b)
		}
		r.Draw = t.cut.String()
	} else {
		sampler := s.sampler()
		sampler.Sample(&t.mix, n)
		t.mix.ApplyTo(t.values, t.images.Values, 3*t.images.Side*t.images.Side)
		r.Rows = t.rows(&t.mix)
		r.Draw = t.mix.String()
	}
	toRGBA(t.rgba, t.values, t.images.Side*t.images.Side)
	return r, t.rgba, nil
}

// rows tells what a draw makes of the images and of their labels. A term without
// weight is left out, unless it is the partner in a pair.
func (t *Table) rows(m *mixup.Mix) []Row {
	n, classes := m.Len(), len(t.images.Classes)
	targets := make([]float32, n*classes)
	m.OneHotTo(targets, t.images.Labels, classes)
	rows := make([]Row, n)
	for i := range rows {
		for k := range m.K {
			source, weight := m.Index[i*m.K+k], m.Weight[i*m.K+k]
			if weight > 0 || k == 0 || k == 1 && source != i {
				rows[i].Terms = append(rows[i].Terms, Term{source, weight})
			}
		}
		for class, part := range targets[i*classes:][:classes] {
			if part > 0 {
				rows[i].Label = append(rows[i].Label, Share{class, part})
			}
		}
		slices.SortStableFunc(rows[i].Label, func(a, b Share) int { return cmp.Compare(b.Part, a.Part) })
	}
	return rows
}

// box returns the box that is pasted into an image; nil: none.
func (t *Table) box(b image.Rectangle) *Box {
	if b.Empty() {
		return nil
	}
	side := float64(t.images.Side)
	return &Box{float64(b.Min.X) / side, float64(b.Min.Y) / side, float64(b.Dx()) / side, float64(b.Dy()) / side}
}

// resize returns a slice of length n, which is s's memory if that is enough.
func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
