package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/program/programtest"
)

// TestMain lets the test binary stand in for a Python that has NumPy alone:
// half of its draws are NaN, and none of the legacy sampler.
func TestMain(m *testing.M) {
	if os.Getenv("STAND_IN") == "" {
		os.Exit(m.Run())
	}
	if strings.HasPrefix(os.Args[2], "import ") {
		return
	}
	fmt.Println(`{"python": "3.99", "numpy": "1.2.3", "torch": "", "samplers": ["generator", "legacy"]}`)
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		if strings.Contains(in.Text(), "legacy") {
			fmt.Println(`{"refused": "too small"}`)
		} else {
			fmt.Println(`{"nan": 1000, "half": 500, "zero": 1, "one": 2, "seconds": 1e-6}`)
		}
	}
}

func TestRun(t *testing.T) {
	t.Setenv("STAND_IN", "1")
	var stdout bytes.Buffer
	if err := run(t.Context(), []string{"-python", os.Args[0], "-n", "2000", "-seed", "3"}, &stdout, io.Discard); err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for line := range strings.SplitSeq(stdout.String(), "\n") {
		if strings.HasPrefix(line, "|") {
			cells := strings.Split(strings.Trim(line, "|"), "|")
			for i := range cells {
				cells[i] = strings.TrimSpace(cells[i])
			}
			rows = append(rows, cells)
		}
	}
	rows = rows[2:]
	const perAlpha = 8 // two that are exact, and six samplers
	if len(rows) != perAlpha*len(alphas) {
		t.Fatalf("%d rows, want %d for each of %d α\n%s", len(rows), perAlpha, len(alphas), &stdout)
	}
	for i, alpha := range alphas {
		r := rows[i*perAlpha:][:perAlpha]
		if got, want := r[0][0], fmt.Sprint(alpha); got != want {
			t.Errorf("rows of α = %s where those of %s should be", got, want)
		}
		if got, want := fmt.Sprint(r[4][1:]), "[NumPy Generator.beta 50.000 % 25.000 % 0.050 % 0.100 % 1µs]"; got != want {
			t.Errorf("α = %v: row %s, want %s", alpha, got, want)
		}
		if got, want := fmt.Sprint(r[5][1:3], r[6][1:3]), "[NumPy random.beta too small] [PyTorch Beta, float32 missing]"; got != want {
			t.Errorf("α = %v: rows %s, want %s", alpha, got, want)
		}
		if r[2][2] != "0" || r[2][3] != "0" {
			t.Errorf("α = %v: row %v, want neither NaN nor ½ from this library", alpha, r[2])
		}
	}
	if got := rows[3][2]; got == "0" {
		t.Errorf("gonum has %s NaN for α = %v: is this program still needed?", got, alphas[0])
	}
}

// TestEnds holds the probabilities of 0 and 1 to draws, which are within five
// standard deviations but once in 1.7 million times where they are many.
func TestEnds(t *testing.T) {
	const n = 200000
	for _, alpha := range alphas {
		b := mixup.Beta{Alpha: alpha, Beta: alpha, Src: rand.NewPCG(1, 2)}
		var zero, one, zero32, one32 int
		for range n {
			v := b.Rand()
			switch {
			case v == 0:
				zero++
			case v == 1:
				one++
			}
			switch {
			case float32(v) == 0:
				zero32++
			case float32(v) == 1:
				one32++
			}
		}
		check := func(what string, count int, p float64) {
			t.Helper()
			if math.Abs(float64(count)-n*p) > 5*math.Sqrt(n*p*(1-p))+1e-3 {
				t.Errorf("α = %v: %d of %d draws are %s, want a share of %v", alpha, count, n, what, p)
			}
		}
		p, q := ends(alpha, 64)
		check("0", zero, p)
		check("1", one, q)
		p, q = ends(alpha, 32)
		check("0 in float32", zero32, p)
		check("1 in float32", one32, q)
	}
}

func TestWrongUse(t *testing.T) {
	programtest.WrongUses(t, run, map[string]string{
		"more":                 `argument "more", want none`,
		"-n 0":                 "-n 0, want 1 to 50000000",
		"-n 1000000000000":     "-n 1000000000000, want 1 to 50000000",
		"-python /nonexistent": "no Python 3: tried /nonexistent",
	})
}

// TestInterrupted wants the rows of the first α of a program that is interrupted
// while it draws them.
func TestInterrupted(t *testing.T) {
	t.Setenv("STAND_IN", "1")
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	var stdout bytes.Buffer
	err := run(ctx, []string{"-python", os.Args[0], "-n", "10"}, &stdout, io.Discard)
	if want := fmt.Sprintf("interrupted; the table has 1 of %d values of α", len(alphas)); fmt.Sprint(err) != want {
		t.Errorf("error is %v, want %s", err, want)
	}
	if got, want := strings.Count(stdout.String(), "\n| "), 2+8; got != want {
		t.Errorf("%d lines of the table, want %d:\n%s", got, want, &stdout)
	}
}
