package gomlx

import (
	"os"
	"strings"
	"testing"
)

// TestREADME checks that the program in README.md is the one in rings, and that
// the lines before it are ones that are compiled.
func TestREADME(t *testing.T) {
	read := func(name string) string {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	readme, program := read("README.md"), read("rings/main.go")
	before, after, found := strings.Cut(readme, "```go\n"+program+"```\n")
	if !found || strings.Contains(after, "```go") {
		t.Fatal("README.md does not end its code with rings/main.go, want all of it as a block")
	}
	compiled := program + read("training_test.go")
	blocks := strings.Split(before, "```go\n")[1:]
	for _, block := range blocks {
		block, _, _ := strings.Cut(block, "```\n")
		for line := range strings.Lines(block) {
			if !strings.Contains(compiled, strings.TrimSpace(line)+"\n") {
				t.Errorf("README.md has %q, want a line of rings/main.go or training_test.go", line)
			}
		}
	}
	if len(blocks) != 2 {
		t.Errorf("README.md has %d blocks before the program, want 2", len(blocks))
	}
}
