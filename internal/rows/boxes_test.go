package rows

import (
	"fmt"
	"image"
	"math/rand/v2"
	"slices"
	"testing"
)

// A minibatch is n images.
type minibatch struct {
	n int
	picture
}

var smallMinibatches = []minibatch{
	{1, picture{1, 1, 1, false}},
	{2, picture{3, 4, 5, false}},
	{7, picture{2, 5, 3, true}},
	{16, picture{3, 8, 8, false}},
	{16, picture{3, 8, 8, true}},
}

var largeMinibatches = []minibatch{
	{2, picture{3, 90, 80, false}}, // beyond the tiles that rows are cut into
	{3, picture{3, 90, 80, true}},
	{100, picture{2, 12, 15, false}},
	{2, picture{1, 2, tile + 5, false}},
	{7, picture{2, 1, 40, true}}, // series
	{7, picture{2, 1, 40, false}},
	{4, picture{3, 1, 3 * transposeTile, true}},
	{4, picture{3, 1, 3 * transposeTile, false}},
	{3, picture{2, 3 * transposeTile, 1, false}},
	{2, picture{byteTile + 3, 2, 2, true}},
}

// randomBox returns a box of any size, somewhere in the image. Now and then it is
// all of the image, all of its width, or empty.
func randomBox(p picture, r *rand.Rand) image.Rectangle {
	between := func(n int) (lo, hi int) {
		lo, hi = r.IntN(n+1), r.IntN(n+1)
		return min(lo, hi), max(lo, hi)
	}
	b := image.Rect(0, 0, p.width, p.height)
	switch r.IntN(8) {
	case 0:
	case 1:
		b.Min.Y, b.Max.Y = between(p.height)
	default:
		b.Min.Y, b.Max.Y = between(p.height)
		b.Min.X, b.Max.X = between(p.width)
	}
	return b
}

// give gives row i a box, and weights of which no third is positive.
func give(b *Boxes, i int, box image.Rectangle) {
	b.Box[i] = box
	if !box.Empty() {
		set(b.W, i, .25, .75)
	}
}

// A boxing is a way to give boxes to rows.
type boxing struct {
	name string
	give func(b *Boxes, p picture, r *rand.Rand)
}

var boxings = []boxing{
	{"some boxes", func(b *Boxes, p picture, r *rand.Rand) {
		for i := range b.Box {
			if r.IntN(2) == 0 {
				give(b, i, randomBox(p, r))
			}
		}
	}},
	{"one box", func(b *Boxes, p picture, r *rand.Rand) {
		box := randomBox(p, r)
		for i := range b.Box {
			give(b, i, box)
		}
	}},
	{"a box per row", func(b *Boxes, p picture, r *rand.Rand) {
		for i := range b.Box {
			give(b, i, randomBox(p, r))
		}
	}},
	{"no boxes", func(*Boxes, picture, *rand.Rand) {}},
}

// forBoxes runs a test for Boxes of every kind.
func forBoxes(t *testing.T, minibatches []minibatch, boxings []boxing, test func(t *testing.T, b Boxes, p picture, r *rand.Rand)) {
	for number, k := range kinds {
		for _, boxing := range boxings {
			for _, m := range minibatches {
				if testing.Short() && number%4 > 0 && m.n*m.dim() > 5000 {
					continue
				}
				t.Run(fmt.Sprintf("%s/%s/n=%d/%v", k.name, boxing.name, m.n, m.picture), func(t *testing.T) {
					r := rand.New(rand.NewPCG(uint64(m.n), uint64(m.width)))
					b := Boxes{k.fill(m.n, r), m.grid(), make([]image.Rectangle, m.n)}
					if b.W.K > 1 {
						boxing.give(&b, m.picture, r)
					}
					test(t, b, m.picture, r)
				})
			}
		}
	}
}

// forAllBoxes runs a test for Boxes of every kind and size, on one goroutine and
// on several.
func forAllBoxes(t *testing.T, test func(t *testing.T, b Boxes, p picture, l limits, r *rand.Rand)) {
	goroutines(t, 3)
	with := func(l limits) func(t *testing.T, b Boxes, p picture, r *rand.Rand) {
		return func(t *testing.T, b Boxes, p picture, r *rand.Rand) { test(t, b, p, l, r) }
	}
	forBoxes(t, smallMinibatches, boxings, with(standard()))
	forBoxes(t, largeMinibatches, boxings[:1], with(standard()))
	t.Run("parallel", func(t *testing.T) {
		forBoxes(t, slices.Concat(smallMinibatches[:3], largeMinibatches[:3]), boxings[:1], with(limits{}))
	})
}

func TestBoxes(t *testing.T) { forAllBoxes(t, checkBoxes) }

