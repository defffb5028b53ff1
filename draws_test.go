package mixup

// Draws as values: set by hand, copied, printed and asked for single rows.

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unsafe"
)

// filledMix returns a Mix of six rows that has been used, so that its scratch
// memory is filled.
func filledMix(k int) *Mix {
	m := new(Mix)
	s := Sampler{Alpha: 1, K: k, PerSample: true, Src: rand.NewPCG(1, 2)}
	s.Sample(m, 6)
	x := make([]float32, 6*5)
	m.Apply(x, 5)
	m.BackwardTo(x, x, 5)
	m.ApplyBytesTo(x, make([]uint8, 6*5), Image{Channels: 1, Height: 1, Width: 5}, Norm{})
	return m
}

// sameMix reports whether a and b are the same draw in every exported field.
func sameMix(a, b *Mix) bool {
	return a.K == b.K && slices.Equal(a.Index, b.Index) && slices.Equal(a.Weight, b.Weight)
}

// wantUnchanged runs f, which is to panic with the text want, on a filled Mix of
// pairs and on an empty one. It checks that every field is what it was, except for
// the contents of the scratch memory.
func wantUnchanged(t *testing.T, want string, f func(m *Mix)) {
	t.Helper()
	for _, m := range []*Mix{filledMix(2), new(Mix)} {
		before, copied := m.Clone(), *m
		wantPanic(t, want, func() { f(m) })
		if !sameMix(m, before) || m.serial != copied.serial {
			t.Errorf("after the panic m is %v, want %v", m, before)
		}
		if unsafe.SliceData(m.Index) != unsafe.SliceData(copied.Index) || unsafe.SliceData(m.Weight) != unsafe.SliceData(copied.Weight) {
			t.Error("after the panic m has other memory")
		}
	}
}

func TestIdentity(t *testing.T) {
	for _, n := range []int{0, 1, 5, 100} {
		for _, m := range []*Mix{new(Mix), filledMix(2), filledMix(3)} {
			m.Identity(n)
			if m.K != 1 || m.Len() != n || len(m.Weight) != n {
				t.Errorf("of %d rows: K = %d, Len = %d, %d weights", n, m.K, m.Len(), len(m.Weight))
			}
			for i := range n {
				if m.Index[i] != i || m.Weight[i] != 1 || m.Lambda(i) != 1 || m.Partner(i) != i {
					t.Errorf("of %d rows: row %d is %v of row %d", n, i, m.Weight[i], m.Index[i])
				}
			}
			if err := m.Validate(n); err != nil {
				t.Error(err)
			}
		}
	}
	wantUnchanged(t, "mixup: Identity of n = -1 rows, want ≥ 0", func(m *Mix) { m.Identity(-1) })
}

func TestSetPairs(t *testing.T) {
	tiny := math.SmallestNonzeroFloat64
	for _, test := range []struct {
		name    string
		partner []int
		lambda  []float64
		index   []int
		weight  []float32
	}{
		{"one λ", []int{2, 0, 1}, []float64{0.75}, []int{0, 2, 1, 0, 2, 1}, []float32{.75, .25, .75, .25, .75, .25}},
		{"λ of each row", []int{1, 0}, []float64{0.5, 0.125}, []int{0, 1, 1, 0}, []float32{.5, .5, .125, .875}},
		{"λ of the only row", []int{0}, []float64{0.5}, []int{0, 0}, []float32{.5, .5}},
		{"0 and 1", []int{1, 0}, []float64{0, 1}, []int{0, 1, 1, 0}, []float32{0, 1, 1, 0}},
		{"rounded once", []int{1, 0}, []float64{0.1, tiny}, []int{0, 1, 1, 0}, []float32{float32(0.1), float32(1 - 0.1), 0, 1}},
		{"rows of a dataset", []int{700, 1 << 30}, []float64{0.5}, []int{0, 700, 1, 1 << 30}, []float32{.5, .5, .5, .5}},
		{"no rows, one λ", nil, []float64{0.3}, []int{}, []float32{}},
		{"no rows, no λ", []int{}, nil, []int{}, []float32{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, m := range []*Mix{new(Mix), filledMix(2), filledMix(3)} {
				partner, lambda, drawn := slices.Clone(test.partner), slices.Clone(test.lambda), m.serial
				m.SetPairs(partner, lambda...)
				if want := (&Mix{K: 2, Index: test.index, Weight: test.weight}); !sameMix(m, want) {
					t.Errorf("m is %v, %v, want %v, %v", m.Index, m.Weight, want.Index, want.Weight)
				}
				if !slices.Equal(partner, test.partner) || !slices.Equal(lambda, test.lambda) {
					t.Errorf("partner and lambda are now %v and %v", partner, lambda)
				}
				if m.serial == drawn {
					t.Error("m counts as the draw that it was")
				}
			}
		})
	}
}

