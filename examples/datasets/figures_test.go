package datasets

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestFigures wants ink in the pixels of the mask, ground in the others, and
// figures that touch no edge.
func TestFigures(t *testing.T) {
	for _, d := range []Drawing{{Side: 32}, {Side: 32, Vary: true}} {
		set, masks := d.Draw(60, rand.New(rand.NewPCG(1, 2)))
		plane := 32 * 32
		if set.Len() != 60 || len(set.Pixels) != 60*3*plane || len(masks) != 60*plane || set.Classes != len(FigureNames()) {
			t.Fatalf("%+v: %d labels, %d values and %d of masks, want 60 images", d, set.Len(), len(set.Pixels), len(masks))
		}
		for i := range 60 {
			mask, red := masks[i*plane:][:plane], set.Pixels[i*3*plane:][:plane]
			inside := slices.Index(mask, 1)
			if inside < 0 || mask[0] == 1 {
				t.Fatalf("%+v: image %d has no figure, or one in its corner", d, i)
			}
			for p, m := range mask {
				want := red[0]
				if m == 1 {
					want = red[inside]
				}
				if red[p] != want || red[inside] == red[0] {
					t.Fatalf("%+v: image %d has the value %d in pixel %d, want %d", d, i, red[p], p, want)
				}
				if edge := p%32 == 0 || p%32 == 31 || p/32 == 0 || p/32 == 31; edge && m == 1 {
					t.Fatalf("%+v: the figure of image %d is cut off", d, i)
				}
			}
		}
	}
}
