package rows

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// Runs of a few maps that a reader can follow.
func TestRuns(t *testing.T) {
	chain := func(last int) run { return run{last: last} }
	cycle := run{cycle: true}
	type rows []int
	for _, test := range []struct {
		name    string
		partner []int
		unmixed []int
		order   []rows
		runs    []run // without lo and hi
	}{
		{"a cycle", []int{2, 0, 3, 1}, nil, []rows{{0, 2, 3, 1}}, []run{cycle}},
		{"two cycles", []int{3, 4, 1, 0, 2}, nil, []rows{{0, 3}, {1, 4, 2}}, []run{cycle, {last: 1, cycle: true}}},
		{"own partners", []int{0, 1}, nil, []rows{{0}, {1}}, []run{chain(0), chain(1)}},
		{"a chain into a cycle", []int{1, 2, 1}, nil, []rows{{0}, {1, 2}}, []run{chain(1), {last: 1, cycle: true}}},
		{"a chain into an own partner", []int{1, 2, 2}, nil, []rows{{0, 1}, {2}}, []run{chain(2), chain(2)}},
		{"chains that meet", []int{2, 2, 3, 3}, nil, []rows{{0}, {1, 2}, {3}}, []run{chain(2), chain(3), chain(3)}},
		{"an unmixed row in a cycle", []int{2, 0, 3, 1}, []int{3}, []rows{{1, 0, 2}}, []run{chain(3)}},
		{"two unmixed rows in a cycle", []int{1, 2, 3, 0}, []int{0, 2}, []rows{{1}, {3}}, []run{chain(2), chain(0)}},
		{"all unmixed", []int{1, 0}, []int{0, 1}, nil, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := pairs(len(test.partner), rand.New(rand.NewPCG(1, 2)), func(i int) int { return test.partner[i] })
			for _, i := range test.unmixed {
				set(w, i, 1, 0)
			}
			var o runOrder
			if !o.find(w) {
				t.Fatal("no runs found")
			}
			if len(o.runs) != len(test.runs) {
				t.Fatalf("%d runs, want %d", len(o.runs), len(test.runs))
			}
			for n, got := range o.runs {
				order, want := rows(o.order[got.lo:got.hi]), test.runs[n]
				want.lo, want.hi = got.lo, got.hi
				if got != want || !slices.Equal(order, test.order[n]) {
					t.Errorf("run %d: rows %v, %+v, want %v, %+v", n, order, got, test.order[n], want)
				}
			}
		})
	}
}

// There are no runs where a row is not itself mixed with one partner.
func TestNoRuns(t *testing.T) {
	for _, w := range []Matrix{
		{1, []int{0, 1}, []float32{1, 1}},
		{3, []int{0, 1, 1, 1, 0, 0}, []float32{.5, .25, .25, .5, .25, .25}},
		{2, []int{0, 1, 0, 1}, []float32{.5, .5, .5, .5}},
		{2, []int{0, 1, 0, 1}, []float32{.5, .5, 1, 0}},
	} {
		if new(runOrder).find(w) {
			t.Errorf("runs found for %+v", w)
		}
	}
}

// Pieces can be written in any order, since each reads only rows of its own, rows
// that are saved, and rows that nobody writes.
func TestPiecesAreIndependent(t *testing.T) {
	const n = 400
	r := rand.New(rand.NewPCG(1, 2))
	for _, k := range kinds {
		w := k.fill(n, r)
		var o runOrder
		if !o.find(w) {
			continue
		}
		for _, size := range []int{1, 2, 7, 16, n} {
			divided := o.divide(w, size)
			t.Run(fmt.Sprintf("%s/size=%d", k.name, size), func(t *testing.T) {
				saved := 0
				var order []int
				for _, p := range o.pieces {
					rows := o.order[p.lo:p.hi]
					order = append(order, rows...)
					if len(rows) > size {
						t.Errorf("piece of %d rows, want at most %d", len(rows), size)
					}
					if p.saved {
						if p.slot != saved {
							t.Errorf("slot %d, want %d", p.slot, saved)
						}
						saved++
					}
					for k, i := range rows {
						next := p.last
						if k+1 < len(rows) {
							next = rows[k+1]
						}
						if got := w.Index[2*i+1]; got != next {
							t.Errorf("row %d reads %d, want %d", i, next, got)
						}
					}
					own := len(rows) <= 4 && p.last == rows[0] // one pass
					if free := w.copies2(p.last); p.saved != !(free || own) {
						t.Errorf("rows %v of a piece read %d: saved is %v", rows, p.last, p.saved)
					}
				}
				if !slices.Equal(order, o.order) {
					t.Errorf("pieces have the rows %v, want %v", order, o.order)
				}
				if saved != o.slots || divided != (saved <= n/8) {
					t.Errorf("%d rows saved of %d: slots is %d, divided is %v", saved, n, o.slots, divided)
				}
			})
		}
	}
}

// Where each row reads at most one other, one row is saved at a time at most. In
// the k-way form a quarter of the rows are saved, and fewer of them at the same time.
func TestStepsSaveFewRows(t *testing.T) {
	const n = 128
	for _, k := range kinds {
		most, ok := map[string]struct{ slots, saved int }{
			"permutation":      {1, 20}, // one for each cycle
			"one cycle":        {1, 1},
			"any map":          {1, 20},
			"all to one":       {1, 1},
			"partner first":    {1, 20},
			"own partner":      {0, 0},
			"unmixed":          {0, 0},
			"K=1 itself":       {0, 0},
			"K=1 permuted":     {1, 20},
			"K=3 permutations": {n / 4, n / 3},
			"K=4 itself":       {1, n}, // which its fourth term reads
		}[k.name]
		if !ok {
			continue
		}
		for seed := range uint64(20) {
			w := k.fill(n, rand.New(rand.NewPCG(seed, 1)))
			var s Scratch
			s.steps.find(w.terms(&s), func(int) int { return readFirst })
			saved := 0
			for _, step := range s.steps.steps {
				if step.saved {
					saved++
				}
			}
			if s.steps.slots > most.slots || saved > most.saved {
				t.Errorf("%s, seed %d: %d rows saved, %d of them at the same time, want at most %d and %d",
					k.name, seed, saved, s.steps.slots, most.saved, most.slots)
			}
		}
	}
}
