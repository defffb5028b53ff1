package main

import (
	"math"
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
