// Partners that are near in Euclidean distance.

package mixup

import (
	"fmt"
	"math/rand/v2"

	"github.com/seed-7466c776/mixup/internal/neighbours"
	"github.com/seed-7466c776/mixup/internal/random"
)

// Nearest fills partner with near rows: partner[i] is one of the k rows of x that
// are nearest to row i in Euclidean distance, each with the same probability and
// independently of the other partners. x holds a row of dim values for each
// partner. A row is not one of its own nearest rows, but a copy of it may be. If k
// is greater than the number of other rows, all of them are candidates. If there is
// only one row, it is its own partner.
//
// Distances are compared in float64, so that the neighbours are the same on every
// machine. Of several rows at the same distance, those with lower numbers count as
// nearer. A distance that is NaN counts as infinite.
//
// Nearest takes the time of a matrix product of x with its transpose, or half of it for
// up to 2048 rows, on up to GOMAXPROCS goroutines. It takes longer if the mean of the
// rows is far from 0 compared to their distances.
//
// For n rows, Nearest allocates 8·n bytes, and a table of inner products of at most
// 16 MiB, or of 4·n bytes if that is more. Each goroutine allocates 16·k bytes, and 16
// bytes for every row that is about as near as the partner and has to be compared
// exactly.
//
// A nil src means the global source of math/rand/v2. Nearest panics, before it
// writes, if len(x) is not len(partner)*dim, if dim is less than 1, or if k is.
func Nearest(partner []int, x []float32, dim, k int, src rand.Source) {
	n := len(partner)
	must(rowsOf("x", len(x), n, dim))
	if k < 1 {
		panic(fmt.Sprintf("mixup: k = %d, want at least 1", k))
	}
	if n < 2 {
		clear(partner) // none, or a single row that is its own partner
		return
	}
	k = min(k, n-1)

	// The rank of the neighbour is drawn first. Then only the neighbour of that rank
	// has to be found, and the others need not be sorted.
	src = random.Source(src)
	for i := range partner {
		partner[i] = random.Below(k, src)
	}
	neighbours.Find(partner, x, k)
}
