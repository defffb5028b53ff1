package tables

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/seed-7466c776/mixup/examples/datasets/datasetstest"
)

// openText returns what open makes of a file of that content, and its name.
func openText(t *testing.T, content string, open func(name string) (*Table, error)) (table *Table, file string, err error) {
	t.Helper()
	dir := datasetstest.Dir(t, map[string][]byte{"file": []byte(content)})
	file = filepath.Join(dir, "file")
	table, err = open(file)
	return table, file, err
}

func csvWith(label string) func(string) (*Table, error) {
	return func(name string) (*Table, error) { return OpenCSV(name, label) }
}

func TestTables(t *testing.T) {
	const arff = "% comment\r\n@RELATION x\r\n\r\n@attribute a {-1,1}\r\n@attribute\tb  real\r\n@attribute class {yes, no}\r\n@DATA\r\n% c\r\n-1, 2.5,no\r\n\r\n1,?,yes\r\n"
	for _, tc := range []struct {
		name     string
		content  string
		open     func(string) (*Table, error)
		features string
		x        string
		labels   string
	}{
		{"numbers", "1,2,x\n3,4e1,y\n", csvWith(""), "[column 1 column 2]", "[1 2 3 40]", "[x y]"},
		{"heading", "a,b,c\n1,2,0\n3,4,1\n", csvWith(""), "[a b]", "[1 2 3 4]", "[0 1]"},
		{"label by name", "\ufeffa,b,c\n1,2,0\n3,4,1\n", csvWith("a"), "[b c]", "[2 0 4 1]", "[1 3]"},
		{"label by number", "a,b,c\n1,2,0\n3,4,1\n", csvWith("2"), "[a c]", "[1 0 3 1]", "[2 4]"},
		{"categories", "F,1\nM,2\nF,3\n?,4\n", csvWith("2"), "[column 1=F column 1=M]", "[1 0 0 1 1 0 0 0]", "[1 2 3 4]"},
		{"missing", "1,,x\nNA,2,y\nnan,?,y\n", csvWith(""), "[column 1 column 2]", "[1 NaN NaN 2 NaN NaN]", "[x y y]"},
		{"space and quotes", "\n 1, \"a,b\",x\n\n   \n2 , c, y\n", csvWith(""), "[column 1 column 2=a,b column 2=c]", "[1 1 0 2 0 1]", "[x y]"},
		{"arff", arff, OpenARFF, "[a b]", "[-1 2.5 1 NaN]", "[no yes]"},
		{"gzipped", string(datasetstest.Gzip([]byte("1,x\n"))), csvWith(""), "[column 1]", "[1]", "[x]"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			table, _, err := openText(t, tc.content, tc.open)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range []struct {
				name string
				got  any
				want string
			}{{"features", table.Features, tc.features}, {"values", table.X, tc.x}, {"labels", table.Labels, tc.labels}} {
				if got := fmt.Sprint(f.got); got != f.want {
					t.Errorf("%s %s, want %s", f.name, got, f.want)
				}
			}
		})
	}
}

func TestTableErrors(t *testing.T) {
	var many strings.Builder
	for i := range 102 {
		fmt.Fprintf(&many, "t%d,1\n", i)
	}
	targets := func(name string) (*Table, error) {
		table, err := OpenCSV(name, "")
		if err == nil {
			_, err = table.Targets()
		}
		return nil, err
	}
	const head = "@relation x\n@attribute a {0,1}\n"
	for _, tc := range []struct {
		name    string
		content string
		open    func(string) (*Table, error)
		want    string
	}{
		{"empty", "", csvWith(""), "FILE: no rows"},
		{"heading alone", "a,b\n", csvWith(""), "FILE: no rows"},
		{"one column", "1\n2\n", csvWith(""), "FILE: no features beside the label"},
		{"short row", "1,2,3\n\n1,2\n", csvWith(""), "FILE: line 3: 2 cells, want 3"},
		{"quote", "1,2\n1,\"2\n", csvWith(""), "FILE: line 2: extraneous or missing \" in quoted-field"},
		{"no column", "a,b\n1,2\n", csvWith("c"), `FILE: no column "c", want a name in the heading or a number up to 2`},
		{"column 0", "1,2\n", csvWith("0"), `FILE: no column "0", want a name in the heading or a number up to 2`},
		{"no label", "1,2\n2,?\n", csvWith(""), `FILE: line 2: no label in column "column 2"`},
		{"typing error", "1,x\n2,y\n3o,x\n", csvWith(""), `FILE: line 3: column "column 1": "3o", want a finite number as in 2 other lines`},
		{"infinite", "1,x\n1e999,y\n2,x\n", csvWith(""), `FILE: line 2: column "column 1": "1e999", want a finite number as in 2 other lines`},
		{"text", many.String(), csvWith(""), `FILE: line 101: column "column 1": "t100" is category 101, want at most 100`},
		{"target", "1,2\n1,x\n", targets, `FILE: line 2: label "x", want a number`},
		{"gzip", string(datasetstest.Gzip([]byte("1,x\n"))[:20]), csvWith(""), "FILE: byte 4: unexpected EOF"},

		{"no data", head, OpenARFF, "FILE: line 3: file ends before @data"},
		{"no attributes", "@data\n1\n", OpenARFF, `FILE: line 1: "@data", want @relation, @attribute or, after attributes, @data`},
		{"type", head + "@attribute b string\n", OpenARFF, `FILE: line 3: attribute b of type "string", want numeric, real, integer or {…}`},
		{"value", head + "@attribute b real\n@data\n1,2\n\n2,1\n", OpenARFF, `FILE: line 7: attribute a: "2", want one of ["0" "1"]`},
		{"cells", head + "@attribute b real\n@data\n1\n", OpenARFF, "FILE: line 5: 1 cells, want 2"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, file, err := openText(t, tc.content, tc.open)
			want := "datasets: " + strings.ReplaceAll(tc.want, "FILE", file)
			if err == nil || err.Error() != want {
				t.Errorf("error %v, want %q", err, want)
			}
		})
	}
}

