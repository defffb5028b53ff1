// One run in progress, and its checkpoint.

package runs

import (
	"bufio"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/seed-7466c776/mixup/examples/program"
)

// interval is the time between two checkpoints of a run, which is how much work
// is lost if the program is killed. One that is interrupted loses nothing.
const interval = 30 * time.Second

// A Job is a [Run] in progress.
type Job struct {
	ctx   context.Context
	path  string // of the checkpoint
	steps int
	bar   *program.Progress
}

// Loop calls step with 0, 1, … up to the number of steps of the run, or from
// where it was stopped the last time. state has pointers to everything that
// steps leave for later ones, which encoding/gob must know how to encode:
// numbers, slices, and types that are bytes by encoding.BinaryMarshaler, such as
// nets and optimisers of package nn. If the run was stopped before, Loop sets it
// to what it was then.
//
// Loop returns an error if it is stopped or if step returns one, and the run must
// then return that. A run calls Loop once.
func (j *Job) Loop(step func(step int) error, state ...any) error {
	i, err := j.load(state)
	if err != nil {
		return err
	}
	j.bar.Skip(i)
	for saved := time.Now(); i < j.steps; i++ {
		stopped := j.ctx.Err() != nil
		if stopped || time.Since(saved) > interval {
			if err := j.save(i, state); err != nil {
				return err
			}
			saved = time.Now()
		}
		if stopped {
			return context.Cause(j.ctx)
		}
		if err := step(i); err != nil {
			return err
		}
		j.bar.Add(1)
	}
	return nil
}

func checkpointPath(dir, name string) string {
	return filepath.Join(dir, url.PathEscape(name)+".checkpoint")
}

// load sets state to that of the checkpoint, if there is one, and returns the
// step to go on with.
func (j *Job) load(state []any) (step int, err error) {
	f, err := os.Open(j.path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	defer f.Close()
	d := gob.NewDecoder(bufio.NewReader(f))
	for _, v := range append([]any{&step}, state...) {
		if err := d.Decode(v); err != nil {
			return 0, fmt.Errorf("%s: %w; remove the file to do the run from its beginning", j.path, err)
		}
	}
	if step < 0 || step > j.steps {
		return 0, fmt.Errorf("%s: step %d, want one of %d; remove the file to do the run from its beginning", j.path, step, j.steps)
	}
	return step, nil
}

// save replaces the checkpoint, in such a way that there is a whole one at any
// time.
func (j *Job) save(step int, state []any) error {
	partial := j.path + ".partial"
	f, err := os.Create(partial)
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	e := gob.NewEncoder(w)
	for _, v := range append([]any{step}, state...) {
		if err := e.Encode(v); err != nil {
			return fmt.Errorf("%s: %w", partial, err)
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(partial, j.path)
}

// discard removes the checkpoint of a run whose result is stored.
func (j *Job) discard() error {
	if err := os.Remove(j.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
