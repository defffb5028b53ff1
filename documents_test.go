package mixup_test

// The documents: links, the table of features, and code.

import (
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// link is a link of Markdown that leads to a file here.
var link = regexp.MustCompile(`\[([^][]+)\]\(([^):# ]+)(#[^)]*)?\)`)

// testName is the text of a link to a test or an example.
var testName = regexp.MustCompile(`^(Test|Example)\w*$`)

// Links lead to files that exist, and those that name a test to one that has it.
func TestLinks(t *testing.T) {
	var documents []string
	for _, pattern := range []string{"*.md", "*/*.md", "integrations/*/*.md"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		documents = append(documents, found...)
	}
	for _, document := range documents {
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
	for row := range strings.SplitSeq(table, "\n") {
		cells := strings.Split(row, " | ")
		links := link.FindAllStringSubmatch(cells[len(cells)-1], -1)
		if len(cells) != 3 || len(links) == 0 || !testName.MatchString(links[0][1]) {
			t.Errorf("no test or example in %q", row)
		}
	}
}

// CONTRIBUTING.md says of every file of the package what is in it.
func TestLayout(t *testing.T) {
	text, err := os.ReadFile("CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	words := strings.FieldsFunc(string(text), func(r rune) bool { return r == ' ' || r == ',' })
	for _, name := range files {
		if !strings.HasSuffix(name, "_test.go") && !slices.Contains(words, name) {
			t.Errorf("%s is not in CONTRIBUTING.md", name)
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

// The README's summary of the package has all exported names, and nothing of
// another type than the package has. What is not a field may be named in a comment.
func TestSummary(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	const begin = "type Mix struct"
	_, summary, found := strings.Cut(string(readme), "```go\n"+begin)
	if !found {
		t.Fatal("no summary")
	}
	summary, _, _ = strings.Cut(begin+summary, "```")
	got := exported(t, "README.md", "package mixup\n"+summary)

	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for _, name := range files {
		if !strings.HasSuffix(name, "_test.go") {
			maps.Copy(want, exported(t, name, nil))
		}
	}
	for name := range got {
		if got[name] != want[name] {
			t.Errorf("%s: %q in the README, want %q", name, got[name], want[name])
		}
	}
	words := regexp.MustCompile(`\w+`).FindAllString(summary, -1)
	words = append(words, "String", "Uint64") // of fmt.Stringer and rand.Source
	for name := range want {
		_, there := got[name]
		field := strings.Contains(name, ".") && name[0] != '('
		if !there && (field || !slices.Contains(words, name[strings.LastIndex(name, ".")+1:])) {
			t.Errorf("%s is not in the README", name)
		}
	}
}

// exported returns the types of what a file exports: functions, methods as (T).f,
// types, fields as T.f, and values.
func exported(t *testing.T, name string, source any) map[string]string {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, source, 0)
	if err != nil {
		t.Fatal(err)
	}
	printed := func(node any) string {
		var b strings.Builder
		if err := format.Node(&b, files, node); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	types := map[string]string{}
	add := func(prefix, name, of string) {
		if ast.IsExported(name) {
			types[prefix+name] = of
		}
	}
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok {
			of := ""
			if f.Recv != nil {
				of = printed(f.Recv.List[0].Type)
			}
			switch {
			case of == "":
				add("", f.Name.Name, printed(f.Type))
			case ast.IsExported(strings.Trim(of, "*")):
				add("("+of+").", f.Name.Name, printed(f.Type))
			}
			continue
		}
		for _, spec := range d.(*ast.GenDecl).Specs {
			switch spec := spec.(type) {
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					add("", name.Name, "value")
				}
			case *ast.TypeSpec:
				fields, ok := spec.Type.(*ast.StructType)
				if !ok {
					add("", spec.Name.Name, printed(spec.Type))
					continue
				}
				add("", spec.Name.Name, "struct")
				for _, f := range fields.Fields.List {
					if f.Names == nil {
						add(spec.Name.Name+".", printed(f.Type), "embedded")
					}
					for _, name := range f.Names {
						add(spec.Name.Name+".", name.Name, printed(f.Type))
					}
				}
			}
		}
	}
	return types
}
