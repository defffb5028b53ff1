package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/seed-7466c776/mixup/examples/nn"
	"github.com/seed-7466c776/mixup/examples/program/programtest"
)

// line finds the lines of the table: method, accuracy and distance from linear.
var line = regexp.MustCompile(`(?m)^(\S.*?) +([\d.]+) % +([\d.]+)$`)

func TestRun(t *testing.T) {
	out := filepath.Join(t.TempDir(), "rings.png")
	var stdout bytes.Buffer
	if err := run(t.Context(), []string{"-alpha", "0.5", "-steps", "500", "-seed", "3", "-out", out}, &stdout, io.Discard); err != nil {
		t.Fatal(err)
	}

	if want := "Accuracy is not what this shows"; !strings.Contains(stdout.String(), want) {
		t.Errorf("output lacks %q:\n%s", want, &stdout)
	}

	rows := line.FindAllStringSubmatch(stdout.String(), -1)
	if len(rows) != 2 || rows[0][1] != "ERM" || rows[1][1] != "mixup, α = 0.5" {
		t.Fatalf("table has rows %q, want ERM and mixup, α = 0.5:\n%s", rows, stdout.String())
	}
	var bends [2]float64
	for i, r := range rows {
		accuracy, _ := strconv.ParseFloat(r[2], 64)
		if !(accuracy >= 98) {
			t.Errorf("%s: accuracy %v %%, want at least 98 %%", r[1], accuracy)
		}
		bends[i], _ = strconv.ParseFloat(r[3], 64)
	}
	if !(bends[1] < 0.9*bends[0]) {
		t.Errorf("mixup is %v from linear and ERM %v, want mixup to be closer", bends[1], bends[0])
	}

	if got, want := programtest.PNG(t, out).Bounds().Size(), [2]int{1422, 680}; got.X != want[0] || got.Y != want[1] {
		t.Errorf("picture of %v pixels, want %v", got, want)
	}
}

func TestWrongUse(t *testing.T) {
	_, noDir := os.Stat("none")
	programtest.WrongUses(t, run, map[string]string{
		"x":                    `argument "x", want none`,
		"-points 49":           "-points 49, want 50 to 100000",
		"-points 100000000000": "-points 100000000000, want 50 to 100000",
		"-steps -1":            "-steps -1, want 0 to 10000000",
		"-alpha -1":            "-alpha: mixup: Sampler: Alpha = -1, want ≥ 0",
		"-out rings.jpg":       "-out rings.jpg: the picture is a PNG file, want a name that ends in .png",
		"-out none/rings.png":  "-out none/rings.png: " + noDir.Error(),
	})
}

// TestInterrupted ends the program in the training of either net, of 100 steps
// each.
func TestInterrupted(t *testing.T) {
	for _, tc := range []struct {
		step int
		want string
		rows int
	}{
		{50, "interrupted before a net was ready", 0},
		{150, "interrupted before the second net was ready; the first one is above", 1},
	} {
		out := filepath.Join(t.TempDir(), "rings.png")
		var stdout bytes.Buffer
		err := run(&endsAfter{Context: t.Context(), steps: tc.step}, []string{"-steps", "100", "-out", out}, &stdout, io.Discard)
		if fmt.Sprint(err) != tc.want {
			t.Errorf("interrupted in step %d: error %v, want %q", tc.step, err, tc.want)
		}
		if rows := line.FindAllString(stdout.String(), -1); len(rows) != tc.rows {
			t.Errorf("interrupted in step %d: %d rows, want %d:\n%s", tc.step, len(rows), tc.rows, &stdout)
		}
		if _, err := os.Stat(out); (err == nil) != (tc.rows > 0) {
			t.Errorf("interrupted in step %d: picture: %v", tc.step, err)
		}
	}
}

// endsAfter is a context that is done when it was asked so many times.
type endsAfter struct {
	context.Context
	steps int
}

func (c *endsAfter) Err() error {
	if c.steps--; c.steps < 0 {
		return context.Canceled
	}
	return nil
}

// TestRings checks that points are near the ring of their class: five standard
// deviations, which one point in two million exceeds.
func TestRings(t *testing.T) {
	p := rings(1000, rand.New(rand.NewPCG(1, 2)))
	for i, class := range p.labels {
		x := p.at(i)
		if rho := math.Hypot(float64(x[0]), float64(x[1])); !(math.Abs(rho-radius[class]) < 5*spread) {
			t.Errorf("point %d of class %d is %v from the centre, want %v ± %v", i, class, rho, radius[class], 5*spread)
		}
	}
}

// TestBend checks the distance from linear of nets for which it is known.
func TestBend(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	data := rings(200, r)
	dense := nn.NewDense(2, 2, rand.NewPCG(1, 1))
	net := nn.New(2, dense)
	for _, tc := range []struct {
		name     string
		weight   []float32
		min, max float64
	}{
		// p is constant.
		{"constant", []float32{0, 0, 0, 0}, 0, 0},
		// p is nearly linear where the logits are small.
		{"linear", []float32{0, 0, 1e-3, 0}, 0, 1e-8},
		// p is a step, which half of the lines cross. The mean over λ of
		// |step - λ| is 2.5/9 for a step half-way, 4.5/9 for one at an end.
		{"step", []float32{0, 0, 1e6, 0}, 0.12, 0.27},
	} {
		t.Run(tc.name, func(t *testing.T) {
			copy(dense.Weight.Value, tc.weight)
			if got := bend(net, data, r); !(tc.min <= got && got <= tc.max) {
				t.Errorf("distance from linear = %v, want %v to %v", got, tc.min, tc.max)
			}
		})
	}
}
