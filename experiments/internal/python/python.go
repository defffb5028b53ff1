// Package python keeps a Python script running beside a Go program, so that the
// two can be measured in turn.
package python

import (
	"bufio"
	_ "embed"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os/exec"
	"strings"
)

// A Script is a running Python script. It reads requests from standard input
// and answers each on standard output, both one JSON value a line; before the
// first one it says in the same way what it found, its greeting.
//
// A Script is for one goroutine at a time.
type Script struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Reader
	stderr strings.Builder
}

// errNone says that none of the interpreters can be started.
var errNone = errors.New("no Python 3")

// Flag adds the flag that names the interpreter of a program.
func Flag(flags *flag.FlagSet) *string {
	return flags.String("python", "", "Python `interpreter`; empty: python3, or the system's own if that has PyTorch\nand python3 has not")
}

// Start runs the source text of a script, behind that of prelude.py, and decodes
// the greeting. args are the
// script's arguments.
//
// The interpreter is the one given, or if that is empty the first on the PATH or
// the system's own, which has the packages of the distribution: the first of them
// that can import all of the modules, or else the first that there is. Without any
// Start returns nil, unless one was given, which is an error.
func Start(given string, modules []string, source string, greeting any, args ...string) (*Script, error) {
	if given != "" {
		return start([]string{given}, modules, source, greeting, args...)
	}
	s, err := start(usual, modules, source, greeting, args...)
	if errors.Is(err, errNone) {
		return nil, nil
	}
	return s, err
}

//go:embed prelude.py
var prelude string

// usual is where Python is looked for.
var usual = []string{"python3", "/usr/bin/python3"}

// start is Start with the interpreters that are tried.
func start(interpreters, modules []string, source string, greeting any, args ...string) (*Script, error) {
	chosen := ""
	for _, name := range interpreters {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		complete := exec.Command(path, "-c", "import "+strings.Join(modules, ", ")).Run() == nil
		if complete || chosen == "" {
			chosen = path
		}
		if complete {
			break
		}
	}
	if chosen == "" {
		return nil, fmt.Errorf("%w: tried %s", errNone, strings.Join(interpreters, ", "))
	}
	s := &Script{cmd: exec.Command(chosen, append([]string{"-c", prelude + source}, args...)...)}
	s.cmd.Stderr = &s.stderr
	in, err := s.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	s.in, s.out = in, bufio.NewReader(out)
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	if err := s.read(greeting); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Call sends a request and decodes the answer.
func (s *Script) Call(request, answer any) error {
	line, err := json.Marshal(request)
	if err != nil {
		return err
	}
	if _, err := s.in.Write(append(line, '\n')); err != nil {
		return s.failed(err)
	}
	return s.read(answer)
}

// Close ends the script.
func (s *Script) Close() error {
	s.in.Close()
	return s.cmd.Wait()
}

func (s *Script) read(v any) error {
	line, err := s.out.ReadBytes('\n')
	if err != nil {
		return s.failed(err)
	}
	return json.Unmarshal(line, v)
}

// failed says why the script has ended, which is in the last line that it wrote
// to standard error.
func (s *Script) failed(err error) error {
	s.Close() // so that all of standard error is there
	if said := strings.TrimSpace(s.stderr.String()); said != "" {
		return fmt.Errorf("%s: %s", s.cmd.Path, said[strings.LastIndexByte(said, '\n')+1:])
	}
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: ended without an answer, want Python 3", s.cmd.Path)
	}
	return fmt.Errorf("%s: %w", s.cmd.Path, err)
}
