// Package tables reads tables of features and labels from the files in which they
// are published, CSV and ARFF (UCI), gzipped or not, and splits them into training
// and test rows.
//
// Files are not trusted. An error names the file and the line in it, or the byte
// where what is gzipped cannot be read.
package tables

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
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
		panic(fmt.Sprintf("tables: dst has %d values, want %d for %d rows of %d features", len(dst), len(rows)*dim, len(rows), dim))
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
