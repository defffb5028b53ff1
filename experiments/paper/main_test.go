package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestMain is the program itself if the environment has arguments for it.
func TestMain(m *testing.M) {
	if args := os.Getenv("PAPER_TEST_ARGS"); args != "" {
		os.Args = append(os.Args[:1], strings.Fields(args)...)
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// read returns the files of dir that match pattern, and wants some.
func read(t *testing.T, dir, pattern string) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil {
		t.Fatal(err)
	}
	if len(names) == 0 {
		t.Fatalf("no file %s in %s", pattern, dir)
	}
	files := make(map[string][]byte)
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(name)] = b
	}
	return files
}

// TestExperiments runs all of them on synthetic data, in one directory, so that
// what one has trained others can use, and some of them again, interrupted.
func TestExperiments(t *testing.T) {
	out := t.TempDir()
	for _, x := range experiments {
		t.Run(x.name, func(t *testing.T) {
			args := []string{x.name, "-out", out, "-seeds", "2"}
			var stdout bytes.Buffer
			if err := run(t.Context(), args, &stdout, io.Discard); err != nil {
				t.Fatal(err)
			}
			if want := "it shows that the experiment runs, and its figures mean nothing"; !strings.Contains(stdout.String(), want) {
				t.Errorf("report does not say %q:\n%s", want, &stdout)
			}
			dir := filepath.Join(out, x.name)
			if got := string(read(t, dir, "report.md")["report.md"]); got != stdout.String() {
				t.Errorf("report.md has\n%s, want what is printed:\n%s", got, stdout.String())
			}
			if want := "go run ./experiments/paper " + strings.Join(args, " ") + "\n\nSeeds: 2. "; !strings.HasPrefix(stdout.String(), want) {
				t.Errorf("report does not begin with %q:\n%s", want, stdout.String())
			}
			for name, b := range read(t, dir, "*.csv") {
				rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
				if err != nil || len(rows) < 2 {
					t.Errorf("%s: error %v, %d rows, want a heading and more", name, err, len(rows))
				}
			}
			for name, b := range read(t, dir, "*.png") {
				if _, err := png.Decode(bytes.NewReader(b)); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
			switch x.name { // one for each kind of training
			case "ablation", "gan", "images", "regression", "reinforcement", "segmentation", "semisupervised", "speech":
				testResume(t, x.name, strings.ReplaceAll(stdout.String(), out, "OUT"))
			}
		})
	}
}

// TestKilled ends the program half-way, by a signal that it can answer and by
// one that it cannot, and goes on to the results of a program that was left alone.
func TestKilled(t *testing.T) {
	epochs := "20"
	if testing.Short() {
		epochs = "5" // enough with the race detector, which is slow
	}
	args := func(dir string) []string { return []string{"tabular", "-epochs", epochs, "-seeds", "2", "-out", dir} }
	results := func(dir string) string {
		if err := run(t.Context(), args(dir), io.Discard, io.Discard); err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("%s", read(t, filepath.Join(dir, "tabular"), "*.csv"))
	}
	want := results(t.TempDir())
	for _, tc := range []struct {
		signal os.Signal
		stderr string
	}{
		{os.Interrupt, "paper: interrupted; the same command goes on from here\n"},
		{os.Kill, ""},
	} {
		t.Run(tc.signal.String(), func(t *testing.T) {
			dir := t.TempDir()
			program := exec.Command(os.Args[0])
			// One run at a time, so that there is time to end it.
			program.Env = append(os.Environ(), "GOMAXPROCS=1", "PAPER_TEST_ARGS="+strings.Join(args(dir), " "))
			var stderr bytes.Buffer
			program.Stderr = &stderr
			if err := program.Start(); err != nil {
				t.Fatal(err)
			}
			lines := func() int {
				b, err := os.ReadFile(filepath.Join(dir, "tabular", "runs.jsonl"))
				if err != nil {
					return 0 // not yet there
				}
				return bytes.Count(b, []byte("\n"))
			}
			for deadline := time.Now().Add(time.Minute); lines() < 3; time.Sleep(time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatal("no results within a minute")
				}
			}
			if err := program.Process.Signal(tc.signal); err != nil {
				t.Fatal(err)
			}
			if err := program.Wait(); err == nil {
				t.Fatal("the program has ended well, want it ended by a signal")
			}
			if got := stderr.String(); !strings.HasSuffix(got, tc.stderr) { // progress may come before
				t.Errorf("standard error has %q, want %q", got, tc.stderr)
			}
			if n := lines(); n > 20 { // of 21, with the heading
				t.Fatalf("%d lines of results, want some left to do", n)
			}
			if got := results(dir); got != want {
				t.Errorf("results\n%s, want\n%s", got, want)
			}
		})
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{nil, {"help"}, {"-h"}} {
		var stdout bytes.Buffer
		if err := run(t.Context(), args, &stdout, io.Discard); err != nil {
			t.Fatal(err)
		}
		for _, x := range experiments {
			if !strings.Contains(stdout.String(), "\n  "+x.name+" ") {
				t.Errorf("%q: usage does not list %s:\n%s", args, x.name, &stdout)
			}
		}
	}
}

// TestHelp wants -h of an experiment to begin with what it is for, how long it
// takes and what it needs, and to exit well.
func TestHelp(t *testing.T) {
	for _, x := range experiments {
		var stdout bytes.Buffer
		if err := run(t.Context(), []string{x.name, "-h"}, &stdout, io.Discard); !errors.Is(err, flag.ErrHelp) {
			t.Errorf("%s: error %v, want %v", x.name, err, flag.ErrHelp)
		}
		want := "Paper " + x.name + ": " + x.about + "; it takes seconds on synthetic data,\nand " + x.takes + " with "
		if x.takes == "" || !strings.HasPrefix(stdout.String(), want) {
			t.Errorf("%s: help does not begin with %q:\n%s", x.name, want, &stdout)
		}
		if want := "\n-data DIR wants\n" + x.files; x.files != "" && !strings.Contains(stdout.String(), want) {
			t.Errorf("%s: help has no %q:\n%s", x.name, want, &stdout)
		} else if got := strings.Contains(stdout.String(), "DIR"); x.files == "" && got {
			t.Errorf("%s: help speaks of a directory, but data is drawn:\n%s", x.name, &stdout)
		}
	}
}

// TestNoFiles wants the first file that an experiment does not find to be one of
// those that its help lists, and the error to list them too.
func TestNoFiles(t *testing.T) {
	empty := t.TempDir()
	for _, x := range experiments {
		if x.files == "" {
			continue
		}
		err := run(t.Context(), []string{x.name, "-data", empty, "-out", t.TempDir()}, io.Discard, io.Discard)
		if err == nil || !strings.HasSuffix(err.Error(), "\n-data DIR wants\n"+x.layout()) {
			t.Errorf("%s: error %v, want one that ends with %q", x.name, err, x.layout())
			continue
		}
		_, missing, _ := strings.Cut(err.Error(), empty+string(filepath.Separator))
		set := missing[:strings.IndexAny(missing, ":"+string(filepath.Separator))]
		if !strings.Contains(x.files, "DIR/"+set+"/") {
			t.Errorf("%s: help does not list %s, which is missing", x.name, set)
		}
	}
}

// TestNoP trains with one seed, of which there is no p.
func TestNoP(t *testing.T) {
	var stdout bytes.Buffer
	if err := run(t.Context(), []string{"tabular", "-epochs", "1", "-seeds", "1", "-out", t.TempDir()}, &stdout, io.Discard); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(stdout.String(), "NaN") || !strings.Contains(stdout.String(), "\n–: no p, as there is one seed") {
		t.Errorf("report has NaN, or does not say why there is no p:\n%s", &stdout)
	}
}

// TestFlagInFront wants an experiment before its flags.
func TestFlagInFront(t *testing.T) {
	err := run(t.Context(), []string{"-seeds", "2", "tabular"}, io.Discard, io.Discard)
	if want := "flag -seeds in front, want EXPERIMENT [flags]; -h lists the experiments"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestRunErrors(t *testing.T) {
	empty := t.TempDir()
	_, noFile := os.Open(filepath.Join(empty, "uci", "abalone", "abalone.data"))
	for _, tc := range []struct {
		name string
		args []string
		want string
	}{
		{"unknown", []string{"tabluar"}, `no experiment "tabluar"` + "\n"},
		{"argument", []string{"tabular", "x"}, `argument "x", want none`},
		{"flag", []string{"gan", "-data", empty}, "flag provided but not defined: -data; -h lists the flags"},
		{"seeds", []string{"tabular", "-seeds", "-1"}, "-seeds -1, want 0 to 1000"},
		{"many seeds", []string{"tabular", "-seeds", "1000000000"}, "-seeds 1000000000, want 0 to 1000"},
		{"epochs", []string{"tabular", "-epochs", "0"}, "-epochs 0, want 1 to 100000"},
		{"data", []string{"tabular", "-data", empty}, "datasets: " + noFile.Error() + "\n-data DIR wants\n  DIR/uci/abalone/abalone.data\n"},
		{"csv and data", []string{"alpha", "-csv", "x", "-data", empty}, "-csv and -data, want one of them"},
		{"data and csv", []string{"alpha", "-data", empty, "-csv", "x"}, "-csv and -data, want one of them"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			args := append([]string{tc.args[0], "-out", t.TempDir()}, tc.args[1:]...)
			err := run(t.Context(), args, io.Discard, io.Discard)
			if err == nil || !strings.HasPrefix(err.Error(), tc.want) {
				t.Errorf("error %v, want %q", err, tc.want)
			}
		})
	}
}
