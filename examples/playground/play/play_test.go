package play

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/seed-7466c776/mixup"
)

// noise returns n images of random pixels, of which the first and the last are of the
// same class.
func noise(t *testing.T, n, side int) *Images {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 0))
	pixels := make([]uint8, n*side*side*4)
	for i := range pixels {
		pixels[i] = uint8(r.IntN(256))
	}
	var classes []string
	for i := range n {
		classes = append(classes, fmt.Sprintf("class %d", i%(n-1)))
	}
	images, err := FromRGBA(pixels, side, classes)
	if err != nil {
		t.Fatal(err)
	}
	return images
}

// all returns settings of each kind that is valid.
func all(images *Images) (list []Settings) {
	on := []bool{false, true}
	for _, alpha := range []float64{0, 0.2, 1.5} {
		for _, k := range []int{1, 2, 4} {
			for _, mix := range on {
				for _, cut := range on {
					for _, perRow := range on {
						for _, fixed := range on {
							for _, minMax := range on {
								s := Settings{Mixup: mix, CutMix: cut, PerRow: perRow, Alpha: alpha, K: k, Fixed: fixed, Lambda: 0.3,
									MinMax: minMax, Min: 0.25, Max: 0.8, Switch: 0.4, Seed: uint64(len(list))}
								if s.validate(images.Shape()) == nil {
									list = append(list, s)
								}
							}
						}
					}
				}
			}
		}
	}
	return list
}

// TestMix computes each pixel and each label once more, from what the rows tell.
func TestMix(t *testing.T) {
	const n, side = 6, 8
	images := noise(t, n, side)
	table := NewTable(images)
	var kinds [3]int // of rows: as they were, mixed, cut
	for _, s := range all(images) {
		r, pixels, err := table.Mix(s)
		if err != nil {
			t.Fatalf("%+v: %v", s, err)
		}
		if len(r.Rows) != n || len(pixels) != n*side*side*4 {
			t.Fatalf("%+v: %d rows and %d bytes of pixels, want %d and %d", s, len(r.Rows), len(pixels), n, n*side*side*4)
		}
		for i, row := range r.Rows {
			switch {
			case row.Box != nil:
				kinds[2]++
			case row.Terms[0].Weight == 1:
				kinds[0]++
			default:
				kinds[1]++
			}
			checkPixels(t, s, images, i, row, pixels[i*side*side*4:][:side*side*4])
			checkLabel(t, s, images, row)
		}
	}
	for kind, rows := range kinds {
		if rows < 100 {
			t.Errorf("there are %d rows of kind %d, want 100 or more", rows, kind)
		}
	}
}

func checkPixels(t *testing.T, s Settings, images *Images, i int, row Row, got []uint8) {
	t.Helper()
	side := images.Side
	if row.Terms[0].Source != i {
		t.Fatalf("%+v: the first term of row %d is image %d, want itself", s, i, row.Terms[0].Source)
	}
	if b := row.Box; b != nil && math.Abs(float64(row.Terms[0].Weight)-(1-b.Width*b.Height)) > 1e-6 {
		t.Errorf("%+v: λ of row %d is %v, and its box %+v", s, i, row.Terms[0].Weight, *b)
	}
	for p := range side * side {
		for c := range 3 {
			at := func(k int) float64 { return float64(images.Values[(3*row.Terms[k].Source+c)*side*side+p]) }
			want := 0.
			if b := row.Box; b != nil {
				x, y := (float64(p%side)+0.5)/float64(side), (float64(p/side)+0.5)/float64(side)
				want = at(0)
				if b.Left < x && x < b.Left+b.Width && b.Top < y && y < b.Top+b.Height {
					want = at(1)
				}
			} else {
				for k, term := range row.Terms {
					want += float64(term.Weight) * at(k)
				}
			}
			if v := got[4*p+c]; math.Abs(float64(v)-want) > 0.5001 || got[4*p+3] != 255 {
				t.Fatalf("%+v: pixel %d of row %d is %v, want %v in channel %d, and no transparency", s, p, i, got[4*p:][:4], want, c)
			}
		}
	}
}

