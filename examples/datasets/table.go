// Tables: rows of features and a label.

package datasets

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// A Table is rows of features, each with a label.
//
// A column of a file is numbers if its cells are, and a feature. Any other
// column is categories, each of which is a feature that is 1 in its rows and 0
// in others, in the order of their names.
type Table struct {
	Features []string  // names, "column=category" for a category
	X        []float64 // row after row; NaN where a number is missing, while a missing category is 0 in all of its features
	Labels   []string  // as in the file, never missing

	file  string
	lines []int // where rows are in it
}

// maxCategories is the number of categories above which a column is taken for
// text that no features can be made of.
const maxCategories = 100

// Len returns the number of rows.
func (t *Table) Len() int { return len(t.Labels) }

// Row returns the features of row i.
func (t *Table) Row(i int) []float64 {
	n := len(t.Features)
	return t.X[i*n : (i+1)*n : (i+1)*n]
}

// Classes returns the names of the classes, in order of their numbers if they
// are numbers, and the class of each row.
func (t *Table) Classes() (labels []int, names []string) {
	names = slices.Compact(slices.Sorted(slices.Values(t.Labels)))
	value := make(map[string]float64)
	for _, name := range names {
		v, err := parseNumber(name)
		if err != nil {
			v = math.Inf(1)
		}
		value[name] = v
	}
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(value[a], value[b]) })
	class := make(map[string]int)
	for i, name := range names {
		class[name] = i
	}
	for _, l := range t.Labels {
		labels = append(labels, class[l])
	}
	return labels, names
}

// Targets returns the labels as numbers.
func (t *Table) Targets() ([]float64, error) {
	y := make([]float64, t.Len())
	for i, l := range t.Labels {
		v, err := parseNumber(l)
		if err != nil {
			return nil, lineError(t.file, t.lines[i], "label %q, want a number", l)
		}
		y[i] = v
	}
	return y, nil
}

// Groups returns a number for each row that it shares with the rows that have
// the same features and with no others. A split that keeps groups together does
// not test on rows that were trained on.
func (t *Table) Groups() []int {
	groups := make([]int, t.Len())
	seen := make(map[string]int)
	var key []byte
	for i := range groups {
		key = key[:0]
		for _, v := range t.Row(i) {
			key = binary.LittleEndian.AppendUint64(key, math.Float64bits(v))
		}
		if _, ok := seen[string(key)]; !ok {
			seen[string(key)] = len(seen)
		}
		groups[i] = seen[string(key)]
	}
	return groups
}

// StandardizeTo writes rows of t to dst, which must be as long as their features,
// each feature less its mean over the rows train and divided by its standard
// deviation there. A missing number becomes 0, the mean, and so does every value
// of a feature that does not vary in these rows.
func (t *Table) StandardizeTo(dst []float32, rows, train []int) {
	dim := len(t.Features)
	if len(dst) != len(rows)*dim {
		panic(fmt.Sprintf("datasets: dst has %d values, want %d for %d rows of %d features", len(dst), len(rows)*dim, len(rows), dim))
	}
	for j := range dim {
		mean, std := t.moments(j, train)
		for i, row := range rows {
			v := (t.X[row*dim+j] - mean) / std
			if std == 0 || math.IsNaN(v) {
				v = 0
			}
			dst[i*dim+j] = float32(v)
		}
	}
}

// moments returns the mean and the standard deviation of a feature over those of
// the rows where it is not missing.
func (t *Table) moments(feature int, rows []int) (mean, std float64) {
	var n, squares float64
	for _, row := range rows { // Welford's way, which is exact for a constant
		v := t.X[row*len(t.Features)+feature]
		if math.IsNaN(v) {
			continue
		}
		n++
		d := v - mean
		mean += d / n
		squares += d * (v - mean)
	}
	return mean, math.Sqrt(squares / n)
}

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
