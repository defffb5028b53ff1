// The smallest of many values.

package neighbours

import "math"

// smallest keeps the smallest of the values that are added to it, len(smallest) of
// them. It is a heap: the values at 2p+1 and 2p+2 are not greater than the one at p.
type smallest []float64

// reset forgets the values. +Inf stands for values that have not been added yet.
func (s smallest) reset() {
	for p := range s {
		s[p] = math.Inf(1)
	}
}

// add adds v.
func (s smallest) add(v float64) {
	if v < s[0] {
		s.replace(v)
	}
}

// replace replaces the greatest value that is kept by v.
func (s smallest) replace(v float64) {
	p := 0
	for {
		child := 2*p + 1
		if child+1 < len(s) && s[child+1] > s[child] {
			child++
		}
		if child >= len(s) || s[child] <= v {
			break
		}
		s[p] = s[child]
		p = child
	}
	s[p] = v
}

// greatest returns the greatest value that is kept.
func (s smallest) greatest() float64 { return s[0] }
