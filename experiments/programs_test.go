// Package experiments tests the programs as a user runs them.
package experiments

import (
	"testing"

	"github.com/seed-7466c776/mixup/examples/program/programtest"
)

func TestHelp(t *testing.T) {
	if testing.Short() {
		t.Skip("programs are compiled and run in the full tests only")
	}
	programtest.Help(t, programtest.Build(t, "./..."), "paper", "peerbench", "roofline", "sampling")
}
