package mixup

// Cuts as values: which boxes belong to which labels, and Cuts that are set by hand,
// copied, logged and printed.

import (
	"encoding/json"
	"fmt"
	"image"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

const staleCut = "mixup: Cut: Labels were drawn or set without Box, want both from a CutSampler, Cut.SetPairs or Cut.Identity, " +
	"or a Clone as Labels and Box set by hand"

// square is the Image of goodCut.
var square = Image{Channels: 1, Height: 2, Width: 2}

// wantCut checks that got is want to the bit, with all that Clone copies.
func wantCut(t *testing.T, what string, got, want *Cut) {
	t.Helper()
	if got.Labels.K != want.Labels.K || !slices.Equal(got.Labels.Index, want.Labels.Index) || !slices.Equal(got.Labels.Weight, want.Labels.Weight) ||
		got.Labels.serial != want.Labels.serial || got.Image != want.Image || !slices.Equal(got.Box, want.Box) || got.serial != want.serial {
		t.Errorf("%s: c is %+v, want %+v", what, got, want)
	}
}

// cutWays are ways to make a Cut of two rows of square.
var cutWays = []struct {
	name string
	make func(c *Cut)
}{
	{"filled in", func(c *Cut) { *c = *goodCut() }},
	{"SetPairs", func(c *Cut) {
		c.Image = square
		c.SetPairs([]int{1, 0}, image.Rect(0, 0, 1, 2))
	}},
	{"Identity", func(c *Cut) {
		c.Image = square
		c.Identity(2)
	}},
	{"CutSampler", func(c *Cut) {
		s := CutSampler{Image: Image{Channels: 1, Height: 1, Width: 4}, Alpha: 1, Src: rand.NewPCG(1, 2)}
		s.Sample(c, 2)
	}},
}

// labelWays are ways to make Labels of two rows anew.
var labelWays = []struct {
	name string
	make func(m *Mix)
}{
	{"Sample", func(m *Mix) { (&Sampler{Alpha: 1}).Sample(m, 2) }},
	{"Sample of nothing", func(m *Mix) { (&Sampler{}).Sample(m, 2) }},
	{"SamplePairs", func(m *Mix) { (&Sampler{Alpha: 1}).SamplePairs(m, []int{1, 0}) }},
	{"SetPairs", func(m *Mix) { m.SetPairs([]int{1, 0}, .5) }},
	{"Identity", func(m *Mix) { m.Identity(2) }},
	{"Remix", func(m *Mix) {
		Remix{Kappa: 3, Tau: .5, ClassCount: []int{1, 9}}.Apply(m, m, []int{0, 1})
	}},
	{"Remix of another", func(m *Mix) {
		other := Mix{K: 2, Index: []int{0, 1, 1, 0}, Weight: []float32{.5, .5, .5, .5}}
		Remix{Kappa: 3, Tau: .5, ClassCount: []int{1, 9}}.Apply(m, &other, []int{0, 1})
	}},
	{"a drawn Mix assigned", func(m *Mix) {
		var other Mix
		(&Sampler{Alpha: 1}).Sample(&other, 2)
		*m = other
	}},
}

// Labels that were made anew must not go with the boxes of an older draw.
func TestStaleCutIsRefused(t *testing.T) {
	for _, cut := range cutWays {
		for _, labels := range labelWays {
			t.Run(cut.name+"/"+labels.name, func(t *testing.T) {
				var c Cut
				cut.make(&c)
				if err := c.Validate(2); err != nil {
					t.Fatal(err)
				}
				labels.make(&c.Labels)

				wantError(t, c.Validate(2), staleCut)
				before := c.Clone()
				x := []float32{1, 2, 3, 4, 5, 6, 7, 8}
				y, u := slices.Clone(x), make([]uint8, 8)
				wantPanic(t, staleCut, func() { c.Apply(x) })
				wantPanic(t, staleCut, func() { c.ApplyTo(x, y) })
				wantPanic(t, staleCut, func() { c.ApplyBytesTo(x, u, Norm{}) })
				wantPanic(t, staleCut, func() { c.BackwardTo(x, y) })
				wantPanic(t, staleCut, func() { Paste(&c, x, y, 1) })
				wantPanic(t, staleCut, func() { c.Select([]int{5, 6}) })
				wantPanic(t, staleCut, func() { c.Clone().Apply(x) })
				wantBits(t, "after the panics", x, y)
				wantCut(t, "after the panics", &c, before)

				// Labels are good for what they are, and the Cut once it is drawn again.
				c.Labels.OneHotTo(x[:4], []int{0, 1}, 2)
				cut.make(&c)
				c.Apply(y)
			})
		}
	}
}

// Drawing labels alone is the same mistake if there are no rows.
func TestStaleCutOfNoRowsIsRefused(t *testing.T) {
	var c Cut
	(&Sampler{Alpha: 1}).Sample(&c.Labels, 0)
	wantPanic(t, staleCut, func() { c.Apply(nil) })
}

// Who fills in Labels by hand is trusted to have set the boxes that go with them.
func TestCutFilledInByHand(t *testing.T) {
	x := []float32{1, 2, 3, 4, 5, 6, 7, 8}
	want := []float32{5, 2, 7, 4, 1, 6, 7, 8}
	check := func(name string, c *Cut) {
		t.Helper()
		wantError(t, c.Validate(2), "")
		y := slices.Clone(x)
		c.Apply(y)
		wantBits(t, name, y, want)
	}
	check("fields", goodCut())

	var m Mix
	(&Sampler{Alpha: 1}).SamplePairs(&m, []int{1, 0})
	check("a Clone of a drawn Mix", &Cut{Labels: *m.Clone(), Image: square, Box: goodCut().Box})

	var used Cut
	cutWays[3].make(&used)
	used.Labels, used.Image, used.Box = goodCut().Labels, square, goodCut().Box
	check("all fields of a Cut that was drawn", &used)

	cutWays[3].make(&used)
	copy(used.Labels.Index, goodCut().Labels.Index)
	copy(used.Labels.Weight, goodCut().Labels.Weight)
	copy(used.Box, goodCut().Box)
	used.Image = square
	check("elements of a Cut that was drawn", &used)

	whole := used
	check("a copy of a Cut", &whole)
	check("a Clone of a Cut", used.Clone())

	used.Select([]int{0, 1})
	check("after Select", &used)
}

// A logged draw comes back to the bit, into a new Cut or a used one.
func TestCutAsJSON(t *testing.T) {
	const n = 16
	r := rand.New(rand.NewPCG(1, 2))
	s := CutSampler{Image: oblong, Alpha: 1, PerSample: true, Skip: .2, Mixup: Sampler{Alpha: 1, K: 3}, Switch: .5, Src: rand.NewPCG(1, 2)}
	var c, back Cut
	for range 3 {
		s.Sample(&c, n)
		text, err := json.Marshal(&c)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		wantError(t, back.Validate(n), "")
		if back.Labels.K != 3 || !slices.Equal(back.Labels.Index, c.Labels.Index) || !slices.Equal(back.Box, c.Box) || back.Image != oblong {
			t.Fatalf("came back as %v, want %v", back, c)
		}
		wantBits(t, "weights", back.Labels.Weight, c.Labels.Weight)
		x := normalRows(n*oblong.dim(), r)
		y := slices.Clone(x)
		c.Apply(x)
		back.Apply(y)
		wantBits(t, "replayed", y, x)
		s.Sample(&back, n) // from now on it is a used one
	}
}

func TestCutSetPairs(t *testing.T) {
	left, all, none := box(0, 12, 0, 3), oblong.bounds(), box(4, 4, 2, 9)
	for _, test := range []struct {
		name    string
		partner []int
		box     []image.Rectangle
		lambda  []float64
	}{
		{"one box", []int{2, 0, 5}, []image.Rectangle{left}, []float64{2. / 3, 2. / 3, 2. / 3}},
		{"a box each", []int{2, 1, 0, 7}, []image.Rectangle{left, all, none, {}}, []float64{2. / 3, 0, 1, 1}},
		{"a row", []int{0}, []image.Rectangle{left}, []float64{2. / 3}},
		{"no rows, one box", nil, []image.Rectangle{left}, nil},
		{"no rows", nil, nil, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := Cut{Image: oblong, Box: make([]image.Rectangle, 2, 9)}
			for range 2 { // into memory that is new, and that is used
				c.SetPairs(test.partner, test.box...)
				wantError(t, c.Validate(8), "")
				if c.Len() != len(test.partner) || c.Labels.K != 2 {
					t.Fatalf("%d rows of %d terms, want %d of 2", c.Len(), c.Labels.K, len(test.partner))
				}
				for i, j := range test.partner {
					if got, want := c.Box[i], test.box[min(i, len(test.box)-1)]; got != want {
						t.Errorf("row %d has box %v, want %v", i, got, want)
					}
					lambda := test.lambda[i]
					wantBits(t, "weights", c.Labels.Weight[2*i:2*i+2], []float32{float32(lambda), float32(1 - lambda)})
					if got := c.Labels.Index[2*i : 2*i+2]; got[0] != i || got[1] != j {
						t.Errorf("row %d has indices %v, want %v", i, got, []int{i, j})
					}
				}
				c.Labels.Identity(40) // dirt
			}
		})
	}
}

