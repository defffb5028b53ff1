// Peerbench compares the speed of this library with that of what Python
// programs use: the mixup of mixup-cifar10, timm and torchvision and the losses
// of PyTorch, and NumPy's Beta. A Python script runs beside it, and each
// operation is timed on both sides in turn, several times. The table has the
// medians and the medians of the ratios.
//
// From the root of the repository:
//
//	go run ./experiments/peerbench
//
// On Debian and Ubuntu the packages python3-torch and python3-numpy have what
// the Python side needs. What is missing is said, and left out.
package main

import (
	"cmp"
	"context"
	_ "embed"
	"flag"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seed-7466c776/mixup/examples/program"
	"github.com/seed-7466c776/mixup/experiments/internal/python"
	"github.com/seed-7466c776/mixup/experiments/internal/report"
)

const about = `Peerbench compares the speed of this library with that of Python programs; it takes a minute on a quiet machine,
and needs Python 3 with NumPy and PyTorch (Debian's python3-numpy and python3-torch), without which only this library is timed.

    go run ./experiments/peerbench [flags]`

func main() { program.Main("peerbench", run) }

//go:embed peers.py
var script string

// versions are what the script finds. An empty one is missing.
type versions struct{ Python, NumPy, Torch string }

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("peerbench", flag.ContinueOnError)
	interpreter := python.Flag(flags)
	threads := flags.Int("threads", 1, "`number` of threads on both sides")
	rounds := flags.Int("rounds", 5, "`number` of times that each is timed")
	seconds := flags.Float64("seconds", 0.1, "`seconds` that a time is taken for")
	filter := flags.String("only", "", "compare only what has this `text` in its name")
	if err := program.ParseFlags(flags, about, args, stdout); err != nil {
		return err
	}
	if err := cmp.Or(
		program.Threads(*threads),
		program.Between("-rounds", *rounds, 1, 10000),
		program.Between("-seconds", *seconds, 0, 3600),
	); err != nil {
		return err
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(*threads))

	var found versions
	peer, err := python.Start(*interpreter, []string{"numpy", "torch"}, script, &found, strconv.Itoa(*threads))
	if err != nil {
		return err
	}
	if peer != nil {
		defer peer.Close()
	}

	var chosen []comparison
	for _, c := range comparisons() {
		if strings.Contains(c.String(), *filter) {
			chosen = append(chosen, c)
		}
	}
	if len(chosen) == 0 {
		return fmt.Errorf("-only %q, which nothing has in its name", *filter)
	}
	progress := program.NewProgress(stderr, len(chosen))
	var results []result
	for _, c := range chosen {
		r, err := c.measure(peer, found, *rounds, *seconds)
		if err != nil {
			progress.Close()
			return err
		}
		results = append(results, r)
		progress.Add(1)
		if ctx.Err() != nil {
			break
		}
	}
	progress.Close()
	fmt.Fprintf(stdout, "%s\n%s; %d thread(s), %d rounds\n%s\n\n",
		program.Command("./experiments/peerbench", args), program.Machine(), *threads, *rounds, found)
	if err := tabulate(chosen, results).Markdown(stdout); err != nil {
		return err
	}
	if len(results) < len(chosen) {
		return fmt.Errorf("interrupted; the table has %d of %d comparisons", len(results), len(chosen))
	}
	return nil
}

// String says what is compared with, and what is missing.
func (v versions) String() string {
	if v.Python == "" {
		return "Python 3 is missing, and with it all that is compared with."
	}
	said := "Python " + v.Python
	for _, p := range []struct{ name, version, pkg string }{{"NumPy", v.NumPy, "python3-numpy"}, {"PyTorch", v.Torch, "python3-torch"}} {
		if p.version == "" {
			said += fmt.Sprintf("; %s is missing (Debian's package %s)", p.name, p.pkg)
		} else {
			said += fmt.Sprintf(", %s %s", p.name, p.version)
		}
	}
	return said
}

// has reports whether a task of the script is there.
func (v versions) has(task string) bool { return v.NumPy != "" && (v.Torch != "" || task == "beta") }

// A result is what a comparison has found. Without a peer, peer and ratio are 0.
type result struct {
	own, peer float64 // seconds for a call
	ratio     float64 // of own to peer
}

// request is what the script is asked for.
type request struct {
	Task    string  `json:"task"`
	N       int     `json:"n"`
	Width   int     `json:"width"`
	Alpha   float64 `json:"alpha"`
	Seconds float64 `json:"seconds"`
}

// measure times both sides in turn.
func (c comparison) measure(peer *python.Script, found versions, rounds int, seconds float64) (result, error) {
	var own, other, ratio []float64
	runOwn := c.prepare(c)
	for range rounds {
		own = append(own, medianTime(runOwn, seconds))
		if !found.has(c.task) {
			continue
		}
		var t float64
		if err := peer.Call(request{c.task, c.n, c.width, c.alpha, seconds}, &t); err != nil {
			return result{}, err
		}
		other = append(other, t)
		ratio = append(ratio, own[len(own)-1]/t)
	}
	return result{median(own), median(other), median(ratio)}, nil
}

// medianTime returns the median time of a call in seconds, as the script does.
func medianTime(run func(), seconds float64) float64 {
	run()
	start := time.Now()
	run()
	many := max(1, int(float64(time.Millisecond)/max(float64(time.Since(start)), 1)))
	var times []float64
	for end := time.Now().Add(time.Duration(seconds * float64(time.Second))); len(times) == 0 || time.Now().Before(end); {
		start := time.Now()
		for range many {
			run()
		}
		times = append(times, time.Since(start).Seconds()/float64(many))
	}
	return median(times)
}

// median returns the median of x, and 0 of nothing.
func median(x []float64) float64 {
	if len(x) == 0 {
		return 0
	}
	slices.Sort(x)
	return x[len(x)/2]
}

// tabulate returns the table of the comparisons that have results.
func tabulate(chosen []comparison, results []result) *report.Table {
	t := &report.Table{Columns: []string{"operation", "size", "mixup", "beside it", "its time", "ratio"}}
	for i, r := range results {
		c := chosen[i]
		other, ratio := "missing", ""
		if r.peer > 0 {
			other, ratio = c.time(r.peer), fraction(r.ratio)
		}
		t.Add(c.name, c.size(), c.time(r.own), c.peer, other, ratio)
	}
	return t
}

// time formats the time of a call, or of a draw if it makes many.
func (c comparison) time(seconds float64) string {
	if c.task == "beta" {
		seconds /= float64(c.n)
	}
	unit := time.Nanosecond // of the third digit
	for float64(unit)*1e3 <= seconds*1e9 {
		unit *= 10
	}
	return time.Duration(seconds * 1e9).Round(unit).String()
}

// fraction formats a ratio, as a fraction if it is a small one.
func fraction(ratio float64) string {
	if ratio > 0.5 {
		return fmt.Sprintf("%.2f", ratio)
	}
	return fmt.Sprintf("1/%.1f", 1/ratio)
}
