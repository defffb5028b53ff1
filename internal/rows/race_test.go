//go:build race

package rows

// Under the race detector a sync.Pool forgets at random.
func init() { raced = true }
