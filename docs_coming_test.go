package mixup_test

// docs/coming-from.md: its code is that of the tests in coming_*_test.go.

import (
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// docs/coming-from.md has no Go code but that of the tests TestComingFrom…, and some of
// each.
func TestCodeOfComingFrom(t *testing.T) {
	paths, err := filepath.Glob("coming_*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	bodies := map[string]string{}
	for _, path := range paths {
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, source, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && strings.HasPrefix(f.Name.Name, "TestComingFrom") {
				bodies[f.Name.Name] = unindented(string(source[f.Body.Lbrace-file.FileStart : f.Body.Rbrace-file.FileStart]))
			}
		}
	}
	document, err := os.ReadFile("docs/coming-from.md")
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, part := range strings.Split(string(document), "```go\n")[1:] {
		code, _, closed := strings.Cut(part, "```")
		if formatted, err := format.Source([]byte(code)); err != nil || !closed || string(formatted) != code {
			t.Errorf("not formatted (%v):\n%s", err, code)
		}
		found := false
		for name, body := range bodies {
			if strings.Contains(body, "\n"+unindented(code)) {
				found, used[name] = true, true
			}
		}
		if !found {
			t.Errorf("no test runs:\n%s", code)
		}
	}
	for name := range bodies {
		if !used[name] {
			t.Errorf("%s is not in the document", name)
		}
	}
}

// unindented returns the lines of s without the tabs they begin with.
func unindented(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimLeft(line, "\t")
	}
	return strings.Join(lines, "\n")
}
