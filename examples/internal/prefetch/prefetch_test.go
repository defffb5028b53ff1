package prefetch

import (
	"os"
	"strings"
	"testing"
)

// TestSame checks that Steps is the function that package mixup shows and tests
// in its example of a pipeline.
func TestSame(t *testing.T) {
	const name, shown = "prefetch.go", "../../../example_pipeline_test.go"
	if got, want := body(t, name, "Steps"), body(t, shown, "prefetch"); got != want {
		t.Errorf("Steps of %s is\n%s\nwant prefetch of %s\n%s", name, got, shown, want)
	}
}

// body returns a generic function of a file, from its name on.
func body(t *testing.T, file, function string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(b), "\nfunc "+function+"[")
	body, _, closed := strings.Cut(rest, "\n}\n")
	if !found || !closed {
		t.Fatalf("%s has no function %s", file, function)
	}
	return body
}
