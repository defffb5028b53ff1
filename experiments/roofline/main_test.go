package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/seed-7466c776/mixup/examples/program/programtest"
)

func TestRun(t *testing.T) {
	out := filepath.Join(t.TempDir(), "roofline.png")
	var stdout bytes.Buffer
	if err := run(t.Context(), []string{"-largest", "1", "-seconds", "0", "-out", out}, &stdout, io.Discard); err != nil {
		t.Fatal(err)
	}
	// A row for each minibatch of up to 1 MiB, with a rate for each operation.
	rows := regexp.MustCompile(`(?m)^\| (\d+)×3072 +\|(.*)\|$`).FindAllStringSubmatch(stdout.String(), -1)
	if len(rows) != 6 {
		t.Fatalf("%d rows, want 6\n%s", len(rows), &stdout)
	}
	for i, r := range rows {
		if want := strconv.Itoa(2 << i); r[1] != want {
			t.Errorf("row %d is of %s samples, want %s", i, r[1], want)
		}
		rates := strings.Split(r[2], "|")
		if want := len(operations(2)); len(rates) != want {
			t.Errorf("row %d has %d rates, want %d", i, len(rates), want)
		}
		for _, rate := range rates {
			if _, err := strconv.ParseFloat(strings.TrimSpace(rate), 64); err != nil {
				t.Errorf("row %d has a rate of %q, want a number", i, rate)
			}
		}
	}
	programtest.PNG(t, out)
}

// Every operation has a positive rate, which the table may round to 0.0 on a slow
// machine.
func TestMeasure(t *testing.T) {
	for _, o := range measure(2, 0) {
		if !(o.rate > 0) || math.IsInf(o.rate, 1) {
			t.Errorf("%s has a rate of %v, want a positive number", o.name, o.rate)
		}
	}
}

func TestWrongUse(t *testing.T) {
	programtest.WrongUses(t, run, map[string]string{
		"more":               `argument "more", want none`,
		"-threads 0":         fmt.Sprintf("-threads 0, want 1 to %d, the number of cores", runtime.NumCPU()),
		"-largest 100000000": "-largest 100000000, want 1 to 4096",
		"-seconds NaN":       "-seconds NaN, want 0 to 3600",
		"-out roofline.svg":  "-out roofline.svg: the picture is a PNG file, want a name that ends in .png",
	})
}

func TestInterrupted(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	var stdout bytes.Buffer
	err := run(ctx, []string{"-largest", "1", "-seconds", "0", "-out", filepath.Join(t.TempDir(), "roofline.png")}, &stdout, io.Discard)
	if want := "interrupted; the table has 1 of 6 minibatches"; fmt.Sprint(err) != want || !strings.Contains(stdout.String(), "\n| 2×3072 ") {
		t.Errorf("error is %v, want %s and the first row:\n%s", err, want, &stdout)
	}
}

func TestPowers(t *testing.T) {
	var got []string
	for _, tick := range powers(4).Ticks(0.06, 17) {
		got = append(got, tick.Label)
	}
	if got, want := strings.Join(got, " "), "0.0625 0.25 1 4 16"; got != want {
		t.Errorf("ticks are %s, want %s", got, want)
	}
}
