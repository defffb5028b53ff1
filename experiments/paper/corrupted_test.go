package main

import (
	"bytes"
	"encoding/csv"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// csvOf runs an experiment on synthetic data and returns a table that it writes.
func csvOf(t *testing.T, name, table string, args ...string) [][]string {
	t.Helper()
	out := t.TempDir()
	var stdout bytes.Buffer
	if err := run(t.Context(), append([]string{name, "-out", out}, args...), &stdout, io.Discard); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(filepath.Join(out, name, table))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// number returns a cell of a table.
func number(t *testing.T, cell string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(cell, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestCorrupt wants what was not drawn as it was, and all classes to be drawn
// alike, the true one too. Counts are within five standard deviations but for one
// seed in 1.7 million.
func TestCorrupt(t *testing.T) {
	const n, classes, share = 20000, 4, 0.3
	labels := make([]int, n)
	for i := range labels {
		labels[i] = i % classes
	}
	corrupted, drawn, kept := corrupt(labels, classes, share, rand.New(rand.NewPCG(1, 2)))
	if len(drawn)+len(kept) != n {
		t.Fatalf("%d labels drawn and %d kept, want %d in all", len(drawn), len(kept), n)
	}
	near := func(what string, count int, of, p float64) {
		t.Helper()
		if math.Abs(float64(count)-of*p) > 5*math.Sqrt(of*p*(1-p)) {
			t.Errorf("%s: %d of %v, want a share of %v", what, count, of, p)
		}
	}
	near("drawn", len(drawn), n, share)
	for _, i := range kept {
		if corrupted[i] != labels[i] {
			t.Fatalf("label %d is %d, want %d as it was kept", i, corrupted[i], labels[i])
		}
	}
	count := make([]int, classes) // of corrupted minus true labels
	for _, i := range drawn {
		count[(corrupted[i]-labels[i]+classes)%classes]++
	}
	for d, c := range count {
		near("labels off by "+strconv.Itoa(d), c, float64(len(drawn)), 1./classes)
	}
}

// TestCorrupted wants more wrong labels to do more harm, and dropout to keep the
// net from learning them.
func TestCorrupted(t *testing.T) {
	table := func(share string) func(method int, name string) float64 {
		rows := csvOf(t, "corrupted", "corrupted.csv", "-seeds", "1", "-share", share)
		column := make(map[string]int)
		for i, name := range rows[0] {
			column[name] = i
		}
		rows = rows[1:]
		if len(rows) != len(corruptedMethods) {
			t.Fatalf("%d rows, want %d", len(rows), len(corruptedMethods))
		}
		return func(method int, name string) float64 {
			t.Helper()
			i, ok := column[name]
			if !ok {
				t.Fatalf("no column %q in %q", name, column)
			}
			return number(t, rows[method][i])
		}
	}
	few, many := table("0.2"), table("0.8")
	for method, m := range corruptedMethods {
		if best, last := many(method, "best test error, %"), many(method, "last"); best > last {
			t.Errorf("%s: the best error %v is worse than the last, %v", m.name, best, last)
		}
	}
	if erm, dropout := many(0, "corrupted labels"), many(1, "corrupted labels"); !(erm < dropout) {
		t.Errorf("ERM's error on wrong labels is %v %%, want less than with dropout, %v %%", erm, dropout)
	}
	if few, many := few(0, "last"), many(0, "last"); !(few+10 < many) {
		t.Errorf("ERM's test error is %v %% with few wrong labels and %v %% with many, want it to rise", few, many)
	}
}

func TestCorruptedErrors(t *testing.T) {
	for _, share := range []string{"0", "1", "-1", "NaN"} {
		err := run(t.Context(), []string{"corrupted", "-share", share, "-out", t.TempDir()}, io.Discard, io.Discard)
		if want := "-share " + share + ", want a number between 0 and 1"; err == nil || err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}
