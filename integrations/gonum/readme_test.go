package gonum

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestREADME checks that each block of Go in the README of all frameworks stands in
// one of their programs or tests.
func TestREADME(t *testing.T) {
	unindented := func(name string) string {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for line := range strings.Lines(string(text)) {
			b.WriteString(strings.TrimLeft(line, "\t"))
		}
		return b.String()
	}
	files, err := filepath.Glob("../*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var compiled strings.Builder
	for _, name := range files {
		compiled.WriteString(unindented(name))
	}
	blocks := strings.Split(unindented("../README.md"), "```go\n")[1:]
	if len(blocks) < 8 {
		t.Errorf("%d blocks of Go, want at least 8", len(blocks))
	}
	for _, block := range blocks {
		block, _, _ := strings.Cut(block, "```")
		if !strings.Contains(compiled.String(), "\n"+block) {
			t.Errorf("README.md has\n%s, want lines of a program", block)
		}
	}
}