// SetPairs makes of the boxes of a CutSampler what the CutSampler made.
func TestCutSetPairsReplaysBoxes(t *testing.T) {
	for _, img := range []Image{oblong, {1, 1, 29, NCHW}} {
		s := CutSampler{Image: img, Alpha: 1, PerSample: true, Src: rand.NewPCG(1, 2)}
		var c Cut
		s.Sample(&c, 50)
		partner := make([]int, 50)
		for i := range partner {
			partner[i] = c.Labels.Partner(i)
		}
		again := Cut{Image: img}
		again.SetPairs(partner, c.Box...)
		again.serial, again.Labels.serial = c.serial, c.Labels.serial
		wantCut(t, img.String(), &again, &c)
	}
}

func TestCutSetPairsPanics(t *testing.T) {
	c := goodCut()
	c.SetPairs([]int{1, 0}, image.Rect(0, 0, 1, 2))
	before := c.Clone()
	good := image.Rect(0, 0, 1, 1)
	for _, test := range []struct {
		want    string
		partner []int
		box     []image.Rectangle
	}{
		{"mixup: SetPairs: 0 boxes, want 1, or one for each of 2 partners", []int{1, 0}, nil},
		{"mixup: SetPairs: 3 boxes, want 1, or one for each of 2 partners", []int{1, 0}, []image.Rectangle{good, good, good}},
		{"mixup: SetPairs: 2 boxes, want 1, or one for each of 0 partners", nil, []image.Rectangle{good, good}},
		{"mixup: SetPairs: box[1] = (0,0)-(3,1), want Min ≤ Max within the image, (0,0)-(2,2)", []int{1, 0}, []image.Rectangle{good, box(0, 1, 0, 3)}},
		{"mixup: SetPairs: box[0] = (1,1)-(0,0), want Min ≤ Max within the image, (0,0)-(2,2)", []int{1, 0}, []image.Rectangle{box(1, 0, 1, 0)}},
		{"mixup: row 1: partner -1, want a row ≥ 0", []int{1, -1}, []image.Rectangle{good}},
		{"mixup: partner and m.Index overlap", c.Labels.Index[2:4], []image.Rectangle{good}},
	} {
		wantPanic(t, test.want, func() { c.SetPairs(test.partner, test.box...) })
		wantCut(t, test.want, c, before)
	}
	c.Image, before.Image = Image{}, Image{}
	want := "mixup: Cut.Image is 0×0×0 NCHW, want Channels, Height and Width ≥ 1, and NCHW or NHWC"
	wantPanic(t, want, func() { c.SetPairs([]int{1, 0}, good) })
	wantPanic(t, want, func() { c.SetPairs(nil) })
	wantCut(t, want, c, before)
}

