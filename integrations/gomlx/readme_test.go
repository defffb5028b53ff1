package gomlx

import (
	"os"
	"strings"
	"testing"
)

// TestREADME checks that the program in README.md is the one in rings.
func TestREADME(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile("rings/main.go")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(readme), "```go\n"+string(program)+"```\n") {
		t.Error("README.md does not contain rings/main.go, want all of it as a block of Go")
	}
	for _, line := range strings.Split(strings.Split(string(readme), "```")[1], "\n")[1:] {
		if !strings.Contains(string(program), line) {
			t.Errorf("README.md begins with %q, want lines of rings/main.go", line)
		}
	}
}
