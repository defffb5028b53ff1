package f32

import "testing"

// atEachLevel runs a test with each set of kernels that the processor has, from the
// best to the ones in Go.
func atEachLevel(t *testing.T, test func(t *testing.T)) {
	for _, s := range switches {
		if !*s.on {
			t.Logf("no %s", s.name)
			continue
		}
		t.Run(s.name, test)
		*s.on = false
		defer func() { *s.on = true }()
	}
	t.Run("Go", test)
}

// A toggle is a variable that says what the processor can do.
type toggle struct {
	name string
	on   *bool
}
