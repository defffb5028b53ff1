package python

import (
	"bufio"
	"errors"
	"fmt"
	"os"
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
		s, err := Start([]string{"no-such-python", os.Args[0]}, []string{module}, "the source", &greeting, "argument")
		if err != nil {
			t.Fatal(err)
		}
		if got, want := fmt.Sprint(greeting), "[the source argument]"; got != want {
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
	s, err := Start([]string{os.Args[0]}, []string{"this"}, "the source", &greeting, "argument")
	if err != nil {
		t.Fatal(err)
	}
	var answer any
	err = s.Call("die", &answer)
	if want := os.Args[0] + ": Death: it was asked for"; err == nil || err.Error() != want {
		t.Errorf("error is %v, want %s", err, want)
	}
}

func TestNone(t *testing.T) {
	var greeting any
	_, err := Start(Interpreters("no-such-python"), []string{"this"}, "", &greeting)
	if want := "no Python 3: tried no-such-python"; !errors.Is(err, ErrNone) || err.Error() != want {
		t.Errorf("error is %v, want %s", err, want)
	}
}
