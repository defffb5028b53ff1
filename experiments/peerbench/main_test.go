package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/seed-7466c776/mixup/experiments/internal/python"
)

// TestMain lets the test binary stand in for Python, with the packages that
// STAND_IN names: every operation takes it one second a row.
func TestMain(m *testing.M) {
	has := os.Getenv("STAND_IN")
	if has == "" {
		os.Exit(m.Run())
	}
	if strings.HasPrefix(os.Args[2], "import ") {
		return
	}
	greeting := map[string]string{"python": "3.99"}
	for pkg := range strings.SplitSeq(has, " ") {
		greeting[pkg] = "1.2.3"
	}
	json.NewEncoder(os.Stdout).Encode(greeting)
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		var r request
		if err := json.Unmarshal(in.Bytes(), &r); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println(r.N)
	}
}

// table runs the program and returns its output, and the cells of the table's rows.
func table(t *testing.T, args ...string) (stdout string, rows [][]string) {
	t.Helper()
	var b bytes.Buffer
	if err := run(append(args, "-seconds", "0", "-rounds", "1"), &b, io.Discard); err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(b.String(), "\n") {
		if strings.HasPrefix(line, "|") {
			cells := strings.Split(strings.Trim(line, "|"), "|")
			for i := range cells {
				cells[i] = strings.TrimSpace(cells[i])
			}
			rows = append(rows, cells)
		}
	}
	return b.String(), rows[2:]
}

// TestTable checks that every comparison is made, with the times of the peer in
// their places.
func TestTable(t *testing.T) {
	t.Setenv("STAND_IN", "numpy torch")
	_, rows := table(t, "-python", os.Args[0])
	list := comparisons()
	if len(rows) != len(list) {
		t.Fatalf("%d rows, want %d", len(rows), len(list))
	}
	faster := regexp.MustCompile(`^1/\d+\.\d$`)
	for i, c := range list {
		want := []string{c.name, c.size(), rows[i][2], c.peer, c.time(float64(c.n)), rows[i][5]}
		if got := fmt.Sprint(rows[i]); got != fmt.Sprint(want) {
			t.Errorf("row %d is %s, want %v", i, got, want)
		}
		if !faster.MatchString(rows[i][5]) {
			t.Errorf("%s: the ratio is %s, want less than ½", c, rows[i][5])
		}
	}
}

func TestWithoutPyTorch(t *testing.T) {
	t.Setenv("STAND_IN", "numpy")
	stdout, rows := table(t, "-python", os.Args[0], "-only", "α = 2")
	if want := "Python 3.99, NumPy 1.2.3; PyTorch is missing (Debian's package python3-torch)"; !strings.Contains(stdout, want) {
		t.Errorf("output is\n%s\nwant %s in it", stdout, want)
	}
	if len(rows) != 1 || rows[0][4] != "1s" {
		t.Errorf("rows are %v, want NumPy's alone", rows)
	}
	if _, rows = table(t, "-python", os.Args[0], "-only", "16×128"); len(rows) != 3 || rows[0][4] != "missing" || rows[0][5] != "" {
		t.Errorf("rows are %v, want 3 in which the peer is missing", rows)
	}
}

func TestWithoutPython(t *testing.T) {
	stdout, rows := table(t, "-python", "no-such-python", "-only", "16×128")
	if want := "Python 3 is missing"; !strings.Contains(stdout, want) {
		t.Errorf("output is\n%s\nwant %s in it", stdout, want)
	}
	if len(rows) != 3 || rows[2][4] != "missing" {
		t.Errorf("rows are %v, want 3 in which the peer is missing", rows)
	}
}

func TestWrongUse(t *testing.T) {
	for _, test := range []struct{ args, want string }{
		{"more", `argument "more", want none`},
		{"-threads 0", "-threads 0, -rounds 5, want positive numbers"},
		{"-rounds 0", "-threads 1, -rounds 0, want positive numbers"},
		{"-seconds NaN", "-seconds NaN, want a number ≥ 0"},
		{"-python no-such-python -only nothing", `-only "nothing", which nothing has in its name`},
	} {
		err := run(strings.Fields(test.args), io.Discard, io.Discard)
		if err == nil || err.Error() != test.want {
			t.Errorf("%s: error is %v, want %s", test.args, err, test.want)
		}
	}
}

// TestScript runs the real script, with the tasks that it has here.
func TestScript(t *testing.T) {
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("no python3 to run it")
	}
	var found versions
	s, err := python.Start(python.Interpreters(""), []string{"numpy", "torch"}, script, &found, "1")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	t.Log(found)
	for _, c := range comparisons() {
		if !found.has(c.task) || c.n*c.width > 1<<20 {
			continue
		}
		var seconds float64
		if err := s.Call(request{c.task, c.n, c.width, c.alpha, 0}, &seconds); err != nil || !(seconds > 0) {
			t.Errorf("%s takes %v seconds, %v", c, seconds, err)
		}
	}
}

func TestTime(t *testing.T) {
	for _, test := range []struct {
		c       comparison
		seconds float64
		want    string
	}{{comparison{}, 123.4e-9, "123ns"}, {comparison{}, 1.23456e-3, "1.23ms"}, {comparison{task: "beta", n: 1000}, 50e-6, "50ns"}} {
		if got := test.c.time(test.seconds); got != test.want {
			t.Errorf("%v seconds of %s are written as %s, want %s", test.seconds, test.c.task, got, test.want)
		}
	}
}

func TestFraction(t *testing.T) {
	for _, test := range []struct {
		ratio float64
		want  string
	}{{.01, "1/100.0"}, {.08, "1/12.5"}, {.5, "1/2.0"}, {.51, "0.51"}, {1, "1.00"}, {3.456, "3.46"}} {
		if got := fraction(test.ratio); got != test.want {
			t.Errorf("%v is written as %s, want %s", test.ratio, got, test.want)
		}
	}
}
