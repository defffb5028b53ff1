package main

import (
	"io"
	"path/filepath"
	"strings"
	"testing"
)

func TestImageErrors(t *testing.T) {
	empty := t.TempDir()
	for _, tc := range []struct {
		name string
		args []string
		want string
	}{
		{"no data", []string{"images", "-data", empty}, "datasets: open " + filepath.Join(empty, "fashion_mnist")},
		{"one seed", []string{"adversarial", "-seeds", "1"}, "-seeds 1, want 2 at least: the black box is the net of another seed"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			err := run(t.Context(), append(tc.args, "-out", t.TempDir()), io.Discard, io.Discard)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error %v, want %q", err, tc.want)
			}
		})
	}
}
