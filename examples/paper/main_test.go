package main

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

func TestUsage(t *testing.T) {
	var stdout bytes.Buffer
	if err := run(t.Context(), []string{"help"}, &stdout, io.Discard); err != nil {
		t.Fatal(err)
	}
	for _, x := range experiments {
		if !strings.Contains(stdout.String(), "\n  "+x.name+" ") {
			t.Errorf("usage does not list %s:\n%s", x.name, stdout.String())
		}
	}
}

func TestRunErrors(t *testing.T) {
	for _, tc := range []struct {
		name string
		args []string
		want string
	}{
		{"none", nil, "no experiment\n"},
		{"unknown", []string{"tabluar"}, `no experiment "tabluar"` + "\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			err := run(t.Context(), tc.args, io.Discard, io.Discard)
			if err == nil || !strings.HasPrefix(err.Error(), tc.want) {
				t.Errorf("error %v, want %q", err, tc.want)
			}
		})
	}
}
