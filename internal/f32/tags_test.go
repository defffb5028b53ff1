// What the build tags leave out.

package f32

import (
	"errors"
	"go/build"
	"testing"
)

// The tags purego and race leave out all assembly.
func TestTags(t *testing.T) {
	for _, arch := range []string{"amd64", "arm64"} {
		for _, test := range []struct {
			tags     []string
			assembly bool
		}{{nil, true}, {[]string{"purego"}, false}, {[]string{"race"}, false}} {
			context := build.Default
			context.GOARCH, context.BuildTags = arch, test.tags
			// The toolchain's tag for the race detector, which may be running this test.
			context.ToolTags = nil
			files, err := context.ImportDir(".", 0)
			if none := (*build.NoGoError)(nil); errors.As(err, &none) {
				t.Skip("no sources: ", err)
			} else if err != nil {
				t.Fatal(err)
			}
			if got := len(files.SFiles) > 0; got != test.assembly {
				t.Errorf("%s with the tags %q: assembly %q, want some = %v", arch, test.tags, files.SFiles, test.assembly)
			}
		}
	}
}