func TestSetPairsPanics(t *testing.T) {
	nan := math.NaN()
	for _, test := range []struct {
		name, want string
		partner    []int
		lambda     []float64
	}{
		{"no λ", "mixup: SetPairs with 0 values of lambda, want 1 or one for each of 2 rows", []int{1, 0}, nil},
		{"few λ", "mixup: SetPairs with 2 values of lambda, want 1 or one for each of 3 rows", []int{1, 0, 2}, []float64{.5, .5}},
		{"many λ", "mixup: SetPairs with 3 values of lambda, want 1 or one for each of 2 rows", []int{1, 0}, []float64{.5, .5, .5}},
		{"λ of no rows", "mixup: SetPairs with 2 values of lambda, want 1 or one for each of 0 rows", nil, []float64{.5, .5}},
		{"negative λ", "mixup: SetPairs: lambda[1] = -1e-300, want a number in [0, 1]", []int{1, 0}, []float64{.5, -1e-300}},
		{"λ beyond 1", "mixup: SetPairs: lambda[0] = 1.0000000000000002, want a number in [0, 1]", []int{1, 0}, []float64{1 + 0x1p-52}},
		{"λ NaN", "mixup: SetPairs: lambda[1] = NaN, want a number in [0, 1]", []int{1, 0}, []float64{1, nan}},
		{"λ of no rows out of range", "mixup: SetPairs: lambda[0] = 2, want a number in [0, 1]", nil, []float64{2}},
		{"negative partner", "mixup: row 1: partner -1, want a row ≥ 0", []int{1, -1}, []float64{.5}},
	} {
		t.Run(test.name, func(t *testing.T) {
			wantUnchanged(t, test.want, func(m *Mix) { m.SetPairs(test.partner, test.lambda...) })
		})
	}
}

// partner must not overlap the memory that m.Index will use, even beyond len(m.Index). It
// may overlap memory of m.Index that will not be used.
func TestPartnersOverlap(t *testing.T) {
	for _, set := range []struct {
		name string
		pair func(m *Mix, partner []int)
	}{
		{"SetPairs", func(m *Mix, partner []int) { m.SetPairs(partner, 0.5) }},
		{"SamplePairs", func(m *Mix, partner []int) {
			(&Sampler{Alpha: math.Inf(1)}).SamplePairs(m, partner)
		}},
	} {
		for _, test := range []struct {
			name             string
			length, capacity int // of m.Index
			lo, hi           int // partner is this part of m.Index
			overlaps         bool
		}{
			{"the beginning", 12, 12, 0, 3, true},
			{"the last value", 12, 12, 5, 8, true},
			{"behind what will be used", 12, 12, 6, 9, false},
			{"behind the length", 2, 12, 5, 8, true},
			{"behind an empty Index", 0, 12, 0, 3, true},
			{"too small to be used", 4, 4, 1, 4, false},
		} {
			t.Run(set.name+"/"+test.name, func(t *testing.T) {
				memory := make([]int, test.capacity)
				m := &Mix{K: 2, Index: memory[:test.length], Weight: make([]float32, test.length)}
				partner := memory[test.lo:test.hi]
				for i := range partner {
					partner[i] = i + 1
				}
				before := slices.Clone(memory)
				if test.overlaps {
					wantPanic(t, "mixup: partner and m.Index overlap", func() { set.pair(m, partner) })
					if !slices.Equal(memory, before) || len(m.Index) != test.length {
						t.Errorf("after the panic m.Index is %v of %v, want %v", m.Index, memory, before)
					}
					return
				}
				set.pair(m, partner)
				if want := []int{0, 1, 1, 2, 2, 3}; !slices.Equal(m.Index, want) {
					t.Errorf("indices %v, want %v", m.Index, want)
				}
			})
		}
	}
}

