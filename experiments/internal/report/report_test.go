package report

import (
	"bytes"
	"errors"
	"image/png"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot"
)

func TestTable(t *testing.T) {
	table := Table{Columns: []string{"set", "error, %", "p", "n"}, Decimals: 1}
	table.Add("a|b", Value{12.3456, 0.25}, P(0.5), 0.25)
	table.Add(`say "x", y`, Value{1, math.NaN()}, P(1e-5), 3)
	var md, csv bytes.Buffer
	if err := table.Markdown(&md); err != nil {
		t.Fatal(err)
	}
	if err := table.CSV(&csv); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ name, got, want string }{
		{"Markdown", md.String(), `
| set        | error, %   | p       | n   |
| ---        | ---        | ---     | --- |
| a\|b       | 12.3 ± 0.2 | 0.500   | 0.2 |
| say "x", y | 1.0        | < 0.001 | 3   |
`},
		{"CSV", csv.String(), `
set,"error, %","error, %, standard error",p,n
a|b,12.3456,0.25,0.5,0.25
"say ""x"", y",1,,1e-05,3
`},
	} {
		if want := strings.TrimPrefix(tc.want, "\n"); tc.got != want {
			t.Errorf("%s:\n%s, want\n%s", tc.name, tc.got, want)
		}
	}
	if table.LacksP() {
		t.Error("a p is missing, want none to be")
	}
	table.Rows[0][2] = P(math.NaN())
	if got := table.Rows[0][2].(P).String(); got != "–" || !table.LacksP() {
		t.Errorf("p = NaN is shown as %q, want a dash and the table to know", got)
	}
	defer func() {
		if got, want := recover(), "report: row 2 has 1 cells, want 4"; got != want {
			t.Errorf("panic %v, want %v", got, want)
		}
	}()
	table.Add(1)
}

// full is a file on which there is no room.
type full struct{}

var errFull = errors.New("full")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestTableErrors(t *testing.T) {
	table := Table{Columns: []string{"set"}}
	for _, write := range []func(io.Writer) error{table.Markdown, table.CSV} {
		if err := write(full{}); err != errFull {
			t.Errorf("error %v, want %v", err, errFull)
		}
	}
}

func TestMean(t *testing.T) {
	for _, tc := range []struct {
		x    []float64
		want string
	}{
		{[]float64{1, 2, 3}, "2.00 ± 0.58"}, // a deviation of 1, over √3
		{[]float64{1.5}, "1.50"},
	} {
		if got := Mean(tc.x).Format(2); got != tc.want {
			t.Errorf("mean of %v = %s, want %s", tc.x, got, tc.want)
		}
	}
}

// TestWilcoxon compares with all choices of signs, one by one.
func TestWilcoxon(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	tests := [][]float64{{}, {0, 0}, {1}, {1, 2, 3, 4, 5}, {-1, 2, -2, 3, 3, 3, 0}}
	for n := range 10 {
		d := make([]float64, n)
		for i := range d {
			d[i] = float64(r.IntN(9) - 3)
		}
		tests = append(tests, d)
	}
	for _, d := range tests {
		// ranks of those that are not zero, in halves
		var value, rank []float64
		for _, v := range d {
			if v == 0 {
				continue
			}
			value = append(value, v)
			var below, equal float64
			for _, w := range d {
				switch {
				case w == 0:
				case math.Abs(w) < math.Abs(v):
					below++
				case math.Abs(w) == math.Abs(v):
					equal++
				}
			}
			rank = append(rank, 2*below+equal+1)
		}
		sum := func(positive func(i int) bool) (s float64) {
			for i, r := range rank {
				if positive(i) {
					s += r
				} else {
					s -= r
				}
			}
			return math.Abs(s)
		}
		far, all := 0, 1<<len(value)
		for signs := range all {
			if sum(func(i int) bool { return signs>>i&1 == 1 }) >= sum(func(i int) bool { return value[i] > 0 }) {
				far++
			}
		}
		if got, want := Wilcoxon(d), float64(far)/float64(all); math.Abs(got-want) > 1e-12 {
			t.Errorf("%v: p = %v, want %v", d, got, want)
		}
	}
}

func TestTicks(t *testing.T) {
	for _, tc := range []struct {
		low, high float64
		want      string
	}{
		{-0.88, 2.09, "-0.5 0.0 0.5 1.0 1.5 2.0"},
		{-5.3, 2.4, "-4 -2 0 2"},
		{0, 1, "0.0 0.2 0.4 0.6 0.8 1.0"},
		{0, 1.5, "0.0 0.5 1.0 1.5"},
		{17.1, 29.9, "18 20 22 24 26 28"},
		{-0.3, 0.7, "-0.2 0.0 0.2 0.4 0.6"},
		{-0.1, 60, "0 20 40 60"},
		{-1e-3, 5e-4, "-0.0010 -0.0005 0.0000 0.0005"},
		{0.3, 0.3001, "0.30000 0.30002 0.30004 0.30006 0.30008"},
		{0, 20000, "0 5000 10000 15000 20000"},
	} {
		var labels []string
		for _, tick := range (ticks{}).Ticks(tc.low, tc.high) {
			labels = append(labels, tick.Label)
		}
		if got := strings.Join(labels, " "); got != tc.want {
			t.Errorf("ticks from %v to %v: %s, want %s", tc.low, tc.high, got, tc.want)
		}
	}
}

