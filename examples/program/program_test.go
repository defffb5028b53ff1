package program

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestParse(t *testing.T) {
	for _, tc := range []struct{ args, n, others, err string }{
		{"", "1", "[]", "<nil>"},
		{"-n 2", "2", "[]", "<nil>"},
		{"a -n 2 b", "2", "[a b]", "<nil>"},
		{"a b -n=3", "3", "[a b]", "<nil>"},
		{"a -- -n 2", "1", "[a -n 2]", "<nil>"},
		{"a -m", "1", "[]", "flag provided but not defined: -m; -h lists the flags"},
		{"a -n x", "1", "[]", `invalid value "x" for flag -n: parse error; -h lists the flags`},
	} {
		flags := flag.NewFlagSet("x", flag.ExitOnError)
		n := flags.Int("n", 1, "`number`")
		others, err := Parse(flags, "X counts.", strings.Fields(tc.args), io.Discard)
		if got := []string{fmt.Sprint(*n), fmt.Sprint(others), fmt.Sprint(err)}; got[2] != tc.err || err == nil && (got[0] != tc.n || got[1] != tc.others) {
			t.Errorf("%q: %q, want %q", tc.args, got, []string{tc.n, tc.others, tc.err})
		}
	}
}

func TestHelp(t *testing.T) {
	flags := flag.NewFlagSet("x", flag.ExitOnError)
	flags.Int("n", 1, "`number` of things")
	var stdout bytes.Buffer
	_, err := Parse(flags, "X counts.", []string{"a", "-h"}, &stdout)
	if want := "X counts.\n\nFlags:\n  -n number\n    \tnumber of things (default 1)\n"; !errors.Is(err, flag.ErrHelp) || stdout.String() != want {
		t.Errorf("error %v and output\n%s, want\n%s", err, &stdout, want)
	}
}

func TestCommand(t *testing.T) {
	got := Command("./x", []string{"-only", "α = 2", "-data=/a/b", "it's", ""})
	if want := `go run ./x -only 'α = 2' -data=/a/b 'it'\''s' ''`; got != want {
		t.Errorf("command %s, want %s", got, want)
	}
}

func TestBetween(t *testing.T) {
	for _, tc := range []struct {
		err  error
		want string
	}{
		{Between("-n", 1, 1, 2), "<nil>"},
		{Between("-n", 3, 1, 2), "-n 3, want 1 to 2"},
		{Between("-n", math.NaN(), 0.5, 2), "-n NaN, want 0.5 to 2"},
		{Between("-n", math.Inf(1), 0, 3600), "-n +Inf, want 0 to 3600"},
		{Threads(99999), fmt.Sprintf("-threads 99999, want 1 to %d, the number of cores", runtime.NumCPU())},
		{Threads(1), "<nil>"},
	} {
		if got := fmt.Sprint(tc.err); got != tc.want {
			t.Errorf("error %s, want %s", got, tc.want)
		}
	}
}

func TestPicture(t *testing.T) {
	dir := t.TempDir()
	none := filepath.Join(dir, "none", "a.png")
	_, noDir := os.Stat(filepath.Dir(none))
	folder := filepath.Join(dir, "folder.png")
	if err := os.Mkdir(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ name, want string }{
		{filepath.Join(dir, "a.png"), "<nil>"},
		{"a.jpg", "-out a.jpg: the picture is a PNG file, want a name that ends in .png"},
		{"a", "-out a: the picture is a PNG file, want a name that ends in .png"},
		{folder, "-out " + folder + ": a directory, want the name of a file"},
		{none, "-out " + none + ": " + noDir.Error()},
	} {
		if got := fmt.Sprint(Picture(tc.name)); got != tc.want {
			t.Errorf("%s: error %s, want %s", tc.name, got, tc.want)
		}
	}
}

// TestCores wants the cores of the machine, whatever number of goroutines is
// asked for.
func TestCores(t *testing.T) {
	want := fmt.Sprintf("%d cores, GOMAXPROCS=99", runtime.NumCPU())
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(99))
	if got := Machine(); !strings.Contains(got, want) {
		t.Errorf("machine %q, want %q in it", got, want)
	}
}

// TestLines counts the lines of a run of ten minutes whose output is not a
// terminal.
func TestLines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b bytes.Buffer
		p := NewProgress(&b, 700)
		p.Skip(100)
		for range 600 {
			time.Sleep(time.Second)
			p.Add(1)
		}
		p.Close()
		lines := strings.Split(b.String(), "\n")
		if want := "10 of 600 steps (1 %) after 10s, about 9m50s left"; lines[0] != want {
			t.Errorf("first line %q, want %q", lines[0], want)
		}
		if n := len(lines) - 1; n < 20 || n > 30 {
			t.Errorf("%d lines, want 20 to 30:\n%s", n, &b)
		}
	})
}

// TestShort wants a run of seconds to be silent.
func TestShort(t *testing.T) {
	var b bytes.Buffer
	p := NewProgress(&b, 3)
	for range 3 {
		p.Add(1)
	}
	if b.Len() > 0 {
		t.Errorf("output %q, want none", &b)
	}
}