func TestClone(t *testing.T) {
	for _, m := range []*Mix{filledMix(2), filledMix(3), {}, {K: 1}, {K: 2, Index: []int{}, Weight: []float32{}}, {K: -7, Index: []int{1}}} {
		want := fmt.Sprintf("%d %#v %#v", m.K, m.Index, m.Weight)
		c := m.Clone()
		if got := fmt.Sprintf("%d %#v %#v", c.K, c.Index, c.Weight); got != want {
			t.Errorf("the clone is %v, want %v", got, want)
		}
		if shareMemory(reflect.ValueOf(m).Elem(), reflect.ValueOf(c).Elem()) {
			t.Errorf("the clone of %v shares memory with it", m)
		}
		if m.Len() == 0 {
			continue
		}
		// Each is used and drawn anew without a trace in the other.
		(&Sampler{Alpha: 1, K: m.K, Src: rand.NewPCG(3, 4)}).Sample(m, 6)
		m.Apply(make([]float32, 6*5), 5)
		if got := fmt.Sprintf("%d %#v %#v", c.K, c.Index, c.Weight); got != want {
			t.Errorf("after a new draw of the original the clone is %v, want %v", got, want)
		}
		want = fmt.Sprintf("%d %#v %#v", m.K, m.Index, m.Weight)
		c.Apply(make([]float32, 6*5), 5)
		c.Identity(4)
		if got := fmt.Sprintf("%d %#v %#v", m.K, m.Index, m.Weight); got != want {
			t.Errorf("after a new draw of the clone the original is %v, want %v", got, want)
		}
	}
}

// shareMemory reports whether any slices or pointers of a and b, at any depth of
// their structs, are the same.
func shareMemory(a, b reflect.Value) bool {
	switch a.Kind() {
	case reflect.Struct:
		for i := range a.NumField() {
			if shareMemory(a.Field(i), b.Field(i)) {
				return true
			}
		}
	case reflect.Slice:
		return a.Cap() > 0 && b.Cap() > 0 && a.Type().Elem().Size() > 0 && a.Pointer() == b.Pointer()
	case reflect.Pointer, reflect.Map, reflect.Func, reflect.Chan:
		return !a.IsNil() && a.Pointer() == b.Pointer()
	case reflect.Interface:
		return !a.IsNil() && !b.IsNil() && shareMemory(a.Elem(), b.Elem())
	}
	return false
}