// checkBoxes compares the products of b with the slow ones.
func checkBoxes(t *testing.T, b Boxes, p picture, l limits, r *rand.Rand) {
	t.Helper()
	n, dim := len(b.Box), p.dim()
	x, pool := floats[float32](n*dim, r), floats[float32]((n+3)*dim, r)
	ahead := Boxes{shifted(b.W), b.Grid, b.Box}
	var s Scratch

	want := slowBoxes(b, p, x)
	dst := make([]float32, n*dim)
	b.mulTo(dst, x, l)
	wantBits(t, "MulTo", dst, want)
	dst = slices.Clone(x)
	b.mul(dst, &s, l)
	wantBits(t, "Mul", dst, want)
	ahead.mulTo(dst, pool, l)
	wantBits(t, "MulTo from a pool", dst, slowBoxes(ahead, p, pool))

	back := slowBoxesTransposed(b, p, x, n)
	dst = slices.Clone(pool[:n*dim])
	b.mulTransposedTo(dst, x, &s, l)
	wantBits(t, "MulTransposedTo", dst, back)
	dst = slices.Clone(x)
	b.mulTransposedTo(dst, dst, &s, l)
	wantBits(t, "MulTransposedTo in place", dst, back)
	dst = slices.Clone(pool)
	ahead.mulTransposedTo(dst, x, &s, l)
	wantBits(t, "MulTransposedTo a pool", dst, slowBoxesTransposed(ahead, p, x, n+3))
}

// A minibatch may be empty, however large its images are.
func TestNoImages(t *testing.T) {
	p := picture{3, 90, 80, false}
	b := Boxes{Matrix{K: 2}, p.grid(), nil}
	var z Normalizer
	z.Set(b.Grid, nil, nil)
	for _, l := range []limits{standard(), {}} {
		var s Scratch
		b.mul(nil, &s, l)
		b.mulTo(nil, nil, l)
		b.mulBytesTo(nil, nil, &z, &s, l)
		b.mulTransposedTo(nil, nil, &s, l)
		unread := slices.Repeat([]float32{5}, p.dim())
		b.mulTransposedTo(unread, nil, &s, l)
		wantBits(t, "a source row that nobody reads", unread, make([]float32, p.dim()))
	}
}

// What is pasted is not computed with: Inf and NaN stay where they are, and -0
// keeps its sign.
func TestPastedValuesAreCopied(t *testing.T) {
	x := []float32{
		1, inf, negativeZero, 4,
		nan, 6, 7, negativeZero,
	}
	b := Boxes{
		W:    Matrix{2, []int{0, 1, 1, 0}, []float32{.5, .5, .5, .5}},
		Grid: Grid{1, 2, 2, 1, false},
		Box:  []image.Rectangle{image.Rect(1, 0, 2, 2), image.Rect(0, 0, 2, 1)},
	}
	b.Mul(x, new(Scratch))
	wantBits(t, "mixed", x, []float32{
		1, 6, negativeZero, negativeZero,
		1, inf, 7, negativeZero,
	})
}

// A pasted gradient is added to 0, which makes 0 of -0.
func TestPastedGradientStartsAtZero(t *testing.T) {
	b := Boxes{
		W:    Matrix{2, []int{0, 1, 1, 0}, []float32{.5, .5, .5, .5}},
		Grid: Grid{1, 1, 2, 1, false},
		Box:  []image.Rectangle{image.Rect(1, 0, 2, 1), image.Rect(0, 0, 2, 1)},
	}
	grad := slices.Repeat([]float32{negativeZero}, 4)
	dst := make([]float32, 4)
	b.MulTransposedTo(dst, grad, new(Scratch))
	wantBits(t, "MulTransposedTo", dst, make([]float32, 4))
	b.MulTransposedTo(grad, grad, new(Scratch))
	wantBits(t, "MulTransposedTo in place", grad, make([]float32, 4))
}

func TestPaste(t *testing.T) {
	src := []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"}
	for _, test := range []struct {
		name string
		grid Grid
		want string
	}{
		{"NCHW", Grid{2, 2, 3, 1, false}, ".bc....hi..."},
		{"NHWC", Grid{1, 2, 6, 2, false}, "..cdef......"},
	} {
		dst := slices.Repeat([]string{"."}, 12)
		Paste(dst, src, test.grid, image.Rect(1, 0, 3, 1))
		if got := fmt.Sprint(dst); got != fmt.Sprint(letters(test.want)) {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

func letters(s string) (l []string) {
	for _, c := range s {
		l = append(l, string(c))
	}
	return l
}

// In place no more is saved of rows than the boxes that are read later.
func TestBoxesThatAreSaved(t *testing.T) {
	const n = 5
	b := Boxes{
		W:    pairs(n, rand.New(rand.NewPCG(1, 2)), func(i int) int { return (i + 1) % n }),
		Grid: Grid{3, 20, 30, 1, false},
		Box:  slices.Repeat([]image.Rectangle{image.Rect(3, 4, 10, 12)}, n),
	}
	var s Scratch
	b.Mul(make([]float32, n*3*20*30), &s)
	for i, saved := range s.boxes.saved {
		want := image.Rectangle{}
		if i == 0 { // the first row of the cycle, for the last
			want = b.Box[n-1]
		}
		if saved != want {
			t.Errorf("step %d saves %v, want %v", i, saved, want)
		}
	}
}
