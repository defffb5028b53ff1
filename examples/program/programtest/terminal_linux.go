// A terminal.

package programtest

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// Terminal returns a terminal for a program to print to, and a function that closes
// it and returns everything that was printed. begun is called as soon as something
// is printed.
func Terminal(t *testing.T, begun func()) (terminal *os.File, printed func() string) {
	t.Helper()
	other, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("no terminal: ", err)
	} else if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { other.Close() })
	number, err := unix.IoctlGetUint32(int(other.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetPointerInt(int(other.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	terminal, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { terminal.Close() })
	all := make(chan string, 1)
	go func() {
		first := make([]byte, 1)
		n, _ := other.Read(first)
		begun()
		rest, _ := io.ReadAll(other) // until the terminal is closed, which is an error
		all <- string(first[:n]) + string(rest)
	}()
	return terminal, func() string {
		terminal.Close()
		return <-all
	}
}

// Screen returns what a terminal shows after printed. A carriage return moves to the
// beginning of the line, whose characters are then replaced one by one.
func Screen(printed string) string {
	var lines []string
	for line := range strings.SplitSeq(printed, "\n") {
		var shown []rune
		at := 0
		for _, r := range line {
			switch {
			case r == '\r':
				at = 0
				continue
			case at == len(shown):
				shown = append(shown, r)
			default:
				shown[at] = r
			}
			at++
		}
		lines = append(lines, strings.TrimRight(string(shown), " "))
	}
	return strings.Join(lines, "\n")
}
