//go:build coming

package mixup_test

// docs/coming-from.md: its code is that of the tests in coming_test.go.

import (
	"go/format"
	"os"
	"regexp"
	"strings"
	"testing"
)

// docs/coming-from.md has no code but that of the tests in coming_test.go, and some
// of each.
func TestCodeOfComingFrom(t *testing.T) {
	source, err := os.ReadFile("coming_test.go")
	if err != nil {
		t.Fatal(err)
	}
	document, err := os.ReadFile("docs/coming-from.md")
	if err != nil {
		t.Fatal(err)
	}
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	bodies := map[string]string{}
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && strings.HasPrefix(f.Name.Name, "TestComingFrom") {
			bodies[f.Name.Name] = unindented(string(source[f.Body.Lbrace:f.Body.Rbrace]))
		}
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
