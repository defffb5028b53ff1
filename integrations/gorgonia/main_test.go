package main

import (
	"os"
	"strings"
	"testing"
)

// TestRun checks that Gorgonia learns the rings, without mixup and with it. Chance
// is one half.
func TestRun(t *testing.T) {
	for _, alpha := range []float64{0, 0.2} {
		accuracy, err := run(alpha, 300)
		if err != nil {
			t.Fatal(err)
		}
		if !(accuracy >= 0.95) {
			t.Errorf("α = %v: accuracy %v, want at least 0.95", alpha, accuracy)
		}
	}
}

// TestREADME checks that the lines for Gorgonia in the README are ones of the
// program.
func TestREADME(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile("main.go")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(readme), "```go\n")
	block, _, found := strings.Cut(rest, "```\n")
	if !found {
		t.Fatal("no block of Go in README.md")
	}
	for line := range strings.Lines(block) {
		if !strings.Contains(string(program), "\t"+line) {
			t.Errorf("README.md has %q, want a line of main.go", line)
		}
	}
}
