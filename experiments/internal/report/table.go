// Package report presents the results of an experiment: tables in Markdown and
// CSV, statistics over paired runs, and pictures.
package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
)

// A Table has rows of as many cells as there are columns. A cell is a [Value], a
// [P], a float64, or anything else that fmt.Sprint shows.
type Table struct {
	Columns  []string
	Decimals int // of Values and numbers in Markdown; CSV has all digits
	Rows     [][]any
}

// A P is the p of a test. NaN says that there is none.
type P float64

// String returns p with three decimals, or a dash.
func (p P) String() string {
	switch {
	case math.IsNaN(float64(p)):
		return "–"
	case p < 0.001:
		return "< 0.001"
	}
	return fmt.Sprintf("%.3f", float64(p))
}

// LacksP reports whether a P of the table is a dash.
func (t *Table) LacksP() bool {
	return slices.ContainsFunc(t.Rows, func(row []any) bool {
		return slices.ContainsFunc(row, func(cell any) bool { p, ok := cell.(P); return ok && math.IsNaN(float64(p)) })
	})
}

// Add adds a row. It panics if there is not a cell for each column.
func (t *Table) Add(cells ...any) {
	if len(cells) != len(t.Columns) {
		panic(fmt.Sprintf("report: row %d has %d cells, want %d", len(t.Rows), len(cells), len(t.Columns)))
	}
	t.Rows = append(t.Rows, cells)
}

// Markdown writes the table, which is readable as it is.
func (t *Table) Markdown(w io.Writer) error {
	tw := tabwriter.NewWriter(w, 0, 0, 1, ' ', 0)
	line := func(cell func(column int) string) {
		for i := range t.Columns {
			fmt.Fprintf(tw, "| %s\t", cell(i))
		}
		fmt.Fprintln(tw, "|")
	}
	line(func(i int) string { return t.Columns[i] })
	line(func(int) string { return "---" })
	for _, row := range t.Rows {
		line(func(i int) string {
			switch v := row[i].(type) {
			case Value:
				return v.Format(t.Decimals)
			case float64:
				return strconv.FormatFloat(v, 'f', t.Decimals, 64)
			default:
				return strings.ReplaceAll(fmt.Sprint(v), "|", `\|`)
			}
		})
	}
	return tw.Flush()
}

// CSV writes the table with a heading. A column with a [Value] in it takes two
// columns, for the mean and the standard error. What is not a number is empty.
func (t *Table) CSV(w io.Writer) error {
	cw := csv.NewWriter(w)
	values := make([]bool, len(t.Columns))
	var heading []string
	for i, c := range t.Columns {
		heading = append(heading, c)
		for _, row := range t.Rows {
			if _, ok := row[i].(Value); ok {
				values[i] = true
			}
		}
		if values[i] {
			heading = append(heading, c+", standard error")
		}
	}
	cw.Write(heading) // Error says whether a Write has failed
	number := func(v float64) string {
		if math.IsNaN(v) {
			return "" // of one seed there is no standard error
		}
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	for _, row := range t.Rows {
		var line []string
		for i, cell := range row {
			after := ""
			switch v := cell.(type) {
			case Value:
				line = append(line, number(v.Mean))
				after = number(v.Err)
			case P:
				line = append(line, number(float64(v)))
			case float64:
				line = append(line, number(v))
			default:
				line = append(line, fmt.Sprint(v))
			}
			if values[i] {
				line = append(line, after)
			}
		}
		cw.Write(line)
	}
	cw.Flush()
	return cw.Error()
}
