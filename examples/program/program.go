// Package program is what the programs of examples and experiments share: how
// they take arguments, show progress, stop, and write files.
package program

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
)

// A Run is a program without its surroundings: args are its arguments without
// its name.
type Run func(ctx context.Context, args []string, stdout, stderr io.Writer) error

// Main runs a program, says what went wrong if something did, and exits. The
// first interrupt (Ctrl-C) ends the context of run, so that it can keep what it
// has finished; the second one ends the program.
func Main(name string, run Run) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop)
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		os.Exit(1)
	}
}

// Parse parses args and returns those that are not flags. Flags may stand before,
// between and behind the others; what follows "--" is not a flag.
//
// For -h it prints about and the flags to stdout, and returns [flag.ErrHelp]. The
// first line of about says what the program is for, how long it takes and what it
// needs.
func Parse(flags *flag.FlagSet, about string, args []string, stdout io.Writer) (others []string, err error) {
	flags.Init(flags.Name(), flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}
	for len(args) > 0 {
		err := flags.Parse(args)
		switch {
		case errors.Is(err, flag.ErrHelp):
			fmt.Fprintf(stdout, "%s\n\nFlags:\n", about)
			flags.SetOutput(stdout)
			flags.PrintDefaults()
			return nil, err
		case err != nil:
			return nil, fmt.Errorf("%w; -h lists the flags", err)
		}
		rest := flags.Args()
		if ended := len(args) - len(rest); ended > 0 && args[ended-1] == "--" {
			return append(others, rest...), nil
		}
		if len(rest) == 0 {
			break
		}
		others, args = append(others, rest[0]), rest[1:]
	}
	return others, nil
}

// ParseFlags is [Parse] for a program that takes flags only.
func ParseFlags(flags *flag.FlagSet, about string, args []string, stdout io.Writer) error {
	others, err := Parse(flags, about, args, stdout)
	if err == nil && len(others) > 0 {
		err = fmt.Errorf("argument %q, want none", others[0])
	}
	return err
}

// Between returns an error unless lo ≤ v ≤ hi, where v is the value of a flag.
func Between[T cmp.Ordered](name string, v, lo, hi T) error {
	if !(lo <= v && v <= hi) {
		return fmt.Errorf("%s %v, want %v to %v", name, v, lo, hi)
	}
	return nil
}

// Picture returns an error unless name is that of a PNG file in a directory that
// exists, so that a program can say so before it begins its work.
func Picture(name string) error {
	if ext := filepath.Ext(name); ext != ".png" {
		return fmt.Errorf("-out %s: the picture is a PNG file, want a name that ends in .png", name)
	}
	if _, err := os.Stat(filepath.Dir(name)); err != nil {
		return fmt.Errorf("-out %s: %w", name, err)
	}
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return fmt.Errorf("-out %s: a directory, want the name of a file", name)
	}
	return nil
}

// Given reports whether a flag was given.
func Given(flags *flag.FlagSet, name string) (given bool) {
	flags.Visit(func(f *flag.Flag) { given = given || f.Name == name })
	return given
}

// plain are the characters that a shell takes for themselves.
var plain = regexp.MustCompile(`^[\pL\pN_./=:,@%+-]+$`)

// Command returns the command line of a program, so that a reader can give it
// again: path is that of the program in the repository.
func Command(path string, args []string) string {
	line := "go run " + path
	for _, a := range args {
		if !plain.MatchString(a) {
			a = "'" + strings.ReplaceAll(a, "'", `'\''`) + "'"
		}
		line += " " + a
	}
	return line
}
