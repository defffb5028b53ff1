// The cells of a file, and what table they make.

package tables

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// A sheet is the cells of a file.
type sheet struct {
	file  string
	names []string // of columns
	rows  [][]string
	lines []int // where rows are
}

// lineError returns an error about a line of a file.
func lineError(file string, line int, format string, args ...any) error {
	return fmt.Errorf("datasets: %s: line %d: %w", file, line, fmt.Errorf(format, args...))
}

// add adds a row, for which the file must have a cell in each column.
func (s *sheet) add(line int, row []string) error {
	if len(row) != len(s.names) {
		return lineError(s.file, line, "%d cells, want %d", len(row), len(s.names))
	}
	s.rows = append(s.rows, row)
	s.lines = append(s.lines, line)
	return nil
}

// table makes a Table of the cells, with the labels from column label.
func (s *sheet) table(label int) (*Table, error) {
	if len(s.rows) == 0 {
		return nil, fmt.Errorf("datasets: %s: no rows", s.file)
	}
	t := &Table{file: s.file, lines: s.lines}
	for i, row := range s.rows {
		if isMissing(row[label]) {
			return nil, lineError(s.file, s.lines[i], "no label in column %q", s.names[label])
		}
		t.Labels = append(t.Labels, row[label])
	}
	var features [][]float64
	for j, name := range s.names {
		if j == label {
			continue
		}
		numbers, err := s.numbers(j)
		if err != nil {
			return nil, err
		}
		if numbers != nil {
			t.Features, features = append(t.Features, name), append(features, numbers)
			continue
		}
		categories, err := s.categories(j)
		if err != nil {
			return nil, err
		}
		for _, c := range categories {
			indicator := make([]float64, len(s.rows))
			for i, row := range s.rows {
				if row[j] == c {
					indicator[i] = 1
				}
			}
			t.Features, features = append(t.Features, name+"="+c), append(features, indicator)
		}
	}
	if len(features) == 0 {
		return nil, fmt.Errorf("datasets: %s: no features beside the label", s.file)
	}
	t.X = make([]float64, 0, len(features)*len(s.rows))
	for i := range s.rows {
		for _, f := range features {
			t.X = append(t.X, f[i])
		}
	}
	return t, nil
}

// numbers returns the cells of a column as numbers, or nil if they are not. A
// column in which most are and some are not is an error.
func (s *sheet) numbers(column int) ([]float64, error) {
	v := make([]float64, len(s.rows))
	good, bad, firstBad := 0, 0, 0
	for i, row := range s.rows {
		if isMissing(row[column]) {
			v[i] = math.NaN()
			continue
		}
		var err error
		if v[i], err = parseNumber(row[column]); err == nil {
			good++
			continue
		}
		if bad == 0 {
			firstBad = i
		}
		bad++
	}
	switch {
	case bad == 0:
		return v, nil
	case good > bad:
		return nil, lineError(s.file, s.lines[firstBad], "column %q: %q, want a finite number as in %d other lines",
			s.names[column], s.rows[firstBad][column], good)
	}
	return nil, nil
}

// maxCategories is the number of categories above which a column is taken for
// text that no features can be made of.
const maxCategories = 100

// categories returns the different cells of a column, in order.
func (s *sheet) categories(column int) ([]string, error) {
	seen := make(map[string]bool)
	for i, row := range s.rows {
		if isMissing(row[column]) {
			continue
		}
		if seen[row[column]] = true; len(seen) > maxCategories {
			return nil, lineError(s.file, s.lines[i], "column %q: %q is category %d, want at most %d",
				s.names[column], row[column], len(seen), maxCategories)
		}
	}
	var names []string
	for name := range seen {
		names = append(names, name)
	}
	slices.Sort(names)
	return names, nil
}

// isMissing reports whether a cell says that there is no value.
func isMissing(cell string) bool {
	switch strings.ToLower(cell) {
	case "", "?", "na", "nan":
		return true
	}
	return false
}

// parseNumber returns the finite number that a cell is.
func parseNumber(cell string) (float64, error) {
	v, err := strconv.ParseFloat(cell, 64)
	if err == nil && math.IsInf(v, 0) {
		err = strconv.ErrRange
	}
	return v, err
}
