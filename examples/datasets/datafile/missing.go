// Files that are not there.

package datafile

import (
	"errors"
	"fmt"
	"io/fs"
)

// missing is an error that is [fs.ErrNotExist].
type missing struct{ error }

func (missing) Is(target error) bool { return target == fs.ErrNotExist }

// Missing returns an error that says that files are not there: it is
// [fs.ErrNotExist].
func Missing(format string, args ...any) error { return missing{fmt.Errorf(format, args...)} }

// WithLayout returns err, and if it says that a file is not there, what the
// directory that -data names has to look like.
func WithLayout(err error, layout string) error {
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return fmt.Errorf("%w\n-data DIR wants\n%s", err, layout)
}
