// Package runs performs the training runs of an experiment: as many at a time
// as there are cores, with a bar that shows the time left, and so that an
// experiment that was interrupted goes on where it was.
//
// Results go to a file as they are ready, and a run that is stopped half-way
// leaves a checkpoint of all that it carries from one step to the next. Called
// again, [All] does only what is left. If the randomness of a step is a function
// of the seed and the step's number, as that of a mixup.Stream is, the results
// are those of an experiment that was never interrupted, bit by bit.
package runs

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"sync"

	"github.com/seed-7466c776/mixup/examples/program"
)

// A Run is one run of an experiment, with a result of type R, which must
// survive encoding/json: exported fields, finite numbers.
type Run[R any] struct {
	Name  string // what the result is stored under: unique, and stable
	Steps int    // what Do makes of them is the work of the run
	Do    func(*Job) (R, error)
}

// A Store says where results and checkpoints are, and how far the work has come.
type Store struct {
	Dir      string    // made if there is none
	Settings string    // all that results depend on, beside the name of the run
	Progress io.Writer // shows the progress
}

// All performs those runs whose results the store does not have yet, and
// returns the results of all, in their order. Each run has a goroutine to itself,
// and there are GOMAXPROCS of them at a time.
//
// When ctx is done, the runs in progress leave a checkpoint and All returns the
// cause. A run that fails stops the others likewise; the error names it. A store
// with results of other settings is an error, and so is one that another All is
// using, in this program or another.
func All[R any](ctx context.Context, s Store, list []Run[R]) ([]R, error) {
	log, err := openLog(s)
	if err != nil {
		return nil, err
	}
	defer log.close()

	var (
		results = make([]R, len(list))
		todo    []int
		steps   int
	)
	for i, run := range list {
		found, err := log.load(run.Name, &results[i])
		if err != nil {
			return nil, err
		}
		if !found {
			todo = append(todo, i)
			steps += run.Steps
		}
	}
	if len(todo) == 0 {
		return results, nil
	}

	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	bar := program.NewProgress(s.Progress, steps)
	defer bar.Close()
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(todo)) {
		workers.Go(func() {
			for i := range next {
				if err := perform(ctx, log, s.Dir, bar, list[i], &results[i]); err != nil {
					stop(err) // the first error is the cause of all others
				}
			}
		})
	}
	for _, i := range todo {
		select {
		case next <- i:
			continue
		case <-ctx.Done():
		}
		break
	}
	close(next)
	workers.Wait()
	return results, context.Cause(ctx)
}

// perform does one run and stores its result.
func perform[R any](ctx context.Context, log *log, dir string, bar *program.Progress, run Run[R], result *R) error {
	j := &Job{ctx: ctx, path: checkpointPath(dir, run.Name), steps: run.Steps, bar: bar}
	r, err := run.Do(j)
	if err != nil {
		if ctx.Err() != nil {
			return err
		}
		return fmt.Errorf("%s: %w", run.Name, err)
	}
	b, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("%s: result %+v: %w", run.Name, r, err)
	}
	if err := log.append(run.Name, b); err != nil {
		return err
	}
	*result = r
	return j.discard()
}
