package runs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/seed-7466c776/mixup"
)

// A walk is a random walk, whose every step depends on all before it.
type walk struct{ Place, Longest float64 }

// walks returns runs of so many steps, of which each calls before with its name and step.
func walks(count, steps int, before func(name string, step int)) []Run[walk] {
	var list []Run[walk]
	for seed := range count {
		name := fmt.Sprintf("α=0.2/seed %d", seed)
		list = append(list, Run[walk]{name, steps, func(j *Job) (walk, error) {
			var w walk
			var path []float64
			stream := mixup.NewStream(uint64(seed), 0)
			err := j.Loop(func(step int) error {
				before(name, step)
				stream.Seek(uint64(step))
				w.Place = w.Place/3 + rand.New(stream).NormFloat64()
				path = append(path, w.Place)
				return nil
			}, &w.Place, &path)
			if err != nil {
				return walk{}, err
			}
			w.Longest = slices.Max(path)
			return w, nil
		}})
	}
	return list
}

func nothing(string, int) {}

// files returns the names of the files in dir.
func files(t *testing.T, dir string) []string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// TestResume interrupts an experiment at a number of places, goes on, and wants
// no bit to be different and no step to be taken twice.
func TestResume(t *testing.T) {
	const count, steps = 5, 40
	want, err := All(t.Context(), Store{t.TempDir(), "", io.Discard}, walks(count, steps, nothing))
	if err != nil {
		t.Fatal(err)
	}
	for _, stop := range []int64{1, 7, 40, 41, 99, 199, 200} { // of 200 steps
		dir := t.TempDir()
		var mu sync.Mutex
		taken := make(map[string]int)
		ctx, interrupt := context.WithCancelCause(t.Context())
		cause := errors.New("interrupted")
		var total atomic.Int64
		count := func(name string, step int) {
			mu.Lock()
			defer mu.Unlock()
			taken[fmt.Sprint(name, step)]++
			if total.Add(1) == stop {
				interrupt(cause)
			}
		}
		s := Store{dir, "", io.Discard}
		if _, err := All(ctx, s, walks(5, steps, count)); err != cause {
			t.Errorf("interrupted at step %d: error %v, want %v", stop, err, cause)
		}
		got, err := All(t.Context(), s, walks(5, steps, count))
		if err != nil {
			t.Fatalf("interrupted at step %d: %v", stop, err)
		}
		if !slices.Equal(got, want) {
			t.Errorf("interrupted at step %d: results %v, want %v", stop, got, want)
		}
		for step, n := range taken {
			if n != 1 {
				t.Errorf("interrupted at step %d: %s was taken %d times, want once", stop, step, n)
			}
		}
		if len(taken) != 200 {
			t.Errorf("interrupted at step %d: %d steps, want 200", stop, len(taken))
		}
		if got := files(t, dir); !slices.Equal(got, []string{"runs.jsonl"}) {
			t.Errorf("interrupted at step %d: files %q are left, want those of results", stop, got)
		}
	}
}

// TestMore adds runs to an experiment that is done.
func TestMore(t *testing.T) {
	s := Store{t.TempDir(), "x", io.Discard}
	before, err := All(t.Context(), s, walks(2, 10, nothing))
	if err != nil {
		t.Fatal(err)
	}
	var done atomic.Int64
	after, err := All(t.Context(), s, walks(3, 10, func(string, int) { done.Add(1) }))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(after[:2], before) || done.Load() != 10 {
		t.Errorf("results %v in %d steps, want %v and one more in 10", after, done.Load(), before)
	}
}

// TestTorn cuts the file of results short at every byte, as a program that is
// killed while it writes may leave it.
func TestTorn(t *testing.T) {
	s := Store{t.TempDir(), "x", io.Discard}
	want, err := All(t.Context(), s, walks(2, 3, nothing))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(s.Dir, "runs.jsonl")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for n := range whole {
		if err := os.WriteFile(path, whole[:n], 0o666); err != nil {
			t.Fatal(err)
		}
		got, err := All(t.Context(), s, walks(2, 3, nothing))
		if err != nil {
			t.Fatalf("%d bytes: %v", n, err)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%d bytes: results %v, want %v", n, got, want)
		}
	}
}

func TestErrors(t *testing.T) {
	broken := errors.New("broken")
	for _, tc := range []struct {
		name  string
		files map[string]string
		do    func(*Job) (any, error)
		want  string
	}{
		{"run", nil, func(*Job) (any, error) { return nil, broken }, "r/1: broken"},
		{"step", nil, func(j *Job) (any, error) { return nil, j.Loop(func(int) error { return broken }) }, "r/1: broken"},
		{"result", nil, func(*Job) (any, error) { return func() {}, nil }, "r/1: result 0x"},
		{"settings", map[string]string{"runs.jsonl": `{"settings":"-epochs 2"}` + "\n"}, nil,
			`DIR/runs.jsonl: line 1: results are for the settings "-epochs 2", want "-epochs 1"; use another -out`},
		{"line", map[string]string{"runs.jsonl": `{"settings":"-epochs 1"}` + "\n{]\n"}, nil,
			"DIR/runs.jsonl: line 2: invalid character ']' looking for beginning of object key string; remove the line to do its run again, or use another -out"},
		{"checkpoint", map[string]string{"r%2F1.checkpoint": "?"}, func(j *Job) (any, error) { return nil, j.Loop(nil) },
			"r/1: DIR/r%2F1.checkpoint: unexpected EOF; remove the file to do the run from its beginning"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := t.TempDir()
			for name, content := range tc.files {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			_, err := All(t.Context(), Store{dir, "-epochs 1", io.Discard}, []Run[any]{{"r/1", 1, tc.do}})
			want := strings.ReplaceAll(tc.want, "DIR", dir)
			if err == nil || !strings.HasPrefix(err.Error(), want) {
				t.Errorf("error %v, want %q", err, want)
			}
		})
	}
}

// TestLock uses a store twice at a time, and wants the results of the first and an
// error for the second.
func TestLock(t *testing.T) {
	s := Store{t.TempDir(), "", io.Discard}
	var second error
	list := walks(1, 5, func(string, int) { _, second = All(t.Context(), s, walks(2, 5, nothing)) })
	if _, err := All(t.Context(), s, list); err != nil {
		t.Error(err)
	}
	want := filepath.Join(s.Dir, "runs.jsonl") + " is in use by another run of the program. "
	if second == nil || !strings.HasPrefix(second.Error(), want) {
		t.Errorf("error of the second %v, want %q", second, want)
	}
	// The lock has ended with the first.
	if _, err := All(t.Context(), s, walks(2, 5, nothing)); err != nil {
		t.Error(err)
	}
}

// TestLines lets many runs end at a time, and wants a line for each.
func TestLines(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(8))
	s := Store{t.TempDir(), "", io.Discard}
	if _, err := All(t.Context(), s, walks(100, 1, nothing)); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(s.Dir, "runs.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(strings.TrimSuffix(string(b), "\n"), "\n") {
		if !json.Valid([]byte(line)) {
			t.Errorf("line %d is %q, want JSON", i+1, line)
		}
	}
	if n := strings.Count(string(b), "\n"); n != 101 {
		t.Errorf("%d lines, want the settings and 100", n)
	}
}
