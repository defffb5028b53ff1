// Sizes that decide how a product is computed, and in which parts.

package rows

import "runtime"

// limits are sizes that decide how a product is computed. The exported functions use
// those of [standard], and tests use others.
type limits struct {
	parallel int // products of at least so many bytes take several goroutines

	// Products in place of at most copied values are computed from a copy. So are those of
	// at most maxSaved values whose rows have at most copiedPairs values, if there are two
	// terms in each row. Products that have no runs may have rows of copiedDim values.
	copied, copiedDim, copiedPairs int
}

func standard() limits {
	return limits{
		// 32 MiB are more than the last-level cache of most machines holds. One core
		// alone may then not use all the bandwidth of the memory, and starting
		// goroutines takes little time in comparison. Below 32 MiB they gain nothing.
		parallel: 32 << 20,
		// A copy takes less time than finding an order of the rows if both are in the
		// nearest cache, or if the rows are narrow.
		copied:      4 << 10,
		copiedDim:   256,
		copiedPairs: 32,
	}
}

// goroutines returns how many goroutines a product of so many bytes takes, of
// which one is the caller's.
func (l limits) goroutines(bytes int) int {
	if bytes < l.parallel {
		return 1
	}
	return runtime.GOMAXPROCS(0)
}

// tile is how many values of each row are worked on at a time, so that values that are
// read twice are still in cache when they are read again.
const tile = 16 << 10

// rowsPerTile returns how many rows of dim values are a tile, at least one.
func rowsPerTile(dim int) int { return max(1, tile/dim) }

// Goroutines do not share a cache line, and in general not a page of a row either:
// shorter parts of rows on two cores take longer than whole rows on one core.
const (
	line = 16      // values of a cache line
	page = 1 << 10 // values of a page
)

// shareColumns returns how many goroutines, at most as many as given, are to share the
// columns of rows of dim values, and how many columns each takes at a time, at most
// width.
func shareColumns(dim, width, goroutines int) (cores, share int) {
	cores = max(1, min(goroutines, dim/page))
	if cores > 1 {
		width = min(width, (dim/cores+line)/line*line)
	}
	return cores, width
}

// shareLines returns how many goroutines, at most as many as given, are to share the
// lines of g, and how many lines each takes at a time, at most size.
func (g *Grid) shareLines(size, goroutines int) (cores, share int) {
	cores = max(1, min(goroutines, g.lines(), g.values()/page))
	return cores, min(size, (g.lines()+cores-1)/cores)
}

// How many columns are worked on at a time where rows are saved. The saved values should
// stay in cache, so there are at most savedTile of them. But short parts of rows take
// longer to fetch, so parts have at least a certain width, unless more than maxSaved
// values would be saved. This width is someSaved where some rows are saved and the others
// come from further away in any case, and allSaved where all rows are saved.
const (
	savedTile = 64 << 10
	maxSaved  = 4 << 20
	someSaved = 1536
	allSaved  = 256
)

// savedWidth returns how many columns are worked on at a time if so many rows are
// saved. It is at least the given width, if that is possible.
func savedWidth(saved, least int) int {
	saved = max(saved, 1)
	width := max(savedTile/saved, min(least, maxSaved/saved))
	return min(tile, max(width/line*line, line))
}
