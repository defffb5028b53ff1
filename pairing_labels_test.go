package mixup

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/seed-7466c776/mixup/internal/random/randomtest"
	"gonum.org/v1/gonum/stat/distuv"
)

// classPairings are the pairings by class, with the rows that row i may get.
var classPairings = []struct {
	name       string
	draw       func(partner, labels []int, src rand.Source)
	candidates func(labels []int, i int) []int
}{
	{"SameClass", SameClass, func(labels []int, i int) []int {
		return rowsWhere(labels, func(j int) bool { return j != i && labels[j] == labels[i] })
	}},
	{"OtherClass", OtherClass, func(labels []int, i int) []int {
		return rowsWhere(labels, func(j int) bool { return labels[j] != labels[i] })
	}},
}

func rowsWhere(labels []int, ok func(j int) bool) (rows []int) {
	for j := range labels {
		if ok(j) {
			rows = append(rows, j)
		}
	}
	return rows
}

func TestClassPairings(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, p := range classPairings {
		for n := range 60 {
			for _, classes := range []int{1, 2, 7, 1000} {
				labels, partner := make([]int, n), make([]int, n)
				for j := range labels {
					labels[j] = 1<<20*r.IntN(classes) - 5
				}
				for _, src := range []rand.Source{nil, r} {
					p.draw(partner, labels, src)
					for i, j := range partner {
						want := p.candidates(labels, i)
						if want == nil {
							want = []int{i}
						}
						if !slices.Contains(want, j) {
							t.Fatalf("%s of labels %v, row %d: partner %d, want one of %v", p.name, labels, i, j, want)
						}
					}
				}
			}
		}
	}
}

func TestClassPairingsAreUniform(t *testing.T) {
	labels := []int{3, 1, 3, 3, Ignore, 1, 3, 0, Ignore, 3} // classes of 5, 2, 2 and 1
	partner := make([]int, len(labels))
	for _, p := range classPairings {
		r := rand.New(rand.NewPCG(3, 4))
		count := make([]map[int]int, len(labels))
		both := map[[2]int]int{}
		for i := range count {
			count[i] = map[int]int{}
		}
		for range fewer(50_000) {
			p.draw(partner, labels, r)
			for i, j := range partner {
				count[i][j]++
			}
			both[[2]int{partner[0], partner[2]}]++ // two rows of one class
		}
		for i := range labels {
			if cells := len(p.candidates(labels, i)); cells > 1 {
				wantUniform(t, fmt.Sprintf("%s, row %d", p.name, i), count[i], cells)
			}
		}
		wantUniform(t, p.name+", rows 0 and 2", both, len(p.candidates(labels, 0))*len(p.candidates(labels, 2)))
	}
}

// wantProportions checks counts against probabilities by a χ² test that a fair
// draw fails once in 10⁸, if its seed were not fixed. What is expected less than
// ten times is counted together.
func wantProportions(t *testing.T, what string, count []int, p []float64) {
	t.Helper()
	var total, chi2, rest, restWant float64
	for _, c := range count {
		total += float64(c)
	}
	cells := 0
	for j, c := range count {
		want := total * p[j]
		if want < 10 {
			rest += float64(c)
			restWant += want
			continue
		}
		cells++
		chi2 += (float64(c) - want) * (float64(c) - want) / want
	}
	if restWant >= 10 {
		cells++
		chi2 += (rest - restWant) * (rest - restWant) / restWant
	} else if s := (distuv.Poisson{Lambda: restWant + 1e-300}).Survival(rest - 1); s < 1e-8 {
		t.Errorf("%s: %v draws of rows that were expected %v times, p = %.2g", what, rest, restWant, s)
	}
	if cells < 2 { // one row that is nearly certain
		return
	}
	if p := (distuv.ChiSquared{K: float64(cells - 1)}).Survival(chi2); p < 1e-8 {
		t.Errorf("%s: %d cells, χ² = %.1f, p = %.2g", what, cells, chi2, p)
	}
}