// TestOpenUCI reads a set with and without gzip, and Arcene, which is four files.
func TestOpenUCI(t *testing.T) {
	arcene := map[string][]byte{
		"arcene/arcene_train.data":      []byte("1 0 2 \n3 4 5 \n"),
		"arcene/arcene_train.labels":    []byte("1\n-1\n"),
		"arcene/arcene_valid.data.gz":   datasetstest.Gzip([]byte("6 7 8 \n")),
		"arcene/arcene_valid.labels.gz": datasetstest.Gzip([]byte("-1\n")),
	}
	write := func(t *testing.T, files map[string][]byte) string {
		dir := t.TempDir()
		for name, data := range files {
			path := filepath.Join(dir, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, data, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		return dir
	}
	for _, tc := range []struct {
		set   string
		files map[string][]byte
		want  string
	}{
		{"iris", map[string][]byte{"iris/iris.data": []byte("5.1,3.5,1.4,0.2,Iris-setosa\n\n")}, "[5.1 3.5 1.4 0.2] [Iris-setosa]"},
		{"htru2", map[string][]byte{"htru2/HTRU_2.csv.gz": datasetstest.Gzip([]byte("a,Class\n1,0"))}, "[1] [0]"},
		{"arcene", arcene, "[1 0 2 3 4 5 6 7 8] [1 -1 -1]"},
	} {
		table, err := OpenUCI(write(t, tc.files), tc.set)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(table.X, table.Labels); got != tc.want {
			t.Errorf("%s: %s, want %s", tc.set, got, tc.want)
		}
	}

	for _, tc := range []struct{ file, content, want string }{
		{"arcene/arcene_train.labels", "1\n", "DIR/arcene/arcene_train.labels: 1 rows of 1 labels, want one for each of the 2 rows of DIR/arcene/arcene_train.data"},
		{"arcene/arcene_train.data", "1 0 2\n3 x 5\n", `DIR/arcene/arcene_train.data: line 2: "x", want a number`},
		{"arcene/arcene_valid.data", "1 0\n", "DIR/arcene/arcene_valid.data: line 1: 2 numbers, want 3 as in DIR/arcene/arcene_train.data"},
		{"arcene/arcene_valid.data", "1 0\n1\n", "DIR/arcene/arcene_valid.data: line 2: 1 cells, want 2"},
	} {
		dir := write(t, arcene)
		if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(tc.file)), []byte(tc.content), 0o666); err != nil {
			t.Fatal(err)
		}
		want := "datasets: " + strings.ReplaceAll(tc.want, "DIR", dir)
		if _, err := OpenUCI(dir, "arcene"); err == nil || err.Error() != want {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	if _, err := OpenUCI(t.TempDir(), "iris"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v, want one that says the file does not exist", err)
	}
	if _, err := OpenUCI(t.TempDir(), "wine"); err == nil || err.Error() != `datasets: no set "wine", want one of abalone, arcene, arrhythmia, htru2, iris, phishing` {
		t.Errorf("error %v, want one that lists the sets", err)
	}
}

// TestRealTables compares with what is known of the published files.
func TestRealTables(t *testing.T) {
	data := os.Getenv("MIXUP_DATA")
	if data == "" {
		t.Skip("MIXUP_DATA, the directory of uci, is not set")
	}
	for _, tc := range []struct {
		set                     string
		rows, features, classes int
		missing, copies         int // values, and rows with the features of an earlier one
		smallest, largest       int // classes
	}{
		{"abalone", 4177, 10, 28, 0, 0, 1, 689},
		{"arcene", 200, 10000, 2, 0, 0, 88, 112},
		{"arrhythmia", 452, 279, 13, 408, 0, 2, 245},
		{"htru2", 17898, 8, 2, 0, 0, 1639, 16259},
		{"iris", 150, 4, 3, 0, 3, 50, 50},
		{"phishing", 11055, 30, 2, 0, 5270, 4898, 6157},
	} {
		t.Run(tc.set, func(t *testing.T) {
			table, err := OpenUCI(filepath.Join(data, "uci"), tc.set)
			if err != nil {
				t.Fatal(err)
			}
			labels, names := table.Classes()
			size := make([]int, len(names))
			for _, l := range labels {
				size[l]++
			}
			missing := 0
			for _, v := range table.X {
				if math.IsNaN(v) {
					missing++
				}
			}
			copies := table.Len() - 1 - slices.Max(table.Groups())
			got := fmt.Sprint(table.Len(), len(table.Features), len(names), missing, copies, slices.Min(size), slices.Max(size))
			if want := fmt.Sprint(tc.rows, tc.features, tc.classes, tc.missing, tc.copies, tc.smallest, tc.largest); got != want {
				t.Errorf("rows, features, classes, missing, copies, smallest and largest class: %s, want %s", got, want)
			}
		})
	}
}

func TestClasses(t *testing.T) {
	for _, tc := range []struct{ content, labels, names string }{
		{"1,10\n1,9\n1,-1\n1,9\n", "[2 1 0 1]", "[-1 9 10]"},
		{"1,b\n1,a\n1,7\n", "[2 1 0]", "[7 a b]"},
	} {
		table, _, err := openText(t, tc.content, csvWith(""))
		if err != nil {
			t.Fatal(err)
		}
		labels, names := table.Classes()
		if got, want := fmt.Sprint(labels, names), tc.labels+" "+tc.names; got != want {
			t.Errorf("%q: classes %s, want %s", tc.content, got, want)
		}
	}
}

func TestGroups(t *testing.T) {
	table, _, err := openText(t, "1,2,x\n?,2,x\n1,2,y\n1,3,x\n?,2,x\n", csvWith(""))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := table.Groups(), []int{0, 1, 0, 2, 1}; !slices.Equal(got, want) {
		t.Errorf("groups %v, want %v", got, want)
	}
}

func TestStandardizeTo(t *testing.T) {
	// Of the training rows 0, 1 and 2, the second column is missing in one and the
	// third is constant.
	table, _, err := openText(t, "1,?,0.1,x\n3,2,0.1,x\n5,6,0.1,x\n7,8,5,x\n", csvWith(""))
	if err != nil {
		t.Fatal(err)
	}
	got := make([]float32, 6)
	table.StandardizeTo(got, []int{3, 0}, []int{0, 1, 2})
	sigma := math.Sqrt(8. / 3)
	if want := []float32{float32(4 / sigma), 2, 0, float32(-2 / sigma), 0, 0}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	defer func() {
		const want = "tables: dst has 6 values, want 3 for 1 rows of 3 features"
		if got := recover(); got != want {
			t.Errorf("panic %q, want %q", got, want)
		}
	}()
	table.StandardizeTo(got, []int{0}, []int{0})
}

// FuzzTable wants errors for what is not a table, and no NaN in labels or a
// table of another size.
func FuzzTable(f *testing.F) {
	f.Add([]byte("a,b\n1,x\n?,y\n"), false)
	f.Add([]byte("@relation r\n@attribute a {0,1}\n@attribute b real\n@data\n1,2\n"), true)
	f.Fuzz(func(t *testing.T, data []byte, arff bool) {
		name := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(name, data, 0o666); err != nil {
			t.Fatal(err)
		}
		open := csvWith("")
		if arff {
			open = OpenARFF
		}
		table, err := open(name)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "datasets: "+name) {
				t.Errorf("error %q does not name the file", err)
			}
			return
		}
		if table.Len() == 0 || len(table.X) != table.Len()*len(table.Features) {
			t.Errorf("%d rows, %d features and %d values", table.Len(), len(table.Features), len(table.X))
		}
		for _, v := range table.X {
			if math.IsInf(v, 0) {
				t.Errorf("value %v, want a finite one or NaN", v)
			}
		}
	})
}
