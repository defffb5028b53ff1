package mixup_test

// The exported API, held against api.txt, so that a change of it is a decision.

import (
	"flag"
	"go/ast"
	"go/doc"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var updateAPI = flag.Bool("update-api", false, "write the exported API to testdata/api.txt")

// TestAPI compares what the package exports with testdata/api.txt, which is the API
// of the last release. After version 1 lines are added to it, and none are changed
// or removed before version 2.
func TestAPI(t *testing.T) {
	const baseline = "testdata/api.txt"
	got := exportedAPI(t)
	if *updateAPI {
		if err := os.WriteFile(baseline, []byte(strings.Join(got, "")), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(baseline)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.SplitAfter(string(text), "\n")
	want = want[:len(want)-1]
	for _, line := range want {
		if !slices.Contains(got, line) {
			t.Errorf("gone or changed: %s", line)
		}
	}
	for _, line := range got {
		if !slices.Contains(want, line) {
			t.Errorf("new, and not in %s: %s", baseline, line)
		}
	}
}

// exportedAPI returns a line for each exported constant, function, method, type and
// field, in alphabetical order.
func exportedAPI(t *testing.T) []string {
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	set := token.NewFileSet()
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	pkg, err := doc.NewFromFiles(set, files, "mixup")
	if err != nil {
		t.Fatal(err)
	}

	var lines []string
	add := func(prefix string, node any) {
		var b strings.Builder
		if err := format.Node(&b, set, node); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, prefix+strings.Join(strings.Fields(b.String()), " ")+"\n")
	}
	functions := func(list []*doc.Func) {
		for _, f := range list {
			f.Decl.Doc, f.Decl.Body = nil, nil
			add("", f.Decl)
		}
	}
	constants := func(list []*doc.Value) {
		for _, v := range list {
			for _, spec := range v.Decl.Specs {
				for _, name := range spec.(*ast.ValueSpec).Names {
					lines = append(lines, v.Decl.Tok.String()+" "+name.Name+"\n")
				}
			}
		}
	}
	constants(pkg.Consts)
	constants(pkg.Vars)
	functions(pkg.Funcs)
	for _, typ := range pkg.Types {
		constants(typ.Consts)
		functions(typ.Funcs)
		functions(typ.Methods)
		spec := typ.Decl.Specs[0].(*ast.TypeSpec)
		fields, isStruct := spec.Type.(*ast.StructType)
		if !isStruct {
			add("type "+typ.Name+" ", spec.Type)
			continue
		}
		lines = append(lines, "type "+typ.Name+" struct\n")
		for _, field := range fields.Fields.List {
			for _, name := range field.Names {
				if name.IsExported() {
					add("field "+typ.Name+"."+name.Name+" ", field.Type)
				}
			}
		}
	}
	slices.Sort(lines)
	return lines
}
