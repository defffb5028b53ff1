package mixup_test

// The documents: links, the table of features, and code.

import (
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// link is a link of Markdown that leads to a file here.
var link = regexp.MustCompile(`\[([^][]+)\]\(([^):# ]+)(#[^)]*)?\)`)

// testName is the text of a link to a test or an example.
var testName = regexp.MustCompile(`^(Test|Example)\w*$`)

// Links lead to files that exist, and those that name a test to one that has it.
func TestLinks(t *testing.T) {
	documents, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, document := range append(documents, "README.md", "testdata/README.md") {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range link.FindAllStringSubmatch(string(text), -1) {
			path := filepath.Join(filepath.Dir(document), l[2])
			if absent(path) {
				continue
			}
			if _, err := os.Stat(path); err != nil {
				t.Errorf("%s: %v", document, err)
				continue
			}
			if !testName.MatchString(l[1]) {
				continue
			}
			if source, err := os.ReadFile(path); err != nil || !strings.Contains(string(source), "\nfunc "+l[1]+"(") {
				t.Errorf("%s: there is no %s in %s", document, l[1], path)
			}
		}
	}
}

// absent reports whether path is in one of the nested modules, and these are not
// here: a downloaded module comes without them.
func absent(path string) bool {
	dir, _, _ := strings.Cut(filepath.ToSlash(path), "/")
	_, err := os.Stat(dir)
	return err != nil && (dir == "examples" || dir == "integrations")
}

// Every feature of the README's table has a test or an example.
func TestFeatureTable(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(text), "\n| | who has it | here |\n|---|---|---|\n")
	if !found {
		t.Fatal("no table of features")
	}
	table, _, _ = strings.Cut(table, "\n\n")
	for _, row := range strings.Split(table, "\n") {
		cells := strings.Split(row, " | ")
		links := link.FindAllStringSubmatch(cells[len(cells)-1], -1)
		if len(cells) != 3 || len(links) == 0 || !testName.MatchString(links[0][1]) {
			t.Errorf("no test or example in %q", row)
		}
	}
}

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