func TestNearTargetIsWeighted(t *testing.T) {
	for _, test := range []struct {
		name  string
		dim   int
		sigma float64
		y     []float32
	}{
		{"one target", 1, 1, []float32{0, 0.5, 1, 1, 2, 4, 30, -1}},
		{"one target, small sigma", 1, 0.01, []float32{0, 0.005, 0.01, 0.01, 0.02, 0.04, 0.3, -1}},
		{"one target, large sigma", 1, 1e6, []float32{0, 5e5, 1e6, 1e6, 2e6, 4e6, 3e7, -1e6}},
		{"sigma infinite", 1, math.Inf(1), []float32{0, 1, 2, 3, math.MaxFloat32, -math.MaxFloat32}},
		{"copies", 1, 1e-30, []float32{7, 8, 7, 8, 7, 8}},
		{"subnormal", 1, 0x1p-148, []float32{0, 0x1p-149, 0x1p-148, 0x1.8p-148, 0x1p-147}},
		{"three targets", 3, 1, []float32{0, 0, 0, 1, 0, 0, 1, 1, 0, 1, 1, 1, -1, 0.5, 2}},
	} {
		t.Run(test.name, func(t *testing.T) {
			n := len(test.y) / test.dim
			partner, count := make([]int, n), make([][]int, n)
			for i := range count {
				count[i] = make([]int, n)
			}
			r := rand.New(rand.NewPCG(5, 6))
			for range fewer(50_000) {
				NearTarget(partner, test.y, test.dim, test.sigma, r)
				for i, j := range partner {
					count[i][j]++
				}
			}
			for i := range n {
				p := make([]float64, n)
				var sum float64
				for j := range n {
					var square float64
					for d := range test.dim {
						square += math.Pow((float64(test.y[i*test.dim+d])-float64(test.y[j*test.dim+d]))/test.sigma, 2)
					}
					p[j] = math.Exp(-square / 2)
					sum += p[j]
				}
				for j := range p {
					p[j] /= sum
				}
				wantProportions(t, fmt.Sprintf("row %d", i), count[i], p)
			}
		})
	}
}

// TestNearTargetIsExact holds single decisions against the probabilities: of two
// rows the first is its own partner with the probability 1/(1+exp(-‖y₀-y₁‖²/2σ²)).
func TestNearTargetIsExact(t *testing.T) {
	for _, test := range []struct {
		dim   int
		y     []float32
		sigma float64
		half  float64 // ‖y₀-y₁‖²/2σ²
	}{
		{1, []float32{1, 3}, 1, 2},
		{1, []float32{-0.5, 0.25}, 0.75, 0.5},
		{2, []float32{0, 0, 3, 4}, 2.5, 2},
		{3, []float32{1, 2, 3, 2, 1, 4}, 10, 0.015},
	} {
		border := 1 / (1 + math.Exp(-test.half))
		for _, side := range []struct {
			at   float64
			want int
		}{{border - 1e-12, 0}, {border + 1e-12, 1}} {
			src := randomtest.Script{uint64(side.at*0x1p53) << 11, 0}
			partner := make([]int, 2)
			NearTarget(partner, test.y, test.dim, test.sigma, &src)
			if partner[0] != side.want {
				t.Errorf("y = %v, σ = %v: a uniform number of %v draws partner %d, want %d", test.y, test.sigma, side.at, partner[0], side.want)
			}
			if partner[1] != 0 {
				t.Errorf("a uniform number of 0 draws partner %d, want 0", partner[1])
			}
		}
	}
}

func TestNearTargetLimits(t *testing.T) {
	y := []float32{1, 2, 3, 4}
	for _, test := range []struct {
		name  string
		sigma float64
	}{
		{"a tiny sigma", 1e-3},
		{"the least sigma", math.SmallestNonzeroFloat64},
	} {
		partner := make([]int, 4)
		for range 100 {
			if NearTarget(partner, y, 1, test.sigma, nil); !slices.Equal(partner, []int{0, 1, 2, 3}) {
				t.Fatalf("%s: partners %v, want the rows themselves", test.name, partner)
			}
		}
	}
	NearTarget(nil, nil, 1, 1, nil)
}

