package main

import (
	"context"
	"strings"
	"testing"

	"github.com/seed-7466c776/mixup/examples/program/programtest"
)

// TestTerminal interrupts the program on a terminal, and wants no bar beside the table.
func TestTerminal(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	terminal, printed := programtest.Terminal(t, cancel)
	// The bar begins at 1 %, with the tenth seed.
	err := run(ctx, []string{"-data", idx(t), "-set", "set", "-seeds", "1000", "-epochs", "1", "-batch", "600", "-hidden", "1"}, terminal, terminal)
	if want := "interrupted; the table has "; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("error %v, want one that begins with %q", err, want)
	}
	if got, want := programtest.Screen(printed()), "go run ./examples/images -data "; !strings.HasPrefix(got, want) {
		t.Errorf("the terminal shows\n%s\nwant it to begin with %q", got, want)
	}
}
