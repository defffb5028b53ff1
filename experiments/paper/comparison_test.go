package main

import (
	"io"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/seed-7466c776/mixup/experiments/internal/report"
)

// TestDifference compares with figures by hand: differences of 1 and 3 have the mean
// 2 with a standard error of 1, so that t is 2, of one degree of freedom.
func TestDifference(t *testing.T) {
	values := [][]float64{{10, 20}, {11, 23}}
	if mean, p := difference(values, 0); mean != "" || p != "" {
		t.Errorf("first method: %v and %v, want empty cells", mean, p)
	}
	mean, p := difference(values, 1)
	if want := (report.Value{Mean: 2, Err: 1}); mean != want {
		t.Errorf("mean difference %v, want %v", mean, want)
	}
	if want := 1 - 2/math.Pi*math.Atan(2); math.Abs(float64(p.(report.P))-want) > 1e-12 {
		t.Errorf("p = %v, want %v", p, want)
	}
}

// TestPairs wants a row for each two methods, the later one minus the earlier one,
// with all digits.
func TestPairs(t *testing.T) {
	e := &env{dir: t.TempDir(), stdout: io.Discard}
	p := newPairs(func(d []float64) float64 { return d[0] / 4 }, "set", "epochs")
	what := append(make([]any, 0, 9), "a", 5) // with room that rows must not share
	p.add([]string{"ERM", "mixup, α = 1", "CutMix"}, [][]float64{{10, 20}, {11, 23}, {12, 22}}, what...)
	if err := p.write(e); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(e.dir, "pairs.csv"))
	if err != nil {
		t.Fatal(err)
	}
	const want = `set,epochs,method,minus,difference,"difference, standard error",p
a,5,"mixup, α = 1",ERM,2,1,0.25
a,5,CutMix,ERM,2,0,0.5
a,5,CutMix,"mixup, α = 1",0,1,0.25
`
	if string(got) != want {
		t.Errorf("table:\n%s, want\n%s", got, want)
	}
}
