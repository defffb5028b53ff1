package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// testResume interrupts an experiment when its first run is ready and goes on
// from there: the report must be want, in which OUT stands for the directory.
func testResume(t *testing.T, name, want string) {
	out := t.TempDir()
	ctx, interrupt := context.WithCancel(t.Context())
	go func() {
		for ctx.Err() == nil {
			results, _ := os.ReadFile(filepath.Join(out, name, "runs.jsonl"))
			if bytes.Count(results, []byte("\n")) > 1 { // beside the settings
				interrupt()
			}
			time.Sleep(time.Millisecond)
		}
	}()
	args := []string{name, "-out", out, "-seeds", "2"}
	if err := run(ctx, args, io.Discard, io.Discard); !errors.Is(err, errInterrupted) {
		t.Fatalf("error %v, want %v", err, errInterrupted)
	}
	var resumed bytes.Buffer
	if err := run(t.Context(), args, &resumed, io.Discard); err != nil {
		t.Fatal(err)
	}
	if got := strings.ReplaceAll(resumed.String(), out, "OUT"); got != want {
		t.Errorf("interrupted and resumed:\n%s, want\n%s", got, want)
	}
}
