package program_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seed-7466c776/mixup/examples/program"
	"github.com/seed-7466c776/mixup/examples/program/programtest"
)

// TestClose wants the bar of a run that ends early to vanish from a terminal.
func TestClose(t *testing.T) {
	terminal, printed := programtest.Terminal(t, func() {})
	p := program.NewProgress(terminal, 10)
	p.Add(5)
	p.Close()
	p.Add(1)
	fmt.Fprintln(terminal, "interrupted")
	got := printed()
	if !strings.Contains(got, "50%") {
		t.Errorf("output %q, want a bar at 50%% in it", got)
	}
	if got, want := programtest.Screen(got), "interrupted\n"; got != want {
		t.Errorf("the terminal shows %q, want %q", got, want)
	}
}
