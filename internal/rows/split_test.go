package rows

import (
	"runtime"
	"testing"
)

// goroutines sets GOMAXPROCS until the test is over.
func goroutines(t *testing.T, n int) {
	before := runtime.GOMAXPROCS(n)
	t.Cleanup(func() { runtime.GOMAXPROCS(before) })
}