func TestString(t *testing.T) {
	for _, test := range []struct {
		name string
		m    *Mix
		want string
	}{
		{"zero", &Mix{}, "Mix of 0 rows, K = 0"},
		{"pairs", &Mix{K: 2, Index: []int{0, 1, 1, 0}, Weight: []float32{.75, .25, .75, .25}},
			"Mix of 2 rows, K = 2: 0.75·x[0] + 0.25·x[1], 0.75·x[1] + 0.25·x[0]"},
		{"four rows", &Mix{K: 1, Index: []int{0, 1, 2, 3}, Weight: []float32{1, 1, 1, 1}}, "Mix of 4 rows, K = 1: 1·x[0], 1·x[1], 1·x[2], …"},
		{"three rows", &Mix{K: 1, Index: []int{0, 1, 2}, Weight: []float32{1, 1, 1}}, "Mix of 3 rows, K = 1: 1·x[0], 1·x[1], 1·x[2]"},
		{"four terms", &Mix{K: 4, Index: []int{0, 1, 2, 3}, Weight: []float32{.25, .25, .25, .25}},
			"Mix of 1 rows, K = 4: 0.25·x[0] + 0.25·x[1] + 0.25·x[2] + 0.25·x[3]"},
		{"five terms", &Mix{K: 5, Index: []int{0, 1, 2, 3, 4}, Weight: []float32{.2, .2, .2, .2, .2}},
			"Mix of 1 rows, K = 5: 0.2·x[0] + 0.2·x[1] + 0.2·x[2] + 0.2·x[3] + …"},
		{"no convex combination", &Mix{K: 2, Index: []int{-1, 7}, Weight: []float32{nan, -2}}, "Mix of 1 rows, K = 2: NaN·x[-1] + -2·x[7]"},
		{"huge K", &Mix{K: math.MaxInt32}, "Mix of 0 rows, K = 2147483647"},
		{"K = 0 with terms", &Mix{Index: []int{1}, Weight: []float32{1}}, "Mix has K = 0, len(Index) = 1, len(Weight) = 1, want N*K of both"},
		{"negative K", &Mix{K: -3}, "Mix has K = -3, len(Index) = 0, len(Weight) = 0, want N*K of both"},
		{"huge K with terms", &Mix{K: math.MaxInt32, Index: []int{1}, Weight: []float32{1}},
			"Mix has K = 2147483647, len(Index) = 1, len(Weight) = 1, want N*K of both"},
		{"weights missing", &Mix{K: 2, Index: []int{1, 0}}, "Mix has K = 2, len(Index) = 2, len(Weight) = 0, want N*K of both"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := test.m.String(); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// Every way of printing takes the line of String, also once the scratch memory is
// filled.
func TestStringIsOneShortLine(t *testing.T) {
	var m Mix
	(&Sampler{Alpha: 1, K: 1000, PerSample: true}).Sample(&m, 100)
	m.Apply(make([]float32, 100*3), 3)
	line := m.String()
	if len(line) > 400 || strings.Contains(line, "\n") {
		t.Fatalf("%d characters: %s", len(line), line)
	}
	type step struct {
		Number int
		Mix    Mix
	}
	type embedding struct{ Mix }
	for _, test := range []struct {
		format string
		value  any
		want   string
	}{
		{"%v", m, line},
		{"%+v", m, line},
		{"%s", m, line},
		{"%v", &m, line},
		{"%+v", &m, line},
		{"%s", &m, line},
		{"%v", step{7, m}, "{7 " + line + "}"},
		{"%+v", step{7, m}, "{Number:7 Mix:" + line + "}"},
		{"%+v", &step{7, m}, "&{Number:7 Mix:" + line + "}"},
		{"%v", []Mix{m}, "[" + line + "]"},
		{"%v", embedding{m}, line},
	} {
		if got := fmt.Sprintf(test.format, test.value); got != test.want {
			t.Errorf("%s of a %T: %.200s…, want %.200s…", test.format, test.value, got, test.want)
		}
	}
}

func TestRowsOfAMix(t *testing.T) {
	pair := &Mix{K: 2, Index: []int{0, 1, 1, 7}, Weight: []float32{.75, .25, .5, .5}}
	three := &Mix{K: 3, Index: []int{0, 5, 6}, Weight: []float32{.5, .25, .25}}
	if l, p := pair.Lambda(1), pair.Partner(1); l != .5 || p != 7 {
		t.Errorf("row 1 has λ = %v and partner %d, want 0.5 and 7", l, p)
	}
	if l, p := three.Lambda(0), three.Partner(0); l != .5 || p != 5 {
		t.Errorf("a row of three has λ = %v and partner %d, want 0.5 and 5", l, p)
	}
	for _, test := range []struct {
		name string
		m    *Mix
		i    int
		want string
	}{
		{"beyond the rows", pair, 7, "mixup: row 7 of a Mix, want one in [0, 2)"},
		{"the number of rows", pair, 2, "mixup: row 2 of a Mix, want one in [0, 2)"},
		{"negative", pair, -1, "mixup: row -1 of a Mix, want one in [0, 2)"},
		{"of no rows", &Mix{}, 0, "mixup: row 0 of a Mix, want one in [0, 0)"},
		{"malformed", &Mix{K: 2, Index: []int{0, 1, 1, 0}, Weight: []float32{1, 0}}, 0,
			"mixup: Mix has K = 2, len(Index) = 4, len(Weight) = 2, want N*K of both"},
	} {
		t.Run(test.name, func(t *testing.T) {
			wantPanic(t, test.want, func() { test.m.Lambda(test.i) })
			wantPanic(t, test.want, func() { test.m.Partner(test.i) })
		})
	}
}
