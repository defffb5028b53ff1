// Package programtest runs programs as a user would, for tests.
package programtest

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/seed-7466c776/mixup/examples/program"
)

// WrongUses runs a program with wrong arguments, and wants the error that stands
// for them in uses and no output. Arguments are separated by spaces. As the name of a
// temporary directory may have a space in it, tests change into the directory instead.
func WrongUses(t *testing.T, run program.Run, uses map[string]string) {
	t.Helper()
	for args, want := range uses {
		var stdout bytes.Buffer
		if err := run(t.Context(), strings.Fields(args), &stdout, io.Discard); fmt.Sprint(err) != want || stdout.Len() > 0 {
			t.Errorf("%s: error %v and output %q, want the error %s", args, err, &stdout, want)
		}
	}
}

// PNG returns the picture in a file.
func PNG(t *testing.T, name string) image.Image {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// Build compiles the programs that the patterns name into a directory, and returns
// that.
func Build(t *testing.T, patterns ...string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	args := append([]string{"build", "-o", dir + string(filepath.Separator)}, patterns...)
	if out, err := exec.Command("go", args...).CombinedOutput(); err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return dir
}

// Run runs a program of dir in a directory of its own, and returns what it prints.
func Run(t *testing.T, dir, name string, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	cmd := exec.Command(filepath.Join(dir, name), args...)
	cmd.Dir = t.TempDir()
	var out, errors bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errors
	err = cmd.Run()
	return out.String(), errors.String(), err
}

// purpose is the first line of -h: what a program is for, how long it takes and
// what it needs.
var purpose = regexp.MustCompile(`(?s)^[A-Z][a-z]+ .+[;,] (it|each) takes .+(, and needs |needs | on the files of ).+?\.\n`)

// Help checks what programs of dir do with -h, and with a flag that they do not
// have.
func Help(t *testing.T, dir string, names ...string) {
	for _, name := range names {
		stdout, stderr, err := Run(t, dir, name, "-h")
		if first, _, _ := strings.Cut(stdout, "\n\n"); err != nil || stderr != "" || !purpose.MatchString(first+"\n") {
			t.Errorf("%s -h: error %v, standard error %q, and a beginning that does not say what it is for, how long it takes and what it needs:\n%s", name, err, stderr, first)
		}
		stdout, stderr, err = Run(t, dir, name, "-nonsense")
		if err == nil || stdout != "" || !strings.HasPrefix(stderr, name+": ") {
			t.Errorf("%s -nonsense: error %v, output %q and standard error %q, want only the latter, with the name of the program", name, err, stdout, stderr)
		}
	}
}
