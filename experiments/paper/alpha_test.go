package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// noisyCSV returns a file of rows that are easy to remember and hard to learn
// from: labels are random half of the time.
func noisyCSV(t *testing.T, rows int) string {
	r := rand.New(rand.NewPCG(1, 2))
	var b bytes.Buffer
	b.WriteString("class,a,b,c\n")
	for range rows {
		x, label := r.Float64(), "low"
		if x > 0.5 != (r.IntN(4) == 0) {
			label = "high"
		}
		fmt.Fprintf(&b, "%s,%v,%v,%c\n", label, x, r.Float64(), 'u'+r.IntN(3))
	}
	name := filepath.Join(t.TempDir(), "noisy.csv")
	if err := os.WriteFile(name, b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestAlphaCSV wants mixup to raise the training error and to narrow the gap on
// a user's file.
func TestAlphaCSV(t *testing.T) {
	out := t.TempDir()
	if err := run(t.Context(), []string{"alpha", "-csv", noisyCSV(t, 100), "-label", "class", "-seeds", "2", "-epochs", "100", "-out", out}, io.Discard, io.Discard); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(read(t, filepath.Join(out, "alpha"), "curves.csv")["curves.csv"])).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := func(name string) (values []float64) {
		for i, c := range rows[0] {
			if c != name {
				continue
			}
			for _, row := range rows[1:] {
				v, err := strconv.ParseFloat(row[i], 64)
				if err != nil {
					t.Fatal(err)
				}
				values = append(values, v)
			}
		}
		return values
	}
	last := len(alphas) - 1
	if len(rows) != len(alphas)+1 || rows[1][0] != "noisy.csv" || rows[1][1] != "0" || rows[last+1][1] != "∞" {
		t.Fatalf("curves\n%v, want one of noisy.csv from 0 to ∞", rows)
	}
	if training := column("training error"); !(training[last] > training[0]+5) {
		t.Errorf("training errors %v %%, want more with α", training)
	}
	if gap := column("gap"); !(gap[last] < gap[0]-5) {
		t.Errorf("gaps %v, want less with α", gap)
	}
}

func TestAlphaErrors(t *testing.T) {
	file := noisyCSV(t, 100)
	copies := filepath.Join(t.TempDir(), "copies.csv")
	if err := os.WriteFile(copies, []byte(strings.Repeat("1,1,x\n1,2,y\n", 50)), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name string
		args []string
		want string
	}{
		{"label", []string{"-label", "2"}, `-label "2" without -csv, want both`},
		{"number", []string{"-csv", file, "-label", "a"}, file + ": the label has 100 different values in 100 rows, want at most 50 classes; choose another column"},
		{"fraction", []string{"-csv", noisyCSV(t, 40), "-label", "b"}, "noisy.csv: the label 0."},
		{"column", []string{"-csv", file, "-label", "d"}, "datasets: " + file + `: no column "d", want a name in the heading or a number up to 4`},
		{"rows", []string{"-csv", noisyCSV(t, 1)}, "noisy.csv: 1 rows, 1 if rows of the same features count once, want enough for training, validation and test rows"},
		{"copies", []string{"-csv", copies}, "copies.csv: 100 rows, 2 if rows of the same features count once, want enough for training, validation and test rows"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			err := run(t.Context(), append([]string{"alpha", "-out", t.TempDir()}, tc.args...), io.Discard, io.Discard)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error %v, want %q", err, tc.want)
			}
		})
	}
}

// TestEditedCSV wants the results of a file to be refused after a row is removed.
func TestEditedCSV(t *testing.T) {
	file, out := noisyCSV(t, 40), t.TempDir()
	perform := func() error {
		return run(t.Context(), []string{"alpha", "-csv", file, "-label", "class", "-seeds", "1", "-epochs", "1", "-out", out}, io.Discard, io.Discard)
	}
	for range 2 { // the second time there are results
		if err := perform(); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	last := bytes.LastIndexByte(b[:len(b)-1], '\n')
	if err := os.WriteFile(file, b[:last+1], 0o666); err != nil {
		t.Fatal(err)
	}
	if err := perform(); err == nil || !strings.Contains(err.Error(), "results are for the settings") {
		t.Errorf("error %v, want results refused", err)
	}
}

// TestNoCSV wants nothing of -data in the error of a file that is not of it.
func TestNoCSV(t *testing.T) {
	file := filepath.Join(t.TempDir(), "none.csv")
	err := run(t.Context(), []string{"alpha", "-out", t.TempDir(), "-csv", file}, io.Discard, io.Discard)
	_, noFile := os.Open(file)
	if want := "datasets: " + noFile.Error(); err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestLowest(t *testing.T) {
	x := [][]float64{{3, 9}, {5, 1}, {3, 3}}
	for _, tc := range []struct{ seed, want int }{{0, 0}, {1, 1}, {-1, 1}} {
		if got := lowest(x, tc.seed); got != tc.want {
			t.Errorf("lowest of %v for seed %d is %d, want %d", x, tc.seed, got, tc.want)
		}
	}
}