func checkLabel(t *testing.T, s Settings, images *Images, row Row) {
	t.Helper()
	want := make([]float64, len(images.Classes))
	for _, term := range row.Terms {
		want[images.Labels[term.Source]] += float64(term.Weight)
	}
	last, sum := float32(1), 0.
	for _, share := range row.Label {
		if math.Abs(float64(share.Part)-want[share.Class]) > 1e-6 || share.Part > last {
			t.Errorf("%+v: label %v of terms %v, want the greatest part first", s, row.Label, row.Terms)
		}
		last, sum = share.Part, sum+float64(share.Part)
	}
	if math.Abs(sum-1) > 1e-6 {
		t.Errorf("%+v: the parts of label %v add up to %v, want 1", s, row.Label, sum)
	}
}

// TestInvalid wants the library's own findings where there is one.
func TestInvalid(t *testing.T) {
	good := Settings{Mixup: true, CutMix: true, Alpha: 1, K: 2, Lambda: 0.5, Min: 0.2, Max: 0.8, Switch: 0.5}
	table := NewTable(noise(t, 3, 8))
	for want, change := range map[string]func(s *Settings){
		"mixup: CutSampler: Alpha = -1, want ≥ 0":                                                                               func(s *Settings) { s.Alpha = -1 },
		"mixup: Sampler: Alpha = -1, want ≥ 0":                                                                                  func(s *Settings) { s.Alpha, s.CutMix = -1, false },
		"mixup: Sampler: K = 1 mixes nothing, want no Alpha, PerSample, Fold or Skip beside it":                                 func(s *Settings) { s.K, s.CutMix = 1, false },
		"mixup: CutSampler: Mixup: Sampler: K = 3 beside Lambda, want 0 or 2":                                                   func(s *Settings) { s.K, s.Fixed = 3, true },
		"mixup: CutSampler: MinMax = [0.9 0.8], want 0 < min ≤ max ≤ 1":                                                         func(s *Settings) { s.MinMax, s.Min = true, 0.9 },
		"mixup: CutSampler: Switch = 2, want a probability":                                                                     func(s *Settings) { s.Switch = 2 },
		"mixup: CutSampler: Switch = 1 while both CutMix and Mixup are on, want the probability of CutMix, above 0 and below 1": func(s *Settings) { s.Switch = 1 },
		"min and max are 0, want 0 < min ≤ max ≤ 1":                                                                             func(s *Settings) { s.MinMax, s.Min, s.Max = true, 0, 0 },
		"the number of samples K is 0, want 1 to 8 on this page":                                                                func(s *Settings) { s.K = 0 },
		"the number of samples K is 9, want 1 to 8 on this page":                                                                func(s *Settings) { s.K = 9 },
		"λ = 1.5, want a number in [0, 1]":                                                                                      func(s *Settings) { s.Fixed, s.Lambda = true, 1.5 },
	} {
		s := good
		change(&s)
		if _, _, err := table.Mix(s); fmt.Sprint(err) != want {
			t.Errorf("%+v: error %v, want %s", s, err, want)
		}
	}
	if _, _, err := table.Mix(good); err != nil {
		t.Errorf("%+v: %v", good, err)
	}
}

// TestUnused wants no error about a setting that has no effect.
func TestUnused(t *testing.T) {
	table := NewTable(noise(t, 3, 8))
	for _, s := range []Settings{
		{},
		{CutMix: true, Alpha: 1},
		{CutMix: true, Alpha: 1, K: 99, Lambda: 2, Min: 2, Max: -1, Switch: 2},
		{CutMix: true, Fixed: true, Lambda: 0.5, Alpha: -1},
		{CutMix: true, MinMax: true, Min: 0.2, Max: 0.8, Fixed: true, Lambda: 2, Alpha: -1},
		{Mixup: true, Alpha: 1, K: 2, Lambda: 2, MinMax: true, Min: 2, Max: -1, Switch: 2},
		{Mixup: true, Fixed: true, Lambda: 0.5, K: 2, Alpha: -1},
		{Fixed: true, Lambda: 2, MinMax: true, Min: 2, Alpha: -1, K: 99, Switch: 2},
	} {
		if _, _, err := table.Mix(s); err != nil {
			t.Errorf("%+v: %v", s, err)
		}
	}
}

