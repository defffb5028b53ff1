package main

import "testing"

// TestRun checks that Born learns the rings, without mixup and with it. Chance is
// one half. Born draws weights from a source without a seed: in 80 runs, the lowest
// accuracy was 0.997.
func TestRun(t *testing.T) {
	for _, alpha := range []float64{0, 0.2} {
		accuracy, err := run(alpha, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if !(accuracy >= 0.95) {
			t.Errorf("α = %v: accuracy %v, want at least 0.95", alpha, accuracy)
		}
	}
}
