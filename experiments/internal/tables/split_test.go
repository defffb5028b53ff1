package tables

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestSplit(t *testing.T) {
	strata := make([]int, 100) // 60 of 0, 39 of 1, one of 2
	for i := 60; i < 99; i++ {
		strata[i] = 1
	}
	strata[99] = 2
	const splits = 2000
	count := make([]int, 100) // of splits with the row in the test rows
	for seed := range splits {
		train, test := Split(strata, nil, 0.3, rand.New(rand.NewPCG(uint64(seed), 1)))
		if got := slices.Sorted(slices.Values(slices.Concat(train, test))); len(got) != 100 || got[0] != 0 || got[99] != 99 || len(slices.Compact(got)) != 100 {
			t.Fatalf("seed %d: rows %v and %v, want each of 100 once", seed, train, test)
		}
		of := make([]int, 3)
		for _, i := range test {
			of[strata[i]]++
			count[i]++
		}
		if of[0] < 17 || of[0] > 19 || of[1] < 11 || of[1] > 13 || len(test) != 30 {
			t.Errorf("seed %d: %v of the strata in %d test rows, want 30 %% of each", seed, of, len(test))
		}
	}
	// Each is binomial, 600 ± 20.5; one of a hundred is further off than 5 standard
	// deviations for one seed in 17000.
	for i, n := range count {
		if n < 600-103 || n > 600+103 {
			t.Errorf("row %d is in the test rows of %d splits of %d, want about 600", i, n, splits)
		}
	}
}

func TestSplitGroups(t *testing.T) {
	var strata, groups []int
	for g := range 60 {
		for range 1 + g%4 {
			strata = append(strata, g%2)
			groups = append(groups, g)
		}
	}
	for seed := range 200 {
		train, test := Split(strata, groups, 0.5, rand.New(rand.NewPCG(uint64(seed), 1)))
		in := make(map[int]bool)
		of := make([]int, 2)
		for _, i := range test {
			in[groups[i]] = true
			of[strata[i]]++
		}
		for _, i := range train {
			if in[groups[i]] {
				t.Fatalf("seed %d: group %d is on both sides", seed, groups[i])
			}
		}
		// 60 rows of stratum 0 in groups of 1 and 3, and 90 of 1 in groups of 2 and 4.
		if of[0] < 30-4 || of[0] > 30+4 || of[1] < 45-4 || of[1] > 45+4 {
			t.Errorf("seed %d: %v of 60 and 90 rows are test rows, want half up to a group", seed, of)
		}
	}
	defer func() {
		const want = "tables: 3 groups, want one for each of 2 rows"
		if got := recover(); got != want {
			t.Errorf("panic %q, want %q", got, want)
		}
	}()
	Split([]int{1, 2}, []int{1, 2, 3}, 0.5, rand.New(rand.NewPCG(1, 1)))
}
