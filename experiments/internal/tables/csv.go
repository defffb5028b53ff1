// Comma-separated values.

package tables

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-7466c776/mixup/examples/datasets/datafile"
)

// OpenCSV reads a table of comma-separated values, gzipped or not. The first
// line is a heading if none of its cells is a number or missing. label is the
// name or the number, from 1, of the column of labels; empty, it is the last.
// Cells that are empty, "?", "NA" or "NaN" are missing. Blank lines and space
// around cells do not count.
func OpenCSV(name, label string) (*Table, error) {
	s, err := datafile.Open(name, readCSV)
	if err != nil {
		return nil, err
	}
	if s.names == nil {
		return nil, fmt.Errorf("datasets: %s: no rows", name)
	}
	column := len(s.names) - 1
	if label != "" {
		column = slices.Index(s.names, label)
	}
	if column < 0 {
		if n, err := strconv.Atoi(label); err == nil && n >= 1 && n <= len(s.names) {
			column = n - 1
		}
	}
	if column < 0 {
		return nil, fmt.Errorf("datasets: %s: no column %q, want a name in the heading or a number up to %d", name, label, len(s.names))
	}
	return s.table(column)
}

func readCSV(f *datafile.File) (*sheet, error) {
	b, err := f.Whole()
	if err != nil {
		return nil, err
	}
	s := &sheet{file: f.Name}
	err = eachRecord(f.Name, b, func(line int, row []string) error {
		if s.names != nil {
			return s.add(line, row)
		}
		if slices.ContainsFunc(row, func(cell string) bool { _, err := parseNumber(cell); return err == nil || isMissing(cell) }) {
			s.names = columnNames(len(row))
			return s.add(line, row)
		}
		s.names = row
		return nil
	})
	return s, err
}

// columnNames returns names for n columns that have none.
func columnNames(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("column %d", i+1)
	}
	return names
}

// eachRecord calls do for the lines of b that are not blank, with their number
// and cells, until it fails.
func eachRecord(name string, b []byte, do func(line int, row []string) error) error {
	r := csv.NewReader(bytes.NewReader(b))
	r.FieldsPerRecord = -1 // do compares their number
	r.TrimLeadingSpace = true
	for {
		row, err := r.Read()
		var parse *csv.ParseError
		switch {
		case err == io.EOF:
			return nil
		case errors.As(err, &parse):
			return lineError(name, parse.Line, "%w", parse.Err)
		case err != nil:
			return fmt.Errorf("datasets: %s: %w", name, err)
		}
		for i := range row {
			row[i] = strings.TrimSpace(row[i])
		}
		if len(row) == 1 && row[0] == "" {
			continue // a blank line with spaces in it
		}
		line, _ := r.FieldPos(0)
		if err := do(line, row); err != nil {
			return err
		}
	}
}
