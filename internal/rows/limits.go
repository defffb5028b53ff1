// Sizes that decide how a product is computed.

package rows

// limits are the sizes of products at which they are computed in another way. The
// exported functions use those of [standard], and tests use others.
type limits struct {
	parallel int // bytes from which on a product takes several goroutines

	// Products in place are computed from a copy up to so many values, and if they
	// have no runs up to rows of so many values as well.
	copied, copiedDim int
}

func standard() limits {
	return limits{
		// 32 MiB are beyond the last-level cache of most machines. One core alone may
		// not use all the bandwidth of the memory then, and starting goroutines takes
		// no time in comparison. Below it they gain nothing.
		parallel: 32 << 20,
		// A copy takes less time than finding an order of the rows if both are in the
		// nearest cache, or if the rows are narrow.
		copied:    4 << 10,
		copiedDim: 256,
	}
}
