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

// TestResume runs experiments on synthetic data, and again with an interruption
// when the first run is ready: what they write must be the same.
func TestResume(t *testing.T) {
	for _, x := range []struct {
		name     string
		rows     int
		pictures []string
	}{
		{"gan", 18, []string{"gan.png", "ring-0.png", "ring-0.2.png", "grid-0.png", "grid-0.2.png"}},
		{"speech", 6, []string{"speech.png"}},
		{"images", 4, []string{"synthetic.png"}},
	} {
		t.Run(x.name, func(t *testing.T) {
			out, again := t.TempDir(), t.TempDir()
			var whole, resumed bytes.Buffer
			if err := run(t.Context(), []string{x.name, "-out", out, "-seeds", "2"}, &whole, io.Discard); err != nil {
				t.Fatal(err)
			}
			table, err := os.ReadFile(filepath.Join(out, x.name, x.name+".csv"))
			if err != nil {
				t.Fatal(err)
			}
			if got := bytes.Count(table, []byte("\n")) - 1; got != x.rows {
				t.Errorf("table has %d rows, want %d:\n%s", got, x.rows, table)
			}
			for _, p := range x.pictures {
				data, err := os.ReadFile(filepath.Join(out, x.name, p))
				if err != nil {
					t.Fatal(err)
				}
				if _, err := png.Decode(bytes.NewReader(data)); err != nil {
					t.Errorf("%s: %v", p, err)
				}
			}

			ctx, interrupt := context.WithCancel(t.Context())
			go func() {
				for ctx.Err() == nil {
					results, _ := os.ReadFile(filepath.Join(again, x.name, "runs.jsonl"))
					if bytes.Count(results, []byte("\n")) > 1 { // beside the settings
						interrupt()
					}
					time.Sleep(time.Millisecond)
				}
			}()
			args := []string{x.name, "-out", again, "-seeds", "2"}
			if err := run(ctx, args, io.Discard, io.Discard); !errors.Is(err, context.Canceled) {
				t.Fatalf("error %v, want %v", err, context.Canceled)
			}
			if err := run(t.Context(), args, &resumed, io.Discard); err != nil {
				t.Fatal(err)
			}
			if got, want := strings.ReplaceAll(resumed.String(), again, "OUT"), strings.ReplaceAll(whole.String(), out, "OUT"); got != want {
				t.Errorf("interrupted and resumed:\n%s, want\n%s", got, want)
			}
		})
	}
}
