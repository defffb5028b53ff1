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
// Without -data an experiment runs on a little synthetic data, which shows that it
// runs and nothing else; with -data DIR it runs on the real files in DIR. Where all
// data is drawn, -full takes the place of -data. An experiment that is interrupted
// goes on where it was when the same command is given again. Runs that are done are
// known by the flags and the table of -csv: after a change of the program or of the
// files in DIR, or on a machine of another architecture, give it another -out.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gonum.org/v1/plot"

	"github.com/seed-7466c776/mixup/examples/datasets/datafile"
	"github.com/seed-7466c776/mixup/examples/nn"
	"github.com/seed-7466c776/mixup/examples/program"
	"github.com/seed-7466c776/mixup/experiments/internal/report"
	"github.com/seed-7466c776/mixup/experiments/internal/runs"
)

const about = `Paper repeats experiments of the mixup paper; each takes seconds on synthetic data, and from 4 minutes to 5 hours on the files of real data.
It trains without and with mixup, and writes tables and pictures. The same command goes on where an interrupted one was.

    go run ./experiments/paper EXPERIMENT [flags]`

// Files in the directory of -data, as -h lists them.
const (
	fashionFiles = "  DIR/fashion_mnist/train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte\n"
	cifarFiles   = "  DIR/cifar10/data_batch_*.bin or train*.bin, test*.bin (the binary version)\n"
	speechFiles  = "  DIR/speech_commands/train/WORD/*.wav, test/WORD/*.wav, or one archive of them, *.tar.gz\n"
	abaloneFiles = "  DIR/uci/abalone/abalone.data\n"
	uciFiles     = abaloneFiles + `  DIR/uci/arcene/arcene_train.data, …, arrhythmia/arrhythmia.data, htru2/HTRU_2.csv,
          iris/iris.data, phishing/phishing.arff
`
)

// An experiment is a subcommand.
type experiment struct {
	name  string
	about string // in a line
	takes string // with real data, on the machine of docs/paper.md, which has two cores
	seeds int    // paired runs on real data, unless -seeds says otherwise
	files string // that it reads from the directory of -data; empty: its data is drawn, and -full takes the place of -data

	// define adds flags of the experiment's own, and returns what runs it when
	// they are parsed. It must check them before it does anything else.
	// Flags that say where the data is belong to e.
	define func(flags *flag.FlagSet, e *env) func(*env) error
}

// experiments are in the order of the paper, followed by its open questions and by
// what it does not examine.
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
	semisupervised,
	segmentation,
	reinforcement,
	budget,
	calibration,
}

// syntheticSeeds is the number of paired runs of a small run on synthetic data,
// unless -seeds says otherwise.
const syntheticSeeds = 3

func main() { program.Main("paper", run) }

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	if len(args) == 0 || slices.Contains([]string{"help", "-h", "-help", "--help"}, args[0]) {
		_, err := fmt.Fprint(stdout, usage())
		return err
	}
	for _, x := range experiments {
		if x.name == args[0] {
			err := x.run(ctx, args, stdout, stderr)
			if ctx.Err() != nil && err != nil {
				return errInterrupted
			}
			return err
		}
	}
	if strings.HasPrefix(args[0], "-") {
		return fmt.Errorf("flag %s in front, want EXPERIMENT [flags]; -h lists the experiments", args[0])
	}
	return fmt.Errorf("no experiment %q\n\n%s", args[0], usage())
}

var errInterrupted = errors.New("interrupted; the same command goes on from here")

func usage() string {
	var b strings.Builder
	b.WriteString(about + "\n\n")
	for _, x := range experiments {
		fmt.Fprintf(&b, "  %-14s %s\n", x.name, x.about)
	}
	b.WriteString("\nFigure 1b is ./examples/rings. EXPERIMENT -h lists the flags of an experiment, and the files that it reads.\n")
	return b.String()
}

