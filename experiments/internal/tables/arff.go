// The attribute-relation file format of Weka.

package tables

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/seed-7466c776/mixup/examples/datasets/datafile"
)

// OpenARFF reads a table in Weka's format, gzipped or not, with the labels in
// its last column. Attributes may be nominal, numeric, real or integer; names with
// spaces and sparse rows are not understood.
func OpenARFF(name string) (*Table, error) {
	s, err := datafile.Open(name, readARFF)
	if err != nil {
		return nil, err
	}
	return s.table(len(s.names) - 1)
}

func readARFF(f *datafile.File) (*sheet, error) {
	b, err := f.Whole()
	if err != nil {
		return nil, err
	}
	s := &sheet{file: f.Name}
	var domains [][]string // values of nominal attributes, nil for others
	lines := bytes.SplitAfter(b, []byte("\n"))
	for i, raw := range lines {
		line := strings.TrimSpace(string(raw))
		keyword, rest := cutField(line)
		switch {
		case line == "" || line[0] == '%' || strings.EqualFold(keyword, "@relation"):
		case strings.EqualFold(keyword, "@attribute"):
			name, domain, err := parseAttribute(rest)
			if err != nil {
				return nil, lineError(f.Name, i+1, "%w", err)
			}
			s.names, domains = append(s.names, name), append(domains, domain)
		case strings.EqualFold(line, "@data") && s.names != nil:
			// Lines stay where they are, so that their numbers do.
			body := slices.Concat(bytes.Repeat([]byte("\n"), i+1), bytes.Join(lines[i+1:], nil))
			err := eachRecord(f.Name, body, func(line int, row []string) error {
				if strings.HasPrefix(row[0], "%") {
					return nil
				}
				if err := s.add(line, row); err != nil {
					return err
				}
				for j, d := range domains {
					if d != nil && !isMissing(row[j]) && !slices.Contains(d, row[j]) {
						return lineError(f.Name, line, "attribute %s: %q, want one of %q", s.names[j], row[j], d)
					}
				}
				return nil
			})
			return s, err
		default:
			return nil, lineError(f.Name, i+1, "%.40q, want @relation, @attribute or, after attributes, @data", line)
		}
	}
	return nil, lineError(f.Name, len(lines), "file ends before @data")
}

// parseAttribute returns the name of an attribute, and its values if it is
// nominal.
func parseAttribute(s string) (name string, domain []string, err error) {
	name, kind := cutField(s)
	if strings.HasPrefix(kind, "{") && strings.HasSuffix(kind, "}") {
		for v := range strings.SplitSeq(kind[1:len(kind)-1], ",") {
			domain = append(domain, strings.TrimSpace(v))
		}
		return name, domain, nil
	}
	switch strings.ToLower(kind) {
	case "numeric", "real", "integer":
		return name, nil, nil
	}
	return "", nil, fmt.Errorf("attribute %s of type %q, want numeric, real, integer or {…}", name, kind)
}

// cutField returns what is before the first white space in s, and what is after.
func cutField(s string) (field, rest string) {
	i := strings.IndexFunc(s, unicode.IsSpace)
	if i < 0 {
		return s, ""
	}
	return s[:i], strings.TrimSpace(s[i:])
}