func TestCutIdentity(t *testing.T) {
	c := goodCut()
	for _, n := range []int{2, 3, 0, 7} { // 2 in the memory that has boxes
		c.Identity(n)
		wantError(t, c.Validate(n), "")
		if c.Len() != n || c.Labels.K != 1 || c.Image != square || !slices.Equal(c.Box, make([]image.Rectangle, n)) {
			t.Errorf("Identity(%d) is %v", n, c)
		}
		x := make([]float32, 4*n)
		for i := range x {
			x[i] = []float32{inf, nan, 3}[i%3]
		}
		y, z := slices.Clone(x), make([]float32, 4*n)
		c.Apply(y)
		wantBits(t, "Apply", y, x)
		c.ApplyTo(z, x)
		wantBits(t, "ApplyTo", z, x)
		clear(z)
		Paste(c, z, x, 1)
		wantBits(t, "Paste", z, x)
	}
	before := c.Clone()
	wantPanic(t, "mixup: Identity of n = -1 rows, want ≥ 0", func() { c.Identity(-1) })
	wantCut(t, "after the panic", c, before)
}

func TestCutCloneSharesNothing(t *testing.T) {
	for _, cut := range cutWays {
		var c Cut
		cut.make(&c)
		d := c.Clone()
		wantCut(t, cut.name, d, &c)
		want := c // whose memory is its own
		want.Box = slices.Clone(c.Box)
		want.Labels.Index, want.Labels.Weight = slices.Clone(c.Labels.Index), slices.Clone(c.Labels.Weight)
		for p := range c.Labels.Index {
			c.Labels.Index[p], c.Labels.Weight[p] = 9, 9
		}
		c.Box[0], c.Box[1] = box(9, 9, 9, 9), box(9, 9, 9, 9)
		c.Image = oblong
		wantCut(t, cut.name+", changed", d, &want)
	}
}

func TestCutString(t *testing.T) {
	c := goodCut()
	if got, want := fmt.Sprint(c), "Cut of 1×2×2 NCHW images, boxes [(0,0)-(1,2) (0,0)-(1,1)]; "+c.Labels.String(); got != want {
		t.Errorf("got  %s, want %s", got, want)
	}
	if got, want := c.String(), fmt.Sprint(*c); got != want {
		t.Errorf("a Cut prints %s, its pointer %s", want, got)
	}
	// A long one, after use, is still one short line.
	var long Cut
	s := CutSampler{Image: oblong, Alpha: 1, PerSample: true, Src: rand.NewPCG(1, 2)}
	s.Sample(&long, 500)
	long.Apply(make([]float32, 500*oblong.dim()))
	if got := fmt.Sprintf("%v, %+v", long, &long); len(got) > 600 || strings.Contains(got, "\n") || !strings.Contains(got, " …; Mix of 500 rows") {
		t.Errorf("%d characters: %s", len(got), got)
	}
	if got := (Cut{}).String(); got != "Cut of 0×0×0 NCHW images, boxes []; Mix of 0 rows, K = 0" {
		t.Errorf("the zero Cut prints %s", got)
	}
}
