package main

import (
	"bytes"
	"image/png"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/seed-7466c776/mixup/examples/nn"
)

// line finds the lines of the table: method, accuracy and distance from linear.
var line = regexp.MustCompile(`(?m)^(\S.*?) +([\d.]+) % +([\d.]+)$`)

func TestRun(t *testing.T) {
	out := filepath.Join(t.TempDir(), "rings.png")
	var stdout, stderr bytes.Buffer
	if err := run([]string{"-alpha", "0.5", "-steps", "500", "-seed", "3", "-out", out}, &stdout, &stderr); err != nil {
		t.Fatal(err)
	}
	if stderr.Len() > 0 {
		t.Errorf("standard error has %q, want nothing", stderr.String())
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

	f, err := os.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := img.Bounds().Size(), [2]int{1310, 612}; got.X != want[0] || got.Y != want[1] {
		t.Errorf("picture of %v pixels, want %v", got, want)
	}
}

func TestRunErrors(t *testing.T) {
	for _, tc := range []struct {
		name string
		args []string
		want string
	}{
		{"argument", []string{"x"}, `argument "x", want none`},
		{"points", []string{"-points", "49"}, "-points 49, want at least 50"},
		{"steps", []string{"-steps", "-1"}, "-steps -1, want 0 or more"},
		{"alpha", []string{"-alpha", "-1"}, "-alpha: mixup: Sampler: Alpha = -1, want ≥ 0"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			err := run(tc.args, io.Discard, io.Discard)
			if err == nil {
				t.Fatalf("no error, want %q", tc.want)
			}
			if got := err.Error(); got != tc.want {
				t.Errorf("error %q, want %q", got, tc.want)
			}
		})
	}
	if err := run([]string{"-steps", "0", "-out", filepath.Join(t.TempDir(), "none", "rings.png")}, io.Discard, io.Discard); err == nil {
		t.Error("no error for a file in a directory that does not exist")
	}
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
