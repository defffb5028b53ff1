// Experiments and runs that are stopped and go on.

package main

import (
	"bytes"
	"context"
	"errors"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/nn"
	"github.com/seed-7466c776/mixup/experiments/internal/runs"
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

// resultOf does a run.
func resultOf[R any](t *testing.T, run runs.Run[R]) R {
	t.Helper()
	results, err := runs.All(t.Context(), runs.Store{Dir: t.TempDir(), Progress: io.Discard}, []runs.Run[R]{run})
	if err != nil {
		t.Fatal(err)
	}
	return results[0]
}

// A stopper is a λ that counts its draws, and calls stop when drawn becomes at.
type stopper struct {
	drawn, at int
	stop      func()
}

// Rand returns ¾.
func (s *stopper) Rand() float64 {
	if s.drawn++; s.drawn == s.at {
		s.stop()
	}
	return 0.75
}

// testResumed does a run whose λ is that of a stopper, stops another one like it in
// the middle, and goes on with a third one from there: the result must be that without
// a stop, and each step must be taken once.
func testResumed[R any](t *testing.T, run func(mixup.Sampler) runs.Run[R]) {
	t.Helper()
	with := func(s *stopper) runs.Run[R] { return run(mixup.Sampler{Lambda: s}) }
	var whole, rest stopper
	want := resultOf(t, with(&whole))
	store := runs.Store{Dir: t.TempDir(), Progress: io.Discard}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	part := stopper{at: whole.drawn/2 + 1, stop: stop}
	if _, err := runs.All(ctx, store, []runs.Run[R]{with(&part)}); !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v, want %v", err, context.Canceled)
	}
	got, err := runs.All(t.Context(), store, []runs.Run[R]{with(&rest)})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got[0], want) {
		t.Errorf("%+v, want %+v", got[0], want)
	}
	if rest.drawn == 0 || part.drawn+rest.drawn != whole.drawn {
		t.Errorf("λ is drawn %d times before the stop and %d times after it, want %d times in all", part.drawn, rest.drawn, whole.drawn)
	}
}

// A learned is the result of a run, with checksums of its nets: errors are shares of
// few rows, and do not show every difference between nets.
type learned[R any] struct {
	Result R
	Nets   []uint32
}

// learn does a run that trains nets, which nets returns when it is done.
func learn[R any](j *runs.Job, do func(*runs.Job) (R, error), nets func() []*nn.Net) (l learned[R], err error) {
	if l.Result, err = do(j); err != nil {
		return l, err
	}
	for _, n := range nets() {
		b, err := n.MarshalBinary()
		if err != nil {
			return l, err
		}
		l.Nets = append(l.Nets, crc32.ChecksumIEEE(b))
	}
	return l, nil
}
