// Splits into training and test rows.

package tables

import (
	"fmt"
	"math/rand/v2"
)

// Split divides rows at random into training and test rows, of which the latter
// are a share of the whole. strata has a number for each row, such as its class:
// each stratum gives its share to the test rows, up to a row or a group, and a
// random one of those that do not divide evenly gives more. Rows with the same
// number in groups stay together, and count for the stratum of their first; nil
// groups are each row on its own. Both results are in ascending order.
//
// It panics if strata and groups do not have the same length.
func Split(strata, groups []int, share float64, r *rand.Rand) (train, test []int) {
	n := len(strata)
	if groups != nil && len(groups) != n {
		panic(fmt.Sprintf("tables: %d groups, want one for each of %d rows", len(groups), n))
	}
	// members[g] are the rows of group g, and order has the groups of each
	// stratum.
	var members [][]int
	number := make(map[int]int)
	for i := range n {
		key := i
		if groups != nil {
			key = groups[i]
		}
		g, ok := number[key]
		if !ok {
			g = len(members)
			number[key] = g
			members = append(members, nil)
		}
		members[g] = append(members[g], i)
	}
	order := r.Perm(len(members))
	stratum := func(g int) int { return strata[members[g][0]] }
	byStratum := make(map[int][]int)
	var first []int // strata, in the random order of their first group
	for _, g := range order {
		k := stratum(g)
		if byStratum[k] == nil {
			first = append(first, k)
		}
		byStratum[k] = append(byStratum[k], g)
	}

	// A systematic sample with a random start: of rows in this order, those are
	// taken at which the share of the rows so far passes the number taken. Every
	// row has the same chance, and each stratum its share.
	isTest := make([]bool, n)
	start := r.Float64()
	var seen, taken float64
	for _, k := range first {
		for _, g := range byStratum[k] {
			size := float64(len(members[g]))
			seen += size
			if share*seen-taken > start*size {
				taken += size
				for _, i := range members[g] {
					isTest[i] = true
				}
			}
		}
	}
	for i, is := range isTest {
		if is {
			test = append(test, i)
		} else {
			train = append(train, i)
		}
	}
	return train, test
}
