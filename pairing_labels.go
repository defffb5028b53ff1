// Partners chosen by their labels: classes, or the targets of a regression.

package mixup

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"sort"

	"github.com/seed-7466c776/mixup/internal/portable"
	"github.com/seed-7466c776/mixup/internal/random"
)

// SameClass fills partner with rows of the same class: partner[i] is one of the
// other rows whose label is labels[i], each with the same probability and
// independently of the other partners. If no other row has its label, a row is its own
// partner. Labels may be any numbers, and [Ignore] is treated like any other label.
//
// A nil src means the global source of math/rand/v2. SameClass allocates one slice
// of len(partner) ints. It panics, before it writes, if there are not as many labels
// as partners, or if they share memory.
func SameClass(partner, labels []int, src rand.Source) {
	src = random.Source(src)
	eachClass(partner, labels, func(order []int, lo, hi int) {
		for p := lo; p < hi; p++ {
			q := p
			if hi-lo > 1 {
				q = lo + random.Below(hi-lo-1, src)
				if q >= p {
					q++
				}
			}
			partner[order[p]] = order[q]
		}
	})
}

// OtherClass fills partner with rows of other classes: partner[i] is one of the
// rows whose label is not labels[i], each with the same probability and
// independently of the other partners. If all rows have the same label, each is
// its own partner. Labels may be any numbers, and [Ignore] is treated like any other
// label.
//
// A nil src means the global source of math/rand/v2. OtherClass allocates one slice
// of len(partner) ints. It panics, before it writes, if there are not as many labels
// as partners, or if they share memory.
func OtherClass(partner, labels []int, src rand.Source) {
	src = random.Source(src)
	eachClass(partner, labels, func(order []int, lo, hi int) {
		for p := lo; p < hi; p++ {
			q := p
			if others := len(order) - (hi - lo); others > 0 {
				q = random.Below(others, src)
				if q >= lo {
					q += hi - lo
				}
			}
			partner[order[p]] = order[q]
		}
	})
}

// eachClass calls draw for each label, in ascending order. order has the rows sorted by
// their labels, and the rows of this label are order[lo:hi].
func eachClass(partner, labels []int, draw func(order []int, lo, hi int)) {
	n := len(partner)
	if len(labels) != n {
		panic(fmt.Sprintf("mixup: len(labels) = %d, want one for each of the %d partners", len(labels), n))
	}
	must(disjoint("partner", partner, "labels", labels))
	order := make([]int, n)
	random.Ascend(order)
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(labels[a], labels[b]), cmp.Compare(a, b))
	})
	for lo := 0; lo < n; {
		hi := lo + 1
		for hi < n && labels[order[hi]] == labels[order[lo]] {
			hi++
		}
		draw(order, lo, hi)
		lo = hi
	}
}

// NearTarget fills partner with rows whose targets are near, for regression (C-Mixup).
// y holds a row of dim targets for each partner. partner[i] is row j with a probability
// proportional to
//
//	exp(-‖yᵢ-yⱼ‖² / (2·sigma²))
//
// independently of the other partners. Row i itself, at distance 0, is a candidate like
// the others. If sigma is far below the distances of targets, most rows are therefore
// their own partners, and stay unmixed. If sigma is +Inf, all rows have the same
// probability.
//
// The time that NearTarget takes is proportional to the square of the number of rows. It
// allocates one slice of len(partner) float64s.
//
// A nil src means the global source of math/rand/v2. NearTarget panics, before it
// writes, if len(y) is not len(partner)*dim, if dim is less than 1, if a target is
// not finite, or if sigma is not positive.
func NearTarget(partner []int, y []float32, dim int, sigma float64, src rand.Source) {
	// Yao, Wang, Zhang, Zou and Finn, "C-Mixup: Improving Generalization in
	// Regression", NeurIPS 2022. They choose a partner among all rows of the
	// dataset. NearTarget does so if y holds all targets of the dataset.
	n := len(partner)
	must(rowsOf("y", len(y), n, dim))
	if !(sigma > 0) {
		panic(fmt.Sprintf("mixup: sigma = %v, want a number > 0", sigma))
	}
	for p, v := range y {
		if v-v != 0 {
			panic(fmt.Sprintf("mixup: row %d: target %v, want a finite number", p/dim, v))
		}
	}
	if n == 0 {
		return
	}
	src = random.Source(src)
	sums := make([]float64, n) // of the weights up to each row
	for i := range n {
		own := y[i*dim:][:dim]
		var sum float64
		for j := range n {
			var square float64
			for d, v := range y[j*dim:][:dim] {
				t := (float64(own[d]) - float64(v)) / sigma
				square += float64(t * t)
			}
			sum += float64(portable.Exp(-0.5 * square))
			sums[j] = sum
		}
		at := random.Uniform(src) * sum // less than sum, also when rounded
		partner[i] = sort.Search(n, func(j int) bool { return sums[j] > at })
	}
}
