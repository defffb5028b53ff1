// Finding the files of a data set in a directory.

package datafile

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Find returns the paths that match each list of patterns, and nil if none
// does. Paths for some lists and not for others are an error.
func Find(dir string, entries []os.DirEntry, files [][]string) ([][]string, error) {
	found := make([][]string, len(files))
	var some, none string
	for i, patterns := range files {
		seen := make(map[string]bool)
		for _, e := range entries { // sorted: x comes before x.gz
			name := strings.TrimSuffix(e.Name(), ".gz")
			if !seen[name] && slices.ContainsFunc(patterns, func(p string) bool { ok, _ := path.Match(p, name); return ok }) {
				seen[name] = true
				found[i] = append(found[i], filepath.Join(dir, e.Name()))
			}
		}
		switch {
		case found[i] == nil:
			none = patterns[0]
		case some == "":
			some = found[i][0]
		}
	}
	switch {
	case some == "":
		return nil, nil
	case none != "":
		return nil, Missing("datasets: %s: no %s beside it", some, none)
	}
	return found, nil
}