func TestMeaning(t *testing.T) {
	for _, tc := range []struct {
		s    Settings
		want string // in the sentences
	}{
		{Settings{K: 2, Alpha: 1}, "Nothing is mixed"},
		{Settings{K: 2, Mixup: true}, "Nothing is mixed"},
		{Settings{K: 2, CutMix: true}, "Nothing is mixed"},
		{Settings{K: 1, Mixup: true, CutMix: true}, "Nothing is mixed"},
		{Settings{K: 2, Mixup: true, Fixed: true}, "sum of the two images above"},
		{Settings{K: 3, Mixup: true, Alpha: 1}, "sum of the 3 images above"},
		{Settings{K: 2, CutMix: true, MinMax: true}, "box pasted in from the image on the right"},
		{Settings{K: 2, CutMix: true, Mixup: true, Alpha: 1, PerRow: true}, "Some of the large pictures"},
		{Settings{K: 2, CutMix: true, Mixup: true, Alpha: 1}, "in the same way"},
	} {
		if got := tc.s.meaning(); !strings.Contains(got, tc.want) {
			t.Errorf("%+v means %q, want %q in it", tc.s, got, tc.want)
		}
	}
}

// TestBuiltIn wants images of many colours, which differ from each other.
func TestBuiltIn(t *testing.T) {
	g := BuiltIn()
	again, err := FromRGBA(g.RGBA(), g.Side, g.Classes)
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(again.Labels, again.Classes) != fmt.Sprint(g.Labels, g.Classes) || fmt.Sprint(again.Values) != fmt.Sprint(g.Values) {
		t.Error("the pixels that a browser gets do not make the same images")
	}
	if n := len(g.Labels); n != 8 || len(g.Values) != n*3*side*side {
		t.Fatalf("%d images of %d values, want 8 of %d", n, len(g.Values), 3*side*side)
	}
	rgba := g.RGBA()
	for i := range g.Labels {
		image := rgba[i*side*side*4:][:side*side*4]
		colours := map[[4]uint8]bool{}
		for p := 0; p < len(image); p += 4 {
			colours[[4]uint8(image[p:])] = true
		}
		if len(colours) < 100 {
			t.Errorf("%s has %d colours, want 100 or more", g.Classes[i], len(colours))
		}
		for j := range i {
			if bytes.Equal(image, rgba[j*side*side*4:][:side*side*4]) {
				t.Errorf("%s looks like %s", g.Classes[i], g.Classes[j])
			}
		}
	}
}

func TestFromRGBA(t *testing.T) {
	g, err := FromRGBA([]uint8(strings.Repeat("\x01\x02\x03\xff", 16)+strings.Repeat("\x04\x05\x06\xff", 32)), 4, []string{"a", "b", "a"})
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(g.Labels, g.Classes) != "[0 1 0] [a b]" {
		t.Errorf("labels are %v of %v, want [0 1 0] of [a b]", g.Labels, g.Classes)
	}
	for i, want := range []float32{1, 2, 3, 4, 5, 6, 4, 5, 6} {
		if got := g.Values[16*i]; got != want {
			t.Errorf("the first pixel of plane %d is %v, want %v", i, got, want)
		}
	}
	if got, want := g.Shape(), (mixup.Image{Channels: 3, Height: 4, Width: 4}); got != want {
		t.Errorf("the shape is %v, want %v", got, want)
	}
	for want, images := range map[string]struct{ bytes, side, n int }{
		"0 images, want 1 to 64":                          {0, 4, 0},
		"65 images, want 1 to 64":                         {65 * 64, 4, 65},
		"63 bytes of pixels, want 1 images of 4×4 pixels": {63, 4, 1},
		"36 bytes of pixels, want 1 images of 3×3 pixels": {36, 3, 1},
	} {
		if _, err := FromRGBA(make([]uint8, images.bytes), images.side, make([]string, images.n)); fmt.Sprint(err) != want {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}
