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
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/seed-7466c776/mixup/examples/program"
	"github.com/seed-7466c776/mixup/experiments/internal/report"
)

func main() {
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "roofline:", err)
		os.Exit(1)
	}
}

// run is the program: args are its arguments without its name.
func run(args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("roofline", flag.ExitOnError)
	flags.SetOutput(stderr)
	threads := flags.Int("threads", 1, "`number` of threads")
	largest := flags.Int("largest", 256, "size of the largest minibatch in `MiB`")
	seconds := flags.Float64("seconds", 0.5, "`seconds` that each minibatch is measured for")
	out := flags.String("out", "roofline.png", "`file` for the picture; empty: none")
	flags.Parse(args)
	switch {
	case flags.NArg() > 0:
		return fmt.Errorf("argument %q, want none", flags.Arg(0))
	case *threads < 1 || *largest < 1:
		return fmt.Errorf("-threads %d, -largest %d, want positive numbers", *threads, *largest)
	case !(*seconds >= 0):
		return fmt.Errorf("-seconds %v, want a number ≥ 0", *seconds)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(*threads))

	var sizes []int // of minibatches, in rows
	for n := 2; 4*n*dim <= *largest<<20; n *= 2 {
		sizes = append(sizes, n)
	}
	bar := program.NewProgress(stderr, len(sizes))
	var curves []curve
	for _, n := range sizes {
		for i, o := range measure(n, *seconds) {
			if i == len(curves) {
				curves = append(curves, curve{operation: o.operation})
			}
			curves[i].rates = append(curves[i].rates, o.rate)
		}
		bar.Add(1)
	}

	fmt.Fprintf(stdout, "go run ./experiments/roofline %s\n%s; %d thread(s)\n", strings.Join(args, " "), program.Machine(), *threads)
	fmt.Fprintf(stdout, "GB/s of the bytes that have to be moved for each value, which are in brackets\n\n")
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
	if err := t.Markdown(stdout); err != nil || *out == "" {
		return err
	}
	return draw(*out, sizes, curves)
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
