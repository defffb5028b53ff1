package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/seed-7466c776/mixup/examples/program/programtest"
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
	if err := run(t.Context(), append(args, "-seconds", "0", "-rounds", "1"), &b, io.Discard); err != nil {
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
	var none versions
	if got, want := none.String(), "Python 3 is missing, and with it all that is compared with."; got != want {
		t.Errorf("versions are %q, want %q", got, want)
	}
	c := comparisons()[0]
	r, err := c.measure(nil, none, 1, 0)
	if err != nil || !(r.own > 0) || r.peer != 0 {
		t.Errorf("result %+v and error %v, want the time of the library alone", r, err)
	}
	row := tabulate([]comparison{c}, []result{r}).Rows[0]
	if row[4] != "missing" || row[5] != "" {
		t.Errorf("row is %v, want the peer to be missing", row)
	}
}

func TestWrongUse(t *testing.T) {
	programtest.WrongUses(t, run, map[string]string{
		"more":                 `argument "more", want none`,
		"-threads 99999":       fmt.Sprintf("-threads 99999, want 1 to %d, the number of cores", runtime.NumCPU()),
		"-rounds 0":            "-rounds 0, want 1 to 10000",
		"-seconds NaN":         "-seconds NaN, want 0 to 3600",
		"-python /nonexistent": "no Python 3: tried /nonexistent",
		"-only nothing":        `-only "nothing", which nothing has in its name`,
	})
}

// TestInterrupted wants the rows that are finished.
func TestInterrupted(t *testing.T) {
	t.Setenv("STAND_IN", "numpy torch")
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	var stdout bytes.Buffer
	err := run(ctx, []string{"-python", os.Args[0], "-only", "16×128", "-seconds", "0", "-rounds", "1"}, &stdout, io.Discard)
	if want := "interrupted; the table has 1 of 3 comparisons"; fmt.Sprint(err) != want || !strings.Contains(stdout.String(), "\n| Sample, Apply ") {
		t.Errorf("error is %v, want %s and the first row:\n%s", err, want, &stdout)
	}
}

// TestScript runs the real script, with the tasks that it has here.
func TestScript(t *testing.T) {
	if _, err := exec.LookPath("python3"); errors.Is(err, exec.ErrNotFound) {
		t.Skip("no python3 to run it")
	} else if err != nil {
		t.Fatal(err)
	}
	var found versions
	s, err := python.Start("", []string{"numpy", "torch"}, script, &found, "1")
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
