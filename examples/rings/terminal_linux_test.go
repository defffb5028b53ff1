package main

import (
	"strings"
	"testing"

	"github.com/seed-7466c776/mixup/examples/program/programtest"
)

// TestTerminal interrupts the program on a terminal, and wants no bar beside the table.
func TestTerminal(t *testing.T) {
	terminal, printed := programtest.Terminal(t, func() {})
	if err := run(&endsAfter{Context: t.Context(), steps: 150}, []string{"-steps", "100", "-out", ""}, terminal, terminal); err == nil {
		t.Error("the program was not interrupted")
	}
	if got, want := programtest.Screen(printed()), "Two rings, 300 training"; !strings.HasPrefix(got, want) {
		t.Errorf("the terminal shows\n%s\nwant it to begin with %q", got, want)
	}
}
