// Paper repeats the experiments of Zhang et al., "mixup: Beyond Empirical Risk
// Minimization" (ICLR 2018), at a scale that a small machine can do, one per
// subcommand. Each trains without and with mixup over several seeds, and writes
// tables as text and CSV and pictures as PNG. Runs with the same seed begin with
// the same weights and see the same rows in the same order, whatever the method.
//
// From the root of the repository:
//
//	go run ./experiments/paper tabular
//
// Without -data an experiment runs on a little synthetic data, to show how it
// goes; with -data DIR on the real files in DIR: uci/iris/iris.data and so on,
// fashion_mnist/, cifar10/, speech_commands/, each gzipped or not. An experiment
// that is interrupted goes on where it was when the same command is given again.
// Runs that are done are known by the flags, not by the code: after a change of
// the program give it another -out.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"

	"gonum.org/v1/plot"

	"github.com/seed-7466c776/mixup/examples/program"
	"github.com/seed-7466c776/mixup/experiments/internal/report"
	"github.com/seed-7466c776/mixup/experiments/internal/runs"
)

// An experiment is a subcommand.
type experiment struct {
	name  string
	about string // in a line
	seeds int    // paired runs on real data, unless -seeds says otherwise

	// define adds flags of the experiment's own, and returns what runs it when
	// they are parsed. It must check them before it does anything else.
	define func(flags *flag.FlagSet) func(*env) error
}

// experiments are in the order of the paper, then its open questions.
var experiments = []experiment{
	between,
	images,
	speech,
	corrupted,
	adversarial,
	tabular,
	gan,
	ablation,
	alpha,
	regression,
	calibration,
}

// syntheticSeeds is the number of paired runs on synthetic data, unless -seeds
// says otherwise.
const syntheticSeeds = 3

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop) // the second interrupt kills
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	switch {
	case ctx.Err() != nil && err != nil:
		fmt.Fprintln(os.Stderr, "paper: interrupted; the same command goes on from here")
	case err != nil:
		fmt.Fprintln(os.Stderr, "paper:", err)
	default:
		return
	}
	os.Exit(1)
}

// run is the program: args are its arguments without its name.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	if len(args) == 0 {
		return errors.New("no experiment\n\n" + usage())
	}
	switch args[0] {
	case "help", "-h", "-help", "--help":
		_, err := fmt.Fprint(stdout, usage())
		return err
	}
	for _, x := range experiments {
		if x.name == args[0] {
			return x.run(ctx, args, stdout, stderr)
		}
	}
	return fmt.Errorf("no experiment %q\n\n%s", args[0], usage())
}

func usage() string {
	var b strings.Builder
	b.WriteString("usage: go run ./experiments/paper EXPERIMENT [-data DIR] [-out DIR] [-seeds N] …\n\n")
	for _, x := range experiments {
		fmt.Fprintf(&b, "  %-12s %s\n", x.name, x.about)
	}
	b.WriteString("\nFigure 1b is ./examples/rings. EXPERIMENT -h lists the flags of an experiment.\n")
	return b.String()
}

// An env is what an experiment runs in.
type env struct {
	ctx      context.Context
	data     string // directory of the real data; empty: synthetic data
	seeds    int    // seeds are 0, 1, …, seeds-1
	settings string // flags that results depend on
	dir      string // for all that the experiment writes
	stdout   io.Writer
	stderr   io.Writer
}

func (x experiment) run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet(x.name, flag.ExitOnError)
	flags.SetOutput(stderr)
	data := flags.String("data", "", "`directory` of the real data; empty: synthetic data")
	out := flags.String("out", "", "`directory` for what the experiments write, each in a directory of its name;\nempty: paper.out, and paper.out/synthetic without -data")
	seeds := flags.Int("seeds", 0, fmt.Sprintf("`number` of paired runs; 0: %d on real data, %d on synthetic", x.seeds, min(x.seeds, syntheticSeeds)))
	perform := x.define(flags)
	flags.Parse(args[1:])
	switch {
	case flags.NArg() > 0:
		return fmt.Errorf("argument %q, want none", flags.Arg(0))
	case *seeds < 0:
		return fmt.Errorf("-seeds %d, want a positive number", *seeds)
	case *seeds == 0 && *data == "":
		*seeds = min(x.seeds, syntheticSeeds)
	case *seeds == 0:
		*seeds = x.seeds
	}
	if *out == "" {
		*out = "paper.out"
		if *data == "" {
			*out = filepath.Join(*out, "synthetic")
		}
	}
	e := &env{ctx: ctx, data: *data, seeds: *seeds, settings: settings(flags), dir: filepath.Join(*out, x.name), stderr: stderr}
	if err := os.MkdirAll(e.dir, 0o777); err != nil {
		return err
	}
	// What is printed is kept too.
	var text bytes.Buffer
	e.stdout = io.MultiWriter(stdout, &text)
	e.printf("go run ./experiments/paper %s\n\nSeeds: %d. %s.\n", strings.Join(args, " "), e.seeds, program.Machine())
	if err := perform(e); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(e.dir, "report.md"), text.Bytes(), 0o666)
}

// settings returns the flags that results depend on, with their values.
func settings(flags *flag.FlagSet) string {
	var s []string
	flags.VisitAll(func(f *flag.Flag) {
		if f.Name != "out" && f.Name != "seeds" {
			s = append(s, fmt.Sprintf("-%s %s", f.Name, f.Value))
		}
	})
	return strings.Join(s, " ")
}

// perform does the runs of an experiment, or what is left of them, and returns
// their results in the order of the list.
func perform[R any](e *env, list []runs.Run[R]) ([]R, error) {
	return runs.All(e.ctx, runs.Store{Dir: e.dir, Settings: e.settings, Progress: e.stderr}, list)
}

// printf adds to the report.
func (e *env) printf(format string, args ...any) { fmt.Fprintf(e.stdout, format, args...) }

// table adds a table to the report, and writes it to NAME.csv.
func (e *env) table(name string, t *report.Table) error {
	e.printf("\n")
	if err := t.Markdown(e.stdout); err != nil {
		return err
	}
	return program.WriteFile(filepath.Join(e.dir, name+".csv"), t.CSV)
}

// picture draws plots, each of width × height inches, to NAME.png.
func (e *env) picture(name string, width, height float64, plots ...*plot.Plot) error {
	path := filepath.Join(e.dir, name+".png")
	e.printf("\nPicture: %s\n", path)
	return report.Save(path, width, height, plots...)
}
