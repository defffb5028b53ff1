//go:build race

// What the race detector sees.

package f32

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestRaceIsSeen checks that the race detector sees what kernels read and write: a
// process of its own has races, and must say so.
func TestRaceIsSeen(t *testing.T) {
	const variable = "F32_TEST_RACE"
	x, y, top, one := make([]float32, 64), make([]float32, 64), make([]int, 1), make([]float64, 1)
	races := map[string]func(){
		"Scale":   func() { Scale(y, x, 2) },
		"Argmax":  func() { Argmax(top, x) },
		"Softmax": func() { Softmax(one, one, one, y, x, nil, []int{0}, 1, 0) },
		"Sum":     func() { Sum(x) },
	}
	if race := races[os.Getenv(variable)]; race != nil {
		done := make(chan bool)
		go func() {
			race()
			close(done)
		}()
		x[63] = 1
		<-done
		return
	}
	for name := range races {
		cmd := exec.Command(os.Args[0], "-test.run=^TestRaceIsSeen$")
		cmd.Env = append(os.Environ(), variable+"="+name)
		if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "DATA RACE") {
			t.Errorf("%s: no race was seen: %v\n%s", name, err, out)
		}
	}
}
