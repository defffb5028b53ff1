// Sets of the UCI Machine Learning Repository, https://archive.ics.uci.edu, that
// are in table 4 of the paper.

package tables

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/seed-7466c776/mixup/examples/datasets/datafile"
)

// UCI is the names of the sets that [OpenUCI] reads.
var UCI = []string{"abalone", "arcene", "arrhythmia", "htru2", "iris", "phishing"}

// OpenUCI reads one of the sets from the files in which UCI has it, in a directory
// of its name in dir, any of them gzipped:
//
//	abalone/abalone.data        4177 rows × 8, of which the first is a category; label: rings
//	arcene/arcene_train.data    arcene_train.labels, arcene_valid.data and
//	                            arcene_valid.labels: 200 rows × 10000, label ±1
//	arrhythmia/arrhythmia.data  452 rows × 279, "?" for what is missing; label: class
//	htru2/HTRU_2.csv            17898 rows × 8, label: pulsar or not
//	iris/iris.data              150 rows × 4, label: species
//	phishing/phishing.arff      11055 rows × 30 in {-1, 0, 1}, label ±1
func OpenUCI(dir, set string) (*Table, error) {
	path := func(name string) string { return plainOrGzipped(filepath.Join(dir, set, name)) }
	switch set {
	case "abalone", "arrhythmia", "iris":
		return OpenCSV(path(set+".data"), "")
	case "htru2":
		return OpenCSV(path("HTRU_2.csv"), "")
	case "phishing":
		return OpenARFF(path("phishing.arff"))
	case "arcene":
		train, err := openSpaced(path("arcene_train.data"), path("arcene_train.labels"))
		if err != nil {
			return nil, err
		}
		valid, err := openSpaced(path("arcene_valid.data"), path("arcene_valid.labels"))
		if err != nil {
			return nil, err
		}
		for i, row := range valid.rows {
			if len(row) != len(train.names) {
				return nil, lineError(valid.file, valid.lines[i], "%d numbers, want %d as in %s", len(row)-1, len(train.names)-1, train.file)
			}
		}
		train.rows, train.lines = append(train.rows, valid.rows...), append(train.lines, valid.lines...)
		return train.table(len(train.names) - 1)
	}
	return nil, fmt.Errorf("datasets: no set %q, want one of %s", set, strings.Join(UCI, ", "))
}

// plainOrGzipped returns name, or name.gz if only that is there.
func plainOrGzipped(name string) string {
	if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Stat(name + ".gz"); err == nil {
			return name + ".gz"
		}
	}
	return name
}

// openSpaced reads a file of numbers with spaces between, and the file of the
// labels of its rows, one a line. The labels become the last column.
func openSpaced(data, labels string) (*sheet, error) {
	s, err := datafile.Open(data, readSpaced)
	if err != nil {
		return nil, err
	}
	l, err := datafile.Open(labels, readSpaced)
	if err != nil {
		return nil, err
	}
	if len(l.rows) != len(s.rows) || len(l.names) != 1 {
		return nil, fmt.Errorf("datasets: %s: %d rows of %d labels, want one for each of the %d rows of %s",
			labels, len(l.rows), len(l.names), len(s.rows), data)
	}
	s.names = append(s.names, "label")
	for i := range s.rows {
		s.rows[i] = append(s.rows[i], l.rows[i][0])
	}
	return s, nil
}

func readSpaced(f *datafile.File) (*sheet, error) {
	b, err := f.Whole()
	if err != nil {
		return nil, err
	}
	s := &sheet{file: f.Name}
	number := 0
	for line := range bytes.Lines(b) {
		number++
		row := strings.Fields(string(line))
		if len(row) == 0 {
			continue
		}
		for _, cell := range row {
			if _, err := parseNumber(cell); err != nil {
				return nil, lineError(f.Name, number, "%q, want a number", cell)
			}
		}
		if s.names == nil {
			s.names = columnNames(len(row))
		}
		if err := s.add(number, row); err != nil {
			return nil, err
		}
	}
	return s, nil
}
