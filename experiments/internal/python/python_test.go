package python

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestMain lets the test binary stand in for an interpreter that is given -c, a
// source text and arguments: it greets with these and echoes what it reads,
// until it reads "die".
func TestMain(m *testing.M) {
	if os.Getenv("STAND_IN") == "" {
		os.Exit(m.Run())
	}
	if strings.HasPrefix(os.Args[2], "import ") {
		if os.Args[2] != "import this" {
			os.Exit(1)
		}
		return
	}
	fmt.Printf("[%q, %q]\n", os.Args[2], os.Args[3])
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		if in.Text() == `"die"` {
			fmt.Fprintln(os.Stderr, "Traceback:\n  somewhere\nDeath: it was asked for")
			os.Exit(1)
		}
		fmt.Println(in.Text())
	}
}

func TestScript(t *testing.T) {
	t.Setenv("STAND_IN", "1")
	for _, module := range []string{"this", "that"} { // of which it has the first
		var greeting []string
		s, err := start([]string{"no-such-python", os.Args[0]}, []string{module}, "the source", &greeting, "argument")
		if err != nil {
			t.Fatal(err)
		}
		if got, want := fmt.Sprint(greeting), "["+prelude+"the source argument]"; got != want {
			t.Errorf("greeting is %s, want %s", got, want)
		}
		for _, want := range []float64{3, 0.25} {
			var got float64
			if err := s.Call(want, &got); err != nil || got != want {
				t.Errorf("answer is %v, %v, want %v", got, err, want)
			}
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestScriptDies(t *testing.T) {
	t.Setenv("STAND_IN", "1")
	var greeting []string
	s, err := start([]string{os.Args[0]}, []string{"this"}, "the source", &greeting, "argument")
	if err != nil {
		t.Fatal(err)
	}
	var answer any
	err = s.Call("die", &answer)
	if want := os.Args[0] + ": Death: it was asked for"; err == nil || err.Error() != want {
		t.Errorf("error is %v, want %s", err, want)
	}
}

// TestNone wants an interpreter that was asked for, and can do without one that
// was not.
func TestNone(t *testing.T) {
	var greeting any
	_, err := Start("no-such-python", []string{"this"}, "", &greeting)
	if want := "no Python 3: tried no-such-python"; err == nil || err.Error() != want {
		t.Errorf("error is %v, want %s", err, want)
	}
	defer func(u []string) { usual = u }(usual)
	usual = []string{"no-such-python"}
	if s, err := Start("", []string{"this"}, "", &greeting); s != nil || err != nil {
		t.Errorf("script %v and error %v, want none", s, err)
	}
}

// TestInterrupt interrupts the script, as Ctrl-C does, and wants its answer.
func TestInterrupt(t *testing.T) {
	const source = `
say(0)
for line in sys.stdin:
    print(line, end="", flush=True)
`
	var answer int
	s, err := Start("", []string{"sys"}, source, &answer)
	if err != nil {
		t.Fatal(err)
	}
	if s == nil {
		t.Skip("no Python 3 to run it")
	}
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := s.Call(7, &answer); err != nil || answer != 7 {
		t.Errorf("answer %d and error %v after an interrupt, want 7", answer, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// TestNoAnswer starts a program that is no Python.
func TestNoAnswer(t *testing.T) {
	path, err := exec.LookPath("false")
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("no program to run in the place of Python: ", err)
	} else if err != nil {
		t.Fatal(err)
	}
	var greeting int
	_, err = Start(path, nil, "", &greeting)
	if want := path + ": ended without an answer, want Python 3"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}