func TestLabelPairingPanics(t *testing.T) {
	four := []int{1, 2, 1, 2}
	memory := []int{-7, -7, -7, -7, -7, -7}
	for _, test := range []struct {
		name, want string
		f          func(partner []int)
	}{
		{"SameClass/few labels", "mixup: len(labels) = 3, want one for each of the 4 partners", func(p []int) { SameClass(p, four[:3], nil) }},
		{"OtherClass/many labels", "mixup: len(labels) = 4, want one for each of the 3 partners", func(p []int) { OtherClass(p[:3], four, nil) }},
		{"SameClass/overlap", "mixup: partner and labels overlap", func(p []int) { SameClass(p, p, nil) }},
		{"OtherClass/overlap", "mixup: partner and labels overlap", func(p []int) { OtherClass(memory[:4], memory[2:], nil) }},
		{"NearTarget/broken rows", "mixup: len(y) = 7, want 4 rows of dim = 2 values", func(p []int) { NearTarget(p, make([]float32, 7), 2, 1, nil) }},
		{"NearTarget/few targets", "mixup: len(y) = 3, want 4 rows of dim = 1 values", func(p []int) { NearTarget(p, make([]float32, 3), 1, 1, nil) }},
		{"NearTarget/no targets", "mixup: len(y) = 0, want 4 rows of dim = 1 values", func(p []int) { NearTarget(p, nil, 1, 1, nil) }},
		{"NearTarget/targets of no rows", "mixup: len(y) = 4, want 0 rows of dim = 1 values", func(p []int) { NearTarget(p[:0], make([]float32, 4), 1, 1, nil) }},
		{"NearTarget/sigma 0", "mixup: sigma = 0, want a number > 0", func(p []int) { NearTarget(p, make([]float32, 4), 1, 0, nil) }},
		{"NearTarget/negative sigma", "mixup: sigma = -1, want a number > 0", func(p []int) { NearTarget(p, make([]float32, 4), 1, -1, nil) }},
		{"NearTarget/sigma NaN", "mixup: sigma = NaN, want a number > 0", func(p []int) { NearTarget(p, make([]float32, 4), 1, math.NaN(), nil) }},
		{"NearTarget/NaN", "mixup: row 2: target NaN, want a finite number", func(p []int) { NearTarget(p, []float32{1, 2, 3, 4, nan, 6, 7, 8}, 2, 1, nil) }},
		{"NearTarget/Inf", "mixup: row 3: target -Inf, want a finite number", func(p []int) { NearTarget(p, []float32{1, 2, 3, -inf}, 1, 1, nil) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			partner := []int{-7, -7, -7, -7}
			wantPanic(t, test.want, func() { test.f(partner) })
			if want := []int{-7, -7, -7, -7}; !slices.Equal(partner, want) || !slices.Equal(memory[:4], want) {
				t.Errorf("after the panic: %v and %v, want %v", partner, memory[:4], want)
			}
		})
	}
}

// What a seed draws is frozen.
func TestLabelPairingDrawsAreFrozen(t *testing.T) {
	for _, test := range []struct {
		name string
		draw func(partner, labels []int, y []float32, r *rand.Rand)
		want uint64
	}{
		{"SameClass", func(p, l []int, _ []float32, r *rand.Rand) { SameClass(p, l, r) }, 0x2e75cabce9bf5439},
		{"OtherClass", func(p, l []int, _ []float32, r *rand.Rand) { OtherClass(p, l, r) }, 0x734f00c962f1ba15},
		{"NearTarget", func(p, _ []int, y []float32, r *rand.Rand) { NearTarget(p, y, 2, 0.1, r) }, 0xa25e858e6c713567},
		{"Nearest", func(p, _ []int, y []float32, r *rand.Rand) {
			if n := len(p); n > 1 {
				Nearest(p, y, 2, 1+n/3, r)
			}
		}, 0x3f50123d4d0ac5b6},
	} {
		r := rand.New(rand.NewPCG(1, 2))
		h := fnv.New64a()
		for n := range 100 {
			labels, y := make([]int, n), make([]float32, 2*n)
			for i := range n {
				labels[i], y[2*i], y[2*i+1] = i*i%10, float32(i*37%101)/101, float32(i*71%103)/103
			}
			p := make([]int, n)
			test.draw(p, labels, y, r)
			fmt.Fprint(h, p)
		}
		if got := h.Sum64(); got != test.want {
			t.Errorf("%s: digest %#016x, want %#016x", test.name, got, test.want)
		}
	}
}

func TestLabelPairingAllocs(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	partner, labels, y := make([]int, 100), make([]int, 100), make([]float32, 100)
	for i := range labels {
		labels[i] = i % 7
	}
	for _, test := range []struct {
		name string
		f    func()
	}{
		{"SameClass", func() { SameClass(partner, labels, r) }},
		{"OtherClass", func() { OtherClass(partner, labels, r) }},
		{"NearTarget", func() { NearTarget(partner, y, 1, 1, r) }},
	} {
		if allocs := testing.AllocsPerRun(10, test.f); allocs != 1 {
			t.Errorf("%s: %v allocations, want 1", test.name, allocs)
		}
	}
}