// TestMinus wants rounding to make no difference.
func TestMinus(t *testing.T) {
	tenth := 0.1 // a variable, since constants are not rounded before they are used
	a, b := []float64{tenth + 2*tenth, 100 * (1 - 9*tenth), 3}, []float64{0.3, 10, 1}
	if a[0] == b[0] || a[1] == b[1] {
		t.Fatal("the numbers are equal, want them parted by rounding")
	}
	if got, want := Minus(a, b), []float64{0, 0, 2}; !slices.Equal(got, want) {
		t.Errorf("differences %v, want %v", got, want)
	}
}

func TestWilcoxonTies(t *testing.T) {
	// All of them are 0.1 but for rounding, which leaves the one below zero the
	// largest.
	d := Minus([]float64{0.2, 0.3, 0.4, 0.5, 0.6, 0.7}, []float64{0.1, 0.2, 0.3, 0.4, 0.5, 0.8})
	if got, want := Wilcoxon(d), Wilcoxon([]float64{1, 1, 1, 1, 1, -1}); got != want {
		t.Errorf("%v: p = %v, want %v", d, got, want)
	}
}

func TestPairedT(t *testing.T) {
	fifth := 0.2
	closed := func(t float64) float64 { return 1 - t/math.Sqrt(t*t+2) } // of two degrees of freedom
	for _, tc := range []struct {
		d       []float64
		overlap float64
		want    float64
	}{
		{[]float64{1, 2, 3}, 0, closed(2 * math.Sqrt(3))},
		{[]float64{-1, -2, -3}, 0, closed(2 * math.Sqrt(3))},
		{[]float64{1, 2, 3}, 1, closed(2 / math.Sqrt(1./3+1))},
		{[]float64{0, 0, 0}, 0, 1},
		{[]float64{1, 1}, 0, math.NaN()},
		{[]float64{fifth - fifth/2, 1.5*fifth - fifth, 2*fifth - 1.5*fifth}, 0, math.NaN()}, // 0.1 but for rounding
		{[]float64{}, 0, math.NaN()},
		{[]float64{1}, 0, math.NaN()},
	} {
		got := PairedT(tc.d, tc.overlap)
		if !(math.Abs(got-tc.want) < 1e-12 || math.IsNaN(got) && math.IsNaN(tc.want)) {
			t.Errorf("%v with overlap %v: p = %v, want %v", tc.d, tc.overlap, got, tc.want)
		}
	}
}

// TestFalseAlarms checks that p is below 0.1 for about a tenth of samples from a
// symmetric distribution: 2000 samples are within four standard deviations, 0.027
// of each other, but for one seed in 16000.
func TestFalseAlarms(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var t10, wilcoxon10 int
	const samples = 2000
	for range samples {
		d := make([]float64, 20)
		for i := range d {
			d[i] = r.NormFloat64()
		}
		if PairedT(d, 0) < 0.1 {
			t10++
		}
		if Wilcoxon(d) < 0.1 {
			wilcoxon10++
		}
	}
	for name, n := range map[string]int{"t": t10, "Wilcoxon": wilcoxon10} {
		if got := float64(n) / samples; math.Abs(got-0.1) > 0.027 {
			t.Errorf("%s: p < 0.1 for a share of %v, want 0.1 ± 0.027", name, got)
		}
	}
}

func TestPictures(t *testing.T) {
	curves := NewPlot("curves", "x", "y")
	if err := AddCurves(curves,
		Curve{"a", []float64{1, 2, 3}, []Value{{1, 0.1}, {2, 0.2}, {1, 0.3}}},
		Curve{"b", []float64{1, 2, 3}, []Value{{1, math.NaN()}, {2, math.NaN()}, {5, math.NaN()}}}); err != nil {
		t.Fatal(err)
	}
	bars := NewPlot("bars", "x", "y")
	if err := AddBars(bars, []string{"g", "h"},
		Bar{"a", []Value{{1, 0.1}, {-2, 0.1}}},
		Bar{"b", []Value{{2, math.NaN()}, {3, math.NaN()}}}); err != nil {
		t.Fatal(err)
	}
	for _, p := range []struct {
		name     string
		p        *plot.Plot
		min, max float64 // of y
	}{{"curves", curves, 0.7, 5}, {"bars", bars, -2.1, 3}} {
		if math.Abs(p.p.Y.Min-p.min) > 1e-12 || math.Abs(p.p.Y.Max-p.max) > 1e-12 {
			t.Errorf("%s: y from %v to %v, want %v to %v", p.name, p.p.Y.Min, p.p.Y.Max, p.min, p.max)
		}
	}
	name := filepath.Join(t.TempDir(), "x.png")
	if err := Save(name, 3, 2, curves, bars); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	if got := img.Bounds().Size(); got.X != 660 || got.Y != 220 {
		t.Errorf("picture of %v pixels, want 660 × 220", got)
	}
	for i, c := range colors[:2] {
		for panel := range 2 {
			found := false
			for x := 330 * panel; x < 330*(panel+1) && !found; x++ {
				for y := range 220 {
					r, g, b, _ := img.At(x, y).RGBA()
					if uint8(r>>8) == c.R && uint8(g>>8) == c.G && uint8(b>>8) == c.B {
						found = true
						break
					}
				}
			}
			if !found {
				t.Errorf("panel %d has no point in the colour of curve or bar %d", panel, i)
			}
		}
	}
	if err := Save(filepath.Join(t.TempDir(), "none", "x.png"), 3, 2, curves); err == nil {
		t.Error("no error for a file in a directory that does not exist")
	}
}
