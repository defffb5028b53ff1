// Roofline measures how close mixing comes to the speed of memory: the bytes
// that each operation has to move in a second, for minibatches that fit the
// nearest cache to those that fit none, beside what the machine can read and
// copy. It writes a table, and a picture of it.
//
// From the root of the repository:
//
//	go run ./experiments/roofline
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"runtime"
	"slices"
	"time"

	"github.com/seed-7466c776/mixup/examples/program"
	"github.com/seed-7466c776/mixup/experiments/internal/report"
)

const about = `Roofline measures how close mixing comes to the speed of memory; it takes 10 seconds on a quiet machine, and needs 1 GB of memory.
It writes a table and a picture of the rates of each operation, for minibatches from those that fit a cache to those that do not.

    go run ./experiments/roofline [flags]`

func main() { program.Main("roofline", run) }

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("roofline", flag.ContinueOnError)
	threads := flags.Int("threads", 1, "`number` of threads")
	largest := flags.Int("largest", 256, "size of the largest minibatch in `MiB`; 3¼ times as much memory is taken")
	seconds := flags.Float64("seconds", 0.5, "`seconds` that each minibatch is measured for")
	out := flags.String("out", "roofline.png", "`file` for the picture; empty: none")
	if err := program.ParseFlags(flags, about, args, stdout); err != nil {
		return err
	}
	if err := cmp.Or(
		program.Threads(*threads),
		program.Between("-largest", *largest, 1, 4096),
		program.Between("-seconds", *seconds, 0, 3600),
	); err != nil {
		return err
	}
	if *out != "" {
		if err := program.Picture(*out); err != nil {
			return err
		}
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(*threads))

	var sizes []int // of minibatches, in rows
	for n := 2; 4*n*dim <= *largest<<20; n *= 2 {
		sizes = append(sizes, n)
	}
	all := len(sizes)
	progress := program.NewProgress(stderr, len(sizes))
	var curves []curve
	for i := 0; i < len(sizes); i++ {
		for j, o := range measure(sizes[i], *seconds) {
			if j == len(curves) {
				curves = append(curves, curve{operation: o.operation})
			}
			curves[j].rates = append(curves[j].rates, o.rate)
		}
		progress.Add(1)
		if ctx.Err() != nil {
			sizes = sizes[:i+1]
		}
	}
	progress.Close()

	fmt.Fprintf(stdout, "%s\n%s; %d thread(s)\n", program.Command("./experiments/roofline", args), program.Machine(), *threads)
	fmt.Fprintf(stdout, "GB/s of the bytes that an operation has to move. In brackets: bytes moved for each value of the minibatch.\n\n")
	t := &report.Table{Columns: []string{"minibatch"}, Decimals: 1}
	for _, c := range curves {
		t.Columns = append(t.Columns, c.String())
	}
	for i, n := range sizes {
		row := []any{fmt.Sprintf("%d×%d", n, dim)}
		for _, c := range curves {
			row = append(row, c.rates[i]/1e9)
		}
		t.Add(row...)
	}
	if err := t.Markdown(stdout); err != nil {
		return err
	}
	if *out != "" && len(sizes) > 1 {
		if err := draw(*out, sizes, curves); err != nil {
			return err
		}
	}
	if len(sizes) < all {
		return fmt.Errorf("interrupted; the table has %d of %d minibatches", len(sizes), all)
	}
	return nil
}

// A curve is an operation with its rates, in bytes a second, for each size.
type curve struct {
	operation
	rates []float64
}

// measured is an operation with its rate in bytes a second.
type measured struct {
	operation
	rate float64
}

// measure times all operations in turn, for so many seconds together but at
// least once, and takes the medians.
func measure(n int, seconds float64) []measured {
	ops := operations(n)
	values := n * dim
	many := 1 + 1<<18/values // so that the clock's own time does not matter
	times := make([][]float64, len(ops))
	for end := time.Now().Add(time.Duration(seconds * 1e9)); len(times[0]) == 0 || time.Now().Before(end); {
		for i, o := range ops {
			o.run() // brings the operation's memory into the caches that hold it
			start := time.Now()
			for range many {
				o.run()
			}
			times[i] = append(times[i], time.Since(start).Seconds()/float64(many))
		}
	}
	var results []measured
	for i, o := range ops {
		slices.Sort(times[i])
		results = append(results, measured{o, float64(o.bytes*values) / times[i][len(times[i])/2]})
	}
	return results
}
