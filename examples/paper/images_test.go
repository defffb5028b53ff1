package main

import (
	"bytes"
	"context"
	"errors"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// imageExperiments are images and those that look at its nets.
var imageExperiments = []struct {
	args     []string
	table    string
	rows     int
	pictures []string
}{
	{[]string{"images"}, "images.csv", 4, []string{"synthetic.png"}},
	{[]string{"between"}, "between.csv", 2, []string{"synthetic.png"}},
	{[]string{"calibration"}, "calibration.csv", 3, []string{"calibration.png"}},
	{[]string{"adversarial"}, "adversarial.csv", 5, []string{"adversarial.png"}},
}

// TestImageExperiments runs them on synthetic data, and again each by itself, in
// another order and with interruptions: what they write must be the same.
func TestImageExperiments(t *testing.T) {
	out := t.TempDir()
	reports := make(map[string]string)
	for _, x := range imageExperiments {
		name := x.args[0]
		var stdout bytes.Buffer
		if err := run(t.Context(), append(x.args, "-out", out, "-seeds", "2"), &stdout, io.Discard); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		reports[name] = strings.ReplaceAll(stdout.String(), out, "OUT")
		table, err := os.ReadFile(filepath.Join(out, name, x.table))
		if err != nil {
			t.Fatal(err)
		}
		if got := bytes.Count(table, []byte("\n")) - 1; got != x.rows {
			t.Errorf("%s: table has %d rows, want %d:\n%s", name, got, x.rows, table)
		}
		for _, p := range x.pictures {
			f, err := os.Open(filepath.Join(out, name, p))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := png.Decode(f); err != nil {
				t.Errorf("%s: %s: %v", name, p, err)
			}
			f.Close()
		}
	}

	// Interrupted when the first net is ready, an experiment goes on from there,
	// and trains what it needs.
	again := t.TempDir()
	for i := len(imageExperiments) - 1; i >= 0; i-- {
		x := imageExperiments[i]
		name := x.args[0]
		args := append(x.args, "-out", again, "-seeds", "2")
		if i == len(imageExperiments)-1 {
			ctx, interrupt := context.WithCancel(t.Context())
			go func() {
				for {
					if nets, _ := filepath.Glob(filepath.Join(again, "images", "*.net")); len(nets) > 0 {
						interrupt()
						return
					}
					time.Sleep(time.Millisecond)
				}
			}()
			if err := run(ctx, args, io.Discard, io.Discard); !errors.Is(err, context.Canceled) {
				t.Fatalf("%s: error %v, want %v", name, err, context.Canceled)
			}
		}
		var stdout bytes.Buffer
		if err := run(t.Context(), args, &stdout, io.Discard); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got, want := strings.ReplaceAll(stdout.String(), again, "OUT"), reports[name]; got != want {
			t.Errorf("%s, interrupted and resumed:\n%s, want\n%s", name, got, want)
		}
	}
}

func TestImageErrors(t *testing.T) {
	empty := t.TempDir()
	for _, tc := range []struct {
		name string
		args []string
		want string
	}{
		{"no data", []string{"images", "-data", empty}, "datasets: open " + filepath.Join(empty, "fashion_mnist")},
		{"one seed", []string{"adversarial", "-seeds", "1"}, "-seeds 1, want 2 at least: the black box is the net of another seed"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			err := run(t.Context(), append(tc.args, "-out", t.TempDir()), io.Discard, io.Discard)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error %v, want %q", err, tc.want)
			}
		})
	}
}