// An env is what an experiment runs in.
type env struct {
	ctx      context.Context
	data     string // directory of the real data; empty: synthetic data
	csv      string // file of the user's data, in its place
	full     bool   // an experiment that draws its data runs as long as it does with real data
	seeds    int    // seeds are 0, 1, …, seeds-1
	settings string // all that results depend on: flags, products of matrices, the table of -csv
	dir      string // for all that the experiment writes
	stdout   io.Writer
	stderr   io.Writer
}

// small reports whether the experiment only shows that it runs.
func (e *env) small() bool { return e.data == "" && e.csv == "" && !e.full }

func (x experiment) run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	e := &env{ctx: ctx, stderr: stderr}
	flags := flag.NewFlagSet(x.name, flag.ContinueOnError)
	if x.files == "" {
		flags.BoolVar(&e.full, "full", false, "train as long as in docs/paper.md")
	} else {
		flags.StringVar(&e.data, "data", "", "`directory` of data sets, each in a directory of its name; empty: synthetic data")
	}
	out := flags.String("out", "", "`directory` for what the experiments write, each in a directory of its name;\nempty: paper.out, and paper.out/synthetic for a small run on synthetic data")
	flags.IntVar(&e.seeds, "seeds", 0, fmt.Sprintf("`number` of paired runs; 0: %d, and %d in a small run on synthetic data", x.seeds, min(x.seeds, syntheticSeeds)))
	perform := x.define(flags, e)
	if err := program.ParseFlags(flags, x.help(), args[1:], stdout); err != nil {
		return err
	}
	if err := program.Between("-seeds", e.seeds, 0, 1000); err != nil {
		return err
	}
	if e.csv != "" && e.data != "" {
		return errors.New("-csv and -data, want one of them")
	}
	if e.seeds == 0 {
		e.seeds = x.seeds
		if e.small() {
			e.seeds = min(x.seeds, syntheticSeeds)
		}
	}
	if *out == "" {
		*out = "paper.out"
		if e.small() {
			*out = filepath.Join(*out, "synthetic")
		}
	}
	e.settings, e.dir = settings(flags)+"; products: "+nn.Products(), filepath.Join(*out, x.name)
	if err := os.MkdirAll(e.dir, 0o777); err != nil {
		return err
	}
	// What is printed is kept too.
	var text bytes.Buffer
	e.stdout = io.MultiWriter(stdout, &text)
	e.printf("%s\n\nSeeds: %d. %s. Products of matrices: %s.\n",
		program.Command("./experiments/paper", args), e.seeds, program.Machine(), nn.Products())
	if e.small() {
		e.printf("A small run on synthetic data: it shows that the experiment runs, and its figures mean nothing.\n"+
			"docs/paper.md has the figures of runs with %s.\n", x.real())
	}
	if err := perform(e); err != nil {
		if e.csv != "" {
			return err
		}
		return datafile.WithLayout(err, x.layout())
	}
	return os.WriteFile(filepath.Join(e.dir, "report.md"), text.Bytes(), 0o666)
}

// real returns the flag that asks for the run that counts.
func (x experiment) real() string {
	if x.files == "" {
		return "-full"
	}
	return "-data DIR"
}

// help returns what -h says before it lists the flags.
func (x experiment) help() string {
	help := fmt.Sprintf("Paper %s: %s; it takes seconds on synthetic data,\nand %s with %s on two cores.\n", x.name, x.about, x.takes, x.real()) +
		"The same command goes on where an interrupted one was.\n\n    go run ./experiments/paper " + x.name + " [flags]"
	if x.files != "" {
		help += "\n\n-data DIR wants\n" + x.layout()
	}
	return help
}

// layout returns what the directory of -data has to hold.
func (x experiment) layout() string { return x.files + "each file gzipped or not." }

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
	if t.LacksP() {
		e.printf("–: no p, as there is one seed or all differences are equal\n")
	}
	return program.WriteFile(filepath.Join(e.dir, name+".csv"), t.CSV)
}

// picture draws plots, each of width × height inches, to NAME.png.
func (e *env) picture(name string, width, height float64, plots ...*plot.Plot) error {
	path := filepath.Join(e.dir, name+".png")
	e.printf("\nPicture: %s\n", path)
	return report.Save(path, width, height, plots...)
}
