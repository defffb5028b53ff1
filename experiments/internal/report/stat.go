// Means, and tests of paired differences.

package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// A Value is a mean over runs and its standard error, which is NaN for one run.
type Value struct{ Mean, Err float64 }

// Mean returns the mean of x. It panics if there are no elements.
func Mean(x []float64) Value {
	if len(x) == 0 {
		panic("report: mean of nothing")
	}
	mean, std := stat.MeanStdDev(x, nil)
	return Value{mean, stat.StdErr(std, float64(len(x)))}
}

// Format returns mean ± standard error with so many decimals, or the mean alone
// if there is no error.
func (v Value) Format(decimals int) string {
	if math.IsNaN(v.Err) {
		return fmt.Sprintf("%.*f", decimals, v.Mean)
	}
	return fmt.Sprintf("%.*f ± %.*f", decimals, v.Mean, decimals, v.Err)
}

// rounding is the relative distance up to which numbers count as equal. Rounding
// keeps shares such as 0.3-0.2 and 0.2-0.1 far closer to each other than that.
const rounding = 1e-9

// Minus returns a[i] - b[i] for paired runs. A difference that rounding alone can
// have made is 0.
func Minus(a, b []float64) []float64 {
	d := make([]float64, len(a))
	for i := range d {
		if diff := a[i] - b[i]; math.Abs(diff) > rounding*math.Max(math.Abs(a[i]), math.Abs(b[i])) {
			d[i] = diff
		}
	}
	return d
}

// Signs counts the differences below, at and above zero: "12, 1, 7".
func Signs(d []float64) string {
	var below, equal, above int
	for _, v := range d {
		switch {
		case v < 0:
			below++
		case v > 0:
			above++
		default:
			equal++
		}
	}
	return fmt.Sprintf("%d, %d, %d", below, equal, above)
}

// Wilcoxon returns the two-sided p of the signed-rank test that differences d
// are symmetric around zero. It is exact, whether there are ties or not: the
// share of all 2ⁿ ways to give the differences signs in which the rank sums are
// at least as far apart. Differences of zero are left out; without any others p
// is 1. Differences that rounding alone can have parted are ties.
func Wilcoxon(d []float64) float64 {
	// Wilcoxon 1945, "Individual comparisons by ranking methods". Tied
	// differences share the mean of their ranks, so ranks are counted in halves.
	d = slices.DeleteFunc(slices.Clone(d), func(v float64) bool { return v == 0 })
	slices.SortFunc(d, func(a, b float64) int { return cmp.Compare(math.Abs(a), math.Abs(b)) })
	var near float64
	if len(d) > 0 {
		near = rounding * math.Abs(d[len(d)-1])
	}
	var (
		ways  = []float64{1} // ways[s]: the share of sign choices in which positive ranks sum to s/2
		total int
		sum   int // of positive ranks, in halves
	)
	for lo := 0; lo < len(d); {
		hi := lo + 1
		for hi < len(d) && math.Abs(d[hi])-math.Abs(d[lo]) <= near {
			hi++
		}
		rank := lo + 1 + hi // twice the mean of lo+1, …, hi
		for _, v := range d[lo:hi] {
			if v > 0 {
				sum += rank
			}
			total += rank
			next := make([]float64, total+1)
			for s, w := range ways {
				next[s] += w / 2
				next[s+rank] += w / 2
			}
			ways = next
		}
		lo = hi
	}
	var p float64
	for s, w := range ways {
		if abs(2*s-total) >= abs(2*sum-total) {
			p += w
		}
	}
	return min(p, 1)
}

func abs(n int) int { return max(n, -n) }

// PairedT returns the two-sided p of Student's t test that the mean of
// differences d is zero, for runs that are independent: overlap 0. Runs on random
// splits of one data set are not, as their training sets overlap; with overlap
// the ratio of test to training rows the variance is that of Nadeau and Bengio.
//
// It is NaN, no p, for fewer than two differences, and for differences that are
// all equal, or parted by rounding alone: they tell nothing of how much a
// difference varies. If all are zero it is 1.
func PairedT(d []float64, overlap float64) float64 {
	// Nadeau and Bengio 2003, "Inference for the generalization error".
	n := float64(len(d))
	if n < 2 {
		return math.NaN()
	}
	mean, std := stat.MeanStdDev(d, nil)
	switch {
	case slices.Max(d) == 0 && slices.Min(d) == 0:
		return 1
	case std <= rounding*math.Abs(mean):
		return math.NaN()
	}
	t := mean / (std * math.Sqrt(1/n+overlap))
	return 2 * distuv.StudentsT{Mu: 0, Sigma: 1, Nu: n - 1}.Survival(math.Abs(t))
}
