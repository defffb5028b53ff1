//go:build race

package parallel

// Under the race detector a sync.Pool forgets at random.
func init() { raced = true }
