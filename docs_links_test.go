package mixup_test

// Links and tables of the documents.

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// link is a link of Markdown that leads to a file here.
var link = regexp.MustCompile(`\[([^][]+)\]\(([^):# ]+)(#[^)]*)?\)`)

// code is a fenced block of code.
var code = regexp.MustCompile("(?ms)^```.*?^```")

// testName is the text of a link to a test or an example.
var testName = regexp.MustCompile(`^(Test|Example)\w*$`)

// Links lead to files that exist, and those that name a test to one that has it.
func TestLinks(t *testing.T) {
	for _, document := range documents(t) {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range link.FindAllStringSubmatch(code.ReplaceAllString(string(text), ""), -1) {
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

// Every row of a table has as many cells as its heading: a row with others is not shown
// as one, and if it is the heading, there is no table.
func TestTables(t *testing.T) {
	for _, document := range documents(t) {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		cells := 0
		for n, line := range strings.Split(code.ReplaceAllString(string(text), ""), "\n") {
			if !strings.HasPrefix(line, "|") {
				cells = 0
				continue
			}
			got := strings.Count(strings.ReplaceAll(line, `\|`, ""), "|") - 1
			if cells == 0 {
				cells = got
			}
			if got != cells {
				t.Errorf("%s: line %d without blocks of code: %d cells, want %d: %s", document, n+1, got, cells, line)
			}
		}
	}
}

// documents returns the names of all documents.
func documents(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, pattern := range []string{"*.md", "*/*.md", "integrations/*/*.md"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, found...)
	}
	return names
}

// absent reports whether path is in one of the nested modules, and these are not
// here: a downloaded module comes without them.
func absent(path string) bool {
	dir, _, _ := strings.Cut(filepath.ToSlash(path), "/")
	_, err := os.Stat(dir)
	return err != nil && (dir == "examples" || dir == "experiments" || dir == "integrations")
}
