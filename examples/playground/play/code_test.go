package play

import (
	"bytes"
	"fmt"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestCode compiles the programs of all settings and runs them. They must draw what the
// page shows.
func TestCode(t *testing.T) {
	dir := t.TempDir()
	files := []string{filepath.Join(dir, "main.go")}
	var calls, draws strings.Builder
	write := func(name, code string) {
		if err := os.WriteFile(name, []byte(code), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, images := range []*Images{noise(t, 6, 8), noise(t, 40, 4)} {
		table := NewTable(images)
		for _, s := range all(images) {
			r, _, err := table.Mix(s)
			if err != nil {
				t.Fatal(err)
			}
			if formatted, err := format.Source([]byte(r.Code)); err != nil || string(formatted) != r.Code {
				t.Fatalf("%+v: gofmt has the error %v, and makes\n%s\nof\n%s", s, err, formatted, r.Code)
			}
			i := len(files)
			code := strings.NewReplacer("func main()", fmt.Sprintf("func main%d()", i), "type fixed", fmt.Sprintf("type fixed%d", i),
				"f fixed", fmt.Sprintf("f fixed%d", i), "fixed(", fmt.Sprintf("fixed%d(", i)).Replace(r.Code)
			files = append(files, filepath.Join(dir, fmt.Sprintf("main%d.go", i)))
			write(files[i], code)
			fmt.Fprintf(&calls, "\tmain%d()\n", i)
			fmt.Fprintf(&draws, "%s\n", r.Draw)
		}
	}
	write(files[0], "package main\n\nfunc main() {\n"+calls.String()+"}\n")
	var stdout, stderr bytes.Buffer
	run := exec.Command("go", append([]string{"run"}, files...)...)
	run.Stdout, run.Stderr = &stdout, &stderr
	if err := run.Run(); err != nil {
		t.Fatalf("the programs do not compile or run: %v\n%s", err, &stderr)
	}
	if len(files) < 100 {
		t.Errorf("there are %d programs, want 100 or more", len(files))
	}
	got, want := strings.Split(stdout.String(), "\n"), strings.Split(draws.String(), "\n")
	if len(got) != len(want) {
		t.Fatalf("the programs print %d lines, want %d", len(got), len(want))
	}
	for i := range got {
		if got[i] != want[i] {
			code, _ := os.ReadFile(files[i+1])
			t.Errorf("program %d draws\n%s\nthe page\n%s\n%s", i+1, got[i], want[i], code)
		}
	}
}
